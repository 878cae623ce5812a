//! Which language somebody reads.

use super::programme::Language;

/// The language that `Accept-Language` prefers among ours (RFC 9110, 12.5.4), or `otherwise` when
/// it names none of them.
pub fn preferred(accept_language: Option<&[u8]>, otherwise: Language) -> Language {
    let header = accept_language.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let mut best: Option<(u16, Language)> = None;
    // A header is bounded, but nobody means more than a few languages.
    for range in header.split(',').take(16) {
        let mut parts = range.split(';').map(str::trim);
        let primary = parts.next().unwrap_or_default().split('-').next().unwrap_or_default();
        let language = match () {
            () if primary.eq_ignore_ascii_case("en") => Language::English,
            () if primary.eq_ignore_ascii_case("fr") => Language::French,
            () => continue,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
        if quality > 0 && best.is_none_or(|(known, _)| quality > known) {
            best = Some((quality, language));
        }
    }
    best.map_or(otherwise, |(_, language)| language)
}

/// The language of ours that a BCP 47 tag means.
pub fn spoken(tag: &str) -> Option<Language> {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase().parse().ok()
}

/// `0.7` as 700; nonsense as 0.
fn thousandths(text: &str) -> u16 {
    text.parse::<f32>().map_or(0, |quality| (quality.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_language_of_ours_is_taken() {
        let read = |header: &str| preferred(Some(header.as_bytes()), Language::English);
        assert_eq!(read("fr-FR,fr;q=0.9,en;q=0.8"), Language::French);
        assert_eq!(read("de, en;q=0.5, FR;q=0.7"), Language::French);
        assert_eq!(read("fr;q=0, en;q=0.1"), Language::English);
        assert_eq!(read("de"), Language::English);
        assert_eq!(preferred(Some(b"de"), Language::French), Language::French);
        assert_eq!(preferred(Some(b"\xff"), Language::French), Language::French);
        assert_eq!(preferred(None, Language::French), Language::French);
    }
}
