//! Text of strangers, made fit to be shown.

use super::html;

/// Longest title, in characters.
pub(super) const TITLE: usize = 300;
/// Longest summary, in characters: a card shows less.
pub(super) const SUMMARY: usize = 500;
/// Longest name of a site, a company or a place, in characters.
pub(super) const NAME: usize = 120;
/// Longest text that is looked at, in bytes: more could not be shown either.
const LOOKED_AT: usize = 64 * 1024;

/// One line of at most `max` characters: ends of lines and runs of spaces become one space, what
/// cannot be seen goes, and what is too long ends in `…` after its last whole word.
pub(super) fn line(text: &str, max: usize) -> String {
    let mut out = String::new();
    for word in start(text).split(|c: char| c.is_whitespace() || c.is_control()) {
        let before = out.len();
        out.extend(word.chars().filter(|c| !is_unseen(*c)));
        if before > 0 && out.len() > before {
            out.insert(before, ' ');
        }
        if let Some((end, _)) = out.char_indices().nth(max) {
            out.truncate(end);
            return cut(out, before);
        }
    }
    out
}

/// Makes room for `…` in a text of the full length; `word` is where its last word begins.
fn cut(mut text: String, word: usize) -> String {
    text.pop();
    // A text without spaces is cut where it must be.
    if word > 0 {
        text.truncate(word.min(text.len()));
    }
    text.truncate(text.trim_end().len());
    text.push('…');
    text
}

/// The same, none when nothing is left.
pub(super) fn optional_line(text: &str, max: usize) -> Option<String> {
    Some(line(text, max)).filter(|text| !text.is_empty())
}

/// The same of text that may hold markup, as descriptions in feeds do.
pub(super) fn optional_line_of_markup(text: &str, max: usize) -> Option<String> {
    let text = start(text);
    if text.contains(['<', '&']) { optional_line(&html::text(text), max) } else { optional_line(text, max) }
}

fn start(text: &str) -> &str {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Characters without a shape that hide or reorder what stands around them. The joiners that
/// scripts and emoji need are not among them.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_cut_after_a_word() {
        assert_eq!(line("  a\tb\r\n\u{0}c  ", 10), "a b c");
        assert_eq!(line("one two three", 9), "one two…");
        assert_eq!(line("one two", 7), "one two");
        assert_eq!(line("unbreakable", 5), "unbr…");
        assert_eq!(line("\u{202e}evil\u{200b}\u{feff}", 10), "evil");
        assert_eq!(line("👩‍👩‍👧 ok", 10), "👩‍👩‍👧 ok");
        assert_eq!(line(" \u{202e} ", 10), "");
    }

    #[test]
    fn markup_is_read_and_not_shown() {
        let text = optional_line_of_markup("<p>Fish &amp; chips</p><p>Twice<script>alert(1)</script></p>", 100);
        assert_eq!(text.as_deref(), Some("Fish & chips Twice"));
        assert_eq!(optional_line_of_markup("<img src=x>", 100), None);
    }

    proptest! {
        #[test]
        fn a_line_is_short_clean_and_stays_the_same(text in "\\PC{0,40}|[\\x00-\\x20a\u{202e}\u{2028}é<&;]{0,60}", max in 2..30usize) {
            let cleaned = line(&text, max);
            prop_assert!(cleaned.chars().count() <= max, "{cleaned:?}");
            prop_assert!(!cleaned.contains(|c: char| c.is_control() || is_unseen(c)));
            prop_assert_eq!(line(&cleaned, max), cleaned);
        }
    }
}
