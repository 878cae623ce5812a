//! When the process is to end.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that SIGTERM or SIGINT cancels. A second signal ends the process at once: whatever was
/// answered is in the spool by then, and a start ships it.
///
/// # Errors
/// When the system lets nobody listen for signals.
pub fn on_signal() -> std::io::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        for again in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if again {
                tracing::warn!("told twice to stop: ending at once, the next start ships what remains");
                std::process::exit(1);
            }
            cancel.cancel();
        }
    });
    Ok(token)
}
