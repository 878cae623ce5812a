//! How KPIs, their numbers and their keys are called.

use super::super::employee::channel_name;
use super::super::parts::Page;
use crate::kpi::{Benchmark, Dimension, Figure, Kpi, Period};

/// A KPI's name in messages: `clicks-per-content-cohort`.
fn slug(kpi: &Kpi) -> String {
    kpi.id().replace(['_', '@'], "-")
}

/// What a KPI is called.
pub(super) fn name(page: &Page, kpi: &Kpi) -> String {
    page.word("kpi-name", &slug(kpi))
}

/// What its numerator counts.
pub(super) fn numerator(page: &Page, kpi: &Kpi) -> String {
    page.word("kpi-counts", &slug(kpi))
}

/// What its denominator counts; none for a count.
pub(super) fn denominator(page: &Page, kpi: &Kpi) -> Option<String> {
    kpi.denominator.map(|_| page.word("kpi-over", &slug(kpi)))
}

/// What a value is a number of.
pub(super) fn unit(page: &Page, kpi: &Kpi) -> String {
    page.word("kpi-unit", &kpi.unit.replace('/', "-per-").to_lowercase())
}

/// A value of a KPI.
pub(super) fn value(page: &Page, kpi: &Kpi, value: f64) -> String {
    match (kpi.unit, kpi.denominator) {
        ("ratio", _) => page.percent(value, 1),
        ("EUR", _) => page.say_of("kpis-euro", "amount", &page.decimal(value, 0)),
        (_, None) => page.decimal(value, 0),
        (_, Some(_)) => page.decimal(value, if value.abs() < 9.995 { 2 } else { 1 }),
    }
}

/// A value as it is read: an estimate's is its range.
pub(super) fn figure(page: &Page, kpi: &Kpi, middle: f64, range: Option<(f64, f64)>) -> String {
    match range {
        Some((low, high)) => {
            let [low, high] = [low, high].map(|number| value(page, kpi, number));
            page.say_with("kpis-range", &[("low", (&low).into()), ("high", (&high).into())])
        }
        None => value(page, kpi, middle),
    }
}

/// A numerator or denominator: a count, or an amount.
pub(super) fn part(page: &Page, number: f64) -> String {
    page.decimal(number, 0)
}

/// The way from the value before to this one; none from nothing.
pub(super) fn change(page: &Page, kpi: &Kpi, now: f64, before: f64) -> Option<String> {
    let (by, amount) = if kpi.unit == "ratio" {
        let points = ((now - before) * 1000.0).round() / 10.0;
        (points, page.say_of("kpis-points", "number", &page.decimal(points.abs(), 1)))
    } else if before == 0.0 {
        return None;
    } else {
        let share = ((now / before - 1.0) * 100.0).round() / 100.0;
        (share, page.percent(share.abs(), 0))
    };
    Some(match by {
        by if by > 0.0 => page.say_of("kpis-up", "by", &amount),
        by if by < 0.0 => page.say_of("kpis-down", "by", &amount),
        _ => page.say("kpis-same"),
    })
}

/// The study's figures, in one line.
pub(super) fn study(page: &Page, kpi: &Kpi, study: Benchmark) -> String {
    let said = [("mean", study.mean), ("best", study.best), ("lowest", study.lowest)];
    let said = said.into_iter().filter_map(|(which, number)| {
        let number = value_of_study(page, kpi, number?);
        Some(format!("{} {number}", page.word("kpis-study", which)))
    });
    said.collect::<Vec<_>>().join(" · ")
}

/// As the study gives them: no digits that it does not have.
fn value_of_study(page: &Page, kpi: &Kpi, value: f64) -> String {
    match kpi.unit {
        "ratio" => page.percent(value, 0),
        _ => page.decimal(value, usize::from(value.fract() != 0.0)),
    }
}

/// Where a value stands in the study.
pub(super) fn verdict(page: &Page, value: f64, study: Benchmark) -> String {
    let word = match study {
        Benchmark { best: Some(best), .. } if value >= best => "best",
        Benchmark { lowest: Some(lowest), .. } if value < lowest => "lowest",
        Benchmark { mean: Some(mean), .. } if value >= mean => "above",
        Benchmark { mean: Some(_), .. } => "below",
        _ => "within",
    };
    page.word("kpis-verdict", word)
}

/// First and last day of a period.
pub(super) fn period(page: &Page, period: Period) -> String {
    let (from, to) = (page.date(&period.from().to_string()), page.date(&period.to().to_string()));
    if from == to { from } else { page.say_with("kpis-from-to", &[("from", (&from).into()), ("to", (&to).into())]) }
}

/// What a split is called.
pub(super) fn dimension(page: &Page, by: Dimension) -> String {
    page.word("kpis-by", &by.as_str().replace('_', "-"))
}

/// How people call the key of a figure.
pub(super) fn key(page: &Page, by: Dimension, figure: &Figure) -> String {
    let Some(key) = figure.key() else { return page.word("kpis-none", &by.as_str().replace('_', "-")) };
    match by {
        Dimension::Channel => channel_name(page, key),
        Dimension::ContentKind => page.word_if_known("kind", key).unwrap_or_else(|| key.to_owned()),
        Dimension::AdvocateKind => page.word_if_known("advocate-kind", key).unwrap_or_else(|| key.to_owned()),
        _ if by.is_time() => bucket(page, by, key),
        _ => figure.label.clone().unwrap_or_else(|| key.to_owned()),
    }
}

/// A day, week, month or quarter.
pub(super) fn bucket(page: &Page, by: Dimension, key: &str) -> String {
    let year_and = |mark| key.split_once(mark).unwrap_or((key, ""));
    match by {
        Dimension::Month => page.month(key),
        Dimension::Week => {
            let (year, week) = year_and("-W");
            page.say_with("kpis-week", &[("week", week.trim_start_matches('0').into()), ("year", year.into())])
        }
        Dimension::Quarter => {
            let (year, quarter) = year_and("-Q");
            page.say_with("kpis-quarter", &[("quarter", quarter.into()), ("year", year.into())])
        }
        _ => page.date(key),
    }
}

/// The class or the channel that a figure carries beside its key.
pub(super) fn detail(page: &Page, kpi: &Kpi, detail: &str) -> String {
    match kpi.detail {
        Some("class") => page.word("kpis-class", detail),
        _ => channel_name(page, detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::KPIS;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;

    fn page(language: Language) -> Page {
        Page::of_nobody(TEXTS.of(language), None)
    }

    fn kpi(name: &str) -> &'static Kpi {
        Kpi::find(name).expect("a KPI")
    }

    #[test]
    fn every_kpi_has_its_words_in_both_languages_and_the_english_ones_are_the_registrys() {
        for language in Language::ALL {
            let page = page(*language);
            for kpi in KPIS {
                assert!(!name(&page, kpi).is_empty() && !unit(&page, kpi).is_empty());
                let (counts, over) = (numerator(&page, kpi), denominator(&page, kpi));
                if *language == Language::English {
                    assert_eq!((counts.as_str(), over.as_deref()), (kpi.numerator, kpi.denominator), "{}", kpi.id());
                }
            }
            for by in Dimension::ALL {
                assert!(!dimension(&page, *by).is_empty());
            }
        }
    }

    #[test]
    fn a_number_is_written_by_its_unit_and_a_change_in_words() {
        let (english, french) = (page(Language::English), page(Language::French));
        let shown = [
            ("active_sharer_ratio", 0.304),
            ("clicks", 1234.0),
            ("clicks_per_share", 3.666),
            ("clicks_per_content", 41.26),
        ];
        assert_eq!(shown.map(|(name, number)| value(&english, kpi(name), number)), ["30.4%", "1,234", "3.67", "41.3"]);
        let earned = kpi("earned_media_value");
        assert_eq!(value(&english, earned, 1234.5), "€1,234");
        assert_eq!(figure(&english, earned, 1234.5, Some((900.0, 1600.0))), "€900 to €1,600");
        let range = figure(&french, earned, 1234.5, Some((900.0, 1600.0)));
        assert_eq!(range, "de 900\u{202f}€ à 1\u{202f}600\u{202f}€");
        assert_eq!(change(&english, kpi("clicks"), 112.0, 100.0).as_deref(), Some("up 12%"));
        assert_eq!(change(&english, kpi("clicks"), 100.0, 100.2).as_deref(), Some("unchanged"));
        assert_eq!(change(&english, kpi("clicks"), 100.0, 0.0), None);
        assert_eq!(
            change(&french, kpi("active_sharer_ratio"), 0.30, 0.342).as_deref(),
            Some("en baisse de 4,2\u{a0}pts")
        );
    }

    #[test]
    fn a_value_is_placed_in_the_study() {
        let page = page(Language::English);
        let study = kpi("clicks_per_content").benchmark.expect("a benchmark");
        let said = [9.0, 10.0, 40.0, 87.0].map(|value| verdict(&page, value, study));
        assert_eq!(
            said,
            [
                "Below the study’s lowest",
                "Below the study’s mean",
                "Above the study’s mean",
                "At or above the study’s best"
            ]
        );
        assert_eq!(self::study(&page, kpi("clicks_per_content"), study), "mean 40 · best 87 · lowest 10");
    }

    #[test]
    fn buckets_are_called_as_people_call_them() {
        let (english, french) = (page(Language::English), page(Language::French));
        let named = |page, by, key| bucket(page, by, key);
        assert_eq!(named(&english, Dimension::Month, "2026-03"), "March 2026");
        assert_eq!(named(&french, Dimension::Month, "2026-08"), "août 2026");
        assert_eq!(named(&english, Dimension::Week, "2026-W05"), "Week 5, 2026");
        assert_eq!(named(&french, Dimension::Quarter, "2026-Q1"), "T1 2026");
        assert_eq!(named(&english, Dimension::Day, "2026-03-02"), "2 March 2026");
    }
}
