//! Where pages are served, and which requests come from there.

use http::{HeaderMap, header};
use url::Url;

/// The portal's address as people reach it.
#[derive(Debug, Clone)]
pub struct Site {
    base: Url,
}

/// `portal.base_url` is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("portal.base_url must be an http or https address without path and query, such as https://share.example.com")]
pub struct InvalidSite;

impl Site {
    /// The site at `base_url` (`portal.base_url`).
    ///
    /// # Errors
    /// [`InvalidSite`].
    pub fn new(base_url: &str) -> Result<Self, InvalidSite> {
        let base = Url::parse(base_url).map_err(|_| InvalidSite)?;
        let plain = matches!(base.scheme(), "http" | "https") && base.has_host() && base.path() == "/";
        if plain && base.query().is_none() && base.fragment().is_none() { Ok(Self { base }) } else { Err(InvalidSite) }
    }

    /// The address of a path of this site.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// Whether people reach it under TLS.
    pub fn is_encrypted(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Whether the browser says that a page of this very site made the request.
    ///
    /// `Sec-Fetch-Site` cannot be set by a page; browsers send it to https and to loopback. Without
    /// it `Origin` must name the host that was asked, under TLS unless the site itself is without.
    /// A request with neither proves nothing.
    pub fn is_same_origin(&self, headers: &HeaderMap) -> bool {
        let read = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(site) = headers.get("sec-fetch-site") {
            return site == "same-origin";
        }
        let (Some(origin), Some(host)) = (read(header::ORIGIN), read(header::HOST)) else { return false };
        match origin.split_once("://") {
            Some(("https", authority)) => authority.eq_ignore_ascii_case(host),
            Some(("http", authority)) => !self.is_encrypted() && authority.eq_ignore_ascii_case(host),
            _ => false,
        }
    }
}

/// A path of this site, or `/` for everything that might lead elsewhere.
///
/// Browsers read `\` as `/`, drop tabs and line ends, and take `//host` for another host.
pub fn next_path(given: &str) -> String {
    const MAX_BYTES: usize = 1_000;
    let clean = given.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let path = given.starts_with('/') && !given.starts_with("//");
    let home = Url::parse("https://home.invalid/").expect("a constant");
    let stays = || home.join(given).is_ok_and(|url| url.origin() == home.origin());
    if clean && path && given.len() <= MAX_BYTES && stays() { given.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn security_11_only_a_page_of_the_same_origin_proves_itself() {
        let plain = Site::new("http://localhost:8081").expect("an address");
        let encrypted = Site::new("https://share.test").expect("an address");
        for (site, list, expected) in [
            (&plain, &[("sec-fetch-site", "same-origin")][..], true),
            (&plain, &[("sec-fetch-site", "same-site"), ("origin", "http://a.test"), ("host", "a.test")], false),
            (&plain, &[("sec-fetch-site", "cross-site")], false),
            (&plain, &[("sec-fetch-site", "none")], false),
            (&plain, &[("origin", "http://localhost:8081"), ("host", "localhost:8081")], true),
            (&plain, &[("origin", "http://evil.test"), ("host", "localhost:8081")], false),
            (&plain, &[("origin", "null"), ("host", "localhost:8081")], false),
            (&plain, &[("host", "localhost:8081")], false),
            (&encrypted, &[("origin", "https://share.test"), ("host", "share.test")], true),
            (&encrypted, &[("origin", "http://share.test"), ("host", "share.test")], false),
            (&encrypted, &[("origin", "https://share.test:444"), ("host", "share.test")], false),
        ] {
            assert_eq!(site.is_same_origin(&headers(list)), expected, "{list:?}");
        }
    }

    #[test]
    fn security_17_next_is_a_path_of_this_site() {
        for good in ["/", "/me", "/contents?kind=job&after=cnt_1#top", "/a//b"] {
            assert_eq!(next_path(good), good);
        }
        for bad in [
            "",
            "me",
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "https://evil.test",
            "https:evil.test",
            "javascript:alert(1)",
            "/\t/evil.test",
            "/\r\nSet-Cookie: a=b",
            " /me",
            "/é",
        ] {
            assert_eq!(next_path(bad), "/", "{bad:?}");
        }
        assert_eq!(next_path(&format!("/{}", "a".repeat(1_000))), "/");
    }

    #[test]
    fn a_site_is_an_address_without_a_path() {
        for bad in ["", "share.test", "ftp://share.test", "https://share.test/app", "https://share.test/?a"] {
            assert!(Site::new(bad).is_err(), "{bad}");
        }
        assert_eq!(Site::new("https://share.test").expect("an address").address("/me"), "https://share.test/me");
    }
}
