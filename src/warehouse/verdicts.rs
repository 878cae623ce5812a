//! What was kept of clicks for judging them again, and writing down the new verdicts.
//!
//! A click's verdict depends on its evidence alone, of which there are few: so they are judged one evidence at a time,
//! month by month, and a month's clicks change by a mutation. Rows keep their identity and their batch, so neither
//! delivery nor the audit sees a difference. What was believed before goes to `verdicts` first. Imported clicks have
//! no evidence, and nobody's rules but the importer's.

use std::time::Duration;

use clickhouse::Row;
use serde::Deserialize;

use super::client::Warehouse;
use super::error::CallError;
use super::select::Select;

/// How long one look for evidence may take.
const WITHIN: Duration = Duration::from_secs(600);
/// Longest statement, in bytes: two thousand kinds of evidence, four times over.
const LONGEST: u64 = 16 << 20;
/// Clicks that these rules may judge, and have not.
const OLDER: &str = "class_reason != 'imported' AND classifier_version <";

/// Clicks of one month that left the same evidence.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct KeptEvidence {
    /// The words of the user agent that are kept.
    pub evidence: String,
    /// The request's own facts.
    pub flags: u8,
    /// How they were judged: space, class, reason and how many clicks.
    pub judged: Vec<(String, String, String, u64)>,
}

/// A new verdict over one evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewVerdict<'a> {
    /// The words that were kept.
    pub evidence: &'a str,
    /// The request's own facts.
    pub flags: u8,
    /// Who asked, as it is believed now.
    pub class: &'a str,
    /// Why.
    pub reason: &'a str,
}

#[derive(Row, Deserialize)]
struct Month {
    month: u32,
    clicks: u64,
}

#[derive(Row, Deserialize)]
struct Finished {
    finished: bool,
}

impl Warehouse {
    /// The months (`yyyymm`, UTC) with clicks that were judged by rules older than `version`, each with how many rows.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn months_judged_before(&self, version: u16) -> Result<Vec<(u32, u64)>, CallError> {
        let select = Select::new(
            format!(
                "SELECT toUInt32(_partition_id) AS month, count() AS clicks FROM clicks WHERE {OLDER} {version} \
                 GROUP BY month ORDER BY month"
            ),
            WITHIN,
        );
        Ok(self.select::<Month>(&select).await?.into_iter().map(|row| (row.month, row.clicks)).collect())
    }

    /// The next `limit` kinds of evidence of a month's clicks that were judged by rules older than `version`, in their
    /// order, behind `after`.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn evidence_judged_before(
        &self,
        version: u16,
        month: u32,
        after: Option<(&str, u8)>,
        limit: usize,
    ) -> Result<Vec<KeptEvidence>, CallError> {
        let (words, flags) = after.unwrap_or_default();
        let behind =
            if after.is_some() { "AND (evidence, evidence_flags) > ({words:String}, {flags:UInt8})" } else { "" };
        let mut select = Select::new(
            format!(
                "SELECT evidence, evidence_flags AS flags, \
                 groupArray((toString(space_id), toString(class), class_reason, clicks)) AS judged FROM (\
                 SELECT evidence, evidence_flags, space_id, class, class_reason, count() AS clicks FROM clicks FINAL \
                 WHERE _partition_id = '{month}' AND {OLDER} {version} {behind} \
                 GROUP BY evidence, evidence_flags, space_id, class, class_reason) \
                 GROUP BY evidence, evidence_flags ORDER BY evidence, evidence_flags LIMIT {limit}"
            ),
            WITHIN,
        );
        if after.is_some() {
            select.bind("words", words.to_owned()).bind("flags", i64::from(flags));
        }
        self.select(&select).await
    }

    /// Keeps the old verdicts of those of a month's clicks that are judged otherwise now, then gives them the new ones.
    /// Interrupted, it is done again: clicks that have a verdict of `version` are passed over.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn replace_verdicts(
        &self,
        version: u16,
        month: u32,
        at_ms: i64,
        verdicts: &[NewVerdict<'_>],
        told: impl FnMut(u64),
    ) -> Result<(), CallError> {
        let list = |of: &dyn Fn(&NewVerdict<'_>) -> String| {
            let texts: Vec<String> = verdicts.iter().map(|one| quoted(&of(one))).collect();
            format!("[{}]", texts.join(", "))
        };
        let key = "concat(toString(evidence_flags), ' ', evidence)";
        let keys = list(&|one| format!("{} {}", one.flags, one.evidence));
        let class = format!("transform({key}, {keys}, {}, toString(class))", list(&|one| one.class.to_owned()));
        let reason = format!("transform({key}, {keys}, {}, class_reason)", list(&|one| one.reason.to_owned()));
        let which = format!("{OLDER} {version} AND has({keys}, {key})");
        let keep = format!(
            "INSERT INTO verdicts SELECT space_id, clicked_at, spool_id, lane, segment, record, class, class_reason, \
             classifier_version, {version}, fromUnixTimestamp64Milli(toInt64({at_ms}), 'UTC') FROM clicks FINAL \
             WHERE _partition_id = '{month}' AND {which} AND (class != {class} OR class_reason != {reason})"
        );
        let query = self.client.query_raw(&keep).with_setting("wait_end_of_query", "1");
        let query = query.with_setting("max_query_size", LONGEST.to_string());
        super::client::bounded(WITHIN, query.execute()).await?;
        let new = format!("class = {class}, class_reason = {reason}, classifier_version = {version}");
        self.mutate("clicks", &format!("UPDATE {new} IN PARTITION ID '{month}' WHERE {which}"), told).await
    }

    /// Notes on a month's other clicks that these rules judge them as they were judged.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn confirm_verdicts(&self, version: u16, month: u32, told: impl FnMut(u64)) -> Result<(), CallError> {
        let command =
            format!("UPDATE classifier_version = {version} IN PARTITION ID '{month}' WHERE {OLDER} {version}");
        self.mutate("clicks", &command, told).await
    }

    /// Notes that a reclassification is begun; true when an earlier one of this version was broken off.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn begin_reclassification(&self, version: u16, at_ms: i64) -> Result<bool, CallError> {
        let sql = format!("SELECT finished FROM reclassifications FINAL WHERE version = {version}");
        let before: Vec<Finished> = self.rows(&sql).await?;
        self.note_reclassification(version, false, at_ms).await?;
        Ok(before.iter().any(|row| !row.finished))
    }

    /// Tells the roll-ups which clicks have other verdicts now, and that this reclassification is over.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn finish_reclassification(&self, version: u16, at_ms: i64) -> Result<(), CallError> {
        self.execute(&format!(
            "INSERT INTO rollup_marks (space_id, subject, at, mark) SELECT space_id, 'click', quarter, rand64() FROM (\
             SELECT DISTINCT space_id, toStartOfFifteenMinutes(clicked_at) AS quarter FROM verdicts \
             WHERE replaced_by = {version})"
        ))
        .await?;
        self.note_reclassification(version, true, at_ms).await
    }

    async fn note_reclassification(&self, version: u16, finished: bool, at_ms: i64) -> Result<(), CallError> {
        // The end of one must win over its beginning in the same millisecond.
        let at_ms = at_ms + i64::from(finished);
        self.execute(&format!(
            "INSERT INTO reclassifications VALUES ({version}, {finished}, fromUnixTimestamp64Milli(toInt64({at_ms}), 'UTC'))"
        ))
        .await
    }
}

/// A text as a literal of SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
