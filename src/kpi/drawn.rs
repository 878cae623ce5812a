//! What is drawn beside the KPIs, and is none: the hours of the week, and the way from an application to a hire. Read
//! from the views that the dashboards read.

use super::error::KpiError;
use super::kpis::{Kpis, WITHIN};
use super::period::Period;
use crate::model::SpaceId;
use crate::warehouse::{HourRow, ReadableRow, Select, StageRow};

impl Kpis {
    /// Clicks by people in each local hour of the week; hours without a click are missing.
    ///
    /// # Errors
    /// [`KpiError`], within 22 s.
    pub async fn hours(&self, space: SpaceId, period: Period) -> Result<Vec<HourRow>, KpiError> {
        let select = "SELECT toUInt16(key) AS hour, sum(clicks) AS clicks FROM kpi_clicks_split(\
                      space = {space:String}, `by` = 'hour', `from` = {from:Date}, `to` = {to:Date}) \
                      GROUP BY hour HAVING clicks > 0 ORDER BY hour";
        self.read(select, space, period).await
    }

    /// The stages of applications that are credited to somebody, in order, each with those who reached it in the period.
    ///
    /// # Errors
    /// [`KpiError`], within 22 s.
    pub async fn stages(&self, space: SpaceId, period: Period) -> Result<Vec<StageRow>, KpiError> {
        let select = "SELECT stage, reached, went_on, ended, days_median FROM kpi_referral_stages(\
                      space = {space:String}, `by` = '', `from` = {from:Date}, `to` = {to:Date}) ORDER BY place";
        self.read(select, space, period).await
    }

    async fn read<T: ReadableRow>(&self, sql: &str, space: SpaceId, period: Period) -> Result<Vec<T>, KpiError> {
        let mut select = Select::new(sql, WITHIN);
        select.bind("space", space.to_string());
        select.bind("from", period.from().to_string()).bind("to", period.to().to_string());
        Ok(self.warehouse()?.select(&select).await?)
    }
}
