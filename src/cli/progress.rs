//! How long work shows how far it is: a bar on a terminal, plain lines elsewhere, both on standard error.

use std::future::Future;
use std::io::IsTerminal;
use std::sync::atomic::Ordering;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::model::Progress;

/// How often a bar moves.
const MOVE_EVERY: Duration = Duration::from_millis(100);
/// How often a line says how far it is, where nobody watches.
const SAY_EVERY: Duration = Duration::from_secs(5);

/// Does `work` and shows `progress` meanwhile, in bytes or in `unit`.
pub(super) async fn shown<T>(what: &str, unit: Unit, progress: &Progress, work: impl Future<Output = T>) -> T {
    let on_terminal = std::io::stderr().is_terminal();
    let bar = if on_terminal { ProgressBar::new(0) } else { ProgressBar::hidden() };
    bar.set_style(unit.style());
    bar.set_message(what.to_owned());
    let mut look = tokio::time::interval(if on_terminal { MOVE_EVERY } else { SAY_EVERY });
    // The first one comes at once.
    look.tick().await;
    tokio::pin!(work);
    loop {
        tokio::select! {
            answer = &mut work => {
                bar.finish_and_clear();
                return answer;
            }
            _ = look.tick() => {
                let (done, total) = (progress.done.load(Ordering::Relaxed), progress.total.load(Ordering::Relaxed));
                if on_terminal {
                    bar.set_length(total.max(done));
                    bar.set_position(done);
                } else {
                    output::aside(&format!("{what}: {}", unit.say(done, total)));
                }
            }
        }
    }
}

/// What is counted.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Bytes,
    Rows,
    /// Of clicks that are judged anew.
    Clicks,
    /// Of ClickHouse's tables.
    Parts,
    /// Of ClickHouse's schema.
    Steps,
    Days,
}

impl Unit {
    fn style(self) -> ProgressStyle {
        let template = match self {
            Self::Bytes => "{msg} [{bar:40}] {bytes} of {total_bytes}, {eta} left",
            Self::Rows => "{msg} [{bar:40}] {human_pos} of {human_len} rows, {eta} left",
            Self::Clicks => "{msg} [{bar:40}] {human_pos} of {human_len} clicks, {eta} left",
            Self::Parts => "{msg} [{bar:40}] {human_pos} of {human_len} parts",
            Self::Steps => "{msg} [{bar:40}] {human_pos} of {human_len} steps",
            Self::Days => "{msg} [{bar:40}] {human_pos} of {human_len} days, {eta} left",
        };
        ProgressStyle::with_template(template).expect("the templates are right").progress_chars("=> ")
    }

    fn say(self, done: u64, total: u64) -> String {
        let percent = (done * 100).checked_div(total).unwrap_or(0).min(100);
        match self {
            Self::Bytes => format!("{} of {} MB read ({percent} %)", done >> 20, total >> 20),
            Self::Rows => format!("{done} of about {total} rows written ({percent} %)"),
            Self::Clicks => format!("{done} of about {total} clicks judged ({percent} %)"),
            Self::Parts => format!("{done} of {total} parts rewritten ({percent} %)"),
            Self::Steps => format!("{done} of {total} steps taken ({percent} %)"),
            Self::Days => format!("{done} of {total} days computed ({percent} %)"),
        }
    }
}
