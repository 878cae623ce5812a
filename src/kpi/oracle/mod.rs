//! The KPIs once more, computed slowly and in the most obvious way from rows in memory: what the views are compared
//! with. Tests only.
//!
//! [`bundle`] holds the rows, `parts` counts them, `cells` says which groups are withheld, [`golden`] reads what is expected of bundles known to all; each figure of each part of a split is computed from all rows anew.

pub(crate) mod bundle;
mod cells;
mod drawn;
pub(crate) mod golden;
mod parts;
pub(crate) mod random;
pub(crate) mod scene;
pub(crate) mod teams;

pub(crate) mod tests;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use bundle::{Bundle, Key};

use super::dimension::Dimension;
use super::period::Period;
use super::registry::{KPIS, Kpi};
use parts::{Part, figures};

/// What a figure is called and what it must be: KPI, key of the split, class or channel; numerator, denominator, value.
pub(crate) type Figures = BTreeMap<(String, Option<Key>, Option<String>), Numbers>;

/// The numbers of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Numbers {
    /// Null for an estimate that nobody can make.
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
    pub(crate) value: Option<f64>,
}

impl Numbers {
    pub(crate) fn count(numerator: f64) -> Self {
        Self { numerator: Some(numerator), denominator: None, value: Some(numerator) }
    }

    const UNKNOWN: Self = Self { numerator: None, denominator: None, value: None };

    pub(crate) fn ratio(numerator: f64, denominator: f64) -> Self {
        let value = (denominator != 0.0).then(|| numerator / denominator);
        Self { numerator: Some(numerator), denominator: Some(denominator), value }
    }
}

/// Every figure of a period, with the alternative definitions, of every KPI that can be split that way.
pub(crate) fn every(bundle: &Bundle, period: Period, by: Option<Dimension>) -> Figures {
    let mut found = Figures::new();
    for kpi in KPIS.iter().filter(|kpi| by.is_none_or(|by| kpi.splits.has(by))) {
        of(bundle, kpi, period, by, &mut found);
    }
    found
}

/// The figures of one KPI.
pub(crate) fn of(bundle: &Bundle, kpi: &Kpi, period: Period, by: Option<Dimension>, found: &mut Figures) {
    let mut add = |key: Option<Key>, period: Period, part: &Part, empty_too: bool| {
        for (detail, numbers) in figures(bundle, kpi, period, part) {
            let is_empty = numbers.numerator.unwrap_or(0.0) == 0.0 && numbers.denominator.unwrap_or(0.0) == 0.0;
            if !is_empty || (empty_too && kpi.detail.is_none()) {
                found.insert((kpi.id(), key.clone(), detail), numbers);
            }
        }
    };
    match by {
        None => add(None, period, &Part::Whole, true),
        Some(by) if by.is_time() => {
            for bucket in period.buckets(by) {
                add(Some(Some(bucket.key)), bucket.period, &Part::Whole, true);
            }
        }
        Some(by) => {
            let keys: BTreeSet<Key> = bundle.keys(by);
            for key in keys {
                add(Some(key.clone()), period, &Part::Of(by, key), false);
            }
        }
    }
}
