//! By what clicks are split, and from what of a click each key comes.
//!
//! The expressions read `rollup_rows` ([`super::days`]): one row per click with what is known today of its advocate
//! and content.

/// One value of `by`.
pub(super) struct Split {
    /// Its name.
    pub by: &'static str,
    /// The key, as an expression.
    pub key: &'static str,
    /// Where the key comes from.
    pub from: &'static str,
    /// Which clicks take part, as a condition.
    pub only: &'static str,
    /// Whether visitors are counted, too.
    pub visitors: bool,
}

/// The days' clicks.
const ROWS: &str = "rollup_rows";

/// The same, each with the last share of its link at or before it.
const AGED: &str = "rollup_rows AS clicks ASOF LEFT JOIN (SELECT link AS shared, shared_at FROM rollup_shares FINAL \
    WHERE NOT removed AND space_id = {space:String} AND shared_on <= {to:Date} \
        AND link IN (SELECT link FROM rollup_rows)) AS shares \
    ON shares.shared = clicks.link AND shares.shared_at <= clicks.clicked_at";

const fn split(by: &'static str, key: &'static str) -> Split {
    Split { by, key, from: ROWS, only: "true", visitors: true }
}

/// Of contents of kind video.
const fn video(by: &'static str, key: &'static str) -> Split {
    Split { by, key, from: ROWS, only: "content_kind = 'video'", visitors: true }
}

/// The local hour of the week: Monday 00:00 is 000.
const HOUR: &str = "leftPad(toString((toDayOfWeek(day) - 1) * 24 + hour), 3, '0')";

/// Whole hours since the last share of the link, then whole days; nothing when there was none.
const AGE: &str = "multiIf(shared = 0, '', \
    dateDiff('second', shared_at, clicked_at) < 172800, \
        leftPad(toString(intDiv(dateDiff('second', shared_at, clicked_at), 3600)), 3, '0'), \
    dateDiff('second', shared_at, clicked_at) < 2678400, \
        concat('d', leftPad(toString(intDiv(dateDiff('second', shared_at, clicked_at), 86400)), 2, '0')), 'later')";

/// Every split. The schema's header says what the keys are.
pub(super) const SPLITS: &[Split] = &[
    split("all", "''"),
    split("team", "team"),
    split("location", "location"),
    split("language", "language"),
    split("cohort", "cohort"),
    split("advocate_kind", "advocate_kind"),
    split("advocate", "advocate"),
    split("content", "content"),
    split("content_kind", "content_kind"),
    split("campaign", "campaign"),
    split("channel", "channel"),
    split("country", "country"),
    split("device", "device"),
    split("network", "network"),
    // Who judged the clicks: answers say so.
    Split { visitors: false, ..split("classifier", "toString(classifier_version)") },
    Split { visitors: false, ..split("hour", HOUR) },
    // Shares mark the days of the links that have `clicks`, no others.
    Split { from: AGED, only: "sort <= 1", visitors: false, ..split("age", AGE) },
    video("video", "''"),
    video("video_country", "country"),
    video("video_device", "device"),
    video("video_network", "network"),
    Split { visitors: false, ..video("video_hour", HOUR) },
    // The clicks of clicks_per_content@cohort: within 30 x 24 hours from the content's publication.
    Split { only: "in_cohort", visitors: false, ..split("cohort_content", "content") },
];

/// The counts of `rollup_clicks` with the condition on `sort` that each has: [`super::days::SORT`].
pub(super) const COUNTS: &[(&str, &str)] = &[
    ("clicks", "sort <= 1"),
    ("job_clicks", "sort = 1"),
    ("elsewhere", "sort = 2"),
    ("preview", "sort = 3"),
    ("bot", "sort = 4"),
    ("scanner", "sort = 5"),
    ("prefetch", "sort = 6"),
    ("head", "sort = 7"),
    ("self", "sort = 8"),
];

/// A list of SQL expressions, one for each count.
pub(super) fn counts(expression: impl Fn(&str, &str) -> String) -> String {
    COUNTS.iter().map(|(name, condition)| expression(name, condition)).collect::<Vec<_>>().join(", ")
}

/// `['all', 'team', …]`.
pub(super) fn names(splits: impl Iterator<Item = &'static Split>) -> String {
    let names: Vec<_> = splits.map(|split| format!("'{}'", split.by)).collect();
    format!("[{}]", names.join(", "))
}
