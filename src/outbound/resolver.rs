//! From a host name to its addresses.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;

/// The addresses of a name, to come.
pub type Addresses<'r> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'r>>;

/// Looks names up. Passed in, so that a test decides what a name means.
pub trait Resolve: Send + Sync {
    /// Every address of `host`, which is a name and no address.
    fn addresses<'r>(&'r self, host: &'r str) -> Addresses<'r>;
}

/// Asks what the machine asks: its hosts file, its name servers.
#[derive(Debug, Clone, Copy)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn addresses<'r>(&'r self, host: &'r str) -> Addresses<'r> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}
