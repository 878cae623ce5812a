//! Figures as the API shows them.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::kpi::{Answer, Dimension, Figure, Kpi};

/// The figures of a question.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KpisView {
    /// In the order of the KPIs; a split by time in order of time, another by key, null last.
    kpis: Vec<FigureView>,
    /// The versions of the classifier that judged the clicks of the period.
    classifier_versions: Vec<u16>,
    /// What each definition means, and the study's figures.
    definitions: Vec<DefinitionView>,
}

/// One figure.
#[derive(Debug, Serialize, ToSchema)]
struct FigureView {
    /// The KPI, with `@` and the alternative if it is one.
    name: String,
    /// Split, and class or channel, by name; null when there is none.
    #[schema(value_type = Option<Object>, example = json!({"team": "Sales"}))]
    by: Option<serde_json::Value>,
    /// How people call the key: a content's title, a person's name.
    label: Option<String>,
    /// Null when the denominator is 0, or withheld.
    value: Option<f64>,
    numerator: Option<f64>,
    /// Null for a count.
    denominator: Option<f64>,
    /// The lowest estimate, where there is a range.
    low: Option<f64>,
    /// The highest.
    high: Option<f64>,
    unit: &'static str,
    /// Name, alternative and version.
    definition: String,
    /// Whether the parts of this split add up to the whole.
    additive: bool,
    /// The group is smaller than the minimum cell, or would give another one away.
    withheld: bool,
}

/// What a KPI means.
#[derive(Debug, Serialize, ToSchema)]
struct DefinitionView {
    definition: String,
    numerator: &'static str,
    denominator: Option<&'static str>,
    /// What it can be split by.
    #[schema(value_type = Vec<Dimension>)]
    splits: Vec<Dimension>,
    /// Of a study of six months over many programmes; null where it gives none.
    benchmark: Option<BenchmarkView>,
}

/// Figures of the study.
#[derive(Debug, Serialize, ToSchema)]
struct BenchmarkView {
    mean: Option<f64>,
    best: Option<f64>,
    lowest: Option<f64>,
}

impl KpisView {
    pub(super) fn new(answer: &Answer, kpis: &[&'static Kpi]) -> Self {
        Self {
            kpis: answer.figures.iter().map(FigureView::from).collect(),
            classifier_versions: answer.classifier_versions.clone(),
            definitions: kpis.iter().map(|kpi| DefinitionView::from(*kpi)).collect(),
        }
    }
}

impl From<&Figure> for FigureView {
    fn from(figure: &Figure) -> Self {
        Self {
            name: figure.kpi.id(),
            by: figure.by().map(|by| by.into_iter().map(|(name, key)| (name.to_owned(), json!(key))).collect()),
            label: figure.label.clone(),
            value: figure.value,
            numerator: figure.numerator,
            denominator: figure.denominator,
            low: figure.range.map(|(low, _)| low),
            high: figure.range.map(|(_, high)| high),
            unit: figure.kpi.unit,
            definition: figure.kpi.definition(),
            additive: figure.kpi.adds_up(figure.split.as_ref().map(|(by, _)| *by)),
            withheld: figure.withheld,
        }
    }
}

impl From<&'static Kpi> for DefinitionView {
    fn from(kpi: &'static Kpi) -> Self {
        Self {
            definition: kpi.definition(),
            numerator: kpi.numerator,
            denominator: kpi.denominator,
            splits: kpi.possible(),
            benchmark: kpi.benchmark.map(|study| BenchmarkView {
                mean: study.mean,
                best: study.best,
                lowest: study.lowest,
            }),
        }
    }
}
