//! A KPI in the parts of a split: a table with a bar a row.

use super::super::parts::{Page, Pager};
use super::shapes::bars;
use super::tile::parts;
use super::words;
use crate::kpi::{Dimension, Figure, Kpi};

/// Rows of a page.
const AT_ONCE: usize = 25;

/// A KPI's parts.
pub(super) struct Split {
    pub(super) by: String,
    /// What stands beside the key: classes, channels; empty when nothing does.
    pub(super) detail: String,
    pub(super) rows: Vec<Row>,
    /// Whether any row, on any page, is withheld.
    pub(super) withholds: bool,
    /// Whether each part is shown as a share of the whole.
    pub(super) adds_up: bool,
    /// Whether parts of this split may be added up, or are no counts.
    pub(super) is_sum: bool,
    /// Whether values are the middle of an estimate.
    pub(super) is_range: bool,
    pub(super) pager: Pager,
}

/// One part.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) detail: String,
    pub(super) withheld: bool,
    pub(super) value: String,
    pub(super) parts: String,
    /// Of the whole; empty where there is none.
    pub(super) share: String,
    /// Length of its bar, 0 to 100.
    pub(super) bar: f64,
}

impl Split {
    /// The parts of a KPI, page `number` from 1; `whole` is what they are shares of, `address` a page's address.
    pub(super) fn new(
        page: &Page,
        kpi: &'static Kpi,
        by: Option<Dimension>,
        figures: &[Figure],
        number: usize,
        address: impl Fn(usize) -> String,
    ) -> Self {
        let mut figures: Vec<&Figure> = figures.iter().collect();
        // Groups of people and people keep their order: nobody is ranked.
        if by.is_none_or(|by| !by.is_people() && by != Dimension::Advocate && !by.is_time()) {
            figures.sort_by(|one, other| other.value.unwrap_or(-1.0).total_cmp(&one.value.unwrap_or(-1.0)));
        }
        let whole: f64 = figures.iter().filter_map(|figure| figure.numerator).sum();
        let withholds = figures.iter().any(|figure| figure.withheld);
        let adds_up = kpi.adds_up(by);
        // The whole is the sum of its parts here, so not where one of them is withheld.
        let shares = adds_up && !withholds && whole > 0.0;
        let lengths = bars(&figures.iter().map(|figure| figure.value).collect::<Vec<_>>());
        let pages = figures.len().div_ceil(AT_ONCE).max(1);
        let at = number.clamp(1, pages);
        let shown = figures.iter().zip(lengths).skip((at - 1) * AT_ONCE).take(AT_ONCE);
        let row = |(figure, bar): (&&Figure, f64)| Row {
            name: by.map_or_else(String::new, |by| words::key(page, by, figure)),
            detail: figure.detail.as_deref().map_or_else(String::new, |detail| words::detail(page, kpi, detail)),
            withheld: figure.withheld,
            value: figure.value.map_or_else(|| "–".to_owned(), |value| words::value(page, kpi, value)),
            parts: parts(page, figure),
            share: match figure.numerator {
                Some(part) if shares => page.percent(part / whole, 1),
                _ => String::new(),
            },
            bar,
        };
        Self {
            by: by.map_or_else(String::new, |by| words::dimension(page, by)),
            detail: kpi.detail.map_or_else(String::new, |detail| page.word("kpis-detail", detail)),
            rows: shown.map(row).collect(),
            withholds,
            adds_up: shares,
            is_sum: adds_up || kpi.denominator.is_some(),
            is_range: figures.iter().any(|figure| figure.range.is_some()),
            pager: Pager::by_number(at, pages, address),
        }
    }
}

impl Split {
    /// Whether a value is made of parts, or an estimate: counts say themselves.
    pub(super) fn has_parts(&self) -> bool {
        self.rows.iter().any(|row| !row.parts.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;

    fn split(by: Dimension, parts: &[(&str, Option<f64>)], number: usize) -> Split {
        let kpi = kpi("clicks");
        let figure = |(key, value): &(&str, Option<f64>)| Figure {
            kpi,
            split: Some((by, Some((*key).to_owned()))),
            label: None,
            detail: None,
            withheld: value.is_none(),
            numerator: *value,
            denominator: None,
            value: *value,
            range: None,
        };
        let figures: Vec<Figure> = parts.iter().map(figure).collect();
        let page = Page::of_nobody(TEXTS.of(Language::English), None);
        Split::new(&page, kpi, Some(by), &figures, number, |page| format!("?page={page}"))
    }

    fn kpi(name: &str) -> &'static Kpi {
        Kpi::find(name).expect("a KPI")
    }

    fn names(split: &Split) -> Vec<&str> {
        split.rows.iter().map(|row| row.name.as_str()).collect()
    }

    #[test]
    fn places_stand_by_value_with_their_share_and_groups_of_people_in_their_order() {
        let parts = [("qr", Some(25.0)), ("x", Some(75.0))];
        let channels = split(Dimension::Channel, &parts, 1);
        assert_eq!(names(&channels), ["X", "QR code"]);
        assert_eq!((channels.rows[0].share.as_str(), channels.rows[0].bar), ("75.0%", 100.0));
        assert_eq!(channels.rows[1].bar, 33.3);
        assert_eq!(names(&split(Dimension::Team, &parts, 1)), ["qr", "x"]);
    }

    #[test]
    fn security_20_beside_a_withheld_part_there_are_no_shares_of_the_whole() {
        let teams = split(Dimension::Team, &[("a", Some(25.0)), ("b", None)], 1);
        assert!(teams.withholds && !teams.adds_up && teams.rows[1].withheld);
        assert!(teams.rows.iter().all(|row| row.share.is_empty()));
        assert_eq!((teams.rows[1].value.as_str(), teams.rows[1].bar), ("–", 0.0));
    }

    #[test]
    fn a_long_split_has_pages() {
        let parts: Vec<(String, Option<f64>)> = (0..60).map(|at| (format!("c{at:02}"), Some(f64::from(at)))).collect();
        let parts: Vec<(&str, Option<f64>)> = parts.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        let last = split(Dimension::Content, &parts, 9);
        assert_eq!((last.rows.len(), last.rows[0].name.as_str()), (10, "c09"));
        assert_eq!(last.pager.previous.as_deref(), Some("?page=2"));
        assert_eq!(split(Dimension::Content, &parts, 0).rows.len(), 25);
    }
}
