//! Where something may be posted to: public addresses, and those that the operator allows.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use url::{Host, Url};

use super::addresses::is_public;
use super::config::Config;

/// Ports of public addresses that may be reached.
const PORTS: [u16; 2] = [80, 443];
/// How long the resolver may take.
const RESOLVE_WITHIN: Duration = Duration::from_secs(5);

/// The addresses that may be reached: public ones, and those that the operator allows. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Destinations {
    allow: Arc<[IpNet]>,
}

/// Why an address is not reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not `http` or `https`, without a host, or with a user name.
    #[error("expected an http or https address with a host and without a user name, such as https://example.com/hook")]
    Form,
    /// The name has no address, or the resolver gave none in time.
    #[error("the name {0} has no address: check its spelling")]
    Unresolved(String),
    /// One of its addresses is not public.
    #[error("{0} is not on the public internet; an operator can allow its network with outbound.allow")]
    Private(String),
    /// The port is none of 80 and 443.
    #[error("use port 80 or 443; an operator can allow other ports of a network with outbound.allow")]
    Port,
}

impl Refused {
    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form => "invalid",
            Self::Unresolved(_) => "unresolved",
            Self::Private(_) => "private_address",
            Self::Port => "port",
        }
    }
}

impl Destinations {
    /// Public addresses, and those of `config.allow`.
    pub fn new(config: &Config) -> Self {
        Self { allow: config.allow.clone().into() }
    }

    /// The addresses of a URL's host, once every one of them was checked; never empty.
    ///
    /// # Errors
    /// [`Refused`]: for one address that may not be reached, the whole name is refused.
    pub async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, Refused> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Form);
        }
        let port = url.port_or_known_default().ok_or(Refused::Form)?;
        let addresses: Vec<SocketAddr> = match url.host().ok_or(Refused::Form)? {
            Host::Ipv4(address) => vec![(address, port).into()],
            Host::Ipv6(address) => vec![(address, port).into()],
            Host::Domain(name) => {
                let unresolved = || Refused::Unresolved(name.to_owned());
                let found = tokio::time::timeout(RESOLVE_WITHIN, tokio::net::lookup_host((name, port))).await;
                found.map_err(|_late| unresolved())?.map_err(|_error| unresolved())?.collect()
            }
        };
        let host = url.host_str().unwrap_or_default();
        if addresses.is_empty() {
            return Err(Refused::Unresolved(host.to_owned()));
        }
        for address in &addresses {
            self.check(host, *address)?;
        }
        Ok(addresses)
    }

    fn check(&self, host: &str, address: SocketAddr) -> Result<(), Refused> {
        // ::ffff:10.0.0.1 is 10.0.0.1 to the system that connects.
        let ip = address.ip().to_canonical();
        if self.allow.iter().any(|network| network.contains(&ip)) {
            return Ok(());
        }
        if !is_public(address.ip()) {
            return Err(Refused::Private(host.to_owned()));
        }
        if PORTS.contains(&address.port()) { Ok(()) } else { Err(Refused::Port) }
    }
}
