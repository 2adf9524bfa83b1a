//! Texts of the bundle as they were, kept under the name of their digest.

use std::io::Write as _;

use sha2::{Digest, Sha256};

use crate::canon::Hash;
use crate::disk::Disk;
use crate::entries::hex;
use crate::error::JournalError;

/// SHA-256 of a text; in hexadecimal it is the name under which the text is kept.
pub fn digest(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Keeps a text; one that is kept already stays as it is.
///
/// # Errors
/// When it cannot be written.
pub fn keep(disk: &Disk, bytes: &[u8]) -> Result<Hash, JournalError> {
    let hash = digest(bytes);
    if read(disk, &hash).is_ok() {
        return Ok(hash);
    }
    let name = hex(&hash);
    let mut file = disk.temporary("texts")?;
    file.write_all(bytes).map_err(|error| JournalError::Io { path: format!("texts/{name}"), error })?;
    disk.place(file, &format!("texts/{name}"))?;
    Ok(hash)
}

/// A text by its digest.
///
/// # Errors
/// When it is not there, or is not what its name says.
pub fn read(disk: &Disk, hash: &Hash) -> Result<Vec<u8>, JournalError> {
    let path = format!("texts/{}", hex(hash));
    let bytes =
        std::fs::read(disk.path(&path)).map_err(|error| JournalError::Io { path: path.clone(), error })?;
    if digest(&bytes) != *hash {
        return Err(JournalError::damaged(
            path,
            "nội dung không phải là nội dung mà tên tệp nêu",
            "its content is not what its name says",
        ));
    }
    Ok(bytes)
}
