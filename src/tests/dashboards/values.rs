//! What panels show is what the KPI registry says, and a panel that shows something else is noticed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use relais::kpi::{Audience, Dimension, KPIS, Kpi, Kpis, Period, Question as Asked};
use relais::model::SpaceId;

use super::expand::{Range, expand};
use super::fixture::{Answer, Fixture, number};
use super::model::Question;
use super::queries::{check, choices, days, range};

/// Panels with the KPI that they show: whole, in one part of a split, or in every part.
const SHOWN: &[(&str, &str, Part)] = &[
    ("marketing/programme: Contents a working day", "contents_per_weekday", Part::Whole),
    ("marketing/programme: Content usage", "content_usage_rate", Part::Whole),
    ("marketing/programme: Active sharers", "active_sharer_ratio", Part::Whole),
    ("marketing/programme: Clicks per content", "clicks_per_content", Part::Whole),
    ("marketing/programme: Clicks per share", "clicks_per_share", Part::Whole),
    ("marketing/programme: Clicks and shares", "clicks", Part::Days),
    ("marketing/content: In its first 30 days", "clicks_per_content@cohort", Part::Whole),
    ("marketing/content: Shares that landed", "landed_share_rate", Part::Whole),
    ("marketing/content: Clicks by kind of content", "clicks", Part::Rows(Dimension::ContentKind)),
    ("marketing/content: Clicks per share, by channel", "clicks_per_share", Part::Rows(Dimension::Channel)),
    ("marketing/advocates: Invited", "advocates_invited", Part::Whole),
    ("marketing/advocates: Adoption", "adoption_rate", Part::Whole),
    ("marketing/advocates: Signed in or shared", "active_sharer_ratio@engaged", Part::Whole),
    ("marketing/advocates: Shares per active sharer", "shares_per_active_sharer", Part::Whole),
    ("marketing/video: Clicks on videos", "clicks", Part::Of(Dimension::ContentKind, "video")),
    ("marketing/video: Shares of videos", "shares", Part::Of(Dimension::ContentKind, "video")),
    ("recruiting/referrals: Applications", "applications", Part::Whole),
    ("recruiting/referrals: Hires", "hires", Part::Whole),
    ("recruiting/referrals: Clicks per hire", "clicks_per_hire", Part::Whole),
];

#[derive(Debug, Clone, Copy)]
enum Part {
    /// The whole: the last point in time.
    Whole,
    /// The last point in time of one part.
    Of(Dimension, &'static str),
    /// Every row: the part's key, then its value.
    Rows(Dimension),
    /// Every point in time.
    Days,
}

/// The registry, asked by its own interface and never by a panel's SQL.
struct Registry<'a> {
    fixture: &'a Fixture,
    runtime: tokio::runtime::Runtime,
    kpis: Kpis,
    _folder: tempfile::TempDir,
}

impl<'a> Registry<'a> {
    fn of(fixture: &'a Fixture) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (_sender, warehouse) = tokio::sync::watch::channel(Some(fixture.warehouse()));
        let store = runtime.block_on(Fixture::store(folder.path()));
        Self { fixture, runtime, kpis: Kpis::new(warehouse, store), _folder: folder }
    }

    /// Keys and values of a KPI over a period.
    fn says(&self, kpi: &'static Kpi, range: &Range, by: Option<Dimension>) -> Vec<(String, Option<f64>)> {
        self.says_of(kpi, days(range), by)
    }

    /// The same of days.
    fn says_of(
        &self,
        kpi: &'static Kpi,
        (from, to): (Date, Date),
        by: Option<Dimension>,
    ) -> Vec<(String, Option<f64>)> {
        let asked = Asked::one(kpi, Period::new(from, to).expect("a period"), by).expect("a split of it");
        let space: SpaceId = self.fixture.filled.parse().expect("an id");
        let answer = self.runtime.block_on(self.kpis.answer(&space, &asked, Audience::Aggregates)).expect("an answer");
        answer.of(kpi).map(|figure| (figure.key().unwrap_or_default().to_owned(), figure.value)).collect()
    }

    /// A KPI's value of one campaign. A count that has no row is 0.
    fn says_of_campaign(&self, kpi: &'static Kpi, days: (Date, Date), key: &str) -> Option<f64> {
        let said = self.says_of(kpi, days, Some(Dimension::Campaign));
        let found = said.into_iter().find(|(one, _)| one == key);
        found.map_or_else(|| kpi.denominator.is_none().then_some(0.0), |(_, value)| value)
    }
}

fn is_close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Compares one panel's answer with the registry.
fn compare(registry: &Registry<'_>, kpi: &str, part: Part, range: &Range, answer: &Answer) -> Result<(), String> {
    let kpi = KPIS.iter().find(|one| one.id() == kpi).ok_or_else(|| format!("no KPI {kpi}"))?;
    let differ = |shown: Option<f64>, said: Option<f64>| {
        format!("{} is {shown:?} in the panel, {said:?} in the registry", kpi.id())
    };
    let last = answer.rows().last().and_then(|row| number(&row[1]));
    let one = |said: Option<f64>| if is_close(last, said) { Ok(()) } else { Err(differ(last, said)) };
    match part {
        Part::Whole => one(registry.says(kpi, range, None).first().and_then(|(_, value)| *value)),
        Part::Of(by, key) => {
            let said = registry.says(kpi, range, Some(by));
            one(said.into_iter().find(|(one, _)| one == key).and_then(|(_, value)| value))
        }
        Part::Days => {
            let said = registry.says(kpi, range, Some(Dimension::Day));
            if said.len() != answer.rows().len() {
                return Err(format!("{} days in the panel, {} in the registry", answer.rows().len(), said.len()));
            }
            answer.rows().iter().zip(said).try_for_each(|(row, (day, said))| {
                let (time, shown) = (row[0].as_str().unwrap_or_default(), number(&row[1]));
                if time.starts_with(&day) && is_close(shown, said) {
                    Ok(())
                } else {
                    Err(format!("{time}: {}", differ(shown, said)))
                }
            })
        }
        Part::Rows(by) => {
            let said: Vec<_> =
                registry.says(kpi, range, Some(by)).into_iter().filter(|(_, value)| value.is_some()).collect();
            if said.len() != answer.rows().len() {
                return Err(format!("{} rows in the panel, {} in the registry", answer.rows().len(), said.len()));
            }
            said.into_iter().try_for_each(|(key, said)| {
                let row = answer.rows().iter().find(|row| row[0] == key.as_str());
                let shown = row.and_then(|row| number(&row[1]));
                if is_close(shown, said) { Ok(()) } else { Err(format!("{key}: {}", differ(shown, said))) }
            })
        }
    }
}

fn find<'a>(questions: &'a [Question], place: &str) -> &'a Question {
    questions.iter().find(|one| one.place == place).unwrap_or_else(|| panic!("no {place}"))
}

/// Over every period that a day's cut does not exceed, and a year for those without one.
pub fn panels_show_what_the_registry_says(fixture: &Fixture, questions: &[Question]) {
    let registry = Registry::of(fixture);
    for (place, kpi, part) in SHOWN {
        let question = find(questions, place);
        let periods: &[i64] =
            if matches!(part, Part::Days) { &[24, 30 * 24, 90 * 24] } else { &[1, 30 * 24, 365 * 24] };
        for hours in periods {
            let range = range(*hours);
            let sql = expand(&question.sql, &range, &choices(&fixture.filled, "all")).expect("expanded");
            let answer = fixture.reader.read(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            compare(&registry, kpi, *part, &range, &answer)
                .unwrap_or_else(|what| panic!("{place}, {hours} h: {what}\n{sql}"));
        }
    }
}

/// The campaigns by what the panel calls them: key, first and last day.
type Campaigns = BTreeMap<String, (String, Option<Date>, Option<Date>)>;

fn campaigns(fixture: &Fixture) -> Campaigns {
    let sql = format!("SELECT name, key, starts_on, ends_on FROM kpi_campaigns(space = '{}')", fixture.filled);
    let answer = fixture.reader.read(&sql).expect("campaigns");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let day = |value: &serde_json::Value| value.as_str().map(|day| day.parse().expect("a date"));
    let one = |row: &serde_json::Value| (text(&row[0]), (text(&row[1]), day(&row[2]), day(&row[3])));
    answer.rows().iter().map(one).collect()
}

/// The days of a campaign until today: a year without a first day, or when there are too many for a question.
fn days_of(starts: Option<Date>, ends: Option<Date>) -> Option<(Date, Date)> {
    let today = Zoned::now().with_time_zone(TimeZone::get("Europe/Paris").expect("a zone")).date();
    let to = ends.filter(|ends| *ends < today).unwrap_or(today);
    let a_year_ago = to.checked_sub(364.days()).expect("a date");
    match starts {
        Some(starts) if starts > today => None,
        Some(starts) if Period::new(starts, to).is_ok() => Some((starts, to)),
        _ => Some((a_year_ago, to)),
    }
}

/// What the table of objectives says of each campaign is what the registry says of its days.
fn aimed(fixture: &Fixture, question: &Question, registry: &Registry<'_>, kpi: &'static Kpi) -> Vec<Option<f64>> {
    let sql = expand(&question.sql, &range(24), &choices(&fixture.filled, "all")).expect("expanded");
    let answer = fixture.reader.read(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let campaigns = campaigns(fixture);
    assert_eq!(answer.rows().len(), campaigns.len(), "{}", kpi.name);
    let one = |row: &serde_json::Value| {
        assert_eq!(row[3], kpi.name.replace('_', " "));
        let (key, starts, ends) = &campaigns[row[0].as_str().expect("a name")];
        let days = days_of(*starts, *ends);
        let said = days.and_then(|days| registry.says_of_campaign(kpi, days, key));
        let shown = number(&row[5]);
        assert!(is_close(shown, said), "{} of {key}, {days:?}: {shown:?}, the registry says {said:?}", kpi.name);
        said
    };
    answer.rows().iter().map(one).collect()
}

/// Every KPI of campaigns that has one figure, and every kind of days. Changes what campaigns aim at.
pub fn objectives_show_what_the_registry_says(fixture: &Fixture, questions: &[Question]) {
    let registry = Registry::of(fixture);
    let question = find(questions, "marketing/content: Objectives");
    let one = |kpi: &&Kpi| kpi.alternative.is_none() && kpi.detail.is_none() && kpi.splits.has(Dimension::Campaign);
    let possible: Vec<&'static Kpi> = KPIS.iter().filter(one).collect();
    assert!(possible.len() >= 16, "{}", possible.len());
    for kpi in &possible {
        fixture.aim(kpi.name, None);
        let said = aimed(fixture, question, &registry, kpi);
        assert!(said.iter().any(|value| value.is_some_and(|value| value > 0.0)), "{} is of no campaign", kpi.name);
    }
    let clicks = Kpi::find("clicks").expect("a KPI");
    for (days, brought) in [
        (["NULL", "toDate32('2026-03-01')"], true),
        (["toDate32('2012-01-01')", "toDate32('2026-03-01')"], true),
        (["toDate32('2025-06-01')", "NULL"], false),
        (["NULL", "NULL"], false),
        (["toDate32(now() + INTERVAL 3 DAY)", "NULL"], false),
    ] {
        fixture.aim(clicks.name, Some(days));
        let said = aimed(fixture, question, &registry, clicks);
        assert!(!brought || said.iter().all(|value| value.is_some_and(|value| value > 0.0)), "{days:?}: {said:?}");
    }
}

/// Breaks a column, a filter, a period, an order and a bound, and expects that the checks above say so.
pub fn a_broken_panel_is_noticed(fixture: &Fixture, questions: &[Question]) {
    let registry = Registry::of(fixture);
    let range = range(30 * 24);
    let breaches: &[(&str, &str, &str, &str)] = &[
        ("a column", "marketing/programme: Clicks per share", "time, value\nFROM", "time, valeur\nFROM"),
        ("another figure", "marketing/programme: Clicks per share", "kpi_clicks_per_share", "kpi_clicks_per_content"),
        ("a filter", "marketing/video: Clicks on videos", "WHERE key = 'video'", "WHERE key = 'article'"),
        ("a sort", "marketing/programme: Clicks and shares", "ORDER BY time", "ORDER BY time DESC"),
        ("the period", "marketing/programme: Clicks and shares", "`to` = last", "`to` = last - 1"),
        (
            "the zone",
            "marketing/programme: Clicks and shares",
            "toDateTime(assumeNotNull(starts_on), the_zone)",
            "toDateTime(assumeNotNull(starts_on), 'America/New_York') + INTERVAL 1 DAY",
        ),
        ("the space", "marketing/advocates: Invited", "decodeURLComponent('${space:percentencode}')", "'another'"),
        (
            "a gap",
            "marketing/content: Clicks by channel",
            "SELECT arrayJoin(starts) AS starts_on, arrayJoin(largest) AS key, toInt64(0) AS clicks",
            "SELECT starts[1] AS starts_on, largest[1] AS key, toInt64(0) AS clicks",
        ),
        (
            "a type",
            "marketing/content: Clicks by channel",
            "sum(part.clicks)) AS clicks",
            "toString(sum(part.clicks))) AS clicks",
        ),
        ("a bound", "marketing/content: Clicks by kind of content", "LIMIT 10", "LIMIT 1"),
    ];
    for (what, place, from, to) in breaches {
        let question = find(questions, place);
        let broken = Question { sql: question.sql.replace(from, to), ..question.clone() };
        assert_ne!(broken.sql, question.sql, "{place} has no {from}");
        let sql = expand(&broken.sql, &range, &choices(&fixture.filled, "all")).expect("expanded");
        let noticed = fixture.reader.read(&sql).and_then(|answer| {
            check(&broken, &range, &answer, true)?;
            let shown = SHOWN.iter().find(|(one, _, _)| one == place);
            shown.map_or(Ok(()), |(_, kpi, part)| compare(&registry, kpi, *part, &range, &answer))
        });
        assert!(noticed.is_err(), "{what} of {place} can be broken without anybody noticing");
    }
}
