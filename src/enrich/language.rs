//! The language that a browser asks for first.

use super::text::Short;

/// An ISO 639 primary tag: two or three lower-case letters, or nothing.
pub type Language = Short<3>;

/// The primary tag with the highest weight of the start of an `Accept-Language` header.
///
/// Strict: a range that is not of RFC 9110's form (`fr`, `fr-CA;q=0.8`) is passed over, `*` and
/// weight 0 are no wish, and the first of equal weights wins. The last range is passed over when
/// the header was cut at its longest ([`crate::model::Click::MAX_ACCEPT_LANGUAGE`]) and might be a
/// fragment, unless it is the only one.
pub fn language(accept_language: &[u8]) -> Language {
    let most = crate::model::Click::MAX_ACCEPT_LANGUAGE;
    let mut header = &accept_language[..accept_language.len().min(most)];
    if header.len() == most
        && let Some(comma) = header.iter().rposition(|&byte| byte == b',')
    {
        header = &header[..comma];
    }
    let mut best = (Language::default(), 0);
    for range in header.split(|&byte| byte == b',') {
        if let Some((tag, weight)) = parse(range.trim_ascii())
            && weight > best.1
        {
            best = (tag, weight);
        }
    }
    best.0
}

/// The primary tag and its weight in thousandths.
fn parse(range: &[u8]) -> Option<(Language, u16)> {
    let mut parts = range.splitn(2, |&byte| byte == b';');
    let tag = parts.next()?.trim_ascii_end();
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => {
            let parameter = parameter.trim_ascii();
            thousandths(parameter.strip_prefix(b"q=").or_else(|| parameter.strip_prefix(b"Q="))?)?
        }
    };
    let mut subtags = tag.split(|&byte| byte == b'-');
    let primary = subtags.next()?;
    let rest_is_clean =
        subtags.all(|subtag| (1..=8).contains(&subtag.len()) && subtag.iter().all(u8::is_ascii_alphanumeric));
    let primary_is_clean = (2..=3).contains(&primary.len()) && primary.iter().all(u8::is_ascii_alphabetic);
    if !(rest_is_clean && primary_is_clean) {
        return None;
    }
    Language::from_ascii(&primary.to_ascii_lowercase()).map(|tag| (tag, weight))
}

/// `0`, `1`, `0.8`, `1.000`: at most three digits behind the point.
fn thousandths(text: &[u8]) -> Option<u16> {
    let (whole, digits) = match text {
        [whole @ (b'0' | b'1')] => (whole, &[][..]),
        [whole @ (b'0' | b'1'), b'.', digits @ ..] if digits.len() <= 3 => (whole, digits),
        _ => return None,
    };
    let mut value = u16::from(whole - b'0') * 1000;
    let mut place = 100;
    for digit in digits {
        value += u16::from(digit.is_ascii_digit().then(|| digit - b'0')?) * place;
        place /= 10;
    }
    (value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_heaviest_primary_tag_is_taken() {
        for (header, expected) in [
            ("fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "fr"),
            ("en;q=0.5, FR-ca ;q=0.9", "fr"),
            ("de", "de"),
            ("pt-BR", "pt"),
            ("zh-Hant-TW", "zh"),
            ("gsw-CH,de;q=0.9", "gsw"),
            ("*", ""),
            ("*;q=0.5,it;q=0.1", "it"),
            ("en;q=0", ""),
            ("en,fr", "en"),
            ("", ""),
            ("english", ""),
            ("e", ""),
            ("en;q=2,fr;q=0.1", "fr"),
            ("en;q=0.1234,fr;q=0.1", "fr"),
            ("en_US", ""),
            ("../../etc", ""),
            ("fr;level=1", ""),
            ("nl;q=1.000", "nl"),
        ] {
            assert_eq!(language(header.as_bytes()).as_str(), expected, "{header:?}");
        }
    }

    #[test]
    fn a_fragment_at_the_cut_is_no_language() {
        let cut = [b"aa;q=0.1, ".repeat(6).as_slice(), b"  en"].concat();
        assert_eq!(cut.len(), crate::model::Click::MAX_ACCEPT_LANGUAGE);
        assert_eq!(language(&cut).as_str(), "aa", "`en` may be the start of `english`, or of `en;q=0`");
    }

    proptest! {
        #[test]
        fn whatever_comes_the_answer_is_a_tag_or_nothing(header in proptest::collection::vec(any::<u8>(), 0..80)) {
            let tag = language(&header);
            prop_assert!(tag.as_str().is_empty() || (2..=3).contains(&tag.as_str().len()));
            prop_assert!(tag.as_str().bytes().all(|byte| byte.is_ascii_lowercase()));
        }
    }
}
