//! Our own table of user agents that are no people: preview robots, scanners, and what the public
//! crawler list misses or tells apart less finely than a count of clicks needs.

mod table;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::model::Class;

use table::{GROUPS, Group};

/// Where in a user agent a needle counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere, as words of its own: no letter touches it at either side.
    Word,
    /// At the first byte, with no letter behind it.
    Start,
    /// Anywhere, even inside a longer word.
    Within,
}

/// One name of a robot.
#[derive(Debug)]
pub(super) struct Agent {
    /// What to look for, in lower case; user agents are compared without regard to ASCII case.
    pub(super) needle: &'static str,
    /// Where it counts.
    pub(super) place: Place,
    /// What it is.
    pub(super) class: Class,
    /// The word that is stored as `class_reason`.
    pub(super) reason: &'static str,
}

/// Every line of the table, in its order.
pub(super) static AGENTS: LazyLock<Vec<Agent>> = LazyLock::new(|| {
    let line = |&(class, place, lines): &Group| {
        lines.iter().map(move |&(needle, reason)| Agent { needle, place, class, reason })
    };
    GROUPS.iter().flat_map(line).collect()
});

static SEARCH: LazyLock<AhoCorasick> = LazyLock::new(|| search(AGENTS.iter()));

/// Only the previews stand in the automaton of the redirect's question: it is asked on every request.
static PREVIEW_SEARCH: LazyLock<(Vec<&'static Agent>, AhoCorasick)> = LazyLock::new(|| {
    let previews: Vec<&Agent> = AGENTS.iter().filter(|agent| agent.class == Class::Preview).collect();
    let search = search(previews.iter().copied());
    (previews, search)
});

fn search<'a>(agents: impl IntoIterator<Item = &'a Agent>) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(agents.into_iter().map(|agent| agent.needle))
        .expect("a few hundred short needles fit an automaton")
}

/// Every line of the table that counts in `user_agent`, in the order of where it ends there; a
/// line may come twice.
pub(super) fn named_in(user_agent: &[u8]) -> impl Iterator<Item = &'static Agent> {
    SEARCH
        .find_overlapping_iter(user_agent)
        .map(|found| (&AGENTS[found.pattern().as_usize()], found))
        .filter(move |(agent, found)| counts(agent, user_agent, found.start(), found.end()))
        .map(|(agent, _)| agent)
}

/// True when a preview robot is named in `user_agent`. One pass, no allocation.
pub(super) fn names_a_preview(user_agent: &[u8]) -> bool {
    let (previews, search) = &*PREVIEW_SEARCH;
    // Most user agents hold no needle at all, and finding that out is the automaton's fastest loop.
    search.is_match(user_agent)
        && search
            .find_overlapping_iter(user_agent)
            .any(|found| counts(previews[found.pattern().as_usize()], user_agent, found.start(), found.end()))
}

fn counts(agent: &Agent, user_agent: &[u8], start: usize, end: usize) -> bool {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    match agent.place {
        Place::Within => true,
        Place::Word => !letter(user_agent[..start].last()) && !letter(user_agent.get(end)),
        Place::Start => start == 0 && !letter(user_agent.get(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_lower_case_and_none_stands_twice() {
        let mut seen = std::collections::HashSet::new();
        for agent in AGENTS.iter() {
            assert_eq!(agent.needle, agent.needle.to_ascii_lowercase());
            assert!(seen.insert((agent.needle, agent.class)), "{} stands twice", agent.needle);
            assert!(agent.reason.len() <= 48);
            assert!(agent.needle.as_bytes()[0].is_ascii_alphabetic(), "{}: a boundary wants a letter", agent.needle);
        }
    }

    #[test]
    fn a_name_counts_where_its_place_says() {
        let reasons = |text: &str| named_in(text.as_bytes()).map(|agent| agent.reason).collect::<Vec<_>>();
        assert_eq!(reasons("WhatsApp/2.23.20.0 A"), ["agent:whatsapp"]);
        assert!(reasons("Mozilla/5.0 (Linux) WhatsApp/2.23").is_empty());
        assert_eq!(reasons("x (linkedinbot)"), ["agent:linkedinbot"]);
        assert!(reasons("x (notlinkedinbotx)").is_empty());
        assert_eq!(reasons("xMIMECASTx"), ["agent:mimecast"]);
    }
}
