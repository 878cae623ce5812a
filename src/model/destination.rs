//! Where a link leads: the content's address with the space's campaign parameters.
//!
//! The rule stands here once. The API shows what it returns, and the redirect sends people there.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The `Location` of a link.
///
/// Takes `content_url` as it was checked and stored, and appends each parameter of `utm_template`
/// that its query does not set itself, in the template's order, before the fragment. Parameters of
/// its own keep their bytes and their order: some pages sign their query, so it is never parsed
/// and written anew.
///
/// In a template's value `{channel}`, `{campaign}` and `{content}` stand for `channel`,
/// `campaign_slug` and `content_slug` (a content's `external_id`, else its id). A parameter that
/// names one of them is left out while that one is empty, and so is a parameter whose value is
/// empty: half a name in a report is worse than none. Other braces stand for themselves.
///
/// The result is ASCII without control characters whatever comes in: what a header or a URL cannot
/// carry is percent-encoded.
pub fn destination(
    content_url: &str,
    utm_template: &BTreeMap<String, String>,
    channel: &str,
    campaign_slug: &str,
    content_slug: &str,
) -> String {
    let (before_fragment, fragment) = match content_url.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (content_url, None),
    };
    let query = before_fragment.split_once('?').map(|(_, query)| query);

    let mut out = String::with_capacity(content_url.len() + 128);
    push_printable(&mut out, before_fragment);
    let mut separator = match query {
        None => "?",
        Some(query) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    for (name, template) in utm_template {
        if query.is_some_and(|query| sets(query, name)) {
            continue;
        }
        let Some(value) = fill(template, channel, campaign_slug, content_slug) else { continue };
        out.push_str(separator);
        separator = "&";
        push_encoded(&mut out, name);
        out.push('=');
        push_encoded(&mut out, &value);
    }
    if let Some(fragment) = fragment {
        out.push('#');
        push_printable(&mut out, fragment);
    }
    out
}

/// The value that a template asks for, or `None` when it must be left out.
fn fill(template: &str, channel: &str, campaign: &str, content: &str) -> Option<String> {
    let mut value = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        value.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [("{channel}", channel), ("{campaign}", campaign), ("{content}", content)];
        match known.into_iter().find(|(placeholder, _)| rest.starts_with(placeholder)) {
            Some((_, "")) => return None,
            Some((placeholder, text)) => {
                value.push_str(text);
                rest = &rest[placeholder.len()..];
            }
            None => {
                value.push('{');
                rest = &rest[1..];
            }
        }
    }
    value.push_str(rest);
    (!value.is_empty()).then_some(value)
}

/// Whether a query has a parameter of this name, however it is encoded.
fn sets(query: &str, name: &str) -> bool {
    query.split('&').any(|pair| {
        let own = pair.split_once('=').map_or(pair, |(own, _)| own);
        own == name || (own.contains(['%', '+']) && decoded(own) == name.as_bytes())
    })
}

fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |at: usize| bytes.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        let escaped = (bytes[at] == b'%').then(|| Some(digit(at + 1)? * 16 + digit(at + 2)?)).flatten();
        match escaped.and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    out
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn push_encoded(out: &mut String, text: &str) {
    push_filtered(out, text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
}

/// Percent-encodes only what no URL may hold raw: a checked address passes unchanged.
fn push_printable(out: &mut String, text: &str) {
    push_filtered(out, text, |byte| byte.is_ascii_graphic());
}

fn push_filtered(out: &mut String, text: &str, keep: impl Fn(u8) -> bool) {
    for byte in text.bytes() {
        if keep(byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a String takes all that is written");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;
    use crate::model::Space;

    fn to(url: &str) -> String {
        destination(url, &Space::default_utm_template(), "linkedin", "summer", "cnt_1")
    }

    const ALL: &str = "utm_campaign=summer&utm_content=cnt_1&utm_medium=employee-advocacy&utm_source=linkedin";

    #[test]
    fn the_template_is_appended_before_the_fragment() {
        assert_eq!(to("https://example.com/a"), format!("https://example.com/a?{ALL}"));
        assert_eq!(to("https://example.com/a?b=1#top"), format!("https://example.com/a?b=1&{ALL}#top"));
        assert_eq!(to("https://example.com/?"), format!("https://example.com/?{ALL}"));
        assert_eq!(to("https://example.com/?b=1&"), format!("https://example.com/?b=1&{ALL}"));
        assert_eq!(to("https://example.com/#?x"), format!("https://example.com/?{ALL}#?x"));
    }

    #[test]
    fn what_the_address_sets_itself_stays() {
        for own in ["utm_source=mine", "utm%5Fsource=mine", "utm_source", "utm_source=", "a=%zz&utm_source=é"] {
            let result = to(&format!("https://example.com/?{own}"));
            let sources = Url::parse(&result).expect("a URL");
            let count = sources.query_pairs().filter(|(name, _)| name == "utm_source").count();
            assert_eq!(count, 1, "{result}");
            assert!(result.contains("utm_medium=employee-advocacy"), "{result}");
        }
    }

    #[test]
    fn an_empty_placeholder_leaves_its_parameter_out() {
        let template = BTreeMap::from([
            ("a".to_owned(), "x-{campaign}".to_owned()),
            ("b".to_owned(), String::new()),
            ("c".to_owned(), "{unknown}{".to_owned()),
            ("d".to_owned(), "{channel}/{content}".to_owned()),
        ]);
        let result = destination("https://example.com/", &template, "x", "", "é &");
        assert_eq!(result, "https://example.com/?c=%7Bunknown%7D%7B&d=x%2F%C3%A9%20%26");
    }

    #[test]
    fn a_value_is_not_filled_twice() {
        let template = BTreeMap::from([("a".to_owned(), "{content}".to_owned())]);
        let result = destination("https://example.com/", &template, "x", "y", "{channel}");
        assert_eq!(result, "https://example.com/?a=%7Bchannel%7D");
    }

    proptest! {
        #[test]
        fn a_checked_address_keeps_its_host_path_query_and_fragment(
            path in "(/[^?#]{0,12}){0,3}",
            query in proptest::option::of("[^#]{0,24}"),
            fragment in proptest::option::of(".{0,12}"),
            template in proptest::collection::btree_map("[a-z_]{1,12}|.{1,8}", ".{0,16}|\\{(channel|campaign|content)\\}", 0..6),
            channel in "[a-z]{1,8}",
            campaign in ".{0,8}",
            content in ".{0,8}",
        ) {
            let mut text = format!("https://example.com{path}");
            if let Some(query) = &query { text = format!("{text}?{query}"); }
            if let Some(fragment) = &fragment { text = format!("{text}#{fragment}"); }
            let Ok(url) = Url::parse(&text) else { return Ok(()) };

            let result = destination(url.as_str(), &template, &channel, &campaign, &content);

            prop_assert!(result.bytes().all(|byte| byte.is_ascii_graphic()), "{result:?}");
            let sent = Url::parse(&result).expect("the result is a URL");
            prop_assert_eq!(sent.as_str(), result.as_str());
            prop_assert_eq!(sent.origin(), url.origin());
            prop_assert_eq!(sent.path(), url.path());
            prop_assert_eq!(sent.fragment(), url.fragment());
            prop_assert!(sent.query().unwrap_or("").starts_with(url.query().unwrap_or("")));
            let own: Vec<_> = url.query_pairs().collect();
            let all: Vec<_> = sent.query_pairs().collect();
            prop_assert_eq!(&all[..own.len()], &own[..]);
            for (name, _) in &all[own.len()..] {
                prop_assert!(own.iter().all(|(set, _)| set != name), "{name} was set already");
            }
        }

        #[test]
        fn no_text_smuggles_a_control_character_or_non_ascii(
            url in "\\PC*|[\\x00-\\x20\\x7f-\\u{ff}]*", value in "[\\x00-\\u{ffff}]{0,16}",
        ) {
            let template = BTreeMap::from([(value.clone(), value.clone())]);
            let result = destination(&url, &template, &value, &value, &value);
            prop_assert!(result.bytes().all(|byte| byte.is_ascii_graphic()), "{result:?}");
        }
    }
}
