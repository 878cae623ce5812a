//! Which addresses links may lead to, and which hosts they may stand on.
//!
//! One parser, the `url` crate's, checks an address here; what it printed is stored, shown and
//! sent. A check that read the text in another way than the browser would is no check.

use std::net::IpAddr;

use url::{Host, Url};

/// Longest address, in bytes, before and after parsing.
pub const MAX_URL_BYTES: usize = 2048;

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// Longer than [`MAX_URL_BYTES`].
    #[error("an address has at most {MAX_URL_BYTES} bytes")]
    TooLong,
    /// No address at all, or none that starts with `http://` or `https://`.
    #[error("expected an address that starts with https:// or http://")]
    Scheme,
    /// Holds a character that browsers drop or reinterpret.
    #[error("an address holds no spaces at its ends, control characters or backslashes: copy it again")]
    Character,
    /// Holds `user:password@`.
    #[error("an address holds no user name or password: remove what stands before '@'")]
    UserInfo,
    /// The parser makes nothing of it.
    #[error("not an address: {0}")]
    Form(String),
    /// It leads back to Relais.
    #[error("{0} is a short-link host of this installation: a link to it would lead in a circle")]
    OwnHost(String),
    /// The space allows other domains only.
    #[error("{host} is not among the space's destination_domains ({allowed})")]
    Domain {
        /// The host of the address.
        host: String,
        /// What the space allows.
        allowed: String,
    },
}

impl InvalidUrl {
    /// Stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::OwnHost(_) => "own_host",
            Self::Domain { .. } => "domain_not_allowed",
            Self::Scheme | Self::Character | Self::UserInfo | Self::Form(_) => "invalid_url",
        }
    }
}

/// The hosts that Relais answers on itself.
#[derive(Debug, Clone)]
pub struct OwnHosts {
    /// `redirect.base_url`.
    pub base: Url,
    /// Hosts of all spaces, lower case.
    pub spaces: Vec<String>,
}

impl OwnHosts {
    /// Whether an address leads to one of them.
    ///
    /// Ports do not matter, but for a base address on loopback: there every program of the machine
    /// shares one host, and the port alone tells them apart.
    fn contain(&self, url: &Url) -> bool {
        let Some(host) = url.host_str().map(|host| host.trim_end_matches('.')) else { return false };
        let base = self.base.host_str().unwrap_or_default().trim_end_matches('.');
        let is_base = host == base
            && (!is_loopback(&self.base) || url.port_or_known_default() == self.base.port_or_known_default());
        is_base || self.spaces.iter().any(|own| own == host)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Checks an address that a link may lead to; gives the text to store.
///
/// `domains` are the space's `destination_domains`: when there are some, the host is one of them
/// or a subdomain of one.
///
/// # Errors
/// Says what is wrong with it.
pub fn destination_url(text: &str, own: &OwnHosts, domains: &[String]) -> Result<String, InvalidUrl> {
    let url = web_url(text)?;
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    if own.contain(&url) {
        return Err(InvalidUrl::OwnHost(host.to_owned()));
    }
    let allowed =
        |domain: &String| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if !domains.is_empty() && !domains.iter().any(allowed) {
        return Err(InvalidUrl::Domain { host: host.to_owned(), allowed: domains.join(", ") });
    }
    Ok(url.into())
}

/// Checks the address of a picture; gives the text to store.
///
/// # Errors
/// Says what is wrong with it.
pub fn picture_url(text: &str) -> Result<String, InvalidUrl> {
    web_url(text).map(String::from)
}

/// Checks the address of a feed; gives the text to store. Where it leads is checked by whoever
/// fetches it.
///
/// # Errors
/// Says what is wrong with it.
pub fn feed_url(text: &str) -> Result<String, InvalidUrl> {
    web_url(text).map(String::from)
}

fn web_url(text: &str) -> Result<Url, InvalidUrl> {
    if text.len() > MAX_URL_BYTES {
        return Err(InvalidUrl::TooLong);
    }
    // The parser drops tabs, line ends and spaces around, and reads a backslash as a slash, all
    // as browsers do; a text that needs it was not meant, or was meant badly.
    if text.contains(|character: char| character.is_control() || character == '\\') || text.trim() != text {
        return Err(InvalidUrl::Character);
    }
    let rest = strip_scheme(text).ok_or(InvalidUrl::Scheme)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(InvalidUrl::UserInfo);
    }
    if authority.is_empty() {
        return Err(InvalidUrl::Form("it names no host".to_owned()));
    }
    let url = Url::parse(text).map_err(|error| InvalidUrl::Form(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(InvalidUrl::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidUrl::UserInfo);
    }
    // Percent-encoding may have made it longer.
    if url.as_str().len() > MAX_URL_BYTES { Err(InvalidUrl::TooLong) } else { Ok(url) }
}

/// What follows `http://` or `https://`. The parser would also take `https:host` and `https:/host`.
fn strip_scheme(text: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
    })
}

/// The text is no host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a host name such as go.example.com, without https://, port or path")]
pub struct InvalidHost;

/// Checks a host or domain; gives it in lower case, ASCII, without a dot at its end.
///
/// # Errors
/// [`InvalidHost`].
pub fn host_name(text: &str) -> Result<String, InvalidHost> {
    let host = text.strip_suffix('.').unwrap_or(text);
    if host.is_empty() || host.len() > 253 || host.contains(|c: char| c.is_control() || "/\\:@?#%[] ".contains(c)) {
        return Err(InvalidHost);
    }
    match Url::parse(&format!("https://{host}/")) {
        Ok(url) => url.host_str().map(str::to_owned).filter(|host| !host.is_empty()).ok_or(InvalidHost),
        Err(_) => Err(InvalidHost),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn own(base: &str) -> OwnHosts {
        OwnHosts { base: Url::parse(base).expect("a URL"), spaces: vec!["go.acme.test".to_owned()] }
    }

    fn check(text: &str) -> Result<String, InvalidUrl> {
        destination_url(text, &own("https://relais.test"), &[])
    }

    #[test]
    fn security_1_hostile_addresses_are_refused() {
        for text in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://example.com/",
            "//example.com/",
            "/path",
            "https:example.com",
            "https:/example.com",
            "https://",
            "https:///",
            "https:///example.com",
            "https://user@example.com/",
            "https://user:secret@example.com/",
            "https://@example.com/",
            "https://example.com@evil.test/",
            "https:\\\\example.com",
            "https://example.com\\@evil.test/",
            "https://example.com/\\..\\",
            "https://exa\tmple.com/",
            "https://example.com/\r\nSet-Cookie: a=b",
            "https://example.com/\0",
            "https://example.com/\u{85}",
            " https://example.com/",
            "https://example.com/ ",
            "https://example.com:99999/",
            "https://exa mple.com/",
            "https://[::1/",
            "https://%00.com/",
            "view-source:https://example.com/",
        ] {
            assert!(check(text).is_err(), "{text:?} was accepted");
        }
        assert_eq!(check(&format!("https://example.com/{}", "a".repeat(2048))), Err(InvalidUrl::TooLong));
        assert_eq!(check(&format!("https://example.com/{}", "é".repeat(1000))), Err(InvalidUrl::TooLong));
    }

    #[test]
    fn an_address_is_stored_as_the_parser_prints_it() {
        assert_eq!(check("HTTPS://Example.COM"), Ok("https://example.com/".to_owned()));
        assert_eq!(
            check("https://bücher.example/é?q=ü#ß"),
            Ok("https://xn--bcher-kva.example/%C3%A9?q=%C3%BC#%C3%9F".to_owned())
        );
        assert_eq!(
            check("http://example.com:8080/a%20b?c=d&c=e"),
            Ok("http://example.com:8080/a%20b?c=d&c=e".to_owned())
        );
    }

    #[test]
    fn security_2_only_the_spaces_domains_and_their_subdomains_are_allowed() {
        let domains = ["acme.com".to_owned()];
        let check = |text| destination_url(text, &own("https://relais.test"), &domains);
        assert!(check("https://acme.com/").is_ok());
        assert!(check("https://jobs.acme.com./").is_ok());
        for text in ["https://acme.com.evil.test/", "https://notacme.com/", "https://evil.test/acme.com"] {
            assert!(matches!(check(text), Err(InvalidUrl::Domain { .. })), "{text}");
        }
    }

    #[test]
    fn security_4_loops_to_own_hosts_are_refused() {
        for text in [
            "https://relais.test/abc",
            "http://relais.test:8080/abc",
            "https://RELAIS.test./",
            "https://go.acme.test/abc",
            "https://go.acme.test:444/",
        ] {
            assert!(matches!(check(text), Err(InvalidUrl::OwnHost(_))), "{text}");
        }
    }

    #[test]
    fn on_loopback_the_port_tells_programs_apart() {
        let own = own("http://127.0.0.1:8080");
        assert!(matches!(destination_url("http://127.0.0.1:8080/x", &own, &[]), Err(InvalidUrl::OwnHost(_))));
        assert!(matches!(destination_url("http://0x7f.1:8080/x", &own, &[]), Err(InvalidUrl::OwnHost(_))));
        assert!(destination_url("http://127.0.0.1:9000/x", &own, &[]).is_ok());
    }

    #[test]
    fn a_host_has_no_port_scheme_or_path() {
        assert_eq!(host_name("Go.Acme.COM."), Ok("go.acme.com".to_owned()));
        for text in ["", ".", "go.acme.com:443", "https://go.acme.com", "go.acme.com/x", "a b", "a@b", "a..\u{0}"] {
            assert_eq!(host_name(text), Err(InvalidHost), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_clean_and_stays_the_same_when_checked_again(
            text in "(https?|HTTP|javascript|data)?:?/{0,3}[\\x00-\\x7fé@\\\\]{0,40}",
        ) {
            if let Ok(stored) = check(&text) {
                prop_assert!(stored.bytes().all(|byte| byte.is_ascii_graphic()), "{stored:?}");
                prop_assert!(stored.starts_with("http://") || stored.starts_with("https://"));
                prop_assert_eq!(check(&stored), Ok(stored));
            }
        }
    }
}
