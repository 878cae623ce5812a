//! Everything that follows from a user agent alone, worked out once and remembered.
//!
//! A programme sees the same few thousand user agents again and again: its people's phones and
//! desktops. Working one out takes tens of microseconds (1,500 patterns of crawlers among them),
//! looking it up takes tens of nanoseconds.

use std::sync::Arc;

use super::classify::{self, Verdict};
use super::evidence::Evidence;
use super::memo::Memo;
use super::platform::{Platform, platform};

/// What a user agent says, whoever sends it and whatever it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentFacts {
    /// Class and reason before the request's own facts (HEAD, prefetch, …) are looked at.
    pub verdict: Verdict,
    /// Device, system, browser.
    pub platform: Platform,
    /// What is kept for a later classification.
    pub evidence: Evidence,
}

impl AgentFacts {
    /// Works the facts out. Any bytes will do; beyond [`crate::model::Click::MAX_USER_AGENT`] they are ignored.
    pub fn of(user_agent: &[u8]) -> Self {
        let user_agent = classify::cut(user_agent);
        let evidence = Evidence::of(user_agent);
        let verdict = classify::of_agent(evidence.as_str(), classify::is_empty(user_agent));
        Self { verdict, platform: platform(&String::from_utf8_lossy(user_agent), verdict.class), evidence }
    }
}

/// A memory of the last user agents, at most [`Agents::CAPACITY`] of them.
pub(super) struct Agents(Memo<Box<[u8]>, Arc<AgentFacts>>);

impl Agents {
    /// Most user agents remembered. An entry takes about 0.6 kB, 1.2 kB at most: 80 MB if somebody
    /// sends the longest ones on purpose.
    const CAPACITY: usize = 65_536;

    pub(super) fn new() -> Self {
        Self(Memo::new(Self::CAPACITY))
    }

    /// The facts of `user_agent`, from memory if it was seen lately.
    pub(super) fn facts(&self, user_agent: &[u8]) -> Arc<AgentFacts> {
        let user_agent = classify::cut(user_agent);
        self.0.get_or_insert(user_agent, || Arc::new(AgentFacts::of(user_agent)))
    }
}
