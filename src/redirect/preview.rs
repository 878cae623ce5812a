//! Robots that unfurl links, and the card that they get.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// User agents remembered per worker: 64 KiB.
const REMEMBERED: usize = 4096;

/// Asks whether a user agent belongs to a preview robot, and remembers the answer.
///
/// The question costs a search for a few dozen names. A table with one place per hash needs no
/// eviction and cannot grow; the hash is seeded, so nobody can aim at a place.
pub(super) struct PreviewAgents {
    ask: fn(&[u8]) -> bool,
    hasher: RandomState,
    answers: Box<[(u64, bool)]>,
}

impl PreviewAgents {
    pub(super) fn new(ask: fn(&[u8]) -> bool) -> Self {
        Self { ask, hasher: RandomState::default(), answers: vec![(0, false); REMEMBERED].into() }
    }

    pub(super) fn contains(&mut self, user_agent: &[u8]) -> bool {
        // 0 marks an empty place.
        let hash = self.hasher.hash_one(user_agent) | 1;
        let place = &mut self.answers[(hash >> 52) as usize];
        if place.0 != hash {
            *place = (hash, (self.ask)(user_agent));
        }
        place.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_the_one_that_was_given() {
        let mut agents = PreviewAgents::new(|agent| agent.ends_with(b"7"));
        for _ in 0..2 {
            for number in 0..20_000 {
                let agent = format!("agent {number}");
                assert_eq!(agents.contains(agent.as_bytes()), number % 10 == 7);
            }
        }
        assert!(!agents.contains(b""));
    }
}
