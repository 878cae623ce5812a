//! What is drawn here: lengths and places in hundredths of a drawing's width, for attributes of SVG. Nothing is drawn that
//! does not stand beside it in words.

use crate::kpi::{Benchmark, HourRow};

/// A length or a place, 0 to 100.
fn hundredths(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { ((part / whole) * 1000.0).round().clamp(0.0, 1000.0) / 10.0 } else { 0.0 }
}

/// Bars of values on one scale, the longest of full width. What is there at all is seen.
pub(super) fn bars(values: &[Option<f64>]) -> Vec<f64> {
    let longest = values.iter().flatten().copied().fold(0.0, f64::max);
    let bar = |value: &Option<f64>| match value {
        Some(value) if *value > 0.0 => hundredths(*value, longest).max(0.5),
        _ => 0.0,
    };
    values.iter().map(bar).collect()
}

/// A value among the study's figures, on a scale from 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    /// From the lowest to the best; from 0 where the study gives no lowest.
    pub(super) range: (f64, f64),
    /// Where the mean is.
    pub(super) mean: Option<f64>,
    /// Where the value is.
    pub(super) value: f64,
}

impl Scale {
    /// None where the study gives no best.
    pub(super) fn of(value: f64, study: Benchmark) -> Option<Self> {
        let best = study.best?;
        // Room on the right, so that the best is not the edge.
        let end = (best * 1.15).max(value * 1.05);
        let at = |number: f64| hundredths(number, end);
        let start = at(study.lowest.unwrap_or(0.0));
        Some(Self { range: (start, at(best) - start), mean: study.mean.map(at), value: at(value) })
    }
}

/// Steps of shade of a heat map; the first is nothing at all.
const SHADES: u64 = 6;

/// Clicks of an hour of a day of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hour {
    /// How many.
    pub(super) clicks: u64,
    /// How dark, 0 to 6.
    pub(super) shade: u64,
}

/// Hours down, days across, Monday first. None when there is no click.
pub(super) fn heat(hours: &[HourRow]) -> Option<Vec<[Hour; 7]>> {
    let most = hours.iter().map(|row| row.clicks).max().filter(|most| *most > 0)?;
    let mut map = vec![[Hour::default(); 7]; 24];
    for row in hours {
        let (day, hour) = (usize::from(row.hour / 24), usize::from(row.hour % 24));
        if let Some(cell) = map[hour].get_mut(day) {
            *cell = Hour { clicks: row.clicks, shade: (row.clicks * SHADES).div_ceil(most) };
        }
    }
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_full_and_a_small_one_is_seen() {
        assert_eq!(bars(&[Some(50.0), Some(200.0), Some(0.1), Some(0.0), None]), [25.0, 100.0, 0.5, 0.0, 0.0]);
        assert_eq!(bars(&[Some(0.0)]), [0.0]);
    }

    #[test]
    fn a_value_stands_on_the_scale_of_the_study() {
        let study = Benchmark { mean: Some(40.0), best: Some(87.0), lowest: Some(10.0) };
        let scale = Scale::of(40.0, study).expect("a scale");
        assert_eq!((scale.mean, scale.value), (Some(40.0), 40.0));
        assert_eq!(scale.range.0, 10.0);
        let beyond = Scale::of(870.0, study).expect("a scale");
        assert!(beyond.value < 100.0 && beyond.range.1 < 10.0, "{beyond:?}");
        assert_eq!(Scale::of(1.0, Benchmark { best: None, ..study }), None);
    }

    #[test]
    fn an_hour_of_the_week_is_a_cell_and_the_busiest_is_darkest() {
        let row = |hour, clicks| HourRow { hour, clicks };
        let map = heat(&[row(0, 1), row(25, 12), row(167, 6)]).expect("a map");
        assert_eq!(map[0][0], Hour { clicks: 1, shade: 1 });
        assert_eq!(map[1][1], Hour { clicks: 12, shade: 6 });
        assert_eq!(map[23][6], Hour { clicks: 6, shade: 3 });
        assert_eq!(map[12][3], Hour::default());
        assert_eq!(heat(&[]), None);
    }
}
