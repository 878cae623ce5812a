//! `relais reclassify`.

use std::collections::HashMap;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::bail;

use super::place::{self, Opened};
use super::progress::{Unit, shown};
use super::{output, runtime};
use crate::config::Settings;
use crate::keeping::{Difference, Rules, reclassify};
use crate::model::Progress;
use crate::model::SpaceId;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Reclassify {
    /// The rules that shall judge: this program's own version
    #[arg(long, value_name = "N")]
    classifier_version: u16,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Change it without asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

/// Spaces of one page.
const PAGE: u32 = 100;

impl Reclassify {
    /// Shows the difference, asks, writes.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let rules = Rules::CURRENT;
        if self.classifier_version != rules.version() {
            bail!(
                "this program has the rules of version {}: ask for those, or run the Relais that has others",
                rules.version()
            );
        }
        runtime::block_on(async {
            let opened = place::open(&settings, SpaceId::NONE).await?;
            let answer = self.reclassify(&opened, rules).await;
            opened.close().await;
            answer
        })
    }

    async fn reclassify(&self, opened: &Opened, rules: Rules) -> anyhow::Result<ExitCode> {
        let (warehouse, now_ms) = (&opened.place.warehouse, opened.place.store.clock().now_ms());
        let progress = Progress::default();
        let judge = reclassify(warehouse, rules, false, now_ms, &progress);
        let difference = shown("judge", Unit::Clicks, &progress, judge).await?;
        tell(opened, rules, &difference).await?;
        if self.dry_run {
            output::line("this was a dry run: nothing was changed");
            return Ok(ExitCode::SUCCESS);
        }
        if !difference.changed.is_empty() && !self.yes && !asked()? {
            output::line("nothing was changed");
            return Ok(ExitCode::SUCCESS);
        }
        let write = reclassify(warehouse, rules, true, now_ms, &progress);
        let written = shown("write", Unit::Clicks, &progress, write).await?;
        let clicks: u64 = written.changed.values().sum();
        let resumed = if written.resumed { "; an earlier run that was broken off is over with it" } else { "" };
        output::line(&format!(
            "{clicks} clicks have another class or reason now, and keep the former one beside it{resumed}"
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// The table: space, class before, class after, clicks.
async fn tell(opened: &Opened, rules: Rules, difference: &Difference) -> anyhow::Result<()> {
    let mut slugs = HashMap::new();
    let mut after = SpaceId::NONE;
    loop {
        let page = opened.programme.spaces(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        slugs.extend(page.into_iter().map(|space| (space.id.to_string(), space.slug)));
    }
    if difference.changed.is_empty() {
        let same = difference.same;
        output::line(&format!(
            "{same} clicks of older rules keep class and reason under the rules of version {}",
            rules.version()
        ));
        return Ok(());
    }
    output::line(&format!("{:<24} {:<10} {:<10} {:>12}", "space", "from", "to", "clicks"));
    for ((space, from, to), clicks) in &difference.changed {
        let space = slugs.get(space).unwrap_or(space);
        let to = if from == to { "(reason)" } else { to };
        output::line(&format!("{space:<24} {from:<10} {to:<10} {clicks:>12}"));
    }
    output::line(&format!("{:<24} {:<10} {:<10} {:>12}", "", "", "unchanged", difference.same));
    Ok(())
}

/// Asks whoever sits there.
fn asked() -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("nobody is there to be asked: give --yes to change it, or --dry-run to look");
    }
    write!(std::io::stderr(), "Change them? [y/N] ")?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "o" | "oui"))
}
