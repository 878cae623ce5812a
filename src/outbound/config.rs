//! The `[outbound]` section.

use ipnet::IpNet;
use serde::Deserialize;

/// Where fetches may go besides the public internet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Networks that may be reached although they are not public, on any port.
    pub allow: Vec<IpNet>,
}
