//! How fast one network may ask for one address.
//!
//! The first askings are answered at once, later ones one a minute, and those that would wait too
//! long by no mail. Another network's askings for the same address wait for none of that: nobody is
//! locked out by a stranger who asks for them.

use std::collections::HashMap;
use std::net::IpAddr;

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

use crate::model::SpaceId;

/// Askings that are answered at once.
const BURST: i64 = 3;
/// Time between two later ones, in milliseconds.
const EVERY_MS: i64 = 60_000;
/// Who would have to wait for longer gets no mail.
const LONGEST_MS: i64 = 2 * 60_000;
/// Pairs of network and address that are remembered: 4 MB at most. With more of them at once the
/// bound on an address's mails is what remains.
const REMEMBERED: usize = 1 << 16;

/// When each pair of network and address has its next turn.
#[derive(Debug, Default)]
pub(in crate::auth) struct Pace(Mutex<HashMap<[u8; 16], i64>>);

impl Pace {
    /// How long the mail of this asking waits, in milliseconds; none when there should be none.
    pub(super) fn delay_ms(&self, client: IpAddr, space: SpaceId, email: &str, now_ms: i64) -> Option<i64> {
        let mut turns = self.0.lock();
        if turns.len() >= REMEMBERED {
            turns.retain(|_, turn| *turn > now_ms);
            if turns.len() >= REMEMBERED {
                return Some(0);
            }
        }
        // The instant at which everything asked so far will have been answered one a minute.
        let turn = turns.entry(key(client, space, email)).or_insert(now_ms);
        let from = (*turn).max(now_ms);
        let delay_ms = (from - now_ms - (BURST - 1) * EVERY_MS).max(0);
        if delay_ms > LONGEST_MS {
            return None;
        }
        *turn = from + EVERY_MS;
        Some(delay_ms)
    }
}

fn key(client: IpAddr, space: SpaceId, email: &str) -> [u8; 16] {
    // A subscriber may hold many addresses: /24 and /56, as for guesses at codes of links.
    let network = match client.to_canonical() {
        IpAddr::V4(v4) => u128::from(v4.to_bits() >> 8),
        IpAddr::V6(v6) => v6.to_bits() >> 72 << 72,
    };
    let mut digest = Sha256::new();
    digest.update(network.to_le_bytes());
    digest.update(space.bits().to_le_bytes());
    digest.update(email);
    digest.finalize()[..16].try_into().expect("16 of 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_17_one_network_is_slowed_and_the_others_are_not() {
        let pace = Pace::default();
        let space = SpaceId::from_bits(1);
        let ask = |client: &str, email, now| pace.delay_ms(client.parse().expect("an address"), space, email, now);
        let delays: Vec<_> = (0..12).map(|_| ask("203.0.113.7", "ada@a.test", 0)).collect();
        let minute = |n: i64| Some(n * 60_000);
        let expected = [0, 0, 0, 1, 2].map(minute).into_iter().chain([None; 7]);
        assert_eq!(delays, expected.collect::<Vec<_>>());
        assert_eq!(ask("203.0.113.8", "ada@a.test", 0), None, "a neighbour of the same network");
        assert_eq!(ask("198.51.100.1", "ada@a.test", 0), Some(0), "another network");
        assert_eq!(ask("2001:db8::1", "ada@a.test", 0), Some(0), "another network");
        assert_eq!(ask("203.0.113.7", "bob@a.test", 0), Some(0), "another address");
        assert_eq!(ask("203.0.113.7", "ada@a.test", 10 * 60_000), Some(0), "later");
    }
}
