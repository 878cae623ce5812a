//! A segment that was written and then damaged, as a script says.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::ops::Range;

use siphasher::sip::SipHasher13;

use crate::layout::{FIRST_RECORD, HEAD, Header, record};

/// What came of a script.
pub(crate) struct Script {
    /// The file.
    pub(crate) image: Vec<u8>,
    /// Every record that was written.
    pub(crate) written: BTreeMap<u32, Vec<u8>>,
    /// Numbers of records that must be found: no byte of theirs was changed, and a header is left.
    pub(crate) untouched: BTreeSet<u32>,
}

/// The script's bytes, endless: zeros behind the end.
struct Words<'a>(&'a [u8]);

impl Words<'_> {
    fn byte(&mut self) -> usize {
        self.0.split_off_first().copied().unwrap_or_default().into()
    }

    fn place(&mut self, below: usize) -> usize {
        (self.byte() << 8 | self.byte()) % below.max(1)
    }
}

impl Script {
    /// `records`, their lengths and first bytes, whether there is a seal, then damage to the end of the script.
    pub(crate) fn run(script: &[u8]) -> Self {
        let mut hasher = SipHasher13::new();
        hasher.write(script);
        let salt = hasher.finish();
        let mut words = Words(script);
        let mut image = Header { salt, capacity: 4096 }.encode();
        let (mut written, mut places) = (BTreeMap::new(), BTreeMap::new());
        let count = words.byte() % 24;
        for number in 0..count as u32 {
            // Payloads may be anything, also what looks like framing; the salt tells them apart.
            let payload = vec![words.byte() as u8; words.byte()];
            let bytes = record(salt, number, &payload, false);
            // The padding belongs to nobody.
            places.insert(number, image.len()..image.len() + HEAD + payload.len());
            image.extend_from_slice(&bytes);
            written.insert(number, payload);
        }
        if words.byte() % 2 == 1 {
            image.extend_from_slice(&record(salt, count as u32, &[], true));
        }
        image.resize(image.len() + words.byte(), 0);

        let original = image.clone();
        let mut stale = false;
        while !words.0.is_empty() {
            stale |= damage(&mut image, &mut words);
        }
        let same = |place: &Range<usize>| image.get(place.clone()) == Some(&original[place.clone()]);
        let header_is_left = same(&(0..FIRST_RECORD / 2)) || same(&(FIRST_RECORD / 2..FIRST_RECORD));
        // Bytes of this very segment at another place of it may pass for what they are, and take the turn of others.
        let must_be_found = header_is_left && !stale;
        let untouched =
            places.into_iter().filter(|(_, place)| must_be_found && same(place)).map(|(number, _)| number).collect();
        Self { image, written, untouched }
    }
}

/// One fault of a disk; true when it put bytes of the segment to another place.
fn damage(image: &mut Vec<u8>, words: &mut Words<'_>) -> bool {
    let kind = words.byte();
    let at = words.place(image.len());
    match kind % 5 {
        0 if !image.is_empty() => image[at] ^= 1 << (kind / 5 % 8),
        1 => image.truncate(at),
        2 => {
            let end = image.len().min(at + 8 * words.byte());
            image[at..end].fill(kind as u8 / 5);
        }
        3 => {
            let end = image.len().min(at + words.byte());
            let noise = words.byte() as u64;
            for (byte, step) in image[at..end].iter_mut().zip(1..) {
                *byte = (noise.wrapping_mul(step).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8;
            }
        }
        _ => {
            let from = words.place(image.len());
            let length = (8 * words.byte()).min(image.len() - from).min(image.len() - at);
            image.copy_within(from..from + length, at);
            return true;
        }
    }
    false
}
