//! How a host shows that it leads to this installation, and to which of its spaces.
//!
//! Whoever asks `http(s)://{host}/.well-known/relais/{nonce}` gets a digest of the nonce and the id of the space that
//! the host belongs to. Redirect nodes know their spaces' ids from the change feed, so the right answer says at once
//! that the name resolves to a node of this installation, that the node follows it, and that it counts the host as
//! this space's. Another installation of Relais has other ids and answers something else.

use sha2::{Digest, Sha256};

use super::hex::hex;
use super::id::SpaceId;

/// Where the proof is; the nonce follows.
pub const PROOF_PATH: &str = "/.well-known/relais/";
/// Characters of a nonce.
const NONCE_LEN: usize = 32;

/// Whether it is a nonce: 32 hexadecimal digits in lower case.
pub fn is_nonce(text: &str) -> bool {
    text.len() == NONCE_LEN && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// What a host of `space` answers: 64 hexadecimal digits.
pub fn host_proof(space: SpaceId, nonce: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"relais host\0");
    digest.update(space.bits().to_le_bytes());
    digest.update(nonce);
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_of_one_space_and_one_nonce() {
        let proof = |space, nonce| host_proof(SpaceId::from_bits(space), nonce);
        assert_eq!(proof(1, "a"), proof(1, "a"));
        assert_ne!(proof(1, "a"), proof(2, "a"));
        assert_ne!(proof(1, "a"), proof(1, "b"));
        assert_eq!(proof(1, "a").len(), 64);
        assert!(is_nonce("0123456789abcdef0123456789abcdef"));
        for text in ["", "0123", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcde/"] {
            assert!(!is_nonce(text), "{text}");
        }
    }
}
