//! How much one address, one network and everybody together may ask for.
//!
//! One [`Limits`] is shared by all workers of a port. An address is looked up once a connection;
//! from then on a request costs one atomic on its [`Client`]'s bucket. Behind trusted proxies the
//! forwarded address is looked up at every request, in one of 64 shards.
//!
//! An IPv6 address counts as its /64, because that is what one subscriber holds.

mod bucket;
mod registry;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use bucket::Bucket;
use registry::{Idle, Registry};

/// Addresses remembered at once, and as many networks: about 40 MB at the very most.
const REMEMBERED: usize = 1 << 18;
const SECOND_US: u64 = 1_000_000;

/// The numbers behind [`Limits`]; 0 switches a limit off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Open connections of one address.
    pub connections_per_address: u32,
    /// Requests of one address per second; a second's worth may come at once.
    pub requests_per_second_per_address: u32,
    /// Requests for unknown codes per minute and /24 (IPv4) or /56 (IPv6).
    pub misses_per_minute_per_network: u32,
    /// Open connections of everybody.
    pub max_connections: u32,
}

impl LimitsConfig {
    /// No limit at all.
    pub const OFF: Self = Self {
        connections_per_address: 0,
        requests_per_second_per_address: 0,
        misses_per_minute_per_network: 0,
        max_connections: 0,
    };

    /// A bound on connections that leaves a quarter of the process's descriptors to everything
    /// else, and is 65,536 at most.
    pub fn descriptor_bound() -> u32 {
        let allowed = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(65_536);
        u32::try_from(allowed / 4 * 3).unwrap_or(u32::MAX).clamp(1, 65_536)
    }
}

/// The limits of a port and what is used of them.
#[derive(Debug)]
pub struct Limits {
    config: LimitsConfig,
    /// A request's token comes back after this many microseconds, a miss's after that many.
    request_every_us: u64,
    miss_every_us: u64,
    start: Instant,
    open: AtomicU32,
    addresses: Registry<Address>,
    networks: Registry<Bucket>,
}

/// Why a connection was closed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The address holds as many as it may.
    Address,
    /// The port holds as many as it may.
    Total,
}

/// The request came too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// After how many whole seconds to try again, at least 1.
    pub retry_after_s: u64,
}

#[derive(Debug, Default)]
struct Address {
    connections: AtomicU32,
    requests: Bucket,
}

impl Idle for Address {
    fn is_idle(&self, now_us: u64) -> bool {
        self.connections.load(Ordering::Relaxed) == 0 && self.requests.is_full(now_us)
    }
}

impl Idle for Bucket {
    fn is_idle(&self, now_us: u64) -> bool {
        self.is_full(now_us)
    }
}

impl Limits {
    /// Nothing used yet.
    pub fn new(config: LimitsConfig) -> Self {
        Self {
            config,
            request_every_us: SECOND_US / u64::from(config.requests_per_second_per_address.max(1)),
            miss_every_us: 60 * SECOND_US / u64::from(config.misses_per_minute_per_network.max(1)),
            start: Instant::now(),
            open: AtomicU32::new(0),
            addresses: Registry::new(REMEMBERED),
            networks: Registry::new(REMEMBERED),
        }
    }

    /// Counts a new connection of `peer` until the admission is dropped. A connection of a proxy
    /// of ours (`exempt`) counts against the total alone.
    ///
    /// # Errors
    /// Says which bound is reached; the connection is to be closed.
    pub fn admit(self: &Arc<Self>, peer: IpAddr, exempt: bool) -> Result<Admission, Refused> {
        let total = self.open.fetch_add(1, Ordering::Relaxed);
        let mut admission = Admission { limits: Arc::clone(self), address: None };
        if self.config.max_connections != 0 && total >= self.config.max_connections {
            return Err(Refused::Total);
        }
        if exempt || self.config.connections_per_address == 0 {
            return Ok(admission);
        }
        let address = self.addresses.get(address_key(peer), self.micros(Instant::now()));
        let held = address.connections.fetch_add(1, Ordering::Relaxed);
        admission.address = Some(address);
        if held >= self.config.connections_per_address { Err(Refused::Address) } else { Ok(admission) }
    }

    /// The buckets of a client: looked up once a connection, or once a request behind a proxy.
    pub fn client(&self, address: IpAddr, now: Instant) -> Client {
        let now_us = self.micros(now);
        let config = self.config;
        Client {
            requests: (config.requests_per_second_per_address != 0)
                .then(|| self.addresses.get(address_key(address), now_us)),
            misses: (config.misses_per_minute_per_network != 0)
                .then(|| self.networks.get(network_key(address), now_us)),
        }
    }

    /// Takes one request from a client's second, unless its network has used up its misses:
    /// then nothing is answered to it, so that guessing learns nothing from hits either.
    ///
    /// # Errors
    /// The request came too early.
    pub fn request(&self, client: &Client, now: Instant) -> Result<(), TooMany> {
        let now_us = self.micros(now);
        if let Some(misses) = &client.misses {
            misses.check(now_us, self.miss_every_us, 60 * SECOND_US).map_err(too_many)?;
        }
        if let Some(address) = &client.requests {
            address.requests.take(now_us, self.request_every_us, SECOND_US).map_err(too_many)?;
        }
        Ok(())
    }

    /// Counts a request for an unknown code against the client's network.
    pub fn miss(&self, client: &Client, now: Instant) {
        if let Some(misses) = &client.misses {
            // The answer to this one is already decided; only the next is refused.
            let _refused = misses.take(self.micros(now), self.miss_every_us, 60 * SECOND_US);
        }
    }

    fn micros(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.start);
        since.as_secs() * SECOND_US + u64::from(since.subsec_micros())
    }
}

/// One counted connection.
#[derive(Debug)]
pub struct Admission {
    limits: Arc<Limits>,
    address: Option<Arc<Address>>,
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.limits.open.fetch_sub(1, Ordering::Relaxed);
        if let Some(address) = &self.address {
            address.connections.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// What one client still may ask for.
#[derive(Debug, Clone)]
pub struct Client {
    requests: Option<Arc<Address>>,
    misses: Option<Arc<Bucket>>,
}

fn too_many(wait_us: u64) -> TooMany {
    TooMany { retry_after_s: wait_us.div_ceil(SECOND_US).max(1) }
}

fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (v4.to_ipv6_mapped().to_bits(), true),
        IpAddr::V6(v6) => (v6.to_bits(), false),
    }
}

fn address_key(address: IpAddr) -> u128 {
    let (bits, v4) = bits(address);
    if v4 { bits } else { bits >> 64 << 64 }
}

fn network_key(address: IpAddr) -> u128 {
    let (bits, v4) = bits(address);
    if v4 { bits >> 8 << 8 } else { bits >> 72 << 72 }
}

#[cfg(test)]
mod tests;
