//! How commands speak to a running server: JSON lines over a socket in the data directory.
//!
//! The spool's books belong to the process that writes them, so a command that needs them asks that
//! process. The socket's mode (0600, in a folder of mode 0700) says who may.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::ingest::audit::{Books, audit};
use crate::ingest::quarantine;
use crate::spool::{LedgerError, Range, Spool};
use crate::warehouse::Warehouse;

/// What a command asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Compare the books with ClickHouse.
    Audit,
    /// Ship everything that the spool retains once more.
    ReplayAll,
    /// Ship the records in quarantine once more.
    ReplayQuarantine,
    /// List the records in quarantine.
    Quarantine,
}

/// What it gets.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// An audit's report, and whether all is well.
    Audit {
        /// Nothing lost, doubled or invented.
        clean: bool,
        /// For people.
        text: String,
        /// The report itself.
        report: serde_json::Value,
    },
    /// Records that will be shipped again.
    Replayed(u64),
    /// Records in quarantine, each with its reason.
    Quarantine(Vec<(String, String)>),
    /// It could not be done.
    Failed(String),
}

/// The rooms that an answer needs, in a server or in a command that opened the spool itself.
#[derive(Clone)]
pub struct Answerer {
    /// Whose books are asked.
    pub spool: Spool,
    /// ClickHouse, once it is there.
    pub warehouse: watch::Receiver<Option<Warehouse>>,
}

impl Answerer {
    /// Does what is asked.
    pub async fn answer(&self, request: Request) -> Reply {
        let ledger = self.spool.ledger();
        match request {
            Request::Audit => self.audit().await,
            Request::ReplayAll => {
                let ranges: Vec<Range> =
                    Books::of(ledger).segments.into_iter().flat_map(|(_, stored)| stored).collect();
                let records = ranges.iter().map(|range| u64::from(range.len())).sum();
                match ledger.requeued(&ranges) {
                    Ok(()) => Reply::Replayed(records),
                    Err(error) => not_now(&error),
                }
            }
            Request::ReplayQuarantine => {
                let records: Vec<_> = quarantine::list(ledger).into_iter().map(|one| one.id).collect();
                match quarantine::replay(ledger, &records) {
                    Ok(count) => Reply::Replayed(count as u64),
                    Err(error) => not_now(&error),
                }
            }
            Request::Quarantine => Reply::Quarantine(
                quarantine::list(ledger).into_iter().map(|one| (one.id.to_string(), one.reason.to_string())).collect(),
            ),
        }
    }

    async fn audit(&self) -> Reply {
        let warehouse = self.warehouse.borrow().clone();
        let Some(warehouse) = warehouse else {
            return Reply::Failed("ClickHouse is not there yet; the server's log says why".to_owned());
        };
        match audit(|| Books::of(self.spool.ledger()), &warehouse).await {
            Ok(report) => Reply::Audit {
                clean: report.is_clean(),
                text: report.to_string(),
                report: serde_json::to_value(&report).expect("a report is plain values"),
            },
            // UNKNOWN_TABLE, UNKNOWN_DATABASE: nobody has shipped anything there yet.
            Err(error) if matches!(error.code(), Some(60 | 81)) => {
                Reply::Failed(format!("{error}; `relais migrate` makes what is missing"))
            }
            Err(error) => Reply::Failed(error.to_string()),
        }
    }
}

/// Why a replay is refused, in words for whoever asked for it.
fn not_now(error: &LedgerError) -> Reply {
    Reply::Failed(match error {
        LedgerError::Overlap { .. } => {
            "a batch with these clicks is not verified yet: try again in a moment".to_owned()
        }
        other => other.to_string(),
    })
}

/// The server's end; its file goes when it is dropped.
pub(super) struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Takes the place of a socket that a killed server left.
    pub(super) fn bind(path: PathBuf) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// Answers until `shutdown`.
    pub(super) async fn serve(self, answerer: Answerer, shutdown: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                () = shutdown.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let answerer = answerer.clone();
                    tokio::spawn(async move {
                        // A command that went away wants no answer.
                        let _gone = converse(stream, &answerer).await;
                    });
                }
                Err(error) => tracing::warn!(%error, "a command could not be heard"),
            }
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_file(&self.path);
    }
}

async fn converse(stream: UnixStream, answerer: &Answerer) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    while let Some(line) = lines.next_line().await? {
        let reply = match serde_json::from_str(&line) {
            Ok(request) => answerer.answer(request).await,
            Err(error) => Reply::Failed(format!("the server is of another version than this command: {error}")),
        };
        let mut text = serde_json::to_string(&reply)?;
        text.push('\n');
        writing.write_all(text.as_bytes()).await?;
    }
    Ok(())
}

/// Asks the server that runs on `socket`; `None` when none does.
///
/// # Errors
/// When the server breaks off.
pub async fn ask(socket: &Path, request: &Request) -> io::Result<Option<Reply>> {
    let stream = match UnixStream::connect(socket).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let (reading, mut writing) = stream.into_split();
    let mut text = serde_json::to_string(request)?;
    text.push('\n');
    writing.write_all(text.as_bytes()).await?;
    let mut line = String::new();
    BufReader::new(reading).read_line(&mut line).await?;
    Ok(Some(serde_json::from_str(&line)?))
}
