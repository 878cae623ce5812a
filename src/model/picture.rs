//! How a picture is named that Relais serves itself.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::hex::{hex, unhex};
use super::id::SpaceId;

/// Bytes of a key: enough that nobody finds two addresses with one key.
const BYTES: usize = 16;

/// The name of the picture at an address, for one space: 32 hexadecimal digits.
///
/// Computed, not stored: a redirect node that knows a content knows under which name the control
/// plane serves its picture, whether or not it has been fetched yet. A picture is fetched once, so
/// what stands behind a key never changes and may be cached for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PictureKey([u8; BYTES]);

impl PictureKey {
    /// The key of the picture at `url`, as a content of `space` names it.
    pub fn new(space: SpaceId, url: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"relais picture\0");
        digest.update(space.bits().to_le_bytes());
        digest.update(url);
        Self::of(digest)
    }

    /// The key of a picture that was uploaded for `space`: another file has another key.
    pub fn of_upload(space: SpaceId, bytes: &[u8]) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"relais upload\0");
        digest.update(space.bits().to_le_bytes());
        digest.update(bytes);
        Self::of(digest)
    }

    fn of(digest: Sha256) -> Self {
        let digest: [u8; 32] = digest.finalize().into();
        let mut key = [0; BYTES];
        key.copy_from_slice(&digest[..BYTES]);
        Self(key)
    }
}

impl TryFrom<String> for PictureKey {
    type Error = ParsePictureKeyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PictureKey> for String {
    fn from(key: PictureKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for PictureKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// The text is no key of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a picture's key: expected 32 hexadecimal digits in lower case")]
pub struct ParsePictureKeyError;

impl FromStr for PictureKey {
    type Err = ParsePictureKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // One picture has one address, so capitals are none of it.
        let key = unhex(text).filter(|key| hex(key) == text);
        key.map(Self).ok_or(ParsePictureKeyError)
    }
}

/// A picture that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`, found in its first bytes.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Takes bytes for what their beginning says they are; none for anything but the four kinds
    /// that browsers show as pictures and nothing else (an SVG may hold a script).
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let media_type = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
            _ => return None,
        };
        Some(Self { media_type, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_is_one_for_each_space_and_address() {
        let key = PictureKey::new(SpaceId::from_bits(1), "https://example.com/a.png");
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!(key, PictureKey::new(SpaceId::from_bits(1), "https://example.com/a.png"));
        assert_ne!(key, PictureKey::new(SpaceId::from_bits(2), "https://example.com/a.png"));
        assert_ne!(key, PictureKey::new(SpaceId::from_bits(1), "https://example.com/b.png"));
        for text in ["", "abc", "ABCDEF0123456789ABCDEF0123456789", "../../../../../../etc/passwd-aaaa", "é"] {
            assert_eq!(text.parse::<PictureKey>(), Err(ParsePictureKeyError), "{text}");
        }
    }

    #[test]
    fn only_four_kinds_of_files_are_pictures() {
        let kind = |bytes: &[u8]| Picture::new(bytes.to_vec()).map(|picture| picture.media_type);
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n rest"), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0 rest"), Some("image/jpeg"));
        assert_eq!(kind(b"GIF89a rest"), Some("image/gif"));
        assert_eq!(kind(b"RIFF\x01\x02\x03\x04WEBP rest"), Some("image/webp"));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'>"[..], b"<html>", b"", b"RIFF", b"%PDF-1.7", b"BM"] {
            assert_eq!(kind(other), None, "{}", other.escape_ascii());
        }
    }
}
