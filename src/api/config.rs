//! The `[portal]` section.

use std::net::SocketAddr;

use serde::Deserialize;

/// Where the API (and the pages to come) are served, and how much a caller may ask of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port of the API.
    pub listen: SocketAddr,
    /// How people reach it, without a slash at the end.
    pub base_url: String,
    /// Requests of one client address (an IPv6 /64) per second; a second's worth may come at once.
    /// 0: off.
    pub requests_per_second_per_address: u32,
    /// Requests of one token per second; a second's worth may come at once. 0: off.
    pub requests_per_second_per_token: u32,
    /// Requests with tokens that are none, per minute and /24 (IPv4) or /56 (IPv6); a minute's worth
    /// may come at once. 0: off.
    pub refused_tokens_per_minute_per_network: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            base_url: "http://localhost:8081".into(),
            requests_per_second_per_address: 200,
            requests_per_second_per_token: 100,
            refused_tokens_per_minute_per_network: 60,
        }
    }
}
