//! SHA-256 of many short messages. The hashers of `sha2` copy every message through a buffer of theirs, which
//! costs as much as hashing a block; here the messages are padded where they stand (FIPS 180-4, 5.1.1).

use sha2::block_api::compress256;

use crate::canon::Hash;

/// FIPS 180-4, 5.3.3.
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
const BLOCK: usize = 64;

/// The digest of the message in a buffer, whose content is lost.
pub(crate) fn of_buffer(bytes: &mut Vec<u8>) -> Hash {
    let length = bytes.len();
    let padded = (length + 9).next_multiple_of(BLOCK);
    bytes.push(0x80);
    bytes.resize(padded - 8, 0);
    bytes.extend_from_slice(&bits(length));
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    digest(blocks)
}

/// The digest of a message of at most 55 bytes; of a longer one, of its first 55.
pub(crate) fn of_short(message: &[u8]) -> Hash {
    let mut block = [0; BLOCK];
    let length = message.len().min(BLOCK - 9);
    block[..length].copy_from_slice(&message[..length]);
    block[length] = 0x80;
    block[BLOCK - 8..].copy_from_slice(&bits(length));
    digest(&[block])
}

/// The digest of `0x01` and two digests: an inner node of a Merkle tree.
pub(crate) fn of_pair(left: &Hash, right: &Hash) -> Hash {
    let mut blocks = [[0; BLOCK]; 2];
    blocks[0][0] = 0x01;
    blocks[0][1..33].copy_from_slice(left);
    blocks[0][33..].copy_from_slice(&right[..31]);
    blocks[1][0] = right[31];
    blocks[1][1] = 0x80;
    blocks[1][BLOCK - 8..].copy_from_slice(&bits(65));
    digest(&blocks)
}

fn bits(length: usize) -> [u8; 8] {
    (length as u64 * 8).to_be_bytes()
}

fn digest(blocks: &[[u8; BLOCK]]) -> Hash {
    let mut state = INITIAL;
    compress256(&mut state, blocks);
    let mut hash = [0; 32];
    for (bytes, word) in hash.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    hash
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn every_length_is_as_the_hashers_have_it() {
        let message: Vec<u8> = (0..200_u8).collect();
        for length in 0..message.len() {
            let expected: Hash = Sha256::digest(&message[..length]).into();
            assert_eq!(of_buffer(&mut message[..length].to_vec()), expected, "{length}");
            if length <= 55 {
                assert_eq!(of_short(&message[..length]), expected, "{length}");
            }
        }
        assert_eq!(of_short(&message[..60]), of_short(&message[..55]), "no more than fits");
        let (left, right) = ([7; 32], std::array::from_fn(|at| at as u8));
        let expected: Hash =
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into();
        assert_eq!(of_pair(&left, &right), expected);
    }
}
