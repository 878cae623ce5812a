//! The public id of a click, computed from what identifies its record.
//!
//! A click needs an id before it is stored (the destination may carry it as `rid`) and the same id
//! ever after. It is therefore a function of identity and time, computed alike here and by the
//! `click_id` column of ClickHouse's `clicks`, and stored nowhere.
//!
//! # Layout: UUID version 7 (RFC 9562), most significant bit first
//! | bits | value |
//! | --- | --- |
//! | 48 | `clicked_at`, milliseconds since 1970, clamped by [`storable_ms`] |
//! | 4 | version, 7 |
//! | 12 | the low bits of the record's number |
//! | 2 | variant, binary 10 |
//! | 62 | the low bits of [`identity_hash`] |

use std::hash::Hasher;

use siphasher::sip::SipHasher24;
use uuid::Uuid;

/// The last instant that ClickHouse's `DateTime64(3)` holds, 2299-12-31T23:59:59.999Z, in milliseconds since 1970.
pub const LAST_STORABLE_MS: i64 = 10_413_791_999_999;

/// The instant under which a click of this time is stored: clocks that stand before 1970 or after
/// 2299 are moved to the nearest end, because a UUID holds no negative time and `DateTime64` no later one.
pub fn storable_ms(at_ms: i64) -> i64 {
    at_ms.clamp(0, LAST_STORABLE_MS)
}

/// SipHash-2-4 of a record's place, keyed with its spool.
///
/// The key is the two halves of `spool_id` (low half first); the message is
/// `lane << 96 | segment << 32 | record` as 16 bytes, little endian. ClickHouse's
/// `sipHash64Keyed((low, high), x)` of a `UInt128` gives the same.
pub fn identity_hash(spool_id: u128, lane: u8, segment: u64, record: u32) -> u64 {
    let place = u128::from(lane) << 96 | u128::from(segment) << 32 | u128::from(record);
    let mut hasher = SipHasher24::new_with_keys(spool_id as u64, (spool_id >> 64) as u64);
    hasher.write(&place.to_le_bytes());
    hasher.finish()
}

/// The id of the click that this record holds.
pub fn click_id(spool_id: u128, lane: u8, segment: u64, record: u32, clicked_at_ms: i64) -> Uuid {
    let time = storable_ms(clicked_at_ms).unsigned_abs();
    let high = time << 16 | 7 << 12 | u64::from(record & 0xfff);
    let low = 1 << 63 | identity_hash(spool_id, lane, segment, record) & (u64::MAX >> 2);
    Uuid::from_u64_pair(high, low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_siphash_2_4_of_its_authors_test_vector() {
        // Key 00…0f, message 00…0e: the example of the SipHash paper, appendix A.
        let mut hasher = SipHasher24::new_with_keys(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908);
        hasher.write(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
        assert_eq!(hasher.finish(), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn an_id_is_a_version_7_uuid_that_tells_the_time() {
        let id = click_id(u128::MAX, 255, u64::MAX, u32::MAX, 1_772_000_000_123);
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
        let (seconds, nanoseconds) = id.get_timestamp().expect("version 7 has a time").to_unix();
        assert_eq!((seconds, nanoseconds / 1_000_000), (1_772_000_000, 123));
    }

    #[test]
    fn a_change_of_any_part_of_the_identity_changes_the_id() {
        let ids = [
            click_id(1, 1, 1, 1, 1),
            click_id(2, 1, 1, 1, 1),
            click_id(1 | 1 << 64, 1, 1, 1, 1),
            click_id(1, 2, 1, 1, 1),
            click_id(1, 1, 2, 1, 1),
            click_id(1, 1, 1, 2, 1),
            click_id(1, 1, 1, 1, 2),
        ];
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), ids.len());
    }

    #[test]
    fn a_clock_far_off_still_gives_an_id() {
        assert_eq!(click_id(1, 1, 1, 1, -1), click_id(1, 1, 1, 1, 0));
        assert_eq!(click_id(1, 1, 1, 1, i64::MAX), click_id(1, 1, 1, 1, LAST_STORABLE_MS));
    }
}
