//! A ClickHouse of its own, without Relais.

use std::net::SocketAddr;
use std::path::Path;

use super::process::{Process, read, relais};

/// A running `relais clickhouse`.
pub struct Engine {
    folder: tempfile::TempDir,
    /// None after a kill.
    process: Option<Process>,
}

impl Engine {
    /// Starts it on free ports.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut engine = Self { folder, process: None };
        engine.run("0");
        engine
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill_group();
        }
    }

    /// Starts it again on the same data and port.
    pub fn resume(&mut self) {
        self.run(&self.address().port().to_string());
    }

    fn run(&mut self, port: &str) {
        let mut command = relais(self.folder(), &["clickhouse"]);
        command.env("RELAIS_CLICKHOUSE__EMBEDDED__HTTP_PORT", port);
        let mut process = Process::start(command);
        process.wait_for("ready");
        self.process = Some(process);
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
