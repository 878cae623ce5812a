//! One figure of the whole: with the period before beside it, and the study's figures.

use super::super::parts::Page;
use super::super::texts::msg;
use super::chosen::Chosen;
use super::shapes::Scale;
use super::words;
use crate::kpi::{Figure, Kpi};

/// A figure as a tile.
pub(super) struct Tile {
    /// The page of the KPI.
    pub(super) address: String,
    pub(super) name: String,
    /// None where there is nothing to divide by.
    pub(super) value: Option<String>,
    /// Numerator and denominator, or the range of an estimate; empty for a count.
    pub(super) parts: String,
    /// The period before, in a sentence; empty when there was none.
    pub(super) before: String,
    pub(super) study: Option<Study>,
}

/// The study's figures beside a value.
pub(super) struct Study {
    pub(super) line: String,
    /// Where the value stands; empty without a value.
    pub(super) verdict: String,
    pub(super) scale: Option<Scale>,
}

impl Tile {
    /// A KPI's figure in a period, and in the period before.
    pub(super) fn new(
        page: &Page,
        chosen: &Chosen,
        kpi: &'static Kpi,
        now: Option<&Figure>,
        before: Option<&Figure>,
    ) -> Self {
        let value = now.and_then(|figure| figure.value);
        Self {
            address: format!("/kpis/{}?{}", kpi.id(), chosen.query()),
            name: words::name(page, kpi),
            value: value.map(|value| words::value(page, kpi, value)),
            parts: now.map_or_else(String::new, |figure| parts(page, figure)),
            before: said_before(page, kpi, value, before),
            study: kpi.benchmark.map(|study| Study {
                line: words::study(page, kpi, study),
                verdict: value.map_or_else(String::new, |value| words::verdict(page, value, study)),
                scale: value.and_then(|value| Scale::of(value, study)),
            }),
        }
    }
}

/// `7 of 20`, `40 ÷ 8`, or the range of an estimate.
pub(super) fn parts(page: &Page, figure: &Figure) -> String {
    let kpi = figure.kpi;
    let pair = |message, (first, first_text): (_, String), (second, second_text): (_, String)| {
        page.say_with(message, &[(first, (&first_text).into()), (second, (&second_text).into())])
    };
    match (figure.range, figure.numerator, figure.denominator) {
        (range @ Some((low, _)), _, _) => words::figure(page, kpi, low, range),
        (_, Some(part), Some(whole)) if kpi.unit != "ratio" => {
            pair(msg("kpis-divided"), ("part", words::part(page, part)), ("whole", words::part(page, whole)))
        }
        (_, Some(part), Some(whole)) => {
            pair(msg("kpis-of"), ("part", words::part(page, part)), ("whole", words::part(page, whole)))
        }
        _ => String::new(),
    }
}

fn said_before(page: &Page, kpi: &Kpi, now: Option<f64>, figure: Option<&Figure>) -> String {
    let before = figure.and_then(|figure| Some((figure.value?, figure.range)));
    let Some((before, range)) = before else { return page.say("kpis-before-none") };
    let value = words::figure(page, kpi, before, range);
    match now.and_then(|now| words::change(page, kpi, now, before)) {
        Some(change) => {
            page.say_with("kpis-before-change", &[("value", (&value).into()), ("change", (&change).into())])
        }
        None => page.say_of("kpis-before", "value", &value),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::programme::Language;
    use crate::portal::parts::FormData;
    use crate::portal::texts::TEXTS;

    fn kpi(name: &str) -> &'static Kpi {
        Kpi::find(name).expect("a KPI")
    }

    #[test]
    fn an_estimate_is_a_range_now_and_before() {
        let page = Page::of_nobody(TEXTS.of(Language::English), None);
        let chosen = Chosen::read(&FormData::default(), date(2026, 3, 2), &page).expect("a period");
        let kpi = kpi("earned_media_value");
        let figure = |middle: f64| Figure {
            kpi,
            split: None,
            label: None,
            detail: None,
            withheld: false,
            numerator: Some(middle),
            denominator: None,
            value: Some(middle),
            range: Some((middle / 2.0, middle * 2.0)),
        };
        let tile = Tile::new(&page, &chosen, kpi, Some(&figure(120.0)), Some(&figure(100.0)));
        assert_eq!((tile.value.as_deref(), tile.parts.as_str()), (Some("€120"), "€60 to €240"));
        assert_eq!(tile.before, "Before: €50 to €200, so up 20%");
    }
}
