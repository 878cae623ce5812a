//! The short code of a link: the part of the address behind the slash.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A code is either issued (9 characters of [`Code::ALPHABET`], random) or vanity (3 to 64
/// characters of `a-z0-9-`, chosen). Both live in one name space over the whole installation, so
/// that a code means one link whatever host it is asked on; the host then says whether it may be
/// seen there.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(Box<str>);

/// The text can be no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCode {
    /// Neither an issued code nor 3 to 64 characters of `a-z0-9-`.
    #[error("a vanity code is 3 to 64 characters of a-z, 0-9 and '-'")]
    Form,
    /// A word that Relais keeps for itself or that would mislead.
    #[error("this word is reserved, choose another vanity code")]
    Reserved,
}

/// Words that stand for pages of Relais or that browsers and robots ask of every host.
const RESERVED: &[&str] = &[
    "admin",
    "api",
    "app",
    "assets",
    "auth",
    "favicon",
    "health",
    "help",
    "live",
    "login",
    "logout",
    "metrics",
    "portal",
    "privacy",
    "ready",
    "relais",
    "report",
    "robots",
    "sign-in",
    "sign-out",
    "sitemap",
    "static",
    "status",
    "well-known",
    "www",
];

impl Code {
    /// Alphabet of issued codes: no `0`, `1`, `I`, `O` and `l`, which people confuse.
    pub const ALPHABET: &'static [u8; 56] = b"23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
    /// Length of issued codes, in characters: 56⁹ ≈ 5.4 × 10¹⁵ of them.
    pub const ISSUED_LEN: usize = 9;
    /// Longest vanity code, in characters.
    pub const MAX_LEN: usize = 64;

    /// Wraps a freshly drawn code.
    ///
    /// # Errors
    /// [`InvalidCode::Form`] when the text is not 9 characters of the alphabet.
    pub fn issued(text: &str) -> Result<Self, InvalidCode> {
        if pack(text.as_bytes()).is_some() { Ok(Self(text.into())) } else { Err(InvalidCode::Form) }
    }

    /// Accepts a code that a person chose.
    ///
    /// # Errors
    /// Says whether the form or the word is refused.
    pub fn vanity(text: &str) -> Result<Self, InvalidCode> {
        let clean = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !clean || !(3..=Self::MAX_LEN).contains(&text.len()) {
            return Err(InvalidCode::Form);
        }
        if RESERVED.contains(&text) {
            return Err(InvalidCode::Reserved);
        }
        Ok(Self(text.into()))
    }

    /// The code as it stands in the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number that stands for an issued code, below 56⁹; `None` for a vanity code.
    pub fn packed(&self) -> Option<u64> {
        pack(self.0.as_bytes())
    }
}

/// The number of an issued code, below 56⁹ (so it fits 53 bits), or `None` when the bytes are no
/// issued code. This is what the link table keeps instead of a text.
pub fn pack(code: &[u8]) -> Option<u64> {
    if code.len() != Code::ISSUED_LEN {
        return None;
    }
    let mut value = 0u64;
    for &byte in code {
        let digit = DIGIT_OF[byte as usize];
        if digit == NO_DIGIT {
            return None;
        }
        value = value * 56 + u64::from(digit);
    }
    Some(value)
}

/// The text of a number made by [`pack`].
pub fn unpack(mut value: u64) -> [u8; Code::ISSUED_LEN] {
    let mut out = [0u8; Code::ISSUED_LEN];
    for slot in out.iter_mut().rev() {
        *slot = Code::ALPHABET[(value % 56) as usize];
        value /= 56;
    }
    out
}

const NO_DIGIT: u8 = 255;
const DIGIT_OF: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut index = 0;
    while index < Code::ALPHABET.len() {
        table[Code::ALPHABET[index] as usize] = index as u8;
        index += 1;
    }
    table
};

impl FromStr for Code {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        Self::issued(text).or_else(|_| Self::vanity(text))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issued_code_packs_and_unpacks() {
        for text in ["222222222", "ZZZZZZZZZ", "aB3dE5gH7"] {
            let packed = pack(text.as_bytes()).expect("an issued code");
            assert!(packed < 56u64.pow(9));
            assert_eq!(&unpack(packed), text.as_bytes());
        }
    }

    #[test]
    fn confusable_characters_are_in_no_issued_code() {
        for text in ["0aaaaaaaa", "1aaaaaaaa", "Iaaaaaaaa", "Oaaaaaaaa", "laaaaaaaa"] {
            assert_eq!(Code::issued(text), Err(InvalidCode::Form));
        }
    }

    #[test]
    fn reserved_words_are_no_vanity_codes() {
        assert_eq!(Code::vanity("metrics"), Err(InvalidCode::Reserved));
        assert_eq!(Code::vanity("ab"), Err(InvalidCode::Form));
        assert!(Code::vanity("jobs-2026").is_ok());
    }
}
