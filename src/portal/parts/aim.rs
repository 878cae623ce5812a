//! Figures as pages ask for them and write them, and targets beside what came of them.

use std::fmt::Display;

use super::super::PortalState;
use super::Failure;
use crate::kpi::{Answer, Audience, Dimension, Figure, Kpi, KpiError, Period, Question};
use crate::model::{Quarter, SpaceId};
use crate::texts::Texts;

/// Figures of groups, never of a person; none while they cannot be had, because a page without figures beats none.
///
/// # Errors
/// [`Failure::Failed`], for a KPI that is none or not split that way too.
pub(in crate::portal) async fn ask(
    state: &PortalState,
    space: SpaceId,
    kpis: Vec<&'static Kpi>,
    period: Period,
    by: Option<Dimension>,
) -> Result<Option<Answer>, Failure> {
    let question = Question { kpis, period, by };
    match state.kpis.answer(&space, &question, Audience::Aggregates).await {
        Ok(answer) => Ok(Some(answer)),
        Err(KpiError::Away | KpiError::NoSpace | KpiError::TooLong) => Ok(None),
        Err(error) => {
            tracing::error!(%error, "the figures of a page failed");
            Err(Failure::Failed)
        }
    }
}

/// The KPIs of these names; a name that is none is left out.
pub(in crate::portal) fn kpis<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'static Kpi> {
    names.into_iter().filter_map(|name| Kpi::find(name).ok()).collect()
}

/// The days of a quarter.
pub(in crate::portal) fn days_of(quarter: Quarter) -> Result<Period, Failure> {
    Period::parse(&quarter.first_day(), &quarter.last_day()).map_err(|_| Failure::Failed)
}

/// How figures name a content or a campaign: by the company's own key where there is one.
pub(in crate::portal) fn key(external_id: Option<&str>, id: impl Display) -> String {
    external_id.map_or_else(|| id.to_string(), str::to_owned)
}

/// A figure as a page writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::portal) enum Cell {
    /// As it is written; an estimate as its range.
    Is(String),
    /// The group is too small.
    Withheld,
    /// There is none: nothing was shared, nobody is there, or figures cannot be had.
    Nothing,
}

impl Cell {
    /// Of a figure that was answered, or of none.
    pub(in crate::portal) fn of(texts: &Texts, figure: Option<&Figure>) -> Self {
        match figure {
            Some(figure) if figure.withheld => Self::Withheld,
            Some(Figure { kpi, value: Some(_), range: Some((low, high)), .. }) => {
                let [low, high] = [low, high].map(|number| written(texts, kpi, *number));
                Self::Is(texts.say_with("kpis-range", &[("low", (&low).into()), ("high", (&high).into())]))
            }
            Some(Figure { kpi, value: Some(value), .. }) => Self::Is(written(texts, kpi, *value)),
            Some(_) | None => Self::Nothing,
        }
    }
}

/// A KPI's figure in one part of an answer. A count of which the answer has no part is 0: the views have rows for what
/// happened alone.
pub(in crate::portal) fn in_part(answer: Option<&Answer>, kpi: &'static Kpi, key: Option<&str>) -> Option<Figure> {
    let answer = answer?;
    let found = answer.figures.iter().find(|figure| figure.kpi == kpi && figure.key() == key);
    let is_count = kpi.denominator.is_none();
    let none = || Figure {
        kpi,
        split: None,
        label: None,
        detail: None,
        withheld: false,
        numerator: Some(0.0),
        denominator: None,
        value: Some(0.0),
        range: None,
    };
    found.cloned().or_else(|| is_count.then(none))
}

/// The same as a page writes it; [`Cell::Nothing`] for a name that is no KPI.
pub(in crate::portal) fn cell(texts: &Texts, answer: Option<&Answer>, kpi: &str, key: &str) -> Cell {
    let figure = Kpi::find(kpi).ok().and_then(|kpi| in_part(answer, kpi, Some(key)));
    Cell::of(texts, figure.as_ref())
}

/// A value in the KPI's unit, as the reader's language writes it.
pub(in crate::portal) fn written(texts: &Texts, kpi: &Kpi, value: f64) -> String {
    match (kpi.unit, kpi.denominator) {
        ("ratio", _) => texts.percent(value, if value > 0.0 && value < 0.1 { 1 } else { 0 }),
        ("EUR", _) => texts.say_of("aim-euro", "amount", texts.decimal(value, 0).as_str()),
        // `40`, and `3.5`: a digit that is 0 says nothing.
        (_, Some(_)) => texts.decimal(value, usize::from((value * 10.0).round() % 10.0 != 0.0)),
        (_, None) => texts.decimal(value, 0),
    }
}

/// How people call a KPI.
pub(in crate::portal) fn name(texts: &Texts, kpi: &str) -> String {
    texts.word_if_known("kpi-name", &kpi.replace('_', "-")).unwrap_or_else(|| kpi.to_owned())
}

/// A target beside what came of it; drawn by `templates/parts/aim.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::portal) struct Aim {
    /// How people call the KPI.
    pub(in crate::portal) name: String,
    /// What is aimed at, as it is written.
    pub(in crate::portal) target: String,
    /// What came of it.
    pub(in crate::portal) actual: Cell,
    /// How much of the target that is, in hundredths, of an estimate its middle; none where there is no figure, or nothing is aimed at.
    pub(in crate::portal) percent: Option<u64>,
}

impl Aim {
    /// Of a KPI and its target, beside what came of it in one part of an answer, where that could be had.
    pub(in crate::portal) fn new(
        texts: &Texts,
        (kpi, target): (&str, f64),
        answer: Option<&Answer>,
        key: Option<&str>,
    ) -> Self {
        let figure = Kpi::find(kpi).ok().and_then(|kpi| in_part(answer, kpi, key));
        let figure = figure.as_ref();
        let value = figure.filter(|figure| !figure.withheld).and_then(|figure| figure.value);
        // No programme is ahead of its target by more than what a number of 53 bits holds.
        let percent = value.filter(|_| target > 0.0).map(|value| (value / target * 100.0).floor().max(0.0) as u64);
        let target = match Kpi::find(kpi) {
            Ok(kpi) => written(texts, kpi, target),
            Err(_) => texts.decimal(target, 0),
        };
        Self { name: name(texts, kpi), target, actual: Cell::of(texts, figure), percent }
    }

    /// What its bar shows: nobody draws more than the whole.
    pub(in crate::portal) fn bar(&self) -> u64 {
        self.percent.unwrap_or(0).min(100)
    }

    /// Whether the target is reached.
    pub(in crate::portal) fn is_reached(&self) -> bool {
        self.percent.is_some_and(|percent| percent >= 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;

    #[test]
    fn an_estimate_stands_beside_its_target_as_a_range() {
        let kpi = kpis(["earned_media_value"])[0];
        let nothing = Answer { figures: Vec::new(), classifier_versions: Vec::new() };
        let none = in_part(Some(&nothing), kpi, None).expect("a count of nothing");
        let figure = Figure { value: Some(450.0), range: Some((300.0, 700.0)), ..none };
        let answer = Answer { figures: vec![figure], ..nothing };
        let aim = |language| Aim::new(TEXTS.of(language), (kpi.name, 900.0), Some(&answer), None);
        let english = aim(Language::English);
        assert_eq!((english.actual, english.percent), (Cell::Is("€300 to €700".to_owned()), Some(50)));
        assert_eq!(aim(Language::French).actual, Cell::Is("de 300\u{202f}€ à 700\u{202f}€".to_owned()));
    }
}
