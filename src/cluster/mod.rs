//! Several machines: how redirect nodes follow a control node over HTTP.
//!
//! [`server`] is the control node's side, [`client`] the node's, a
//! [`ChangeFeed`](crate::redirect::link_table::ChangeFeed) like the store of the same process.
//!
//! | route on the portal's port | answers |
//! | --- | --- |
//! | `GET /internal/v1/changes?after=N&limit=M` | `{"changes": […]}` with numbers above N in their order; 410 when they are not kept any more |
//! | `GET /internal/v1/snapshot` | everything as it stands: lines of JSON, each a list of entities, the last one `{"seq": N}` |
//! | `GET /internal/v1/day-keys` | `{"<day>": "<64 hex digits>"}`: the secrets of today and tomorrow |
//!
//! All three ask for the nodes' own token, which opens nothing else. A node that loses the control
//! node goes on with what it has; when it comes back it asks for what came after its last change.

pub mod client;
pub mod server;

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context, bail};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::model::hex;

/// The `[cluster]` section of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where a redirect node finds the control node's portal port: `https://control.example.com`.
    pub control_url: String,
    /// What nodes show to the control node. Empty on a control node: the one in `data_dir/node-token`,
    /// made at the first start.
    pub token: SecretString,
}

/// Shortest token that is accepted, in bytes.
const LEAST_TOKEN: usize = 32;

/// The token that a control node asks for: the configured one, or the one kept at `path`.
///
/// # Errors
/// When the configured one is too short, or none can be kept.
pub fn token(config: &Config, path: &Path) -> anyhow::Result<SecretString> {
    if !config.token.expose_secret().is_empty() {
        check(&config.token)?;
        return Ok(config.token.clone());
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            let token = hex(&rand::random::<[u8; 32]>());
            file.write_all(token.as_bytes()).and_then(|()| file.sync_all()).context("writing data_dir/node-token")?;
            Ok(token.into())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let token: SecretString =
                std::fs::read_to_string(path).context("reading data_dir/node-token")?.trim().into();
            check(&token)?;
            Ok(token)
        }
        Err(error) => Err(error).context("making data_dir/node-token"),
    }
}

fn check(token: &SecretString) -> anyhow::Result<()> {
    if token.expose_secret().len() < LEAST_TOKEN {
        bail!(
            "cluster.token has at least {LEAST_TOKEN} characters: take the one in data_dir/node-token of the control node"
        );
    }
    Ok(())
}
