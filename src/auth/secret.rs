//! Secrets that a browser or a mail carries.
//!
//! 256 random bits as 43 characters of base64url. The store keeps their SHA-256; a slow hash would
//! add nothing to so many bits.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::RngCore as _;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// Characters of the written form.
const LEN: usize = 43;

/// A secret. Its `Debug` shows nothing.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Draws a new one from the thread's generator, which the operating system seeds.
    pub fn draw() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(BASE64.encode(bytes).into())
    }

    /// The secret of this text, if it has the form of one.
    pub fn read(text: &str) -> Option<Self> {
        let clean = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (clean && text.len() == LEN).then(|| Self(text.into()))
    }

    /// The text that its holder keeps.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What the store keeps.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.expose().as_bytes()).into()
    }

    /// Another secret, for `purpose`, that only holders of this one can compute; in the same form.
    pub fn derive(&self, purpose: &str) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.expose().as_bytes()).expect("a key of any length is taken");
        BASE64.encode(mac.chain_update(purpose).finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_10_a_secret_has_256_random_bits_and_reads_back() {
        let secret = Secret::draw();
        assert_eq!(BASE64.decode(secret.expose()).map(|bytes| bytes.len()), Ok(32));
        assert_eq!(Secret::read(secret.expose()).map(|again| again.hash()), Some(secret.hash()));
        assert_ne!(secret.hash(), Secret::draw().hash());
        assert_ne!(secret.derive("a"), secret.derive("b"));
        assert!(!format!("{secret:?}").contains(secret.expose()));
        for wrong in ["", "short", &format!("{}=", &secret.expose()[1..]), &format!("{}a", secret.expose())] {
            assert!(Secret::read(wrong).is_none(), "{wrong}");
        }
    }
}
