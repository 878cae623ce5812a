//! The layout of a segment once more, from its description and not from the spool's code, so that the two check each
//! other. Slow and plain.

/// Where the first record begins.
pub(crate) const FIRST_RECORD: usize = 160;
/// Bytes before a payload.
pub(crate) const HEAD: usize = 16;
/// Set in the length of the last record.
const SEAL: u32 = 1 << 31;
const COPY: usize = 80;

/// What is not always the same in a header.
pub(crate) struct Header {
    pub(crate) salt: u64,
    pub(crate) capacity: u64,
}

impl Header {
    /// Both copies, for lane 3, segment 12.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut copy = Vec::with_capacity(COPY);
        copy.extend_from_slice(b"RELAISSP");
        copy.extend_from_slice(&1u32.to_le_bytes());
        copy.extend_from_slice(&(COPY as u32).to_le_bytes());
        copy.extend_from_slice(&0xfeed_u128.to_le_bytes());
        copy.extend_from_slice(&12u64.to_le_bytes());
        copy.extend_from_slice(&self.salt.to_le_bytes());
        copy.extend_from_slice(&self.capacity.to_le_bytes());
        copy.extend_from_slice(&1_700_000_000_000u64.to_le_bytes());
        copy.push(3);
        copy.resize(COPY - 4, 0);
        copy.extend_from_slice(&crc32c::crc32c(&copy).to_le_bytes());
        copy.repeat(2)
    }
}

fn commit_word(salt: u64, number: u32) -> u32 {
    let mixed = (salt ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (((mixed >> 32) ^ mixed) as u32).max(1)
}

/// A record with its framing and padding; a seal has no payload.
pub(crate) fn record(salt: u64, number: u32, payload: &[u8], seal: bool) -> Vec<u8> {
    let length = payload.len() as u32 | if seal { SEAL } else { 0 };
    let salted = [&salt.to_le_bytes()[..], &number.to_le_bytes(), &length.to_le_bytes(), payload].concat();
    let mut bytes = Vec::new();
    for word in [commit_word(salt, number), number, length, crc32c::crc32c(&salted)] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(payload);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

/// Whether `image` holds this record somewhere, under the salt of one of its two headers.
pub(crate) fn is_valid_record(image: &[u8], number: u32, payload: &[u8]) -> bool {
    let salts = [40, COPY + 40].map(|at| image.get(at..at + 8).map(|salt| salt.try_into().expect("eight bytes")));
    salts.into_iter().flatten().map(u64::from_le_bytes).any(|salt| {
        let whole = record(salt, number, payload, false);
        let unpadded = &whole[..HEAD + payload.len()];
        (FIRST_RECORD..image.len()).step_by(8).any(|at| image[at..].starts_with(unpadded))
    })
}
