//! Tokens that must not be believed, made with keys of our own.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreJsonWebKeySet, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AuthUrl, EmptyAdditionalProviderMetadata, JsonWebKeyId, JsonWebKeySetUrl, PrivateSigningKey as _,
    ResponseTypes,
};
use serde_json::{Value, json};

use super::*;

/// The example key of RFC 8410 §10.3, and one that differs from it in its last byte.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
const OTHER: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhD\n-----END PRIVATE KEY-----\n";
const ISSUER: &str = "https://id.example";

fn key(pem: &str) -> CoreEdDsaPrivateSigningKey {
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(JsonWebKeyId::new("k".into()))).unwrap()
}

fn provider() -> Provider {
    let value: Value = json!({
        "id": "a", "name": {"vi": "A", "en": "A"}, "issuer": ISSUER, "client_id": "us",
        "client_secret_file": "s", "domains": ["@X.vn"],
    });
    let provider: Provider = serde_json::from_value(value).unwrap();
    provider.checked(|_| Ok("secret\n".into())).unwrap()
}

fn metadata() -> CoreProviderMetadata {
    CoreProviderMetadata::new(
        IssuerUrl::new(ISSUER.into()).unwrap(),
        AuthUrl::new(format!("{ISSUER}/auth")).unwrap(),
        JsonWebKeySetUrl::new(format!("{ISSUER}/jwks")).unwrap(),
        vec![ResponseTypes::new(vec![CoreResponseType::Code])],
        vec![CoreSubjectIdentifierType::Public],
        // Whatever a provider says it may sign with, ours is the list that holds.
        vec![
            CoreJwsSigningAlgorithm::None,
            CoreJwsSigningAlgorithm::HmacSha256,
            CoreJwsSigningAlgorithm::EdDsa,
        ],
        EmptyAdditionalProviderMetadata {},
    )
    .set_jwks(CoreJsonWebKeySet::new(vec![key(KEY).as_verification_key()]))
}

#[expect(
    clippy::disallowed_methods,
    reason = "tokens of a test are good now; the library looks at the clock itself"
)]
fn good() -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({
        "iss": ISSUER, "aud": ["us"], "sub": "lan", "exp": now + 60, "iat": now, "nonce": "n",
        "email": "lan@x.vn", "email_verified": true,
    })
}

/// A token with these claims, signed as its header says.
fn token(header: &Value, claims: &Value, pem: &str) -> CoreIdToken {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = match header["alg"].as_str() {
        Some("EdDSA") => key(pem).sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes()).unwrap(),
        Some("HS256") => openidconnect::core::CoreHmacKey::new("secret")
            .sign(&CoreJwsSigningAlgorithm::HmacSha256, signed.as_bytes())
            .unwrap(),
        _ => Vec::new(),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).parse().unwrap()
}

fn check(header: &Value, claims_of: &Value, pem: &str) -> Result<Named, (Refused, bool)> {
    claims(&provider(), &metadata(), &token(header, claims_of, pem), &Nonce::new("n".into()))
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

#[test]
fn a_good_token_names_somebody() {
    let named = check(&json!({"alg": "EdDSA", "kid": "k"}), &good(), KEY).unwrap();
    assert_eq!(named, Named { sub: "lan".into(), email: Some("lan@x.vn".into()) });
    let unverified = with("email_verified", json!(false));
    assert_eq!(check(&json!({"alg": "EdDSA", "kid": "k"}), &unverified, KEY).unwrap().email, None);
}

#[test]
fn tokens_that_are_not_believed() {
    let signed = json!({"alg": "EdDSA", "kid": "k"});
    for (what, claims) in [
        ("nonce", with("nonce", json!("m"))),
        ("audience", with("aud", json!(["somebody else"]))),
        ("a second audience", with("aud", json!(["us", "somebody else"]))),
        ("expired", with("exp", json!(1_577_836_800))),
        ("issuer", with("iss", json!("https://evil.example"))),
    ] {
        let Err((Refused::Token(why), false)) = check(&signed, &claims, KEY) else { panic!("{what}") };
        assert!(!why.is_empty());
    }
    assert!(check(&signed, &good(), OTHER).is_err(), "signed by somebody else");
    assert!(check(&json!({"alg": "none"}), &good(), KEY).is_err(), "unsigned");
    assert!(check(&json!({"alg": "HS256"}), &good(), KEY).is_err(), "signed with the shared secret");
    let Err((_, true)) = check(&json!({"alg": "EdDSA", "kid": "new"}), &good(), KEY) else {
        panic!("an unknown key is asked for once more")
    };
}

#[test]
fn a_provider_is_looked_at_before_it_is_used() {
    let provider = provider();
    assert_eq!(provider.secret.as_deref(), Some("secret"));
    assert!(provider.takes("lan@x.vn") && provider.takes("lan@X.VN"));
    assert!(!provider.takes("lan@evil.x.vn") && !provider.takes("lan"));
    for (id, issuer) in [("A b", ISSUER), ("", ISSUER), ("a", "http://id.example"), ("a", "ftp://x")] {
        let wrong = Provider { id: id.into(), issuer: issuer.into(), ..provider.clone() };
        assert!(wrong.checked(|_| Ok(String::new())).is_err(), "{id} {issuer}");
    }
}
