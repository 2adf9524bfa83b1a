//! The second factor: time-based codes (RFC 6238) as every authenticator app makes them.

use giaouoc_store::people::Person;
use giaouoc_store::{Micros, Result, passkeys};
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Secret, Totp};

use crate::state::State;

/// Six digits, half a minute, SHA-1, one step of grace for clocks that differ: what apps do when nothing is said.
fn totp(secret: &str) -> Option<Totp> {
    Builder::new().with_secret(Secret::try_from_base32(secret).ok()?).build().ok()
}

/// The step of time that a code is right for, at an instant. A step is to be accepted once (RFC 6238 §5.2).
pub(crate) fn step(secret: &str, code: &str, now: Micros) -> Option<u64> {
    let seconds = u64::try_from(now / 1_000_000).ok()?;
    totp(secret)?.check(code.trim(), seconds)
}

/// Whether a person has set up a second factor.
pub(crate) async fn has(state: &State, person: &Person) -> Result<bool> {
    Ok(person.second.is_some() || !passkeys::of(state.store.read(), person.id).await?.is_empty())
}

/// A new secret in Base32, of 20 random bytes.
pub(crate) fn secret(bytes: [u8; 20]) -> String {
    Secret::from(bytes).to_base32()
}

/// What an app reads from the screen: the secret with the names of site and person, as a picture.
pub(crate) fn picture(secret: &str, site: &str, email: &str) -> String {
    let (site, email) = (crate::html::encoded(site), crate::html::encoded(email));
    let address = format!("otpauth://totp/{site}:{email}?secret={secret}&issuer={site}");
    let Ok(code) = QrCode::new(address.as_bytes()) else { return String::new() };
    let svg = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    svg.find("<svg").map(|at| svg[at..].to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1: the last six digits of the eight given there.
        let secret = secret(*b"12345678901234567890");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert!(step(&secret, code, seconds * 1_000_000).is_some(), "{seconds}");
            assert!(step(&secret, code, (seconds + 120) * 1_000_000).is_none(), "{seconds}");
        }
        assert!(step(&secret, "28708", 59_000_000).is_none());
    }
}
