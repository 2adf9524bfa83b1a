//! Passwords (Argon2id, RFC 9106) and the second factor (RFC 6238).

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

/// The shortest password. NIST SP 800-63B asks for 8 with a second factor and 15 without; length is asked for, not signs.
pub const SHORTEST: usize = 10;
/// The longest, so that hashing one costs nobody the server.
pub const LONGEST: usize = 200;

/// The hash of a password as a PHC string; nothing where it cannot be computed.
pub fn hash(password: &str, salt: &[u8; 16]) -> Option<String> {
    Argon2::default().hash_password_with_salt(password.as_bytes(), salt).ok().map(|hash| hash.to_string())
}

/// Whether a password has this hash. Without a hash it takes as long to say no.
pub fn matches(password: &str, hash: Option<&str>) -> bool {
    // A hash of a password that nobody has, so that an address without an account is not told apart by time.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    password.len() <= LONGEST
        && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
        && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let hash = hash("một mật khẩu dài", &[7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(matches("một mật khẩu dài", Some(&hash)));
        assert!(!matches("một mật khẩu dai", Some(&hash)));
        assert!(!matches("một mật khẩu dài", None));
        assert!(!matches("x", Some("broken")));
    }
}
