//! Canonical bytes of rows, and hashes.

/// A SHA-256 hash.
pub type Hash = [u8; 32];
