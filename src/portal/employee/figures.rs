//! `/figures`: what came of one's own links, in plain words. Nobody else's figures are near.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::super::PortalState;
use super::super::parts::{Area, Failure, Outcome, Page, Person, show};
use crate::kpi::{Answer, Audience, Dimension, Kpi, KpiError, Period, Question};
use crate::programme::times;

/// The page.
pub(in crate::portal) const PATH: &str = "/figures";
/// Periods to choose from, in days; the first is shown.
const PERIODS: [u32; 3] = [30, 90, 365];
const DAY_MS: i64 = 86_400_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FiguresQuery {
    days: String,
}

#[derive(Template)]
#[template(path = "employee/figures.html")]
struct Figures {
    page: Page,
    days: u32,
    periods: [u32; 3],
    /// None when they cannot be had at the moment.
    own: Option<Own>,
}

/// A person's figures of a period.
#[derive(Debug, Default, PartialEq, Eq)]
struct Own {
    shares: i64,
    clicks: i64,
    landed: i64,
    /// Where, how many clicks and how many shares; most clicks first.
    places: Vec<OwnPlace>,
}

#[derive(Debug, PartialEq, Eq)]
struct OwnPlace {
    name: String,
    clicks: i64,
    shares: i64,
}

pub(super) async fn figures(
    State(state): State<PortalState>,
    Query(asked): Query<FiguresQuery>,
    person: Person,
) -> Outcome {
    let days = asked.days.parse().ok().filter(|days| PERIODS.contains(days)).unwrap_or(PERIODS[0]);
    let page = person.page(Area::Share, PATH);
    let own = match ask(&state, &person, days).await {
        Ok((whole, by_channel)) => Some(Own::read(&page, &whole, &by_channel)?),
        Err(KpiError::Away | KpiError::NoSpace | KpiError::TooLong) => None,
        Err(error) => {
            tracing::error!(%error, "somebody's own figures could not be answered");
            return Err(Failure::Failed);
        }
    };
    show(&Figures { page, days, periods: PERIODS, own })
}

/// The figures of the last so many days, today included: whole, and by channel.
async fn ask(state: &PortalState, person: &Person, days: u32) -> Result<(Answer, Answer), KpiError> {
    let now_ms = state.programme.now_ms();
    let local = |at_ms| times::date_in(&person.space.time_zone, at_ms).unwrap_or_default();
    let (from, to) = (local(now_ms - i64::from(days - 1) * DAY_MS), local(now_ms));
    let period = Period::parse(&from, &to).map_err(|_| KpiError::Away)?;
    let question = |names: &[&str], by| -> Result<Question, KpiError> {
        let kpis = names.iter().map(|name| Kpi::find(name)).collect::<Result<_, _>>()?;
        Ok(Question { kpis, period, by })
    };
    let whole = question(&["shares", "clicks", "landed_share_rate"], None)?;
    let by_channel = question(&["shares", "clicks"], Some(Dimension::Channel))?;
    let (space, audience) = (person.space_id(), Audience::Own(person.id()));
    let (whole, by_channel) =
        tokio::join!(state.kpis.answer(&space, &whole, audience), state.kpis.answer(&space, &by_channel, audience));
    Ok((whole?, by_channel?))
}

impl Own {
    fn read(page: &Page, whole: &Answer, by_channel: &Answer) -> Result<Self, Failure> {
        // Counts are whole numbers below 2^53.
        let count = |number: Option<f64>| number.unwrap_or_default() as i64;
        let kpi = |name| Kpi::find(name).map_err(|_| Failure::Failed);
        let (shares, clicks, landed) = (kpi("shares")?, kpi("clicks")?, kpi("landed_share_rate")?);
        let sum = |kpi| whole.of(kpi).map(|figure| count(figure.numerator)).sum();
        let mut places: Vec<OwnPlace> = Vec::new();
        for figure in by_channel.of(clicks).chain(by_channel.of(shares)) {
            let Some(channel) = figure.key() else { continue };
            let (name, number) = (super::channel_name(page, channel), count(figure.numerator));
            let at = places.iter().position(|place| place.name == name).unwrap_or_else(|| {
                places.push(OwnPlace { name, clicks: 0, shares: 0 });
                places.len() - 1
            });
            if figure.kpi == clicks {
                places[at].clicks += number;
            } else {
                places[at].shares += number;
            }
        }
        places.retain(|place| place.clicks > 0 || place.shares > 0);
        places.sort_by_key(|place| std::cmp::Reverse((place.clicks, place.shares)));
        Ok(Self { shares: sum(shares), clicks: sum(clicks), landed: sum(landed), places })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::Figure;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;

    fn figure(name: &str, channel: Option<&str>, numerator: f64) -> Figure {
        Figure {
            kpi: Kpi::find(name).expect("a KPI"),
            split: channel.map(|channel| (Dimension::Channel, Some(channel.to_owned()))),
            label: None,
            detail: None,
            withheld: false,
            numerator: Some(numerator),
            denominator: None,
            value: Some(numerator),
            range: None,
        }
    }

    #[test]
    fn own_figures_are_gathered_by_place_the_most_clicked_first() {
        let answer = |figures| Answer { figures, classifier_versions: vec![1] };
        let whole = answer(vec![
            figure("shares", None, 3.0),
            figure("clicks", None, 25.0),
            figure("landed_share_rate", None, 2.0),
        ]);
        let by_channel = answer(vec![
            figure("shares", Some("linkedin"), 1.0),
            figure("shares", Some("x"), 2.0),
            figure("shares", Some("qr"), 0.0),
            figure("clicks", Some("x"), 2.0),
            figure("clicks", Some("linkedin"), 23.0),
        ]);
        let page = Page::of_nobody(TEXTS.of(Language::English), None);
        let own = Own::read(&page, &whole, &by_channel).expect("figures");
        let places = [("LinkedIn", 23, 1), ("X", 2, 2)];
        let places = places.map(|(name, clicks, shares)| OwnPlace { name: name.to_owned(), clicks, shares });
        assert_eq!(own, Own { shares: 3, clicks: 25, landed: 2, places: places.into() });
    }
}
