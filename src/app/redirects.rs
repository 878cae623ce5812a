//! The redirect workers: a thread, a listener and a lane of the spool each.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::net::{self, Drained};
use crate::redirect::{self, Config, Shared};
use crate::spool::Spool;

/// Opens one listener for each worker, all on the same port.
///
/// # Errors
/// Names the port and its key when something else has it.
pub(super) fn listeners(config: &Config, workers: usize) -> Result<Vec<TcpListener>, net::BindError> {
    let mut address = config.listen;
    if address.port() != 0 {
        // With SO_REUSEPORT a second server of the same user would share the port without a word.
        net::bind(address, false, Config::LISTEN_KEY)?;
    }
    let mut listeners = Vec::with_capacity(workers);
    for _ in 0..workers {
        let listener = net::bind(address, true, Config::LISTEN_KEY)?;
        // Port 0 is the system's choice for the first one, and then that port for all.
        address =
            listener.local_addr().map_err(|error| net::BindError::Other { address, key: Config::LISTEN_KEY, error })?;
        listeners.push(listener);
    }
    Ok(listeners)
}

/// Workers that answer.
pub(super) struct Workers(Vec<JoinHandle<io::Result<Drained>>>);

impl Workers {
    /// Starts a worker for each listener.
    ///
    /// # Errors
    /// When the spool gives no lane or the system no thread.
    pub(super) fn start(
        listeners: Vec<TcpListener>,
        shared: &Arc<Shared>,
        spool: &Spool,
        shutdown: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let mut threads = Vec::with_capacity(listeners.len());
        for (lane, listener) in (0u8..).zip(listeners) {
            let writer = spool.writer(lane)?;
            let name = format!("redirect-{lane}");
            let thread = redirect::spawn_worker(name, listener, Arc::clone(shared), writer, shutdown.clone());
            threads.push(thread.context("starting a redirect worker")?);
        }
        Ok(Self(threads))
    }

    /// Waits for the drain of every worker; answers how many connections had to be cut.
    pub(super) fn join(self) -> usize {
        let mut cut = 0;
        for thread in self.0 {
            match thread.join() {
                Ok(Ok(drained)) => cut += drained.cut,
                Ok(Err(error)) => tracing::error!(%error, "a redirect worker ended with an error"),
                Err(_) => tracing::error!("a redirect worker panicked"),
            }
        }
        cut
    }
}

/// Where the workers listen.
pub(super) fn address(listeners: &[TcpListener]) -> io::Result<SocketAddr> {
    listeners.first().ok_or_else(|| io::Error::other("no redirect worker"))?.local_addr()
}
