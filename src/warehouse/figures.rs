//! What readers see of the KPI views (`schema/clickhouse/0005_kpi_views.sql`), row by row.

use clickhouse::Row;
use serde::Deserialize;

use super::client::Warehouse;
use super::error::CallError;

/// One figure of a view.
#[derive(Debug, Clone, PartialEq, Row, Deserialize)]
pub struct FigureRow {
    /// The part of the split; null for the whole, and for what has no key.
    pub key: Option<String>,
    /// How people call it; for a single person its id, because no name is kept here.
    pub name: Option<String>,
    /// The class or the channel, where the KPI has one.
    pub detail: Option<String>,
    /// The numerator, or the count.
    pub numerator: Option<f64>,
    /// The denominator; null for a count.
    pub denominator: Option<f64>,
    /// The figure.
    pub value: Option<f64>,
    /// The lowest estimate, where there is a range.
    pub low: Option<f64>,
    /// The highest.
    pub high: Option<f64>,
    /// Whether the numbers are withheld.
    pub withheld: bool,
}

impl FigureRow {
    /// The columns of a view that make a row.
    pub const COLUMNS: &'static str = "key, name, detail, numerator, denominator, value, low, high, withheld";
}

/// What a question has to know of its space.
#[derive(Debug, Clone, PartialEq, Row, Deserialize)]
pub struct FigureSpace {
    /// `standard`, or `strict` for works-council mode.
    pub privacy_mode: String,
    /// The versions of the classifier that judged the clicks of the period.
    pub classifier_versions: Vec<u16>,
}

/// Clicks of an hour of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row, Deserialize)]
pub struct HourRow {
    /// The local hour of the week; Monday 00:00 is 0, Sunday 23:00 is 167.
    pub hour: u16,
    /// Clicks by people.
    pub clicks: u64,
}

/// Applications at one stage of the way to a hire.
#[derive(Debug, Clone, PartialEq, Row, Deserialize)]
pub struct StageRow {
    /// The stage.
    pub stage: String,
    /// How many reached it in the period.
    pub reached: u64,
    /// How many of these went on from it since.
    pub went_on: u64,
    /// How many of these ended there: refused, or withdrawn.
    pub ended: u64,
    /// Days until the next stage, in the middle of those who went on.
    pub days_median: Option<f64>,
}

impl Warehouse {
    /// Says how many people a group must have at least for its figures to be named to everybody: at least 1. Views read
    /// it from now on.
    ///
    /// # Errors
    /// The former number stands, or this one; the same call may be made again.
    pub async fn set_minimum_cell(&self, people: u16) -> Result<(), CallError> {
        self.execute(&format!(
            "INSERT INTO settings (name, value, version) \
             SELECT 'minimum_cell', '{people}', 1 + (SELECT max(version) FROM settings)"
        ))
        .await
    }
}
