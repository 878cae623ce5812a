//! A ClickHouse of its own, without Relais.

use std::net::SocketAddr;
use std::path::Path;

use super::process::{Process, read, relais};

/// A running `relais clickhouse`.
pub struct Engine {
    folder: tempfile::TempDir,
    _process: Process,
}

impl Engine {
    /// Starts it on free ports.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut process = Process::start(relais(folder.path(), &["clickhouse"]));
        process.wait_for("ready");
        Self { folder, _process: process }
    }

    /// Its data directory.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where it speaks HTTP.
    pub fn address(&self) -> SocketAddr {
        let ports = read(self.folder(), "clickhouse/ports").expect("its ports");
        let port = ports.lines().find_map(|line| line.strip_prefix("http ")).expect("its HTTP port").to_owned();
        format!("127.0.0.1:{port}").parse().expect("an address")
    }

    /// What an installation is told that uses it by way of `url`.
    pub fn settings(&self, url: &str) -> [(&'static str, String); 3] {
        let password = read(self.folder(), "clickhouse/password").expect("its password");
        [
            ("RELAIS_CLICKHOUSE__URL", url.to_owned()),
            ("RELAIS_CLICKHOUSE__USER", "relais".to_owned()),
            ("RELAIS_CLICKHOUSE__PASSWORD", password),
        ]
    }
}
