//! What every command begins with.

use std::future::Future;

use anyhow::Context;

use crate::app::Folder;
use crate::config::Settings;
use crate::priority;

/// Runs a command's work on a runtime of two threads, which answer before anybody who computes goes on.
pub(super) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    priority::ask_for_slices(priority::SERVER_SLICE);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("relais")
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(work)
}

/// The data directory of `settings`, made when it is not there.
pub(super) fn folder(settings: &Settings) -> anyhow::Result<Folder> {
    Ok(Folder::open(&settings.data_dir)?)
}
