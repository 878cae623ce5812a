//! Questions and their answers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use super::dimension::Dimension;
use super::error::KpiError;
use super::period::Period;
use super::registry::{KPIS, Kpi};

/// Figures of a period, whole or in the parts of a split.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Which, in the order of the answer.
    pub kpis: Vec<&'static Kpi>,
    /// When.
    pub period: Period,
    /// Split by what; none: whole.
    pub by: Option<Dimension>,
}

impl Question {
    /// One KPI.
    ///
    /// # Errors
    /// [`KpiError::Split`] when it cannot be split that way.
    pub fn one(kpi: &'static Kpi, period: Period, by: Option<Dimension>) -> Result<Self, KpiError> {
        match by {
            Some(by) if !kpi.splits.has(by) => Err(KpiError::Split { kpi: kpi.id(), by, possible: kpi.possible() }),
            _ => Ok(Self { kpis: vec![kpi], period, by }),
        }
    }

    /// Every KPI that can be split that way, by the definitions that Relais shows.
    pub fn every(period: Period, by: Option<Dimension>) -> Self {
        let possible = |kpi: &&Kpi| kpi.alternative.is_none() && by.is_none_or(|by| kpi.splits.has(by));
        Self { kpis: KPIS.iter().filter(possible).collect(), period, by }
    }

    /// Every KPI that says something about one person, for [`Audience::Own`](super::Audience::Own).
    pub fn own(period: Period, by: Option<Dimension>) -> Self {
        let possible = |kpi: &&Kpi| kpi.alternative.is_none() && kpi.is_own(by);
        Self { kpis: KPIS.iter().filter(possible).collect(), period, by }
    }

    /// The same with the alternative definitions beside.
    #[must_use]
    pub fn with_alternatives(self) -> Self {
        let possible = |kpi: &&Kpi| {
            let asked = self.kpis.contains(kpi) || kpi.alternative.is_some();
            asked && self.by.is_none_or(|by| kpi.splits.has(by))
        };
        Self { kpis: KPIS.iter().filter(possible).collect(), ..self }
    }

    /// The same with this definition in the place of the one that Relais shows.
    ///
    /// # Errors
    /// [`KpiError::Unknown`], [`KpiError::Split`].
    pub fn with_definition(mut self, id: &str) -> Result<Self, KpiError> {
        let chosen = Kpi::find(id)?;
        Self::one(chosen, self.period, self.by)?;
        match self.kpis.iter_mut().find(|kpi| kpi.name == chosen.name) {
            Some(kpi) => *kpi = chosen,
            None => self.kpis.push(chosen),
        }
        Ok(self)
    }
}

/// One figure: a KPI in one part of a split.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Which KPI.
    pub kpi: &'static Kpi,
    /// The key of the part, with what it is a key of: none when nothing is split. A key of null is what has none: no
    /// team, an unknown advocate.
    pub split: Option<(Dimension, Option<String>)>,
    /// How people call the key: a content's title, a team's name. None: as it is called.
    pub label: Option<String>,
    /// The class of [`clicks_by_class`](KPIS) or the channel of `channel_mix`.
    pub detail: Option<String>,
    /// Withheld: the group is smaller than the minimum cell, or with it another group would be found by subtraction.
    /// The numbers are null then.
    pub withheld: bool,
    /// The numerator; for a count, the count.
    pub numerator: Option<f64>,
    /// The denominator; null for a count.
    pub denominator: Option<f64>,
    /// The numerator over the denominator, null when that is 0; for a count, the count.
    pub value: Option<f64>,
    /// The lowest and the highest estimate, where the value is the middle one: `earned_media_value`.
    pub range: Option<(f64, f64)>,
}

impl Figure {
    /// The key of the part as people read it; none when nothing is split or for what has no key.
    pub fn key(&self) -> Option<&str> {
        self.split.as_ref()?.1.as_deref()
    }

    /// Key and detail by name, as answers carry them: `{"team": "Sales", "class": "human"}`.
    pub fn by(&self) -> Option<BTreeMap<&'static str, Option<&str>>> {
        let split = self.split.as_ref().map(|(by, key)| (by.as_str(), key.as_deref()));
        let detail = self.kpi.detail.map(|name| (name, self.detail.as_deref()));
        (split.is_some() || detail.is_some()).then(|| split.into_iter().chain(detail).collect())
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Figure", 12)?;
        object.serialize_field("name", &self.kpi.id())?;
        object.serialize_field("by", &self.by())?;
        object.serialize_field("label", &self.label)?;
        object.serialize_field("value", &self.value)?;
        object.serialize_field("numerator", &self.numerator)?;
        object.serialize_field("denominator", &self.denominator)?;
        object.serialize_field("low", &self.range.map(|(low, _)| low))?;
        object.serialize_field("high", &self.range.map(|(_, high)| high))?;
        object.serialize_field("unit", self.kpi.unit)?;
        object.serialize_field("definition", &self.kpi.definition())?;
        object.serialize_field("additive", &self.kpi.adds_up(self.split.as_ref().map(|(by, _)| *by)))?;
        object.serialize_field("withheld", &self.withheld)?;
        object.end()
    }
}

/// The figures of a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// In the order of the question's KPIs; the parts of a split by time in order of time, of another by key, null last.
    #[serde(rename = "kpis")]
    pub figures: Vec<Figure>,
    /// The versions of the classifier that judged the clicks of the period, in order.
    pub classifier_versions: Vec<u16>,
}

impl Answer {
    /// The figures of one KPI.
    pub fn of<'a>(&'a self, kpi: &'a Kpi) -> impl Iterator<Item = &'a Figure> {
        self.figures.iter().filter(move |figure| figure.kpi == kpi)
    }
}
