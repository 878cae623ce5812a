//! Opening a listening socket.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that the kernel may hold for us before they are accepted (it may cap this).
const BACKLOG: i32 = 4096;

/// Opens a non-blocking listener on `address`.
///
/// With `reuse_port` several listeners of this process share the port and the kernel spreads
/// connections over them; open all of them at once and keep them, because closing one drops the
/// connections that wait in its queue. `key` is the configuration key that `address` came from.
///
/// # Errors
/// Says which key to change when the port is taken, not allowed, or not on this machine.
pub fn bind(address: SocketAddr, reuse_port: bool, key: &'static str) -> Result<TcpListener, BindError> {
    open(address, reuse_port).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse { address, key },
        io::ErrorKind::PermissionDenied => BindError::NotAllowed { address, key },
        io::ErrorKind::AddrNotAvailable => BindError::NotHere { address, key },
        _ => BindError::Other { address, key, error },
    })
}

/// Why a listener could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program, or another `relais`, listens there.
    #[error("port {} of {} is in use; stop the other program or set `{key}` to another port", address.port(), address.ip())]
    InUse {
        /// What was asked for.
        address: SocketAddr,
        /// Where it was configured.
        key: &'static str,
    },
    /// Ports below 1024 want a privilege.
    #[error("this user may not listen on port {}; set `{key}` to a port above 1023 or grant CAP_NET_BIND_SERVICE", address.port())]
    NotAllowed {
        /// What was asked for.
        address: SocketAddr,
        /// Where it was configured.
        key: &'static str,
    },
    /// The address belongs to no interface.
    #[error("{} is no address of this machine; set `{key}` to one that is, or to 0.0.0.0 or [::]", address.ip())]
    NotHere {
        /// What was asked for.
        address: SocketAddr,
        /// Where it was configured.
        key: &'static str,
    },
    /// Anything else that the system says.
    #[error("cannot listen on {address} (`{key}`): {error}")]
    Other {
        /// What was asked for.
        address: SocketAddr,
        /// Where it was configured.
        key: &'static str,
        /// What the system says.
        error: io::Error,
    },
}

fn open(address: SocketAddr, reuse_port: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // A restart must not wait for the old connections' TIME_WAIT.
    socket.set_reuse_address(true)?;
    if reuse_port {
        socket.set_reuse_port(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

    #[test]
    fn a_port_in_use_is_named_together_with_its_key() {
        let first = bind(LOOPBACK, false, "redirect.listen").expect("a free port");
        let taken = first.local_addr().expect("its address");
        let error = bind(taken, false, "redirect.listen").expect_err("the port is taken");
        let text = error.to_string();
        assert!(matches!(error, BindError::InUse { .. }), "{text}");
        assert!(text.contains(&taken.port().to_string()) && text.contains("redirect.listen"), "{text}");
    }

    #[test]
    fn workers_share_a_port() {
        let first = bind(LOOPBACK, true, "redirect.listen").expect("a free port");
        let same = first.local_addr().expect("its address");
        let second = bind(same, true, "redirect.listen").expect("the same port again");
        assert_eq!(second.local_addr().expect("its address"), same);
    }

    #[test]
    fn an_address_of_another_machine_is_refused_with_advice() {
        let elsewhere: SocketAddr = "192.0.2.1:0".parse().expect("an address");
        let error = bind(elsewhere, false, "ops.listen").expect_err("not an address of ours");
        assert!(matches!(error, BindError::NotHere { .. }), "{error}");
    }
}
