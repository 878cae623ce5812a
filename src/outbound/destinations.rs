//! Where Relais may connect to: public addresses, and those that the operator allows.
//!
//! The one place where a name becomes addresses: what fetches and what posts connects to what is answered here
//! ([`super::connection`]), and an address that is kept for later is looked at here first.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use url::{Host, Url};

use super::addresses::is_public;
use super::config::Config;
use super::resolver::{Resolve, SystemResolver};

/// Ports of public addresses that may be reached.
const PORTS: [u16; 2] = [80, 443];
/// How long the resolver may take.
const RESOLVE_WITHIN: Duration = Duration::from_secs(5);

/// The addresses that may be reached: public ones, and those that the operator allows. Cheap to clone.
#[derive(Clone)]
pub struct Destinations {
    allow: Arc<[IpNet]>,
    resolver: Arc<dyn Resolve>,
}

impl fmt::Debug for Destinations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destinations").field("allow", &self.allow).finish_non_exhaustive()
    }
}

/// Why an address is not reached. No variant tells what stands behind a name that may not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not `http` or `https`, without a host, or with a user name.
    #[error("expected an http or https address with a host and without a user name, such as https://example.com/a")]
    Form,
    /// The name has no address, or the resolver gave none in time.
    #[error("{0} cannot be found: check the address")]
    Unknown(String),
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
            Self::Form => "invalid_url",
            Self::Unknown(_) => "host_unknown",
            Self::Private(_) => "address_not_public",
            Self::Port => "port_not_allowed",
        }
    }
}

impl Destinations {
    /// Public addresses, and those of `config.allow`, as the machine looks names up.
    pub fn new(config: &Config) -> Self {
        Self::with(config, Arc::new(SystemResolver))
    }

    /// The same with another idea of names.
    pub(super) fn with(config: &Config, resolver: Arc<dyn Resolve>) -> Self {
        Self { allow: config.allow.clone().into(), resolver }
    }

    /// The addresses of a URL's host, looked up once, when every one of them may be reached; never empty.
    ///
    /// # Errors
    /// [`Refused`]: one bad address condemns the name, because whoever mixes them is trying something.
    pub async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, Refused> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Form);
        }
        let port = url.port_or_known_default().ok_or(Refused::Form)?;
        let host = url.host().ok_or(Refused::Form)?;
        let name = host.to_string();
        let addresses = match host {
            Host::Ipv4(address) => vec![IpAddr::V4(address)],
            Host::Ipv6(address) => vec![IpAddr::V6(address)],
            Host::Domain(domain) => {
                let found = tokio::time::timeout(RESOLVE_WITHIN, self.resolver.addresses(domain)).await;
                found.ok().and_then(Result::ok).unwrap_or_default()
            }
        };
        if addresses.is_empty() {
            return Err(Refused::Unknown(name));
        }
        for address in &addresses {
            self.check(*address, port, &name)?;
        }
        Ok(addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }

    fn check(&self, address: IpAddr, port: u16, name: &str) -> Result<(), Refused> {
        // ::ffff:10.0.0.1 is 10.0.0.1 to the system that connects.
        let canonical = address.to_canonical();
        if self.allow.iter().any(|network| network.contains(&canonical)) {
            return Ok(());
        }
        if !is_public(address) {
            return Err(Refused::Private(name.to_owned()));
        }
        if PORTS.contains(&port) { Ok(()) } else { Err(Refused::Port) }
    }
}
