//! The framing of one record: 16 bytes, the payload, zeros up to a multiple of 8.
//!
//! ```text
//!  0        4              8        12       16
//! [commit u32][index u32][length u32][crc u32][payload …][0 to 7 zeros]      little endian
//! ```
//!
//! Everything is salted with the segment's 64 random bits, so bytes of another segment, or a payload that
//! imitates a record, are not taken for one: commit word and checksum are 64 bits that a visitor cannot guess.

/// Bytes before a payload.
pub(super) const HEAD: usize = 16;
/// Records begin at multiples of this.
pub(super) const ALIGN: usize = 8;
/// Set in the length of a seal, the last record of a segment. Its index is the number of records before it.
pub(super) const SEAL: u32 = 1 << 31;

/// What a segment's random salt makes of its records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Salt {
    bits: u64,
    /// CRC-32C of the salt, with which each record's checksum begins.
    seed: u32,
}

impl Salt {
    pub(super) fn new(bits: u64) -> Self {
        Self { bits, seed: crc32c::crc32c(&bits.to_le_bytes()) }
    }

    /// The word that says "record `index` is complete". Never 0, which is what unused bytes hold.
    #[inline]
    pub(super) fn commit_word(self, index: u32) -> u32 {
        // One round of a multiplicative mix: neighbouring records get unrelated words.
        let mixed = (self.bits ^ u64::from(index)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (((mixed >> 32) ^ mixed) as u32).max(1)
    }

    /// CRC-32C over salt, index, length and payload.
    #[inline]
    pub(super) fn checksum(self, index: u32, length: u32, payload: &[u8]) -> u32 {
        let mut head = [0; 8];
        head[..4].copy_from_slice(&index.to_le_bytes());
        head[4..].copy_from_slice(&length.to_le_bytes());
        crc32c::crc32c_append(crc32c::crc32c_append(self.seed, &head), payload)
    }
}

/// Bytes that a payload of `length` takes with its framing.
#[inline]
pub(super) fn framed(length: usize) -> usize {
    (HEAD + length).next_multiple_of(ALIGN)
}

/// A record (or seal) that was found valid in an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) index: u32,
    /// Of the payload, without the seal's flag.
    pub(super) length: u32,
    pub(super) seal: bool,
}

/// The record at `offset` of `image`, when every byte of it is valid and its index is at most `highest`.
pub(super) fn parse(image: &[u8], offset: usize, salt: Salt, highest: u32) -> Option<Found> {
    let head = image.get(offset..offset + HEAD)?;
    let word = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes"));
    let (commit, index, length, crc) = (word(0), word(4), word(8), word(12));
    // The cheap tests first: this also runs at every eighth byte after damage.
    if commit == 0 || index > highest || commit != salt.commit_word(index) {
        return None;
    }
    let payload_length = length & !SEAL;
    let start = offset + HEAD;
    let payload = image.get(start..start.checked_add(payload_length as usize)?)?;
    (salt.checksum(index, length, payload) == crc).then_some(Found {
        index,
        length: payload_length,
        seal: length & SEAL != 0,
    })
}

/// Writes a whole record into `room` for tests and fixtures; the hot path does the same in place.
#[cfg(test)]
pub(super) fn write(room: &mut [u8], salt: Salt, index: u32, payload: &[u8], seal: bool) -> usize {
    let length = payload.len() as u32 | if seal { SEAL } else { 0 };
    room[0..4].copy_from_slice(&salt.commit_word(index).to_le_bytes());
    room[4..8].copy_from_slice(&index.to_le_bytes());
    room[8..12].copy_from_slice(&length.to_le_bytes());
    room[12..16].copy_from_slice(&salt.checksum(index, length, payload).to_le_bytes());
    room[HEAD..HEAD + payload.len()].copy_from_slice(payload);
    framed(payload.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_parsed_and_only_with_its_salt() {
        let mut room = [0; 64];
        let salt = Salt::new(7);
        assert_eq!(write(&mut room, salt, 3, b"hello", false), 24);
        assert_eq!(parse(&room, 0, salt, 3), Some(Found { index: 3, length: 5, seal: false }));
        assert_eq!(parse(&room, 0, salt, 2), None, "an index beyond what the place allows");
        assert_eq!(parse(&room, 0, Salt::new(8), 3), None, "bytes of another segment");
    }

    #[test]
    fn no_flipped_bit_passes() {
        let mut room = [0; 64];
        let salt = Salt::new(99);
        let length = HEAD + b"a click".len();
        write(&mut room, salt, 0, b"a click", false);
        for bit in 0..length * 8 {
            room[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(parse(&room, 0, salt, u32::MAX), None, "bit {bit}");
            room[bit / 8] ^= 1 << (bit % 8);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_commit_word_is_never_zero(bits: u64, index: u32) {
            proptest::prop_assert_ne!(Salt::new(bits).commit_word(index), 0);
        }
    }
}
