//! The `[redirect]` section.

use std::net::SocketAddr;

use ipnet::IpNet;
use serde::Deserialize;

use crate::net::LimitsConfig;

/// Where redirects are served, and how much anybody may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port of the short links.
    pub listen: SocketAddr,
    /// Threads that answer; 0: one per core. Fixed while the process lives.
    pub workers: usize,
    /// Where spaces without a host of their own have their links, without a slash at the end.
    pub base_url: String,
    /// Networks of your reverse proxies. Only behind these is `X-Forwarded-For` believed, counted
    /// from the right.
    pub trusted_proxies: Vec<IpNet>,
    /// Open connections of one address; 0: off. Trusted proxies are exempt, what they forward is not.
    pub connections_per_address: u32,
    /// Requests per second of one address (IPv6: of one /64); 0: off.
    pub requests_per_second_per_address: u32,
    /// Requests for unknown codes per minute and network (/24, IPv6: /56); 0: off. A network that
    /// has used them up is answered 429 until one comes back.
    pub misses_per_minute_per_network: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            workers: 0,
            base_url: "http://localhost:8080".into(),
            trusted_proxies: Vec::new(),
            connections_per_address: 256,
            requests_per_second_per_address: 200,
            misses_per_minute_per_network: 60,
        }
    }
}

impl Config {
    /// The configuration key of [`Self::listen`].
    pub const LISTEN_KEY: &'static str = "redirect.listen";

    /// The limits of the port.
    pub fn limits(&self) -> LimitsConfig {
        LimitsConfig {
            connections_per_address: self.connections_per_address,
            requests_per_second_per_address: self.requests_per_second_per_address,
            misses_per_minute_per_network: self.misses_per_minute_per_network,
            max_connections: LimitsConfig::descriptor_bound(),
        }
    }

    /// Threads to start on a machine with `cores` of them.
    pub fn worker_count(&self, cores: usize) -> usize {
        // A lane of the spool is named by one byte.
        if self.workers == 0 { cores.clamp(1, 255) } else { self.workers.min(255) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error() {
        let read = serde_json::from_str::<Config>;
        assert_eq!(read("{}").expect("defaults"), Config::default());
        assert_eq!(read(r#"{"workers": 3}"#).expect("one key").worker_count(8), 3);
        let error = read(r#"{"worker": 3}"#).expect_err("a misspelt key").to_string();
        assert!(error.contains("worker"), "{error}");
    }
}
