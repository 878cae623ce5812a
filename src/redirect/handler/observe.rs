//! What a request's headers say about who asks.

use http::HeaderMap;
use http::header::HOST;
use http::uri::Uri;

/// The headers that a click is recorded with; empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Headers<'r> {
    pub(super) user_agent: &'r [u8],
    pub(super) accept_language: &'r [u8],
    referrer: &'r [u8],
    /// A browser says that nobody has decided to go there yet.
    pub(super) prefetch: bool,
}

impl<'r> Headers<'r> {
    /// One walk over all headers costs less than seven lookups. Of one that stands twice the first
    /// counts.
    pub(super) fn of(headers: &'r HeaderMap) -> Self {
        let mut out = Self::default();
        for (name, value) in headers {
            let value = value.as_bytes();
            let place = match name.as_str() {
                "user-agent" => &mut out.user_agent,
                "accept-language" => &mut out.accept_language,
                "referer" => &mut out.referrer,
                "sec-purpose" | "purpose" | "x-moz" => {
                    out.prefetch |= says(value, b"prefetch");
                    continue;
                }
                // Safari's previews of most visited pages.
                "x-purpose" => {
                    out.prefetch |= says(value, b"preview");
                    continue;
                }
                _ => continue,
            };
            if place.is_empty() {
                *place = value;
            }
        }
        out
    }

    /// Host of the referrer, without user, port, path and query: the rest is nobody's business.
    pub(super) fn referrer_host(&self) -> &'r [u8] {
        host_of(self.referrer)
    }
}

fn says(value: &[u8], word: &[u8]) -> bool {
    value.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

/// The host that was asked, as it came.
pub(super) fn host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> &'r [u8] {
    match uri.authority() {
        // RFC 9112, 3.2.2: an absolute address overrules the header.
        Some(authority) => authority.as_str().as_bytes(),
        None => headers.get(HOST).map_or(b"", |host| host.as_bytes()),
    }
}

fn host_of(value: &[u8]) -> &[u8] {
    let rest = match value {
        [b'h', b't', b't', b'p', b's', b':', b'/', b'/', rest @ ..] => rest,
        _ => match value.windows(3).position(|part| part == b"://") {
            Some(scheme_end) => &value[scheme_end + 3..],
            None => return b"",
        },
    };
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let authority = &rest[..end];
    let host = authority.iter().rposition(|byte| *byte == b'@').map_or(authority, |at| &authority[at + 1..]);
    if host.first() == Some(&b'[') {
        return host.iter().position(|byte| *byte == b']').map_or(b"", |end| &host[..=end]);
    }
    host.iter().position(|byte| *byte == b':').map_or(host, |colon| &host[..colon])
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::HeaderName;

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn of_a_referrer_only_the_host_is_kept() {
        for (referrer, host) in [
            ("https://www.linkedin.com/feed/?secret=1", "www.linkedin.com"),
            ("https://user:secret@a.example:8443#x", "a.example"),
            ("android-app://com.linkedin.android/", "com.linkedin.android"),
            ("https://[2001:db8::1]:80/", "[2001:db8::1]"),
            ("about:blank", ""),
            ("https://", ""),
        ] {
            assert_eq!(Headers::of(&headers(&[("referer", referrer)])).referrer_host(), host.as_bytes(), "{referrer}");
        }
        assert_eq!(Headers::of(&HeaderMap::new()).referrer_host(), b"");
    }

    #[test]
    fn browsers_say_that_they_fetch_ahead_in_four_ways() {
        for line in [
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "Prefetch"),
            ("x-moz", "prefetch"),
            ("x-purpose", "preview"),
        ] {
            assert!(Headers::of(&headers(&[line])).prefetch, "{line:?}");
        }
        assert!(!Headers::of(&headers(&[("purpose", "anything"), ("sec-fetch-dest", "document")])).prefetch);
    }

    #[test]
    fn an_absolute_address_overrules_the_host_header() {
        let headers = headers(&[("host", "a.example")]);
        let uri: Uri = "http://b.example:8080/x".parse().expect("an address");
        assert_eq!(host(&uri, &headers), b"b.example:8080");
        assert_eq!(host(&Uri::from_static("/x"), &headers), b"a.example");
    }
}
