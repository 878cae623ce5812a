//! The audit from the outside: every request of a run against every row of it in ClickHouse.

mod clickhouse;
mod compare;

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Serialize;

use crate::duration;
use crate::journal::{Journal, Recorded};
use crate::traffic::Nonces;
use clickhouse::{ClickHouse, Server};
use compare::{Named, Stored, Verdict, compare};

/// How often a growing table is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Compares the journal of a run with the clicks that are stored.
///
/// Ends with exit 0 when no click was lost, doubled or invented, and with 1 when any was or when
/// the two could not be compared (then nothing is printed but the reason).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  relais-loadtest reconcile --journal run.journal --clickhouse http://default@127.0.0.1:8123 \\\n    --password-file data/clickhouse/password --database relais --wait 30s"
)]
pub(crate) struct Args {
    /// What `run` wrote
    #[arg(long, value_name = "FILE")]
    journal: PathBuf,
    /// ClickHouse's HTTP interface, with the user
    #[arg(long, value_name = "URL", default_value = "http://default@127.0.0.1:8123")]
    clickhouse: Server,
    /// Holds the user's password; without it the password is empty
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The database that holds `clicks`
    #[arg(long, default_value = "relais", value_parser = identifier)]
    database: String,
    /// How long to wait for clicks that are still on their way
    #[arg(long, default_value = "0s", value_parser = duration::parse)]
    wait: Duration,
    /// Prints one line of JSON
    #[arg(long)]
    json: bool,
}

/// The keys are documented in the README and only ever added to.
#[derive(Debug, Serialize)]
struct Report {
    run: String,
    exact: bool,
    /// Fates that a torn journal lacks; they count as unknown.
    journal_cut: u64,
    #[serde(flatten)]
    verdict: Verdict,
}

/// `relais-loadtest reconcile`: whether all is exact.
pub(crate) fn reconcile(args: &Args) -> anyhow::Result<bool> {
    let journal = Journal::read(&args.journal)?;
    let password = match &args.password_file {
        Some(path) => std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => String::new(),
    };
    let store = ClickHouse {
        server: args.clickhouse.clone(),
        password: password.trim_end_matches(['\r', '\n']).to_owned(),
        database: args.database.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let verdict = runtime.block_on(settled(&store, &journal, args.wait))?;
    let report =
        Report { run: format!("{:016x}", journal.run), exact: verdict.exact(), journal_cut: journal.cut, verdict };
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &report)?;
        writeln!(out)?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(report.exact)
}

/// Compares until nothing promised is missing and no more rows arrive, or until `wait` is over.
///
/// Rows are counted between two comparisons, which is cheap; only a count that could be complete
/// and has stopped growing is worth reading all rows again.
async fn settled(store: &ClickHouse, journal: &Recorded, wait: Duration) -> anyhow::Result<Verdict> {
    let deadline = Instant::now() + wait;
    let nonces = Nonces::new(journal.run);
    let mut verdict = read(store, journal, &nonces).await?;
    // one more look after the first, even when all is there: a doubled row comes late
    let mut looked_at = None;
    while Instant::now() < deadline {
        if verdict.lost.count == 0 && looked_at == Some(verdict.stored) {
            break;
        }
        tokio::time::sleep(LOOK.min(deadline.saturating_duration_since(Instant::now()))).await;
        let rows = count(store, &nonces).await?;
        if rows != verdict.stored && looked_at == Some(rows) {
            verdict = read(store, journal, &nonces).await?;
        }
        looked_at = Some(rows);
    }
    if wait.is_zero() || looked_at == Some(verdict.stored) {
        return Ok(verdict);
    }
    read(store, journal, &nonces).await
}

/// Reads every row of the run.
async fn read(store: &ClickHouse, journal: &Recorded, nonces: &Nonces) -> anyhow::Result<Verdict> {
    let mut stored = Stored::new(journal.fates.len());
    let query = format!("SELECT utm_content {}", rows_of(nonces));
    store
        .rows(query, |nonce| {
            ensure!(nonce.starts_with(nonces.prefix()), "ClickHouse answered something else than a nonce: {nonce}");
            stored.add(nonce, nonces.request(nonce));
            Ok(())
        })
        .await?;
    Ok(compare(journal, &stored, |request| format!("{}{request}", nonces.prefix())))
}

/// Counts the rows of the run.
async fn count(store: &ClickHouse, nonces: &Nonces) -> anyhow::Result<u64> {
    let mut rows = None;
    store
        .rows(format!("SELECT count() {}", rows_of(nonces)), |row| {
            rows =
                Some(row.parse().with_context(|| format!("ClickHouse answered something else than a count: {row}"))?);
            Ok(())
        })
        .await?;
    rows.context("ClickHouse counted nothing")
}

/// `FINAL`, as every reader asks: a batch that was sent twice is no doubled click.
fn rows_of(nonces: &Nonces) -> String {
    format!("FROM clicks FINAL WHERE startsWith(utm_content, '{}')", nonces.prefix())
}

fn identifier(text: &str) -> Result<String, String> {
    let clean = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if clean { Ok(text.to_owned()) } else { Err("a database's name is made of letters, digits and _".to_owned()) }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Verdict { scheduled, sent, not_sent, answered, promised, refused, unknown, stored, .. } = &self.verdict;
        let Verdict { unknown_stored, refused_stored, surplus, lost, doubled, invented, .. } = &self.verdict;
        let word = if self.exact { "exact" } else { "NOT EXACT" };
        writeln!(f, "run {}: {word}", self.run)?;
        writeln!(f, "  scheduled   {scheduled:>10}  sent {sent}, not sent {not_sent}")?;
        writeln!(f, "  answered    {answered:>10}  of which {promised} promise a click, {refused} were refused")?;
        writeln!(f, "  unknown     {unknown:>10}  of which {unknown_stored} are stored; any number is right")?;
        writeln!(f, "  stored      {stored:>10}  rows, of which {refused_stored} were refused, {surplus} are surplus")?;
        for (name, Named { count, examples }) in [("lost", lost), ("doubled", doubled), ("invented", invented)] {
            writeln!(f, "  {name:<11} {count:>10}")?;
            for example in examples {
                writeln!(f, "    {example}")?;
            }
        }
        if self.journal_cut > 0 {
            writeln!(f, "  the journal lacks its last {} fates, which count as unknown", self.journal_cut)?;
        }
        Ok(())
    }
}
