//! Where the requests go.

use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

/// `http://host:port` of the server under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The `Host` header of codes that name none.
    pub(crate) host: String,
    port: u16,
}

impl Target {
    /// The address to connect to: the first that the name has, always the same within a run.
    pub(crate) fn address(&self) -> anyhow::Result<SocketAddr> {
        let name = self.host.rsplit_once(':').map_or(self.host.as_str(), |(name, _)| name);
        let name = name.trim_start_matches('[').trim_end_matches(']');
        let mut found = (name, self.port)
            .to_socket_addrs()
            .map_err(|error| anyhow::anyhow!("{} is no known host: {error}", self.host))?;
        found.next().ok_or_else(|| anyhow::anyhow!("{} has no address", self.host))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("{what}; write it like http://127.0.0.1:8080"));
        let Ok(uri) = text.parse::<http::Uri>() else { return wrong("this is no address of a server") };
        match (uri.scheme_str(), uri.authority()) {
            (Some("http"), Some(authority)) if !authority.as_str().contains('@') => {
                if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
                    return wrong("the codes make the path");
                }
                let port = authority.port_u16().unwrap_or(80);
                Ok(Self { host: format!("{}:{port}", authority.host()), port })
            }
            (Some("https"), _) => wrong("TLS is not spoken: aim at the server itself, not at its proxy"),
            _ => wrong("this is no http:// address"),
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "http://{}", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        for (text, host) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://[::1]:1/", "[::1]:1"),
            ("http://127.0.0.1", "127.0.0.1:80"),
        ] {
            let target: Target = text.parse().expect("a target");
            assert_eq!(target.host, host);
            assert_eq!(target.address().expect("an address").to_string(), host);
        }
    }

    #[test]
    fn whatever_cannot_be_sent_to_is_refused_with_a_hint() {
        for text in
            ["127.0.0.1:8080", "https://a.example", "http://a.example/path", "http://u@a.example", "", "http://"]
        {
            assert!(text.parse::<Target>().expect_err(text).contains("write it like"), "{text}");
        }
    }
}
