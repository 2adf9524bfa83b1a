//! The Merkle tree of RFC 6962, section 2.1: roots while leaves stream by, and proofs that one leaf is under a
//! root.

use crate::canon::{Hash, sha256};
use crate::sha::of_pair as node;

/// A tree that grows leaf by leaf and remembers only what its root needs: one hash for each bit of its length.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Roots of the full subtrees, the largest first: one for each bit of `len` that is set.
    full: Vec<Hash>,
    len: u64,
}

impl Tree {
    /// Adds a leaf, as [`crate::leaf`] makes it.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // As adding one to a binary number carries over its trailing ones.
        for _ in 0..self.len.trailing_ones() {
            if let Some(left) = self.full.pop() {
                hash = node(&left, &hash);
            }
        }
        self.full.push(hash);
        self.len += 1;
    }

    /// How many leaves there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no leaf.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The root over the leaves so far; without leaves SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let mut subtrees = self.full.iter().rev();
        match subtrees.next() {
            None => sha256(&[]),
            Some(last) => subtrees.fold(*last, |right, left| node(left, &right)),
        }
    }
}

impl Extend<Hash> for Tree {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

/// What shows that the leaf at a place is under the root of these leaves: the hashes beside its way up, the
/// lowest first. None when there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], at: usize) -> Option<Vec<Hash>> {
    if at >= leaves.len() {
        return None;
    }
    let root = |leaves: &[Hash]| {
        let mut tree = Tree::default();
        tree.extend(leaves.iter().copied());
        tree.root()
    };
    let (mut leaves, mut at) = (leaves, at);
    let mut proof = Vec::new();
    while leaves.len() > 1 {
        // The left subtree has the largest power of two that leaves something for the right one.
        let half = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(half);
        if at < half {
            proof.push(root(right));
            leaves = left;
        } else {
            proof.push(root(left));
            (leaves, at) = (right, at - half);
        }
    }
    proof.reverse();
    Some(proof)
}

/// The root that a proof leads to from a leaf at a place of `len` leaves (RFC 9162, 2.1.3.2). None when a proof
/// for that place has another length. Whoever verifies compares it with a root that they trust.
pub fn root_of_proof(leaf: Hash, at: u64, len: u64, proof: &[Hash]) -> Option<Hash> {
    if at >= len {
        return None;
    }
    let (mut place, mut last) = (at, len - 1);
    let mut hash = leaf;
    for beside in proof {
        if last == 0 {
            return None;
        }
        if place & 1 == 1 || place == last {
            hash = node(beside, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition of RFC 6962, word for word.
    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [one] => *one,
            more => {
                let mut k = 1;
                while k * 2 < more.len() {
                    k *= 2;
                }
                node(&defined(&more[..k]), &defined(&more[k..]))
            }
        }
    }

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|at| sha256(&(at as u64).to_le_bytes())).collect()
    }

    #[test]
    fn the_streaming_root_is_the_defined_one() {
        let all = leaves(130);
        let mut tree = Tree::default();
        assert_eq!(tree.root(), defined(&[]));
        for (at, leaf) in all.iter().enumerate() {
            tree.push(*leaf);
            assert_eq!(tree.len(), at as u64 + 1);
            assert_eq!(tree.root(), defined(&all[..=at]), "{at}");
            assert!(tree.full.len() <= 8, "memory grows with the logarithm");
        }
    }

    #[test]
    fn every_leaf_has_a_proof_and_it_leads_to_the_root() {
        for count in 1..70 {
            let all = leaves(count);
            for at in 0..count {
                let proof = inclusion_proof(&all, at).unwrap();
                let found = root_of_proof(all[at], at as u64, count as u64, &proof);
                assert_eq!(found, Some(defined(&all)), "{at} of {count}");
            }
            assert_eq!(inclusion_proof(&all, count), None);
        }
        assert_eq!(inclusion_proof(&[], 0), None);
        assert_eq!(root_of_proof(sha256(&[]), 0, 0, &[]), None);
    }

    proptest! {
        #[test]
        fn nothing_else_leads_to_the_root(count in 1_usize..300, place in any::<prop::sample::Index>(), flip in 0_usize..2048, other in 0_u64..320) {
            let all = leaves(count);
            let at = place.index(count);
            let root = defined(&all);
            let proof = inclusion_proof(&all, at).unwrap();
            let read = |at: u64, len: u64, proof: &[Hash]| root_of_proof(all[at as usize % count], at, len, proof);
            if other != at as u64 {
                prop_assert_ne!(root_of_proof(all[at], other, count as u64, &proof), Some(root));
            }
            if !proof.is_empty() {
                let mut damaged = proof.clone();
                let bit = flip % (proof.len() * 256);
                damaged[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
                prop_assert_ne!(read(at as u64, count as u64, &damaged), Some(root));
                prop_assert_eq!(read(at as u64, count as u64, &proof[1..]), None);
            }
            let mut longer = proof.clone();
            longer.push(root);
            prop_assert_eq!(read(at as u64, count as u64, &longer), None);
        }
    }
}
