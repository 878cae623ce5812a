//! Queries: what is recorded of an incoming one, and what is added to an outgoing one.

use bytes::{BufMut, BytesMut};
use http::HeaderValue;
use uuid::Uuid;

use crate::model::{Click, Utm};

/// Recorded as class `self`. Never forwarded.
const OWN: &str = Click::OWN_PARAMETER;
/// Carries the click's id to the destination. A request cannot set it.
const CLICK_ID: &str = "rid";

/// The campaign parameters of a request, decoded into memory that a worker reuses.
#[derive(Debug, Default)]
pub(in crate::redirect) struct Observed {
    values: [Value; 5],
    /// The advocate tries the own link.
    pub(in crate::redirect) own: bool,
}

#[derive(Debug, Clone, Copy)]
struct Value {
    bytes: [u8; Click::MAX_UTM],
    len: usize,
}

impl Default for Value {
    fn default() -> Self {
        Self { bytes: [0; Click::MAX_UTM], len: 0 }
    }
}

impl Observed {
    /// Reads a request's query. Of a parameter that stands twice the first counts.
    pub(in crate::redirect) fn read(&mut self, query: Option<&str>) {
        self.values.iter_mut().for_each(|value| value.len = 0);
        self.own = false;
        for (name, value) in pairs(query.unwrap_or_default()) {
            let place = match name {
                "utm_source" => 0,
                "utm_medium" => 1,
                "utm_campaign" => 2,
                "utm_term" => 3,
                "utm_content" => 4,
                OWN => {
                    self.own = true;
                    continue;
                }
                _ => continue,
            };
            if self.values[place].len == 0 {
                self.values[place].fill(value);
            }
        }
    }

    pub(in crate::redirect) fn utm(&self) -> Utm<'_> {
        let [source, medium, campaign, term, content] = &self.values;
        Utm {
            source: source.get(),
            medium: medium.get(),
            campaign: campaign.get(),
            term: term.get(),
            content: content.get(),
        }
    }
}

impl Value {
    fn get(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Percent-decodes, drops control characters and cuts at [`Click::MAX_UTM`] bytes, between two
    /// characters where the text is UTF-8.
    fn fill(&mut self, text: &str) {
        let mut cut = false;
        for byte in decoded(text).filter(|byte| !byte.is_ascii_control()) {
            if self.len == self.bytes.len() {
                cut = true;
                break;
            }
            self.bytes[self.len] = byte;
            self.len += 1;
        }
        if cut
            && let Err(error) = std::str::from_utf8(self.get())
            && error.error_len().is_none()
        {
            self.len = error.valid_up_to();
        }
    }
}

/// `base` with parameters of the request that it does not set itself, and with the click's id.
///
/// Only printable ASCII is ever added; everything else is percent-encoded. The fragment stays last.
pub(super) fn extended(base: &HeaderValue, forwarded: Option<&str>, click_id: Option<Uuid>) -> HeaderValue {
    let whole = base.as_bytes();
    let fragment_at = whole.iter().position(|byte| *byte == b'#').unwrap_or(whole.len());
    let (address, fragment) = whole.split_at(fragment_at);
    let own_query = address.iter().position(|byte| *byte == b'?').map(|at| &address[at + 1..]);
    let own_query = own_query.map(|query| std::str::from_utf8(query).unwrap_or_default());
    let forwarded = forwarded.unwrap_or_default();
    let mut out = BytesMut::with_capacity(whole.len() + 3 * forwarded.len() + 48);
    out.put_slice(address);
    let mut separator: &[u8] = match own_query {
        None => b"?",
        Some(query) if query.is_empty() || query.ends_with('&') => b"",
        Some(_) => b"&",
    };
    for pair in forwarded.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        let mine = [OWN, CLICK_ID].iter().any(|mine| same_name(mine, name));
        if mine || pairs(own_query.unwrap_or_default()).any(|(own, _)| same_name(own, name)) {
            continue;
        }
        out.put_slice(separator);
        separator = b"&";
        for byte in pair.bytes() {
            put_printable(&mut out, byte);
        }
    }
    if let Some(id) = click_id {
        out.put_slice(separator);
        out.put_slice(CLICK_ID.as_bytes());
        out.put_u8(b'=');
        out.put_slice(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
    }
    out.put_slice(fragment);
    HeaderValue::from_maybe_shared(out.freeze()).unwrap_or_else(|_| base.clone())
}

fn put_printable(out: &mut BytesMut, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if byte.is_ascii_graphic() && byte != b'#' {
        out.put_u8(byte);
    } else {
        out.put_slice(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Whether two names are the same parameter, however they are encoded.
fn same_name(one: &str, other: &str) -> bool {
    one == other || decoded(one).eq(decoded(other))
}

/// `%41` and `+` as forms mean them; broken escapes stand for themselves.
fn decoded(text: &str) -> impl Iterator<Item = u8> {
    let mut rest = text.as_bytes();
    std::iter::from_fn(move || {
        let (first, behind) = rest.split_first()?;
        if *first == b'%'
            && let [high, low, after @ ..] = behind
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            rest = after;
            return Some((high * 16 + low) as u8);
        }
        rest = behind;
        Some(if *first == b'+' { b' ' } else { *first })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utm(query: &str) -> (Observed, bool) {
        let mut observed = Observed::default();
        observed.read(Some(query));
        let own = observed.own;
        (observed, own)
    }

    #[test]
    fn campaign_parameters_are_decoded_cleaned_and_cut() {
        let (observed, own) =
            utm("a=b&utm_source=n%C3%A9ws+letter%0D%0A%00&utm_source=second&utm_term=%zz&utm_content");
        assert_eq!(observed.utm().source, "néws letter".as_bytes());
        assert_eq!(observed.utm().term, b"%zz");
        assert_eq!(observed.utm().content, b"");
        assert!(!own);
        let (observed, own) = utm(&format!("relais-self&utm_medium=a{}", "é".repeat(80)));
        assert_eq!(observed.utm().medium, format!("a{}", "é".repeat(49)).as_bytes());
        assert!(own);
    }

    fn to(base: &str, forwarded: Option<&str>, id: Option<Uuid>) -> String {
        let base = HeaderValue::from_str(base).expect("a value");
        extended(&base, forwarded, id).to_str().expect("ASCII").to_owned()
    }

    #[test]
    fn a_destination_takes_the_query_and_the_click_s_id_before_its_fragment() {
        let id = Some(Uuid::from_u128(7));
        let rid = "rid=00000000-0000-0000-0000-000000000007";
        assert_eq!(to("https://a.example/", None, id), format!("https://a.example/?{rid}"));
        assert_eq!(to("https://a.example/?b=1#c", Some("d=2"), id), format!("https://a.example/?b=1&d=2&{rid}#c"));
        assert_eq!(to("https://a.example/?", Some("d"), None), "https://a.example/?d");
    }

    #[test]
    fn a_request_overrides_nothing_and_forges_no_click() {
        let query = "utm_source=evil&utm%5Fsource=evil&rid=1&%72id=2&relais-self=1&ok=1";
        assert_eq!(to("https://a.example/?utm_source=x", Some(query), None), "https://a.example/?utm_source=x&ok=1");
    }

    proptest! {
        #[test]
        fn security_3_nothing_but_printable_ascii_reaches_location(query in "[\\x00-\\u{ffff}]{0,40}") {
            let result = to("https://a.example/?b=1#c", Some(&query), None);
            prop_assert!(result.bytes().all(|byte| byte.is_ascii_graphic()), "{result:?}");
            prop_assert!(result.starts_with("https://a.example/?b=1") && result.ends_with("#c"), "{result}");
            prop_assert_eq!(result.matches('#').count(), 1);
        }

        #[test]
        fn whatever_is_asked_a_value_is_bounded_and_without_controls(query in "(utm_(source|term)=[\\x00-\\u{ffff}]{0,200}&?){0,3}") {
            let (observed, _) = utm(&query);
            for value in [observed.utm().source, observed.utm().term] {
                prop_assert!(value.len() <= Click::MAX_UTM);
                prop_assert!(!value.iter().any(u8::is_ascii_control));
            }
        }
    }
}
