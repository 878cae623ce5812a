//! Every KPI, once: its name, its parts in plain words, what it can be split by.
//!
//! What the words mean in SQL stands in `schema/clickhouse/0005_kpi_views.sql`, one view a KPI.

use super::dimension::Dimension;
use super::error::KpiError;

/// A KPI, or another definition of one that others use.
#[derive(Debug, PartialEq)]
pub struct Kpi {
    /// Its name: `clicks_per_content`.
    pub name: &'static str,
    /// Which other definition this is: `cohort`. None: the one that Relais shows.
    pub alternative: Option<&'static str>,
    /// Raised when its meaning changes.
    pub version: u16,
    /// What a value is a number of.
    pub unit: &'static str,
    /// What the numerator counts.
    pub numerator: &'static str,
    /// What the denominator counts; none for a count.
    pub denominator: Option<&'static str>,
    /// What it can be split by.
    pub splits: Splits,
    /// In which splits the parts add up to the whole.
    pub sums: Sums,
    /// What each figure of it carries beside the key of the split: `class` or `channel`.
    pub detail: Option<&'static str>,
    /// Figures of the study, to show beside a space's own.
    pub benchmark: Option<Benchmark>,
}

/// Figures of a six-month study of the customers of Sharee, from start-ups to large groups, to business and to consumers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Benchmark {
    /// Over all of them.
    pub mean: Option<f64>,
    /// Of the best.
    pub best: Option<f64>,
    /// Of the last.
    pub lowest: Option<f64>,
}

/// What a KPI can be split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Splits {
    /// Time alone.
    Time,
    /// Time and groups of people: a figure about people.
    People,
    /// Time, content kind and campaign: a figure about publications.
    Contents,
    /// All but country; not by single people: who shared.
    Sharers,
    /// All but country and single contents: how many contents.
    SharedContents,
    /// All but country: what is made of shares.
    Shares,
    /// All but country and channel: how shares spread over channels.
    Mix,
    /// All: what is made of clicks alone.
    Clicks,
}

/// In which splits the parts of a KPI add up to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sums {
    /// In each: every thing counted is in one part.
    Always,
    /// In none: a ratio.
    Never,
    /// By groups of people only, because each person is in one, and counted again in each other part.
    ByPeople,
    /// By contents only, because each content is in one, and counted again in each other part.
    ByContents,
    /// By time only, because each is counted by the day, and counted again in each other part.
    ByTime,
}

impl Splits {
    /// Whether this split makes sense.
    pub const fn has(self, by: Dimension) -> bool {
        use Dimension as D;
        if by.is_time() {
            return true;
        }
        match self {
            Self::Time => false,
            Self::People => by.is_people(),
            Self::Contents => matches!(by, D::ContentKind | D::Campaign),
            Self::Sharers => !matches!(by, D::Country | D::Advocate),
            Self::SharedContents => !matches!(by, D::Country | D::Content),
            Self::Shares => !matches!(by, D::Country),
            Self::Mix => !matches!(by, D::Country | D::Channel),
            Self::Clicks => true,
        }
    }
}

impl Kpi {
    /// Its name, with its alternative: `clicks_per_content@cohort`.
    pub fn id(&self) -> String {
        match self.alternative {
            Some(alternative) => format!("{}@{alternative}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// Its name, alternative and version, as answers carry it: `clicks_per_content@cohort v1`.
    pub fn definition(&self) -> String {
        format!("{} v{}", self.id(), self.version)
    }

    /// What it can be split by, in the order of [`Dimension::ALL`].
    pub fn possible(&self) -> Vec<Dimension> {
        Dimension::ALL.iter().copied().filter(|by| self.splits.has(*by)).collect()
    }

    /// Whether the parts of a split add up to the whole; also when nothing is split.
    pub fn adds_up(&self, by: Option<Dimension>) -> bool {
        let Some(by) = by else { return self.sums != Sums::Never };
        match self.sums {
            Sums::Always => true,
            Sums::Never => false,
            Sums::ByPeople => by.is_people() || by == Dimension::Advocate,
            Sums::ByContents => matches!(by, Dimension::ContentKind | Dimension::Campaign | Dimension::Content),
            Sums::ByTime => by.is_time(),
        }
    }

    /// Whether it says something about one person, split that way: an advocate sees what comes of its own shares, whole,
    /// over time, and by channel where the roll-ups know the channel of one person's figures.
    pub fn is_own(&self, by: Option<Dimension>) -> bool {
        let splits = match by {
            None => true,
            Some(Dimension::Channel) => self.splits.has(Dimension::Channel) && self.name != "unique_visitors",
            Some(by) => by.is_time(),
        };
        splits && self.splits.has(Dimension::Advocate)
    }

    /// The view of everything and the view for aggregate readers: `figure_…` and `kpi_…`.
    pub(super) fn view(&self, prefix: &str) -> String {
        format!("{prefix}_{}", self.id().replace('@', "_"))
    }

    /// The KPI of this name, such as `clicks_per_content` or `clicks_per_content@cohort`.
    ///
    /// # Errors
    /// [`KpiError::Unknown`].
    pub fn find(id: &str) -> Result<&'static Self, KpiError> {
        let (name, alternative) =
            id.split_once('@').map_or((id, None), |(name, alternative)| (name, Some(alternative)));
        let found = KPIS.iter().find(|kpi| kpi.name == name && kpi.alternative == alternative);
        found.ok_or_else(|| KpiError::Unknown { name: id.chars().take(100).collect() })
    }
}

const fn count(name: &'static str, unit: &'static str, numerator: &'static str, splits: Splits, sums: Sums) -> Kpi {
    Kpi {
        name,
        alternative: None,
        version: 1,
        unit,
        numerator,
        denominator: None,
        splits,
        sums,
        detail: None,
        benchmark: None,
    }
}

const fn ratio(
    name: &'static str,
    unit: &'static str,
    numerator: &'static str,
    denominator: &'static str,
    splits: Splits,
) -> Kpi {
    Kpi { denominator: Some(denominator), ..count(name, unit, numerator, splits, Sums::Never) }
}

const fn study(mean: Option<f64>, best: Option<f64>, lowest: Option<f64>) -> Option<Benchmark> {
    Some(Benchmark { mean, best, lowest })
}

/// Every KPI and every alternative, in the order in which they are shown.
pub static KPIS: &[Kpi] = &[
    count("contents_published", "contents", "contents published in the period", Splits::Contents, Sums::Always),
    Kpi {
        benchmark: study(Some(3.5), Some(6.5), Some(2.4)),
        ..ratio(
            "contents_per_weekday",
            "contents/day",
            "contents published in the period, at weekends too",
            "working days of the period that are no holiday",
            Splits::Time,
        )
    },
    Kpi {
        benchmark: study(Some(0.83), Some(1.0), None),
        ..ratio(
            "content_usage_rate",
            "ratio",
            "contents published in the period and shared at least once from then to 14 days after its end",
            "contents published in the period",
            Splits::Contents,
        )
    },
    count(
        "advocates_invited",
        "people",
        "advocates invited before the period's end who had not left before it began",
        Splits::People,
        Sums::ByPeople,
    ),
    count(
        "advocates_registered",
        "people",
        "advocates who were registered for at least a moment of the period",
        Splits::People,
        Sums::ByPeople,
    ),
    ratio(
        "adoption_rate",
        "ratio",
        "advocates invited who were registered in the period",
        "advocates invited before the period's end who had not left before it began",
        Splits::People,
    ),
    count(
        "active_sharers",
        "people",
        "advocates registered in the period who shared at least once in it",
        Splits::Sharers,
        Sums::ByPeople,
    ),
    Kpi {
        benchmark: study(Some(0.30), Some(0.66), Some(0.10)),
        ..ratio(
            "active_sharer_ratio",
            "ratio",
            "advocates registered in the period who shared at least once in it",
            "advocates who were registered for at least a moment of the period",
            Splits::People,
        )
    },
    Kpi {
        alternative: Some("engaged"),
        ..ratio(
            "active_sharer_ratio",
            "ratio",
            "advocates registered in the period who signed in or shared at least once in it",
            "advocates who were registered for at least a moment of the period",
            Splits::People,
        )
    },
    count("shares", "shares", "shares made in the period", Splits::Shares, Sums::Always),
    ratio(
        "shares_per_active_sharer",
        "shares/person",
        "shares made in the period by advocates registered in it",
        "advocates registered in the period who shared at least once in it",
        Splits::Shares,
    ),
    count(
        "contents_shared",
        "contents",
        "contents shared at least once in the period",
        Splits::SharedContents,
        Sums::ByContents,
    ),
    count("clicks", "clicks", "clicks by people that were sent on to the content", Splits::Clicks, Sums::Always),
    Kpi {
        detail: Some("class"),
        ..count(
            "clicks_by_class",
            "clicks",
            "requests to links of each class: people, previews, robots, scanners, prefetches, heads, own tests",
            Splits::Clicks,
            Sums::Always,
        )
    },
    count(
        "unique_visitors",
        "visitor-days",
        "different visitors of each day, added up over the days",
        Splits::Clicks,
        Sums::ByTime,
    ),
    Kpi {
        benchmark: study(None, Some(23.0), Some(3.7)),
        ..ratio(
            "clicks_per_share",
            "clicks/share",
            "clicks by people in the period",
            "shares made in the period",
            Splits::Shares,
        )
    },
    Kpi {
        benchmark: study(Some(40.0), Some(87.0), Some(10.0)),
        ..ratio(
            "clicks_per_content",
            "clicks/content",
            "clicks by people in the period",
            "contents shared at least once in the period",
            Splits::Shares,
        )
    },
    Kpi {
        alternative: Some("cohort"),
        ..ratio(
            "clicks_per_content",
            "clicks/content",
            "clicks by people within 30 x 24 hours of each content published in the period",
            "contents published in the period and shared within 30 x 24 hours",
            Splits::Contents,
        )
    },
    ratio(
        "landed_share_rate",
        "ratio",
        "shares made in the period whose link was clicked by people from then to the period's end",
        "shares made in the period",
        Splits::Shares,
    ),
    Kpi {
        detail: Some("channel"),
        ..ratio(
            "channel_mix",
            "ratio",
            "shares made in the period on each channel",
            "shares made in the period",
            Splits::Mix,
        )
    },
    count(
        "earned_media_value",
        "EUR",
        "clicks by people times the cost of a paid click of their channel on their day: low, middle, high",
        Splits::Shares,
        Sums::Always,
    ),
    count(
        "applications",
        "applications",
        "applications received in the period and credited to an advocate",
        Splits::Shares,
        Sums::Always,
    ),
    count("hires", "hires", "hires made in the period and credited to an advocate", Splits::Shares, Sums::Always),
    ratio(
        "click_to_application_rate",
        "ratio",
        "applications received in the period and credited to an advocate",
        "clicks by people in the period on contents of kind job",
        Splits::Shares,
    ),
    ratio(
        "application_to_hire_rate",
        "ratio",
        "hires made in the period and credited to an advocate",
        "applications received in the period and credited to an advocate",
        Splits::Shares,
    ),
    ratio(
        "clicks_per_hire",
        "clicks/hire",
        "clicks by people in the period on contents of kind job",
        "hires made in the period and credited to an advocate",
        Splits::Shares,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kpi_is_found_by_its_name_and_no_other() {
        for kpi in KPIS {
            assert_eq!(Kpi::find(&kpi.id()), Ok(kpi));
        }
        for id in ["", "click", "clicks@cohort", "clicks@", "@cohort", "clicks_per_content@", "CLICKS"] {
            assert!(matches!(Kpi::find(id), Err(KpiError::Unknown { name }) if name == id), "{id}");
        }
    }

    #[test]
    fn only_a_count_adds_up() {
        for kpi in KPIS {
            assert_eq!(kpi.denominator.is_some(), kpi.sums == Sums::Never, "{}", kpi.id());
            assert!(kpi.splits.has(Dimension::Day), "{}", kpi.id());
        }
    }
}
