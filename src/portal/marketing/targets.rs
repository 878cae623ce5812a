//! Targets as people type them: which KPIs they aim at, and the numbers.

use super::super::parts::FormState;
use super::super::parts::aim;
use crate::kpi::{Dimension, KPIS, Kpi};
use crate::model::programme::Language;
use crate::programme::Field;
use crate::texts::Texts;

/// The KPIs that something can aim at, of those that split by `by`. Nobody aims at a figure that comes in parts, or
/// that is better the smaller it is.
pub(super) fn possible(by: Option<Dimension>) -> impl Iterator<Item = &'static Kpi> {
    KPIS.iter().filter(move |kpi| {
        let is_one = kpi.alternative.is_none() && kpi.detail.is_none() && kpi.name != "clicks_per_hire";
        is_one && by.is_none_or(|by| kpi.splits.has(by))
    })
}

/// How the KPI of a field is called, with what is typed there.
pub(super) fn label(texts: &Texts, kpi: &str) -> String {
    let name = aim::name(texts, kpi);
    match Kpi::find(kpi).map(|kpi| kpi.unit) {
        Ok("ratio") => format!("{name} ({})", texts.say("target-in-percent")),
        Ok("EUR") => format!("{name} ({})", texts.say("target-in-euros")),
        _ => name,
    }
}

/// A target as a field shows it: hundredths of a ratio, the number of anything else.
pub(super) fn written(texts: &Texts, kpi: &str, target: f64) -> String {
    let value = if is_ratio(kpi) { target * 100.0 } else { target };
    // What is typed with two digits behind the point comes back with them.
    let plain = format!("{value:.4}");
    let plain = plain.trim_end_matches('0').trim_end_matches('.');
    if texts.language() == Language::French { plain.replace('.', ",") } else { plain.to_owned() }
}

/// What somebody typed as a target; null for an empty field, nothing for what is no number of 0 or more.
pub(super) fn read(language: Language, kpi: &str, typed: &str) -> Option<Field<serde_json::Number>> {
    let plain: String =
        typed.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '%' | '€')).collect();
    if plain.is_empty() {
        return Some(Field::Null);
    }
    let value: f64 = point(language, &plain).parse().ok()?;
    let value = if is_ratio(kpi) { value / 100.0 } else { value };
    if !value.is_finite() || value < 0.0 {
        return None;
    }
    // A whole number stays one.
    let is_whole = value.fract() == 0.0 && value < 9e15;
    let number = if is_whole { Some((value as u64).into()) } else { serde_json::Number::from_f64(value) };
    number.map(Field::Value)
}

/// Notes in a form what is wrong with a target.
pub(super) fn refuse(form: &mut FormState, field: &str, texts: &Texts) {
    form.refuse(field, texts.say("problem-target-invalid"));
}

fn is_ratio(kpi: &str) -> bool {
    Kpi::find(kpi).is_ok_and(|kpi| kpi.unit == "ratio")
}

/// The number with a point before its decimals. An English comma between groups of three digits is none.
fn point(language: Language, plain: &str) -> String {
    let groups: Vec<_> = plain.split(',').collect();
    let are_groups = groups.len() > 1
        && groups[1..].iter().enumerate().all(|(index, group)| {
            let whole = if index + 2 == groups.len() { group.split('.').next().unwrap_or_default() } else { group };
            whole.len() == 3
        });
    if language == Language::English && are_groups { groups.concat() } else { plain.replace(',', ".") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::texts::TEXTS;

    #[test]
    fn a_target_reads_back_in_the_language_that_wrote_it() {
        let number = |language, kpi: &str, typed: &str| match read(language, kpi, typed) {
            Some(Field::Value(number)) => number.as_f64(),
            _ => None,
        };
        let (en, fr) = (Language::English, Language::French);
        for (language, kpi, typed, expected) in [
            (en, "clicks", "1,200", 1200.0),
            (en, "clicks", "1,200,000.5", 1_200_000.5),
            (en, "clicks_per_share", "2,5", 2.5),
            (fr, "clicks", "1\u{202f}200", 1200.0),
            (fr, "clicks_per_share", "2,5", 2.5),
            (fr, "clicks_per_share", "2,125", 2.125),
            (fr, "adoption_rate", "30 %", 0.3),
            (en, "adoption_rate", "12.5%", 0.125),
            (en, "earned_media_value", "€900", 900.0),
        ] {
            assert_eq!(number(language, kpi, typed), Some(expected), "{typed}");
            let shown = written(TEXTS.of(language), kpi, expected);
            assert_eq!(number(language, kpi, &shown), Some(expected), "{shown}");
        }
        assert_eq!(read(en, "clicks", " "), Some(Field::Null));
        for typed in ["many", "-1", "inf", "NaN", "1e400"] {
            assert_eq!(read(en, "clicks", typed), None, "{typed}");
        }
    }

    #[test]
    fn what_can_be_aimed_at_has_one_figure() {
        let names: Vec<_> = possible(Some(Dimension::Campaign)).map(|kpi| kpi.name).collect();
        assert!(names.contains(&"clicks") && !names.contains(&"adoption_rate"), "{names:?}");
        assert!(!names.contains(&"channel_mix") && !names.contains(&"clicks_per_hire"), "{names:?}");
        assert!(possible(None).any(|kpi| kpi.name == "contents_per_weekday"));
    }
}
