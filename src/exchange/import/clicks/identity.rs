//! What makes two clicks of a bundle equal, as a number.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher24};

use super::check::{ADVOCATE, CHANNEL, CONTENT, COUNTRY, Click, DEVICE, VISITOR};
use crate::exchange::directory::Names;
use crate::model::SpaceId;
use crate::warehouse::history::StoredClick;

/// SipHash-2-4 with 128 bits, keyed with the space, of everything that a row says; how its time is written
/// is no part of it.
pub(super) type Said = u128;

/// Where a row is in the table: lane, segment, record.
pub(super) type Spot = (u8, u64, u32);

struct Hash(SipHasher24);

impl Hash {
    fn new(space: SpaceId) -> Self {
        Self(SipHasher24::new_with_keys(space.bits(), u64::from_be_bytes(*b"imported")))
    }

    /// With its length in front, so that no two lists of texts run together.
    fn text(&mut self, text: &str) {
        self.0.write_u32(u32::try_from(text.len()).unwrap_or(u32::MAX));
        self.0.write(text.as_bytes());
    }

    fn end(self) -> u128 {
        self.0.finish128().as_u128()
    }
}

/// What a row of the file says. Advocates and contents count under their keys, however the cell named them.
pub(super) fn of_row(click: &Click, names: &Names, space: SpaceId) -> Said {
    let cell = |index| click.row.cell(index);
    let advocate = names.advocates.find(cell(ADVOCATE)).and_then(|(id, _)| names.advocates.key(id));
    let content = names.contents.find(cell(CONTENT)).and_then(|(id, _)| names.contents.key(id));
    let mut hash = Hash::new(space);
    hash.text(advocate.unwrap_or_else(|| names.unknown(cell(ADVOCATE))));
    hash.text(content.unwrap_or(cell(CONTENT)));
    hash.text(cell(CHANNEL));
    hash.0.write_i64(click.at_ms);
    hash.text(click.class.as_str());
    hash.text(cell(COUNTRY));
    hash.text(cell(DEVICE));
    hash.text(cell(VISITOR));
    hash.text(click.answer.as_str());
    hash.end()
}

/// The same of a click that ClickHouse has.
pub(super) fn of_stored(click: &StoredClick<'_>, names: &Names, space: SpaceId) -> Said {
    let mut hash = Hash::new(space);
    hash.text(advocate_of(click, names));
    hash.text(content_of(click, names));
    hash.text(click.channel);
    hash.0.write_i64(click.at_ms);
    for text in [click.class, click.country, click.device, click.visitor, click.answer] {
        hash.text(text);
    }
    hash.end()
}

/// What a bundle calls the advocate of a stored click.
pub(in crate::exchange) fn advocate_of<'a>(click: &StoredClick<'a>, names: &'a Names) -> &'a str {
    let known = names.advocates.find(click.advocate_id).and_then(|(id, _)| names.advocates.key(id));
    match known {
        Some(key) if !click.advocate_id.is_empty() => key,
        _ if click.advocate_id.is_empty() => click.advocate_key,
        _ => click.advocate_id,
    }
}

/// What a bundle calls its content.
pub(in crate::exchange) fn content_of<'a>(click: &StoredClick<'a>, names: &'a Names) -> &'a str {
    let known = names.contents.find(click.content_id).and_then(|(id, _)| names.contents.key(id));
    known.unwrap_or(click.content_id)
}

/// The place of the `nth` row (from 1) that says this.
pub(super) fn spot(said: Said, nth: u32) -> Spot {
    let mut hasher = SipHasher24::new_with_keys(said as u64, (said >> 64) as u64);
    hasher.write_u32(nth);
    let hash = hasher.finish128().as_u128();
    ((hash >> 96) as u8, (hash >> 32) as u64, hash as u32)
}
