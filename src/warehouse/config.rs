//! The section `[clickhouse]` of the configuration.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::client::Access;

/// Which ClickHouse keeps the clicks.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// ClickHouse's HTTP interface, such as `https://clickhouse.example.com:8443`. Empty: the embedded engine.
    pub url: String,
    /// The account that Relais uses. The embedded engine keeps `default` for itself and gives Relais
    /// the account `relais` instead; any other name is used as it is.
    pub user: String,
    /// The account's password. Empty with the embedded engine: one is generated into `data_dir/clickhouse/password`.
    pub password: SecretString,
    /// The database: letters, digits and `_`. Made when it is not there.
    pub database: String,
    /// The engine that runs when `url` is empty.
    pub embedded: Embedded,
}

/// The section `[clickhouse.embedded]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Embedded {
    /// Path of `libchdb.so`. Empty: looked for in `node_modules`, then where the system keeps libraries.
    pub library: PathBuf,
    /// Port of ClickHouse's HTTP interface on 127.0.0.1; 0: a free one, written to `data_dir/clickhouse/ports`.
    pub http_port: u16,
    /// Port of ClickHouse's native protocol on 127.0.0.1; 0: a free one, written to `data_dir/clickhouse/ports`.
    pub tcp_port: u16,
}

impl Config {
    /// How to sign in to the configured ClickHouse; none when the embedded engine is to be used.
    pub fn external(&self) -> Option<Access> {
        let Self { url, user, password, .. } = self;
        (!url.is_empty()).then(|| Access { url: url.clone(), user: user.clone(), password: password.clone() })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            url: String::new(),
            user: "default".to_owned(),
            password: SecretString::default(),
            database: "relais".to_owned(),
            embedded: Embedded::default(),
        }
    }
}

impl Default for Embedded {
    fn default() -> Self {
        Self { library: PathBuf::new(), http_port: 8123, tcp_port: 0 }
    }
}

/// True for a name that can stand in SQL and in a configuration file as it is: a letter or `_`, then
/// letters, digits and `_`, at most 64 bytes.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() <= 64
        && bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
