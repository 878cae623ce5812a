//! The `[oidc]` section.

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

/// The identity provider of the installation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Exactly as the provider calls itself; empty: e-mail sign-in only.
    pub issuer: String,
    /// What the provider calls Relais.
    pub client_id: String,
    /// What proves to the provider that it is Relais; empty for a client without a secret.
    pub client_secret: SecretString,
    /// What people call the provider; empty: its address.
    pub name: String,
    /// Domains whose addresses may join with an account of it; empty: all that the space lists.
    pub domains: Vec<String>,
}

/// Why the section cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOidc {
    /// No address, or one that is not encrypted.
    #[error("oidc.issuer must be the https address that the provider calls itself, such as https://login.example.com")]
    Issuer,
    /// There is none.
    #[error(
        "oidc.client_id is empty: register Relais at the provider, with the return address portal.base_url/sign-in/oidc/callback"
    )]
    Client,
}

impl Config {
    /// # Errors
    /// Says which key to change.
    pub fn check(&self) -> Result<(), InvalidOidc> {
        let issuer = Url::parse(&self.issuer).map_err(|_| InvalidOidc::Issuer)?;
        if !is_private(&issuer) {
            return Err(InvalidOidc::Issuer);
        }
        if self.client_id.is_empty() { Err(InvalidOidc::Client) } else { Ok(()) }
    }
}

/// Whether nobody on the way can read or change what is sent there: TLS, or this very machine.
pub(super) fn is_private(url: &Url) -> bool {
    let local = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match url.scheme() {
        "https" => url.has_host(),
        "http" => local,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_that_somebody_on_the_way_could_play_is_refused() {
        let check =
            |issuer: &str| Config { issuer: issuer.into(), client_id: "relais".into(), ..Config::default() }.check();
        for good in ["https://login.example.com", "https://login.example.com/realms/a", "http://127.0.0.1:9000"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["http://login.example.com", "login.example.com", "ftp://login.example.com", "http://10.0.0.1"] {
            assert_eq!(check(bad), Err(InvalidOidc::Issuer), "{bad}");
        }
        let nobody = Config { issuer: "https://a.test".into(), ..Config::default() };
        assert_eq!(nobody.check(), Err(InvalidOidc::Client));
    }
}
