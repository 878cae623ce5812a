//! What came of contents and of a campaign.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::PortalState;
use super::super::parts::aim::{self, Cell};
use super::super::parts::{Failure, Page};
use crate::kpi::{Answer, Dimension, Period};
use crate::model::{Campaign, Content, SpaceId};

/// Days that the list of contents looks back over.
pub(super) const RECENT_DAYS: i32 = 90;
/// Days that a campaign without a first day is looked back over.
const A_YEAR: i32 = 365;

/// Shares and clicks of a content.
pub(super) struct Came {
    pub(super) shares: Cell,
    pub(super) clicks: Cell,
}

/// Shares and clicks by content.
pub(super) struct OfContents(Answer);

impl OfContents {
    /// Of every content of a space in a period; none while figures cannot be had.
    pub(super) async fn ask(state: &PortalState, space: SpaceId, period: Period) -> Result<Option<Self>, Failure> {
        let kpis = aim::kpis(["shares", "clicks"]);
        Ok(aim::ask(state, space, kpis, period, Some(Dimension::Content)).await?.map(Self))
    }

    /// Of one content.
    pub(super) fn of(&self, page: &Page, content: &Content) -> Came {
        let key = aim::key(content.external_id.as_deref(), content.id);
        let cell = |kpi| aim::cell(page, Some(&self.0), kpi, &key);
        Came { shares: cell("shares"), clicks: cell("clicks") }
    }
}

/// So many days up to and with today.
pub(super) fn last_days(today: &str, days: i32) -> Result<Period, Failure> {
    let to: Date = today.parse().map_err(|_| Failure::Failed)?;
    let from = to.checked_sub((days - 1).days()).map_err(|_| Failure::Failed)?;
    Period::new(from, to).map_err(|_| Failure::Failed)
}

/// The days of a campaign until today: from its first, or for a year where it has none. None before it begins.
pub(super) fn days_of(campaign: &Campaign, today: &str) -> Result<Option<Period>, Failure> {
    // Dates of one form compare as texts.
    let to = campaign.ends_on.as_deref().filter(|ends| *ends < today).unwrap_or(today);
    let Some(from) = &campaign.starts_on else { return last_days(to, A_YEAR).map(Some) };
    if from.as_str() > today {
        return Ok(None);
    }
    // Longer than figures can be asked for: the latest year of it.
    Period::parse(from, to).map_or_else(|_| last_days(to, A_YEAR), Ok).map(Some)
}

/// How the views call a campaign.
pub(super) fn key_of(campaign: &Campaign) -> String {
    aim::key(campaign.external_id.as_deref(), campaign.id)
}
