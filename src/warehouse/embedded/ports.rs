//! The engine's two ports, and the file by which other commands find a running engine.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use super::credentials::write_private;
use crate::warehouse::config::Embedded;

/// Where the engine listens on 127.0.0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// HTTP.
    pub http: u16,
    /// The native protocol.
    pub tcp: u16,
}

/// Somebody else has the port.
#[derive(Debug, thiserror::Error)]
#[error("port {port} on 127.0.0.1 cannot be used ({source}): stop what uses it, or set {key} to another port or to 0")]
pub struct PortInUse {
    /// The port.
    pub port: u16,
    /// The configuration's key for it.
    pub key: &'static str,
    /// What the system says.
    pub source: io::Error,
}

impl Ports {
    /// The configured ports, checked, and free ones for 0.
    ///
    /// # Errors
    /// Names the port that is taken and its key.
    pub(super) fn choose(config: &Embedded) -> Result<Self, PortInUse> {
        let bind = |port, key| {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .and_then(|listener| Ok((listener.local_addr()?.port(), listener)))
                .map_err(|source| PortInUse { port, key, source })
        };
        // Both are held until both are chosen, so that they differ.
        let (http, _held) = bind(config.http_port, "clickhouse.embedded.http_port")?;
        let (tcp, _also_held) = bind(config.tcp_port, "clickhouse.embedded.tcp_port")?;
        Ok(Self { http, tcp })
    }

    /// The HTTP interface's URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    pub(super) fn save(&self, directory: &Path) -> io::Result<()> {
        write_private(&directory.join("ports"), &format!("http {}\ntcp {}\n", self.http, self.tcp))
    }

    /// What a supervisor wrote in the engine's directory; none when no engine was ever ready there. The engine
    /// may be gone since: ask it.
    pub fn load(directory: &Path) -> Option<Self> {
        let text = fs::read_to_string(directory.join("ports")).ok()?;
        let port = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line?.parse().ok()
        };
        Some(Self { http: port("http")?, tcp: port("tcp")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_its_key() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = taken.local_addr().expect("bound").port();
        let config = Embedded { http_port: 0, tcp_port: port, ..Embedded::default() };
        let message = Ports::choose(&config).expect_err("it is taken").to_string();
        assert!(message.contains(&port.to_string()) && message.contains("clickhouse.embedded.tcp_port"), "{message}");
    }

    #[test]
    fn chosen_ports_are_found_by_others() {
        let directory = tempfile::tempdir().expect("a directory");
        assert_eq!(Ports::load(directory.path()), None);
        let config = Embedded { http_port: 0, tcp_port: 0, ..Embedded::default() };
        let ports = Ports::choose(&config).expect("there are free ports");
        assert_ne!(ports.http, ports.tcp);
        ports.save(directory.path()).expect("written");
        assert_eq!(Ports::load(directory.path()), Some(ports));
    }
}
