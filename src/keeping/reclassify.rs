//! Judging stored clicks by newer rules.
//!
//! Evidence by evidence, month by month; the difference first, the writing only when it is asked for. Whatever is
//! broken off is taken up by doing it again: a click that has a verdict of this version is passed over, and the days
//! that an earlier run touched are told to the roll-ups by the one that ends.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use crate::enrich::Rules;
use crate::model::Progress;
use crate::warehouse::{CallError, NewVerdict, Warehouse};

/// Kinds of evidence that are held at once.
const PAGE: usize = 2_000;

/// How many clicks of a space go from which class to which; equal ones where only the reason changes.
pub type Changed = BTreeMap<(String, String, String), u64>;

/// What newer rules change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Clicks that get another verdict, by space, class before and class after.
    pub changed: Changed,
    /// Clicks that keep theirs.
    pub same: u64,
    /// An earlier run of this version was broken off before it was over.
    pub resumed: bool,
}

/// Judges every click that older rules judged, and writes the new verdicts when `write` says so. `progress` counts rows.
///
/// # Errors
/// ClickHouse's own; do it again then.
pub async fn reclassify(
    warehouse: &Warehouse,
    rules: Rules,
    write: bool,
    now_ms: i64,
    progress: &Progress,
) -> Result<Difference, CallError> {
    let mut difference = Difference::default();
    if write {
        difference.resumed = warehouse.begin_reclassification(rules.version(), now_ms).await?;
    }
    let months = warehouse.months_judged_before(rules.version()).await?;
    progress.total.store(months.iter().map(|(_, rows)| rows).sum(), Ordering::Relaxed);
    progress.done.store(0, Ordering::Relaxed);
    for (month, _) in months {
        judge_month(warehouse, rules, month, write.then_some(now_ms), &mut difference, progress).await?;
        if write {
            warehouse.confirm_verdicts(rules.version(), month, |_| {}).await?;
        }
    }
    if write {
        warehouse.finish_reclassification(rules.version(), now_ms).await?;
    }
    Ok(difference)
}

async fn judge_month(
    warehouse: &Warehouse,
    rules: Rules,
    month: u32,
    write_at_ms: Option<i64>,
    difference: &mut Difference,
    progress: &Progress,
) -> Result<(), CallError> {
    let mut after: Option<(String, u8)> = None;
    loop {
        let behind = after.as_ref().map(|(words, flags)| (words.as_str(), *flags));
        let page = warehouse.evidence_judged_before(rules.version(), month, behind, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        let mut verdicts = Vec::new();
        for kept in &page {
            let verdict = rules.judge(&kept.evidence, kept.flags);
            let mut is_new = false;
            for (space, class, reason, clicks) in &kept.judged {
                progress.done.fetch_add(*clicks, Ordering::Relaxed);
                if (class.as_str(), reason.as_str()) == (verdict.class.as_str(), verdict.reason) {
                    difference.same += clicks;
                    continue;
                }
                is_new = true;
                let change = (space.clone(), class.clone(), verdict.class.as_str().to_owned());
                *difference.changed.entry(change).or_default() += clicks;
            }
            if is_new {
                let (class, reason) = (verdict.class.as_str(), verdict.reason);
                verdicts.push(NewVerdict { evidence: &kept.evidence, flags: kept.flags, class, reason });
            }
        }
        if let Some(at_ms) = write_at_ms.filter(|_| !verdicts.is_empty()) {
            warehouse.replace_verdicts(rules.version(), month, at_ms, &verdicts, |_| {}).await?;
        }
        if page.len() < PAGE {
            return Ok(());
        }
        after = Some((last.evidence.clone(), last.flags));
    }
}
