//! A client address, sealed from the moment a click is recorded until it is enriched.
//!
//! The address is needed twice: for the country and for the daily visitor pseudonym. In between it
//! may wait in the spool, on a disk that somebody may copy. So a record holds it encrypted with a
//! key of the day, and the key is destroyed 48 hours after the day began (UTC). A click that waits
//! longer than that keeps everything but its country and its visitor.
//!
//! One AES-128 block in counter mode: the block encrypts the record's identity, which never
//! repeats, and is XORed with the address. There is no authentication tag because the record that
//! holds it has a checksum of its own, and because nobody gains anything by making up an address.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use arc_swap::ArcSwap;
use hmac::Mac;

/// Whole days since 1970-01-01 (UTC, or local where a doc says so).
pub type Day = i32;

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// The UTC day of an instant in milliseconds since 1970.
pub fn utc_day(at_ms: i64) -> Day {
    Day::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or(if at_ms < 0 { Day::MIN } else { Day::MAX })
}

/// The secrets of one day, derived from 32 random bytes that live at most 48 hours.
#[derive(Clone)]
pub struct DayKey {
    address: Arc<aes::Aes128>,
    visitor: [u8; 32],
}

impl std::fmt::Debug for DayKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DayKey(…)")
    }
}

impl DayKey {
    /// Derives the day's two keys (HMAC-SHA-256 of a label) from its random bytes.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let derive = |label: &[u8]| -> [u8; 32] {
            let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
            mac.update(label);
            mac.finalize().into_bytes().into()
        };
        let address = derive(b"relais address v1");
        let key: [u8; 16] = address[..16].try_into().expect("16 of 32 bytes");
        Self { address: Arc::new(aes::Aes128::new(&key.into())), visitor: derive(b"relais visitor v1") }
    }

    /// The salt of the day's visitor pseudonyms.
    pub fn visitor_salt(&self) -> &[u8; 32] {
        &self.visitor
    }

    fn pad(&self, lane: u8, segment: u64, record: u32) -> [u8; 16] {
        let mut block = [0u8; 16];
        block[0] = lane;
        block[1..9].copy_from_slice(&segment.to_le_bytes());
        block[9..13].copy_from_slice(&record.to_le_bytes());
        let mut block = block.into();
        self.address.encrypt_block(&mut block);
        block.into()
    }

    /// Seals `address` for the record with this identity. An identity must be used once a key.
    pub fn seal(&self, address: IpAddr, lane: u8, segment: u64, record: u32) -> SealedAddress {
        let plain = match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        };
        let mut sealed = self.pad(lane, segment, record);
        sealed.iter_mut().zip(plain).for_each(|(pad, byte)| *pad ^= byte);
        SealedAddress(sealed)
    }

    /// Opens what [`Self::seal`] made for the same record.
    pub fn open(&self, sealed: SealedAddress, lane: u8, segment: u64, record: u32) -> IpAddr {
        let mut plain = self.pad(lane, segment, record);
        plain.iter_mut().zip(sealed.0).for_each(|(pad, byte)| *pad ^= byte);
        Ipv6Addr::from(plain).to_canonical()
    }
}

/// An encrypted address; meaningless without the day's key and the record's identity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SealedAddress(pub [u8; 16]);

impl SealedAddress {
    /// Stands for "no address": what a record holds when there was no key to seal with.
    pub const ABSENT: Self = Self([0; 16]);
}

impl std::fmt::Debug for SealedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedAddress(…)")
    }
}

/// The keys of the days that are still allowed to be known. Whoever composes the process fills it
/// and takes keys away; recorders and the enricher read it.
#[derive(Debug, Default)]
pub struct DayKeys(ArcSwap<BTreeMap<Day, DayKey>>);

impl DayKeys {
    /// Holds exactly these keys.
    pub fn new(keys: BTreeMap<Day, DayKey>) -> Self {
        Self(ArcSwap::from_pointee(keys))
    }

    /// Replaces all keys; those left out are gone from memory once no reader holds them.
    pub fn replace(&self, keys: BTreeMap<Day, DayKey>) {
        self.0.store(Arc::new(keys));
    }

    /// The key of `day`, unless it is not made yet or destroyed already.
    pub fn get(&self, day: Day) -> Option<DayKey> {
        self.0.load().get(&day).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_opens_with_the_same_key_and_record_only() {
        let key = DayKey::from_secret(&[7; 32]);
        for text in ["192.0.2.1", "2001:db8::1"] {
            let address: IpAddr = text.parse().expect("an address");
            let sealed = key.seal(address, 1, 2, 3);
            assert_eq!(key.open(sealed, 1, 2, 3), address);
            assert_ne!(key.open(sealed, 1, 2, 4), address);
            assert_ne!(DayKey::from_secret(&[8; 32]).open(sealed, 1, 2, 3), address);
        }
    }

    #[test]
    fn days_before_1970_have_negative_numbers() {
        assert_eq!(utc_day(-1), -1);
        assert_eq!(utc_day(0), 0);
        assert_eq!(utc_day(DAY_MS), 1);
    }
}
