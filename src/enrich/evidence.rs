//! What is kept of a user agent, so that a better classifier can judge old clicks again.
//!
//! A user agent is not kept: it names a person's phone model and app version, and together with a
//! country it often names the person. What a classifier needs of it is much less: which robots it
//! names, and of what products it says it is made.
//!
//! # Form
//! Items of lower-case ASCII separated by single spaces, at most [`Evidence::MAX`] bytes in all,
//! whole items only. The first that do not fit and all behind them are left out, so the order is
//! that of their weight:
//!
//! 1. `+reason`: a robot of our own table, the one that decides first; `=reason`: the crawler
//!    list's name for it; at most three of both;
//! 2. `@url`: an `http` address or an `@` stood in it, as only robots write them;
//! 3. words that give a robot away (`somebot`, `crawler`), wherever they stood;
//! 4. names of products outside of comments (`mozilla`, `applewebkit`, `chrome`), without
//!    versions. A name that holds a digit is dropped, whatever it is: models, builds and random
//!    identifiers have digits. Of names that are not common, the first six;
//! 5. words of comments, common ones only (`windows`, `android`, `wv`): no model, no carrier, no
//!    language.
//!
//! Evidence of people's browsers therefore has few distinct values, and nothing in it tells one
//! Android phone from another. Whoever sends made-up product names on purpose can make many; that
//! names nobody but the maker of the names, and is bounded in length.

use super::agents;
use super::classify::{is_robot_word, rank};
use super::crawlers;

/// Marks the reason of a robot of our own table.
pub(super) const NAMED: char = '+';
/// Marks the reason of a robot of the crawler list. Both tables may have the same word with
/// different classes and different ideas of where a name counts.
pub(super) const LISTED: char = '=';
/// Marks an address inside the user agent.
pub(super) const URL: &str = "@url";
/// The word by which robots, and few browsers, begin their comment.
pub(super) const COMPATIBLE: &str = "compatible";

/// Most robots named in one evidence.
const MAX_NAMED: usize = 3;
/// Most robot words kept.
const MAX_ROBOT_WORDS: usize = 4;
/// Most product names kept that are not common.
const MAX_RARE: usize = 6;
/// Longest word kept, in bytes.
const MAX_WORD: usize = 24;

/// Words that say nothing about a person: kept wherever they stand. Sorted.
const COMMON: &[&str] = &[
    "android",
    "applecoremedia",
    "applewebkit",
    "blackberry",
    "chrome",
    "chromium",
    "compatible",
    "crios",
    "cros",
    "cubot",
    "edg",
    "edga",
    "edge",
    "edgios",
    "fb_iab",
    "fban",
    "firefox",
    "focus",
    "fxios",
    "gecko",
    "gsa",
    "harmonyos",
    "huaweibrowser",
    "instagram",
    "ipad",
    "iphone",
    "ipod",
    "j2me",
    "kaios",
    "khtml",
    "konqueror",
    "linkedinapp",
    "linux",
    "macintosh",
    "metaiab",
    "micromessenger",
    "miuibrowser",
    "mobile",
    "msie",
    "nintendo",
    "openharmony",
    "opios",
    "opr",
    "opt",
    "phone",
    "playstation",
    "presto",
    "safari",
    "samsungbrowser",
    "silk",
    "slack_ssb",
    "snapchat",
    "symbian",
    "tablet",
    "teams",
    "tizen",
    "trident",
    "tv",
    "ubuntu",
    "ucbrowser",
    "ucweb",
    "version",
    "vivaldi",
    "webos",
    "windows",
    "wv",
    "xbox",
    "yabrowser",
];

/// The evidence of one user agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence(Box<str>);

impl Evidence {
    /// Longest evidence, in bytes.
    pub const MAX: usize = 160;

    /// What is kept of `user_agent`, which may be any bytes.
    pub fn of(user_agent: &[u8]) -> Self {
        let mut items = Items { text: String::with_capacity(Self::MAX), full: false };
        for (_, mark, reason) in named(user_agent) {
            items.push(&format!("{mark}{reason}"));
        }
        let words = Words::of(user_agent);
        if words.url {
            items.push(URL);
        }
        words.robots.iter().chain(&words.products).chain(&words.comments).for_each(|word| items.push(word));
        Self(items.text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The robots that the tables name in `user_agent`, the one that decides first.
fn named(user_agent: &[u8]) -> Vec<(u8, char, &'static str)> {
    let mut own: Vec<_> = agents::named_in(user_agent).collect();
    // References into one table: their addresses are the table's order.
    own.sort_by_key(|agent| std::ptr::from_ref(*agent));
    let mut named: Vec<_> = own.into_iter().map(|agent| (rank(agent.class), NAMED, agent.reason)).collect();
    named.extend(crawlers::listed(user_agent).map(|crawler| (rank(crawler.class), LISTED, crawler.reason)));
    named.sort_by_key(|(rank, ..)| *rank); // stable: ours before the list's
    named.dedup();
    named.truncate(MAX_NAMED);
    named
}

/// Collects items until one does not fit.
struct Items {
    text: String,
    full: bool,
}

impl Items {
    fn push(&mut self, item: &str) {
        let space = usize::from(!self.text.is_empty());
        self.full |= self.text.len() + space + item.len() > Evidence::MAX;
        if !self.full {
            if space == 1 {
                self.text.push(' ');
            }
            self.text.push_str(item);
        }
    }
}

/// The words of a user agent that are kept, each once.
#[derive(Default)]
struct Words {
    url: bool,
    robots: Vec<String>,
    products: Vec<String>,
    comments: Vec<String>,
    rare: usize,
}

impl Words {
    fn of(user_agent: &[u8]) -> Self {
        let mut words = Self::default();
        let mut depth = 0_usize;
        let is_edge = |byte: u8| byte.is_ascii_whitespace() || b"()[]{};,\"'".contains(&byte);
        let mut rest = user_agent;
        while let Some(&first) = rest.first() {
            let length = rest.iter().position(|&byte| is_edge(byte)).unwrap_or(rest.len());
            if length > 0 {
                words.add(&rest[..length], depth);
            } else {
                match first {
                    b'(' | b'[' | b'{' => depth += 1,
                    b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            rest = &rest[length.max(1)..];
        }
        words
    }

    fn add(&mut self, chunk: &[u8], depth: usize) {
        let chunk = chunk.to_ascii_lowercase();
        // An address is not taken apart: parts of it could be anybody's.
        if chunk.windows(3).any(|part| part == b"://") || chunk.contains(&b'@') || chunk.starts_with(b"+http") {
            self.url = true;
            return;
        }
        let name = chunk.split(|byte| matches!(byte, b'/' | b':' | b'=')).next().unwrap_or_default();
        let clean = name.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'.' | b'-' | b'_'));
        let Ok(word) = std::str::from_utf8(name) else { return };
        let word = word.trim_matches(['.', '-', '_']);
        if !clean || !(2..=MAX_WORD).contains(&word.len()) || self.knows(word) {
            return;
        }
        let common = COMMON.binary_search(&word).is_ok();
        if is_robot_word(word) {
            if self.robots.len() < MAX_ROBOT_WORDS {
                self.robots.push(word.to_owned());
            }
        } else if common && depth > 0 {
            self.comments.push(word.to_owned());
        } else if depth == 0 && (common || self.rare < MAX_RARE) {
            self.rare += usize::from(!common);
            self.products.push(word.to_owned());
        }
    }

    fn knows(&self, word: &str) -> bool {
        [&self.robots, &self.products, &self.comments].iter().any(|list| list.iter().any(|known| known == word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        Evidence::of(text.as_bytes()).as_str().to_owned()
    }

    #[test]
    fn a_browser_leaves_products_and_platform_and_no_model() {
        assert_eq!(
            of(
                "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.134 Mobile Safari/537.36 Instagram 301.0.0.0 Android (34/14; 450dpi; samsung; de_DE)"
            ),
            "mozilla applewebkit chrome mobile safari instagram linux android wv khtml gecko"
        );
    }

    #[test]
    fn a_robot_leaves_its_name_first() {
        assert_eq!(
            of("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
            "=agent:googlebot @url googlebot mozilla compatible"
        );
        assert!(of("Mozilla/5.0 (compatible; NeverSeenBeforeBot/1.0)").contains("neverseenbeforebot"));
    }

    #[test]
    fn identifiers_and_addresses_are_dropped() {
        let evidence = of(
            "Mozilla/5.0 FalconTag/4AC4D114-6C20-4FB0-98BA-8E6B1AFBCB47 Region/DK 4ac4d114 x9y jane.doe@example.com http://example.com/jane",
        );
        assert_eq!(evidence, "@url mozilla falcontag region");
    }

    #[test]
    fn common_words_are_sorted_so_that_they_are_found() {
        assert!(COMMON.is_sorted());
        assert!(COMMON.iter().all(|word| word.len() <= MAX_WORD && *word == word.to_ascii_lowercase()));
    }

    #[test]
    fn two_phones_of_different_makers_leave_the_same_evidence() {
        let phone = |model: &str| {
            of(&format!(
                "Mozilla/5.0 (Linux; Android 13; {model}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
            ))
        };
        assert_eq!(phone("SM-A546B"), phone("Pixel 7 Build/TQ3A.230901.001"));
    }
}
