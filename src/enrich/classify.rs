//! Who asked: a person, or one of the many programs that follow links.
//!
//! The verdict is made from evidence (see [`super::evidence`]) and never from the user agent
//! itself. So what is decided today and what is decided again years later, when the user agent is
//! long gone, cannot differ for any other reason than a better classifier.
//!
//! In order, the first that holds:
//!
//! | what was observed | class | reason |
//! | --- | --- | --- |
//! | the advocate's own test | `self` | `own-test` |
//! | method HEAD | `head` | `head` |
//! | a prefetch header (`Purpose`, `Sec-Purpose`, …) | `prefetch` | `purpose-header` |
//! | the preview card was answered | `preview` | the robot's, else `card` |
//! | a preview robot's name | `preview` | `agent:…`, `generic:link-preview` |
//! | a scanner's name | `scanner` | `agent:…` |
//! | another robot's name, a library, a monitor | `bot` | `agent:…`, `library:…`, `monitor:…` |
//! | no user agent | `bot` | `empty-agent` |
//! | an address inside the user agent | `bot` | `generic:address` |
//! | a word such as `somebot`, `crawler` | `bot` | `generic:robot-word` |
//! | `compatible` without the browsers that say so | `bot` | `generic:compatible` |
//! | no browser is named | `bot` | `not-a-browser` |
//! | anything else | `human` | `browser` |
//!
//! Naming both what is known as a robot and what is known as a browser follows the two passes of
//! the IAB/ABC International Spiders and Bots List: an agent that is neither is no person.
//!
//! What no user agent can tell (a scanner that passes for a browser) is deliberately not guessed
//! here: that needs the clicks around a click, and is a question for whoever reads them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::{Answer, Class, Click};

use super::agents::{self, AGENTS, Place};
use super::crawlers::CRAWLERS;
use super::evidence::{self, COMPATIBLE, Evidence, URL};

/// Grows whenever the same observation may get another verdict than before.
pub const CLASSIFIER_VERSION: u16 = 1;

/// The method was HEAD.
pub const HEAD: u8 = 1;
/// A browser said that it only fetches ahead.
pub const PREFETCH: u8 = 2;
/// The advocate tried the own link.
pub const OWN: u8 = 4;
/// The preview card was answered.
pub const CARD: u8 = 8;
/// There was no user agent.
pub const EMPTY_AGENT: u8 = 16;

/// A class and the stable short word that says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Who asked.
    pub class: Class,
    /// Why: at most 48 bytes of `a-z0-9:-`.
    pub reason: &'static str,
}

const fn verdict(class: Class, reason: &'static str) -> Verdict {
    Verdict { class, reason }
}

/// The facts of a request that stand outside its user agent, as the bits [`HEAD`], [`PREFETCH`],
/// [`OWN`], [`CARD`] and [`EMPTY_AGENT`].
pub fn flags_of(click: &Click<'_>) -> u8 {
    (u8::from(click.head) * HEAD)
        | (u8::from(click.prefetch) * PREFETCH)
        | (u8::from(click.own) * OWN)
        | (u8::from(click.answer == Answer::Card) * CARD)
        | (u8::from(is_empty(click.user_agent)) * EMPTY_AGENT)
}

/// Classifies a click. The enricher does the same with the part that depends on the user agent
/// remembered.
pub fn classify(click: &Click<'_>) -> Verdict {
    reclassify(Evidence::of(cut(click.user_agent)).as_str(), flags_of(click))
}

/// Classifies again from what was kept of a click: its `evidence` and `evidence_flags`.
pub fn reclassify(evidence: &str, flags: u8) -> Verdict {
    with_flags(of_agent(evidence, flags & EMPTY_AGENT != 0), flags)
}

/// True when `user_agent` is a preview robot's, which is given a card instead of a redirect.
///
/// One pass without allocation, for the redirect's path. It says the same as [`classify`] of a
/// plain request: bytes beyond [`Click::MAX_USER_AGENT`], which no record keeps, are ignored.
pub fn is_preview_agent(user_agent: &[u8]) -> bool {
    agents::names_a_preview(cut(user_agent))
}

/// What the user agent alone says, from its evidence.
pub(super) fn of_agent(evidence: &str, empty: bool) -> Verdict {
    let mut named: Option<Verdict> = None;
    let mut name = |found: Verdict| {
        if named.is_none_or(|known| rank(found.class) < rank(known.class)) {
            named = Some(found);
        }
    };
    let (mut url, mut robot_word, mut compatible, mut browser) = (false, false, false, false);
    for item in evidence.split_ascii_whitespace() {
        // A name that left its table since is no evidence any more.
        if let Some(reason) = item.strip_prefix(evidence::NAMED) {
            OWN_REASONS.get(reason).copied().map(&mut name);
            continue;
        }
        if let Some(reason) = item.strip_prefix(evidence::LISTED) {
            LIST_REASONS.get(reason).copied().map(&mut name);
            continue;
        }
        // Words that no table knew when the evidence was made may be known by now. A word is a piece
        // of the user agent between bytes that are no letters, so today's needles count in it
        // exactly when they count in the whole; only its place is lost.
        let known = agents::named_in(item.as_bytes()).filter(|agent| agent.place != Place::Start);
        known.for_each(|agent| name(verdict(agent.class, agent.reason)));
        url |= item == URL;
        compatible |= item == COMPATIBLE;
        robot_word |= is_robot_word(item);
        browser |= is_browser_word(item);
    }
    let says_compatible = evidence.split_ascii_whitespace().any(|item| SAY_COMPATIBLE.contains(&item));
    match named {
        Some(named) => named,
        None if empty => verdict(Class::Bot, "empty-agent"),
        None if url => verdict(Class::Bot, "generic:address"),
        None if robot_word => verdict(Class::Bot, "generic:robot-word"),
        None if compatible && !says_compatible => verdict(Class::Bot, "generic:compatible"),
        None if !browser => verdict(Class::Bot, "not-a-browser"),
        None => verdict(Class::Human, "browser"),
    }
}

/// Puts the request's own facts before what its user agent says.
pub(super) fn with_flags(agent: Verdict, flags: u8) -> Verdict {
    if flags & OWN != 0 {
        verdict(Class::Own, "own-test")
    } else if flags & HEAD != 0 {
        verdict(Class::Head, "head")
    } else if flags & PREFETCH != 0 {
        verdict(Class::Prefetch, "purpose-header")
    } else if flags & CARD != 0 && agent.class != Class::Preview {
        verdict(Class::Preview, "card")
    } else {
        agent
    }
}

/// Which class wins when a user agent names several robots. Previews first, so that the redirect's
/// quick question and this verdict agree.
pub(super) fn rank(class: Class) -> u8 {
    match class {
        Class::Preview => 0,
        Class::Scanner => 1,
        Class::Prefetch => 2,
        _ => 3,
    }
}

/// Words by which unknown robots give themselves away.
pub(super) fn is_robot_word(word: &str) -> bool {
    const PARTS: [&str; 11] = [
        "crawl",
        "spider",
        "scrap",
        "robot",
        "fetcher",
        "linkcheck",
        "headless",
        "validator",
        "scanner",
        "indexer",
        "archiver",
    ];
    // Cubot makes phones; the others are names of people and places.
    const PEOPLE: [&str; 5] = ["cubot", "talbot", "abbot", "turbot", "jabot"];
    let last = word.rsplit(['-', '_', '.']).next().unwrap_or(word);
    (last.ends_with("bot") && !PEOPLE.contains(&last)) || PARTS.iter().any(|part| word.contains(part))
}

/// Words of which every browser that people use says at least one outside of comments.
fn is_browser_word(word: &str) -> bool {
    const WORDS: [&str; 13] = [
        "mozilla",
        "opera",
        "ucweb",
        "ucbrowser",
        "lynx",
        "links",
        "elinks",
        "w3m",
        "dillo",
        "netsurf",
        "docomo",
        "profile",
        "netfront",
    ];
    WORDS.contains(&word)
}

/// The browsers whose comment begins with `compatible`.
const SAY_COMPATIBLE: [&str; 3] = ["msie", "trident", "konqueror"];

static OWN_REASONS: LazyLock<HashMap<&'static str, Verdict>> =
    LazyLock::new(|| AGENTS.iter().map(|agent| (agent.reason, verdict(agent.class, agent.reason))).collect());

static LIST_REASONS: LazyLock<HashMap<&'static str, Verdict>> =
    LazyLock::new(|| CRAWLERS.iter().map(|crawler| (crawler.reason, verdict(crawler.class, crawler.reason))).collect());

/// The part of a user agent that a record keeps.
pub(super) fn cut(user_agent: &[u8]) -> &[u8] {
    &user_agent[..user_agent.len().min(Click::MAX_USER_AGENT)]
}

/// No user agent, or one of white space and dashes, which some clients send for none.
pub(super) fn is_empty(user_agent: &[u8]) -> bool {
    user_agent.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'-')
}
