//! The handle by which a process starts, nudges and drains its shipping.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::clock::Clock;
use super::config::{Config, ConfigError};
use super::deliver::Delivery;
use super::freeze::Freezer;
use super::pipeline::{Command, Pipeline, Remaining};
use super::thread::Thread;
use super::works::Works;
use crate::enrich::Enricher;
use crate::model::{DayKeys, Erased};
use crate::spool::Spool;
use crate::telemetry::Metrics;
use crate::warehouse::ClickSink;

/// What shipping works with; everything outside comes in here.
#[derive(Clone)]
pub struct Parts {
    /// Where answered clicks wait.
    pub spool: Spool,
    /// Turns observations into facts.
    pub enricher: Arc<Enricher>,
    /// Opens addresses while their day's key lives.
    pub keys: Arc<DayKeys>,
    /// Whose clicks are nobody's.
    pub erased: Arc<Erased>,
    /// ClickHouse.
    pub sink: Arc<dyn ClickSink>,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
    /// Where figures are counted.
    pub metrics: Arc<Metrics>,
    /// Name of the ClickHouse server or shard that `sink` writes to; kept in manifests.
    pub target: String,
}

/// Shipping could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A key of `[ingest]` is out of range.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The system gave no thread.
    #[error("no thread for shipping ({0}): raise the limit on processes or threads")]
    Thread(#[from] std::io::Error),
}

/// Shipping under way. Dropping it stops shipping at once, which is as safe as a crash.
pub struct Shipper {
    commands: mpsc::UnboundedSender<Command>,
    task: JoinHandle<Remaining>,
    works: Arc<Works>,
}

impl Shipper {
    /// Starts shipping: two threads of low priority that encode and sync, and a task on `runtime` that sends and
    /// verifies. Batches that an earlier run left open are verified first.
    ///
    /// # Errors
    /// When a key of `config` is out of range, or the system gives no thread.
    pub fn start(config: Config, parts: Parts, runtime: &Handle) -> Result<Self, StartError> {
        config.check()?;
        let worker = Thread::start("relais-freeze")?;
        let scribe = Thread::start("relais-ledger")?;
        let (commands, told) = mpsc::unbounded_channel();
        let works = works(&config, parts, worker, scribe);
        let task = runtime.spawn(Pipeline::new(config, works.clone()).run(told));
        Ok(Self { commands, task, works })
    }

    /// To be called when the engine was started again: parts that cannot be read any more are found, dropped, and
    /// their clicks shipped again from the spool.
    pub fn engine_restarted(&self) {
        // Fails only when the pipeline has ended, and then there is nothing to repair with.
        let _ended = self.commands.send(Command::CheckParts);
    }

    /// Ships what the spool still holds, for at most `grace`, and says what is left. To be called when no more
    /// clicks are recorded. What is left is safe: the next start ships it.
    pub async fn drain(self, grace: Duration) -> Remaining {
        let _ended = self.commands.send(Command::Drain(grace));
        self.task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "shipping had ended by a panic; what is left waits in the spool");
            self.works.remaining()
        })
    }

    /// False after a panic in shipping, which is a defect: clicks then only gather in the spool until a restart.
    pub fn is_running(&self) -> bool {
        !self.task.is_finished()
    }
}

pub(super) fn works(config: &Config, parts: Parts, worker: Thread, scribe: Thread) -> Arc<Works> {
    let freezer = Freezer::new(&parts.spool, parts.enricher, parts.keys, parts.erased, config.clone());
    Arc::new(Works {
        reader: parts.spool.reader(),
        delivery: Delivery {
            sink: parts.sink,
            ledger: parts.spool.ledger().clone(),
            scribe,
            clock: parts.clock,
            metrics: parts.metrics,
            parked: AtomicBool::new(false),
        },
        freezer: Arc::new(Mutex::new(freezer)),
        worker,
        target: parts.target,
    })
}
