//! Figures over time: a table with a row a bucket, from which the browser draws a chart.

use jiff::civil::date;

use super::super::parts::Page;
use super::words;
use crate::kpi::{Bucket, Dimension, Figure, Kpi, Period};

/// Lines that are drawn at once; the table has all.
const DRAWN: usize = 7;
/// Classes in the order in which they are shown.
pub(super) const CLASSES: [&str; 7] = ["human", "preview", "bot", "scanner", "prefetch", "head", "self"];

/// A KPI over time.
pub(super) struct Series {
    /// What it shows.
    pub(super) caption: String,
    /// What a row is.
    pub(super) bucket: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    /// `percent` or `number`: how the axis is written.
    pub(super) scale: &'static str,
}

/// A line of the chart.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) drawn: bool,
}

/// A bucket.
pub(super) struct Row {
    /// Its first day, as seconds since 1970 of its midnight in UTC: where the chart puts it.
    pub(super) at: i64,
    pub(super) name: String,
    pub(super) cells: Vec<Cell>,
}

/// A figure of a bucket.
pub(super) struct Cell {
    /// As it is read.
    pub(super) text: String,
    /// As it is drawn; empty when there is none.
    pub(super) number: String,
}

/// The buckets that fit a period: at most some sixty. A ratio of a single day says little.
pub(super) fn bucket_of(kpi: &Kpi, period: Period) -> Dimension {
    match period.days() {
        ..=14 => Dimension::Day,
        15..=45 if kpi.denominator.is_none() => Dimension::Day,
        15..=200 => Dimension::Week,
        201..=1_500 => Dimension::Month,
        _ => Dimension::Quarter,
    }
}

impl Series {
    /// The figures of a KPI that was split by `by`, which is a split by time.
    pub(super) fn new(page: &Page, kpi: &'static Kpi, period: Period, by: Dimension, figures: &[Figure]) -> Self {
        let details = details(kpi, figures);
        let columns = match kpi.detail {
            Some(_) => {
                let column = |(at, detail): (usize, &String)| Column {
                    name: words::detail(page, kpi, detail),
                    drawn: at < DRAWN,
                };
                details.iter().enumerate().map(column).collect()
            }
            None => vec![Column { name: words::name(page, kpi), drawn: true }],
        };
        let row = |bucket: Bucket| {
            let own: Vec<&Figure> = figures.iter().filter(|figure| figure.key() == Some(&bucket.key)).collect();
            let cells = match kpi.detail {
                Some(_) => details.iter().map(|detail| cell(page, kpi, part_of(kpi, &own, detail), None)).collect(),
                None => {
                    let figure = own.first();
                    vec![cell(page, kpi, figure.and_then(|one| one.value), figure.and_then(|one| one.range))]
                }
            };
            let start = bucket.period.from();
            let at = start.since(date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()) * 86_400);
            Row { at, name: words::bucket(page, by, &bucket.key), cells }
        };
        Self {
            caption: page.say_with(
                "kpis-over-time",
                &[("name", (&words::name(page, kpi)).into()), ("bucket", (&words::dimension(page, by)).into())],
            ),
            bucket: words::dimension(page, by),
            columns,
            rows: period.buckets(by).into_iter().map(row).collect(),
            scale: if kpi.unit == "ratio" { "percent" } else { "number" },
        }
    }

    /// Whether anything happened.
    pub(super) fn has_any(&self) -> bool {
        let shown = |cell: &Cell| !cell.number.is_empty() && cell.number != "0";
        self.rows.iter().any(|row| row.cells.iter().any(shown))
    }
}

/// The classes in their order, channels with the most first.
fn details(kpi: &Kpi, figures: &[Figure]) -> Vec<String> {
    let mut found: Vec<(String, f64)> = Vec::new();
    for figure in figures {
        let Some(detail) = &figure.detail else { continue };
        let number = figure.numerator.unwrap_or_default();
        match found.iter_mut().find(|(name, _)| name == detail) {
            Some((_, sum)) => *sum += number,
            None => found.push((detail.clone(), number)),
        }
    }
    match kpi.detail {
        Some("class") => {
            let place = |name: &str| CLASSES.iter().position(|class| *class == name).unwrap_or(CLASSES.len());
            found.sort_by_key(|(name, _)| place(name));
        }
        _ => found.sort_by(|(first, most), (second, more)| more.total_cmp(most).then_with(|| first.cmp(second))),
    }
    found.into_iter().map(|(name, _)| name).collect()
}

/// The value of a class or channel in a bucket. One that is missing beside others is 0; so is a count of nothing.
fn part_of(kpi: &Kpi, own: &[&Figure], detail: &str) -> Option<f64> {
    match own.iter().find(|figure| figure.detail.as_deref() == Some(detail)) {
        Some(figure) => figure.value,
        None if !own.is_empty() || kpi.denominator.is_none() => Some(0.0),
        None => None,
    }
}

/// An estimate is read as its range; its line is the middle.
fn cell(page: &Page, kpi: &Kpi, value: Option<f64>, range: Option<(f64, f64)>) -> Cell {
    match value {
        Some(value) => Cell { text: words::figure(page, kpi, value, range), number: value.to_string() },
        None => Cell { text: "–".to_owned(), number: String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::programme::Language;
    use crate::portal::texts::TEXTS;

    fn figure(kpi: &'static Kpi, key: &str, detail: Option<&str>, value: Option<f64>) -> Figure {
        Figure {
            kpi,
            split: Some((Dimension::Day, Some(key.to_owned()))),
            label: None,
            detail: detail.map(str::to_owned),
            withheld: false,
            numerator: value,
            denominator: None,
            value,
            range: None,
        }
    }

    fn kpi(name: &str) -> &'static Kpi {
        Kpi::find(name).expect("a KPI")
    }

    #[test]
    fn each_bucket_has_a_row_and_what_is_missing_is_nothing() {
        let page = Page::of_nobody(TEXTS.of(Language::English), None);
        let classes = kpi("clicks_by_class");
        let period = Period::parse("2026-03-02", "2026-03-04").expect("a period");
        let figures = vec![
            figure(classes, "2026-03-02", Some("scanner"), Some(3.0)),
            figure(classes, "2026-03-04", Some("human"), Some(1200.0)),
        ];
        let series = Series::new(&page, classes, period, Dimension::Day, &figures);
        let names: Vec<_> = series.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["People", "Scanners"]);
        let cells: Vec<Vec<_>> =
            series.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect();
        assert_eq!(cells, [["0", "3"], ["0", "0"], ["1,200", "0"]]);
        assert_eq!((series.rows[0].at, series.rows[0].name.as_str()), (1_772_409_600, "2 March 2026"));

        let ratio = kpi("clicks_per_share");
        let figures = vec![figure(ratio, "2026-03-02", None, None)];
        let series = Series::new(&page, ratio, period, Dimension::Day, &figures);
        assert!(series.rows.iter().all(|row| row.cells[0].number.is_empty() && row.cells[0].text == "–"));
        assert!(!series.has_any());

        let estimate = kpi("earned_media_value");
        let range = Some((80.0, 150.0));
        let figures = vec![Figure { range, ..figure(estimate, "2026-03-02", None, Some(100.0)) }];
        let series = Series::new(&page, estimate, period, Dimension::Day, &figures);
        let cell = &series.rows[0].cells[0];
        assert_eq!((cell.text.as_str(), cell.number.as_str()), ("€80 to €150", "100"), "the line is the middle");
    }
}
