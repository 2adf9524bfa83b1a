//! Passkeys (WebAuthn Level 2) as a second factor: what a device is asked, and what its answer is worth.
//!
//! No attestation is asked for, so what a device says of itself at registration is believed as far as its owner is; the browser
//! takes the public key out of the device's answer (`getPublicKey()`, §5.2.1.1). What is verified is §7.1 and §7.2: the
//! kind of answer, the challenge, the origin, the site, that somebody was there, the signature, the count of uses.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use giaouoc_store::passkeys::{New, Passkey};
use giaouoc_store::people::Person;
use rustls::pki_types::{SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use webpki::RawPublicKeyEntity;
use webpki::ring::{ECDSA_P256_SHA256, ED25519, RSA_PKCS1_2048_8192_SHA256};

use crate::state::Site;

/// The algorithms that a device may use, as COSE numbers them (RFC 9053, RFC 8812), the best liked first.
const ALGORITHMS: [(i64, &dyn SignatureVerificationAlgorithm); 3] =
    [(-7, ECDSA_P256_SHA256), (-8, ED25519), (-257, RSA_PKCS1_2048_8192_SHA256)];
/// How long a browser waits for its person, in milliseconds.
const PATIENCE: u32 = 120_000;
/// Flags of an authenticator's data (§6.1): somebody was there; it tells of a credential.
const PRESENT: u8 = 1;
const TELLS: u8 = 1 << 6;

/// What a device was asked to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked(String);

/// The site's name for devices: only where its address has a name (not a number) and is encrypted or this machine's own.
fn domain(site: &Site) -> Option<&str> {
    let (scheme, rest) = site.url.split_once("://")?;
    let host = rest.split([':', '/']).next()?;
    let numbers =
        host.split('.').next_back().is_none_or(|last| !last.contains(|c: char| c.is_ascii_alphabetic()));
    let safe = scheme == "https" || host == "localhost";
    (!numbers && !host.contains('[') && safe).then_some(host)
}

/// Whether devices can hold passkeys for this site.
pub(crate) fn possible(site: &Site) -> bool {
    domain(site).is_some()
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn listed(held: &[Passkey]) -> Vec<serde_json::Value> {
    held.iter().map(|key| json!({ "type": "public-key", "id": key.credential })).collect()
}

/// Asks a device for a new passkey, in the words of the browser (JSON).
pub(crate) fn ask_new(
    site: &Site,
    person: &Person,
    held: &[Passkey],
    secret: &str,
) -> Option<(String, Asked)> {
    let challenge = encoded(secret);
    let algorithms: Vec<_> =
        ALGORITHMS.iter().map(|(number, _)| json!({ "type": "public-key", "alg": number })).collect();
    let ask = json!({
        "rp": { "id": domain(site)?, "name": site.name.vi },
        // A handle that says nothing of the person (§14.6.1).
        "user": { "id": encoded(format!("giaouoc-{}", person.id)), "name": person.email, "displayName": person.name },
        "challenge": challenge,
        "pubKeyCredParams": algorithms,
        "excludeCredentials": listed(held),
        "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
        "attestation": "none",
        "timeout": PATIENCE,
    });
    Some((ask.to_string(), Asked(challenge)))
}

/// Asks a device to show one of these passkeys (JSON).
pub(crate) fn ask(site: &Site, held: &[Passkey], secret: &str) -> Option<(String, Asked)> {
    if held.is_empty() {
        return None;
    }
    let challenge = encoded(secret);
    let ask = json!({
        "rpId": domain(site)?,
        "challenge": challenge,
        "allowCredentials": listed(held),
        "userVerification": "preferred",
        "timeout": PATIENCE,
    });
    Some((ask.to_string(), Asked(challenge)))
}

/// What the browser says it was asked (§5.8.1).
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// The bytes of what the browser says, if it was asked this, by a page of this site.
fn client_data(site: &Site, kind: &str, asked: &Asked, text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let said: ClientData = serde_json::from_slice(&bytes).ok()?;
    let right =
        said.kind == kind && said.challenge == asked.0 && said.origin == site.url && !said.cross_origin;
    right.then_some(bytes)
}

/// An authenticator's data, if it is about this site and somebody was there: its flags, its count of uses, the rest.
fn authenticator_data<'a>(site: &Site, bytes: &'a [u8]) -> Option<(u8, u32, &'a [u8])> {
    let (of, rest) = bytes.split_at_checked(32)?;
    let (&flags, rest) = rest.split_first()?;
    let (uses, rest) = rest.split_first_chunk::<4>()?;
    let here = of == Sha256::digest(domain(site)?).as_slice() && flags & PRESENT != 0;
    here.then_some((flags, u32::from_be_bytes(*uses), rest))
}

/// A device's answer at registration, as `passkey.js` sends it; bytes in base64url.
#[derive(Deserialize)]
struct Registered {
    id: String,
    #[serde(rename = "authenticatorData")]
    data: String,
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "publicKey")]
    public_key: String,
    algorithm: i64,
}

/// A new passkey from a device's answer; nothing where it cannot be believed.
pub(crate) fn new(site: &Site, asked: &Asked, answer: &str, name: &str) -> Option<New> {
    let answer: Registered = serde_json::from_str(answer).ok()?;
    client_data(site, "webauthn.create", asked, &answer.client_data)?;
    let bytes = URL_SAFE_NO_PAD.decode(&answer.data).ok()?;
    let (flags, uses, rest) = authenticator_data(site, &bytes)?;
    // §6.5.1: the device's kind (16 bytes), the length of the credential's name (2), the name.
    let (length, rest) = rest.get(16..)?.split_first_chunk::<2>()?;
    let credential = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
    let key = SubjectPublicKeyInfoDer::from(URL_SAFE_NO_PAD.decode(&answer.public_key).ok()?);
    let known = flags & TELLS != 0
        && encoded(credential) == answer.id
        && ALGORITHMS.iter().any(|(number, _)| *number == answer.algorithm)
        && RawPublicKeyEntity::try_from(&key).is_ok();
    known.then(|| New {
        name: name.to_owned(),
        credential: answer.id,
        public_key: format!("{} {}", answer.algorithm, answer.public_key),
        uses: i64::from(uses),
    })
}

/// A device's answer at log-in, as `passkey.js` sends it; bytes in base64url.
#[derive(Deserialize)]
struct Shown {
    id: String,
    #[serde(rename = "authenticatorData")]
    data: String,
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    signature: String,
}

/// Which passkey a device showed, with its own count of uses; nothing where the answer cannot be believed. That the count has
/// grown is for whoever notes it.
pub(crate) fn shown<'a>(
    site: &Site,
    asked: &Asked,
    answer: &str,
    held: &'a [Passkey],
) -> Option<(&'a Passkey, i64)> {
    let answer: Shown = serde_json::from_str(answer).ok()?;
    let key = held.iter().find(|key| key.credential == answer.id)?;
    let client_data = client_data(site, "webauthn.get", asked, &answer.client_data)?;
    let mut signed = URL_SAFE_NO_PAD.decode(&answer.data).ok()?;
    let (_, uses, _) = authenticator_data(site, &signed)?;
    signed.extend_from_slice(&Sha256::digest(&client_data));
    let (algorithm, public_key) = key.public_key.split_once(' ')?;
    let algorithm = algorithm.parse::<i64>().ok()?;
    let (_, algorithm) = ALGORITHMS.iter().find(|(number, _)| *number == algorithm)?;
    let public_key = SubjectPublicKeyInfoDer::from(URL_SAFE_NO_PAD.decode(public_key).ok()?);
    let public_key = RawPublicKeyEntity::try_from(&public_key).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(&answer.signature).ok()?;
    public_key.verify_signature(*algorithm, &signed, &signature).ok()?;
    Some((key, i64::from(uses)))
}

#[cfg(test)]
mod tests;
