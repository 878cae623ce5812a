//! The `[portal]` section.

use std::net::SocketAddr;

use serde::Deserialize;

/// Where the API (and the pages to come) are served.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port of the API.
    pub listen: SocketAddr,
    /// How people reach it, without a slash at the end.
    pub base_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8081)), base_url: "http://localhost:8081".into() }
    }
}
