//! The form of a token.
//!
//! `rls_`, 43 random characters of `0-9A-Za-z` (256 bits), and 6 more that are the CRC-32C of those
//! 43 in the same digits. The prefix and the checksum let scanners of public code find a leaked
//! token without asking us, and let us tell a mistyped one from one that was revoked.

use std::str::FromStr;

use rand::Rng as _;
use secrecy::{ExposeSecret, SecretString};
use sha2::Digest as _;

const PREFIX: &str = "rls_";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62⁴³ > 2²⁵⁶.
const SECRET_LEN: usize = 43;
/// 62⁶ > 2³².
const CHECKSUM_LEN: usize = 6;

/// A whole token. Its `Debug` shows nothing.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

/// The text is no token: mistyped, cut off or something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token of Relais")]
pub struct MalformedToken;

impl Token {
    /// Draws a new one from the thread's generator, which the operating system seeds.
    pub fn draw() -> Self {
        let mut random = rand::rng();
        let secret: String =
            (0..SECRET_LEN).map(|_| char::from(DIGITS[random.random_range(0..DIGITS.len())])).collect();
        Self(format!("{PREFIX}{secret}{}", checksum(secret.as_bytes())).into())
    }

    /// The text that its holder keeps.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What the store keeps: SHA-256 of the whole text. A slow password hash would add nothing to
    /// 256 random bits.
    pub fn hash(&self) -> [u8; 32] {
        sha2::Sha256::digest(self.expose().as_bytes()).into()
    }
}

impl FromStr for Token {
    type Err = MalformedToken;

    fn from_str(text: &str) -> Result<Self, MalformedToken> {
        let body = text.strip_prefix(PREFIX).ok_or(MalformedToken)?;
        if body.len() != SECRET_LEN + CHECKSUM_LEN || !body.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(MalformedToken);
        }
        let (secret, given) = body.split_at(SECRET_LEN);
        if checksum(secret.as_bytes()) == given { Ok(Self(text.into())) } else { Err(MalformedToken) }
    }
}

fn checksum(secret: &[u8]) -> String {
    let mut value = crc32c::crc32c(secret) as usize;
    let mut digits = [b'0'; CHECKSUM_LEN];
    for slot in digits.iter_mut().rev() {
        *slot = DIGITS[value % DIGITS.len()];
        value /= DIGITS.len();
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_hashes_alike() {
        let token = Token::draw();
        let again: Token = token.expose().parse().expect("its own text");
        assert_eq!(token.hash(), again.hash());
        assert_ne!(token.hash(), Token::draw().hash());
    }

    #[test]
    fn a_mistyped_token_is_told_apart() {
        let text = Token::draw().expose().to_owned();
        for at in PREFIX.len()..text.len() {
            let mut mistyped = text.clone().into_bytes();
            mistyped[at] = if mistyped[at] == b'x' { b'y' } else { b'x' };
            let mistyped = String::from_utf8(mistyped).expect("ASCII");
            assert!(mistyped.parse::<Token>().is_err(), "{at}");
        }
        for wrong in ["", "rls_", &text[1..], &text[..text.len() - 1], &format!("{text}0"), &text.replace("rls", "RLS")]
        {
            assert!(wrong.parse::<Token>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_token_is_not_shown_by_accident() {
        let token = Token::draw();
        assert!(!format!("{token:?}").contains(&token.expose()[4..]));
    }
}
