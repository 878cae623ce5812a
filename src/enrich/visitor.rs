//! The pseudonym of a visitor: the same for one local day, and nobody's afterwards.
//!
//! `HMAC-SHA-256(salt of the day, space ‖ address ‖ user agent)`, cut to 64 bits. The salt is
//! random, is known for 48 hours at most and then destroyed (see [`crate::model::address`]). While
//! it is known, somebody who has it could try every address; once it is gone, nobody can, and two
//! days cannot be joined either. The space is part of it so that two brands on one installation
//! cannot compare their visitors.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::model::address::{DAY_MS, Day};
use crate::model::{Click, DayKey, SpaceId};

use super::text::Short;

/// 64 bits in base 64 (URL alphabet, no padding): 11 characters. Two of a million visitors of one
/// day share one with a chance of 1 to 37 million.
pub type Visitor = Short<11>;

/// The local day of a click in its space: the day whose key [`visitor`] wants.
pub fn local_day(click: &Click<'_>) -> Day {
    let local_ms = click.clicked_at_ms.saturating_add(i64::from(click.utc_offset_minutes) * 60_000);
    Day::try_from(local_ms.div_euclid(DAY_MS)).unwrap_or(if local_ms < 0 { Day::MIN } else { Day::MAX })
}

/// The visitor who sent this request; `key` must be that of the click's [`local_day`].
///
/// An IPv4 address and the same one mapped into IPv6 give the same visitor. The first two parts
/// have a fixed length, so no two different inputs run together.
pub fn visitor(key: &DayKey, space: SpaceId, address: IpAddr, user_agent: &[u8]) -> Visitor {
    let address = match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(key.visitor_salt()).expect("HMAC takes keys of any length");
    mac.update(&space.bits().to_be_bytes());
    mac.update(&address.octets());
    mac.update(user_agent);
    let tag = mac.finalize().into_bytes();
    Visitor::from_ascii(&base64url(tag[..8].try_into().expect("8 of 32 bytes"))).expect("11 ASCII characters")
}

/// RFC 4648, section 5: 64 bits as ten characters of six bits and one of the last four.
fn base64url(bytes: [u8; 8]) -> [u8; 11] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits = u128::from(u64::from_be_bytes(bytes)) << 2;
    std::array::from_fn(|index| ALPHABET[((bits >> (60 - 6 * index)) & 63) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    const AGENT: &[u8] = b"Mozilla/5.0 (iPhone)";

    fn of(key: &DayKey, address: IpAddr) -> Visitor {
        visitor(key, SpaceId::from_bits(7), address, AGENT)
    }

    #[test]
    fn security_28_an_address_is_found_with_the_salt_and_with_no_other() {
        let key = DayKey::from_secret(&[1; 32]);
        let wanted = IpAddr::V4(Ipv4Addr::new(198, 51, 77, 42));
        let seen = of(&key, wanted);
        let enumerate = |key: &DayKey| -> Vec<IpAddr> {
            let all = (0..=u16::MAX).map(|low| {
                let [high, low] = low.to_be_bytes();
                IpAddr::V4(Ipv4Addr::new(198, 51, high, low))
            });
            all.filter(|address| of(key, *address) == seen).collect()
        };
        assert_eq!(enumerate(&key), [wanted]);
        for other in 2..5 {
            assert!(enumerate(&DayKey::from_secret(&[other; 32])).is_empty());
        }
    }

    #[test]
    fn every_part_changes_the_visitor() {
        let key = DayKey::from_secret(&[1; 32]);
        let address: IpAddr = Ipv6Addr::LOCALHOST.into();
        let base = of(&key, address);
        assert_eq!(base, of(&key, address));
        assert_eq!(base.as_str().len(), 11);
        assert_ne!(base, of(&DayKey::from_secret(&[2; 32]), address));
        assert_ne!(base, of(&key, Ipv6Addr::UNSPECIFIED.into()));
        assert_ne!(base, visitor(&key, SpaceId::from_bits(8), address, AGENT));
        assert_ne!(base, visitor(&key, SpaceId::from_bits(7), address, b"Mozilla/5.0"));
    }

    #[test]
    fn a_mapped_address_is_the_same_visitor() {
        let key = DayKey::from_secret(&[1; 32]);
        let v4 = Ipv4Addr::new(192, 0, 2, 1);
        assert_eq!(of(&key, v4.into()), of(&key, v4.to_ipv6_mapped().into()));
    }

    #[test]
    fn base64url_writes_the_vectors_of_the_rfc() {
        // RFC 4648, section 10, "foobar" with two bytes more
        assert_eq!(&base64url(*b"foobar\0\0"), b"Zm9vYmFyAAA");
        assert_eq!(&base64url([0xff; 8]), b"__________8");
    }
}
