//! The public list of crawlers, monitors and libraries.
//!
//! `data/crawlers.tsv` is made by `scripts/crawlers.py` from the package `crawler-user-agents`
//! (MIT); its header names the release and the licence. Its patterns are matched as they are,
//! with regard to case, on the whole user agent.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::model::Class;

/// One pattern of the list.
#[derive(Debug)]
pub(super) struct Crawler {
    /// `bot` or `scanner`.
    pub(super) class: Class,
    /// The word that is stored as `class_reason`; no other line has it.
    pub(super) reason: &'static str,
    pattern: &'static str,
}

/// Most memory of the compiled patterns, in bytes; the release at hand needs a tenth of it.
const COMPILED_BYTES: usize = 64 << 20;
/// Most memory of each thread's lazily built automaton, in bytes. With the default of 2 MiB it
/// would be thrown away and built again all the time.
const AUTOMATON_BYTES: usize = 16 << 20;

/// Every line of the list, in its order.
pub(super) static CRAWLERS: LazyLock<Vec<Crawler>> = LazyLock::new(|| {
    let lines = include_str!("data/crawlers.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| parse(line).expect("a test reads every line of the embedded list")).collect()
});

static PATTERNS: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSetBuilder::new(CRAWLERS.iter().map(|crawler| crawler.pattern))
        .unicode(false)
        .size_limit(COMPILED_BYTES)
        .dfa_size_limit(AUTOMATON_BYTES)
        .build()
        .expect("a test compiles every pattern of the embedded list")
});

/// The first line of the list that matches: the particular before the general, as its authors have
/// ordered it. A scanner is preferred to a bot.
pub(super) fn listed(user_agent: &[u8]) -> Option<&'static Crawler> {
    PATTERNS
        .matches(user_agent)
        .iter()
        .map(|index| &CRAWLERS[index])
        .min_by_key(|crawler| crawler.class != Class::Scanner)
}

fn parse(line: &'static str) -> Option<Crawler> {
    let mut columns = line.splitn(3, '\t');
    let class = columns.next()?.parse().ok()?;
    Some(Crawler { class, reason: columns.next()?, pattern: columns.next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_reads_and_compiles() {
        let text = include_str!("data/crawlers.tsv");
        let mut reasons = std::collections::HashSet::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let crawler = parse(line).unwrap_or_else(|| panic!("cannot read {line:?}"));
            assert!(matches!(crawler.class, Class::Bot | Class::Scanner), "{line}");
            assert!(reasons.insert(crawler.reason), "{line}: the reason stands twice");
            assert!(crawler.reason.len() <= 48, "{line}: the reason is too long");
            let clean = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b':' | b'-');
            assert!(crawler.reason.bytes().all(clean), "{line}: a reason is of a-z0-9:-");
            regex::bytes::Regex::new(crawler.pattern).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
        assert!(reasons.len() > 1_000);
        assert_eq!(PATTERNS.len(), reasons.len());
    }

    #[test]
    fn the_list_names_its_source_and_licence() {
        for text in [include_str!("data/crawlers.tsv"), include_str!("testdata/crawlers.tsv")] {
            assert!(text.contains("crawler-user-agents") && text.contains("The MIT License"));
        }
    }
}
