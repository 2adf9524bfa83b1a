//! A device of our own: an Ed25519 key, and answers that are right but for one thing.

use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_eddsa_type;
use rustls::pki_types::PrivatePkcs8KeyDer;

use super::*;

/// The example key of RFC 8410 §10.3 with its public half, and one that differs from it in a bit.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
const OTHER: &str = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhD";
const PUBLIC: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";

fn site() -> Site {
    Site { url: "https://x.vn:8443".into(), ..Site::default() }
}

fn public_key() -> String {
    encoded(base64::engine::general_purpose::STANDARD_NO_PAD.decode(PUBLIC).unwrap())
}

fn asked() -> Asked {
    Asked(encoded("challenge"))
}

fn held(uses: i64) -> Passkey {
    Passkey {
        id: 1,
        person: 1,
        name: "x".into(),
        credential: encoded("key"),
        public_key: format!("-8 {}", public_key()),
        uses,
        at: 0,
        used_at: None,
    }
}

/// What an answer is made of.
#[derive(Clone)]
struct Device {
    kind: &'static str,
    challenge: String,
    origin: &'static str,
    cross: bool,
    domain: &'static str,
    flags: u8,
    id: &'static str,
    key: &'static str,
}

fn device(kind: &'static str) -> Device {
    Device {
        kind,
        challenge: asked().0,
        origin: "https://x.vn:8443",
        cross: false,
        domain: "x.vn",
        flags: PRESENT | TELLS,
        id: "key",
        key: KEY,
    }
}

impl Device {
    fn answer(&self) -> String {
        let said = json!({ "type": self.kind, "challenge": self.challenge, "origin": self.origin, "crossOrigin": self.cross });
        let said = said.to_string();
        let mut data = Sha256::digest(self.domain).to_vec();
        data.push(self.flags);
        data.extend_from_slice(&7_u32.to_be_bytes());
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, 3]);
        data.extend_from_slice(b"key");
        let mut signed = data.clone();
        signed.extend_from_slice(&Sha256::digest(&said));
        let key = base64::engine::general_purpose::STANDARD.decode(self.key).unwrap();
        let key = any_eddsa_type(&PrivatePkcs8KeyDer::from(key)).unwrap();
        let signer = key.choose_scheme(&[SignatureScheme::ED25519]).unwrap();
        let signature = signer.sign(&signed).unwrap();
        json!({
            "id": encoded(self.id), "authenticatorData": encoded(data), "clientDataJSON": encoded(said),
            "signature": encoded(signature), "publicKey": public_key(), "algorithm": -8,
        })
        .to_string()
    }
}

/// Everything that can be wrong with an answer, one at a time.
fn wrong(kind: &'static str, other: &'static str) -> Vec<(&'static str, Device)> {
    let right = device(kind);
    vec![
        ("kind", Device { kind: other, ..right.clone() }),
        ("challenge", Device { challenge: encoded("another"), ..right.clone() }),
        ("origin", Device { origin: "https://x.vn.evil.example", ..right.clone() }),
        ("port", Device { origin: "https://x.vn", ..right.clone() }),
        ("framed", Device { cross: true, ..right.clone() }),
        ("site", Device { domain: "evil.example", ..right.clone() }),
        ("nobody there", Device { flags: TELLS, ..right.clone() }),
        ("another credential", Device { id: "yek", ..right }),
    ]
}

#[test]
fn a_registration_is_believed_when_all_of_it_is_right() {
    let found = new(&site(), &asked(), &device("webauthn.create").answer(), "Khoá").unwrap();
    assert_eq!((found.name.as_str(), found.uses), ("Khoá", 7));
    assert_eq!((found.credential, found.public_key), (encoded("key"), format!("-8 {}", public_key())));
    for (what, device) in wrong("webauthn.create", "webauthn.get") {
        assert!(new(&site(), &asked(), &device.answer(), "").is_none(), "{what}");
    }
    let silent = Device { flags: PRESENT, ..device("webauthn.create") };
    assert!(new(&site(), &asked(), &silent.answer(), "").is_none(), "it tells of no credential");
    let right = device("webauthn.create").answer();
    for (from, to) in [("\"algorithm\":-8", "\"algorithm\":-65535"), (public_key().as_str(), "AAAA")] {
        assert!(new(&site(), &asked(), &right.replace(from, to), "").is_none(), "{to}");
    }
}

#[test]
fn a_log_in_is_believed_when_all_of_it_is_right() {
    let held = [held(3)];
    let (key, uses) = shown(&site(), &asked(), &device("webauthn.get").answer(), &held).unwrap();
    assert_eq!((key.id, uses), (1, 7));
    for (what, device) in wrong("webauthn.get", "webauthn.create") {
        assert!(shown(&site(), &asked(), &device.answer(), &held).is_none(), "{what}");
    }
    let stranger = Device { key: OTHER, ..device("webauthn.get") };
    assert!(shown(&site(), &asked(), &stranger.answer(), &held).is_none(), "signed by another device");
    assert!(shown(&site(), &asked(), &device("webauthn.get").answer(), &[]).is_none(), "not this person's");
}

#[test]
fn answers_that_are_none_do_no_harm() {
    for answer in ["", "{}", "[1]", "{\"id\":\"\",\"authenticatorData\":\"\",\"clientDataJSON\":\"e30\"}"] {
        assert!(
            new(&site(), &asked(), answer, "").is_none() && shown(&site(), &asked(), answer, &[]).is_none()
        );
    }
    for cut in 0..56 {
        assert!(authenticator_data(&site(), &vec![0; cut]).is_none(), "{cut}");
    }
}

#[test]
fn passkeys_need_a_name_and_encryption() {
    let at = |url: &str| possible(&Site { url: url.into(), ..Site::default() });
    assert!(at("https://thidua.example") && at("https://thidua.example:8443") && at("http://localhost:80"));
    assert!(!at("http://thidua.example") && !at("http://127.0.0.1:8080") && !at("https://10.0.0.1"));
    assert!(!at("https://[::1]:80") && !at(""));
}
