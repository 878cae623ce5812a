//! One KPI: what it means, its value, how it went, and its parts.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use jiff::civil::Date;

use super::super::PortalState;
use super::super::parts::{Area, Failure, FormData, FormState, Outcome, Page, Pager, Person, show};
use super::super::team;
use super::chosen::{Chip, Chosen};
use super::export::{FORMATS, Format};
use super::overview;
use super::series::{Series, bucket_of};
use super::shapes::{Hour, heat};
use super::sight::{Lack, Sight, settled};
use super::split::Split;
use super::tile::Tile;
use super::words;
use crate::kpi::{Answer, Dimension, Figure, HourRow, KPIS, Kpi, Question};

#[derive(Template)]
#[template(path = "kpis/kpi.html")]
struct KpiPage {
    page: Page,
    chosen: Chosen,
    chips: Vec<Chip>,
    name: String,
    path: String,
    period: String,
    before: String,
    /// The split, which another period keeps.
    by: Option<&'static str>,
    meaning: Meaning,
    /// What is chosen of the two that follow.
    choice: FormState,
    /// Splits to choose from, and definitions: value and text.
    splits: Vec<(String, String)>,
    definitions: Vec<(String, String)>,
    lack: Option<Lack>,
    tile: Option<Tile>,
    /// Its numerator and denominator; none for a count.
    numbers: Option<(String, String)>,
    /// The classes or channels of the whole.
    details: Option<Split>,
    series: Option<Series>,
    split: Option<Split>,
    hours: Option<Vec<[Hour; 7]>>,
    formats: Vec<Format>,
    export: String,
    minimum: Option<u16>,
    pager: Pager,
}

/// The beginning of a weekday's name, for a narrow column.
fn short(weekday: &str) -> String {
    weekday.chars().take(2).collect()
}

/// What a KPI means.
struct Meaning {
    counts: String,
    over: Option<String>,
    unit: String,
    definition: String,
    /// The versions of the classifier that judged the period's clicks; empty when there were none.
    classifiers: String,
}

/// What a page of a KPI asks for.
pub(super) struct Asked {
    pub(super) kpi: &'static Kpi,
    pub(super) chosen: Chosen,
    pub(super) by: Option<Dimension>,
    pub(super) page: usize,
}

impl Asked {
    /// Reads path and query. A split that this person does not see, or that the KPI does not have, is the usual one.
    ///
    /// # Errors
    /// [`Failure::Missing`] for a KPI that there is not.
    pub(super) fn read(path: &str, query: &FormData, sight: &Sight, today: Date, page: &Page) -> Result<Self, Failure> {
        let kpi = Kpi::find(path).map_err(|_| Failure::Missing)?;
        let other = Kpi::find(query.text("definition")).ok().filter(|other| other.name == kpi.name);
        let kpi = other.unwrap_or(kpi);
        let chosen = Chosen::read(query, today, page).map_err(|_| Failure::Failed)?;
        let splits = sight.splits(kpi);
        let by = match query.field("by") {
            crate::programme::Field::Value(by) if by.is_empty() => None,
            crate::programme::Field::Value(by) => by.parse().ok().filter(|by| splits.contains(by)).or(usual(&splits)),
            _ => usual(&splits),
        };
        let by = if sight.is_whole() { by } else { Some(Dimension::Team).filter(|by| splits.contains(by)) };
        Ok(Self { kpi, chosen, by, page: query.parsed("page").unwrap_or(1) })
    }

    /// The same page as an address says it.
    fn query(&self) -> String {
        format!("{}&by={}", self.chosen.query(), self.by.map_or("", Dimension::as_str))
    }
}

/// What a KPI is split by until somebody chooses.
fn usual(splits: &[Dimension]) -> Option<Dimension> {
    use Dimension as D;
    [D::Channel, D::Team, D::ContentKind].into_iter().find(|by| splits.contains(by))
}

pub(super) async fn one(
    State(state): State<PortalState>,
    person: Person,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Outcome {
    let sight = Sight::of(&state, &person).await?;
    let query = FormData::read(query.unwrap_or_default().as_bytes());
    let page = frame(&person, &sight);
    let today: Date = state.programme.today(person.space_id()).await?.parse().map_err(|_| Failure::Failed)?;
    let asked = Asked::read(&path, &query, &sight, today, &page)?;
    let found = ask(&state, &person, &sight, &asked).await?;
    let (lack, found) = match found {
        Ok(found) => (None, Some(found)),
        Err(lack) => (Some(lack), None),
    };
    show(&drawn(page, &state, &sight, asked, lack, found))
}

fn frame(person: &Person, sight: &Sight) -> Page {
    if sight.is_whole() {
        let page = person.page(Area::Figures, overview::PATH);
        let above = page.say("kpis-title");
        page.below(overview::PATH, above)
    } else {
        let page = person.page(Area::Team, team::PATH);
        let above = page.say("team-title");
        page.below(team::PATH, above)
    }
}

/// What the page shows; for managers the parts alone.
#[derive(Default)]
struct Found {
    /// Of the classifier that judged the period's clicks.
    versions: Vec<u16>,
    whole: Option<Vec<Figure>>,
    before: Option<Vec<Figure>>,
    over_time: Option<Vec<Figure>>,
    parts: Option<Vec<Figure>>,
    hours: Vec<HourRow>,
}

impl Asked {
    /// The buckets of the chart: those of a split by time, else those that fit.
    fn bucket(&self) -> Dimension {
        self.by.filter(|by| by.is_time()).unwrap_or_else(|| bucket_of(self.kpi, self.chosen.period))
    }
}

async fn ask(
    state: &PortalState,
    person: &Person,
    sight: &Sight,
    asked: &Asked,
) -> Result<Result<Found, Lack>, Failure> {
    let Asked { kpi, chosen, by, .. } = asked;
    let question = |period, by| Question { kpis: vec![kpi], period, by };
    let parts = by.filter(|by| !by.is_time()).map(|by| question(chosen.period, Some(by)));
    if !sight.is_whole() {
        let Some(parts) = parts else { return Ok(Ok(Found::default())) };
        let answer = sight.ask(state, person, &parts).await?;
        let found = |Answer { figures, classifier_versions: versions }| Found {
            versions,
            parts: Some(figures),
            ..Found::default()
        };
        return Ok(answer.map(found));
    }
    let figures = async |question: Option<Question>| match question {
        Some(question) => Ok(sight.figures(state, person, &question).await?.map(Some)),
        None => Ok::<_, Failure>(Ok(None)),
    };
    let hours = async {
        match kpi.name {
            "clicks" => settled(state.kpis.hours(person.space_id(), chosen.period).await),
            _ => Ok(Ok(Vec::new())),
        }
    };
    let whole = question(chosen.period, None);
    let (whole, before, over_time, parts, hours) = tokio::try_join!(
        sight.ask(state, person, &whole),
        figures(chosen.before.map(|before| question(before, None))),
        figures(Some(question(chosen.period, Some(asked.bucket())))),
        figures(parts),
        hours
    )?;
    let all = || {
        let Answer { figures, classifier_versions: versions } = whole?;
        Ok(Found {
            versions,
            whole: Some(figures),
            before: before?,
            over_time: over_time?,
            parts: parts?,
            hours: hours?,
        })
    };
    Ok(all())
}

fn drawn(
    page: Page,
    state: &PortalState,
    sight: &Sight,
    asked: Asked,
    lack: Option<Lack>,
    found: Option<Found>,
) -> KpiPage {
    let found = found.unwrap_or_default();
    let (kpi, by) = (asked.kpi, asked.by);
    let path = format!("{}/{}", overview::PATH, kpi.id());
    let address = |number: usize| format!("{path}?{}&page={number}", asked.query());
    let first = |figures: &Option<Vec<Figure>>| figures.as_ref().and_then(|figures| figures.first().cloned());
    let is_one = kpi.detail.is_none();
    let tile = found
        .whole
        .as_ref()
        .filter(|_| is_one)
        .map(|_| Tile::new(&page, &asked.chosen, kpi, first(&found.whole).as_ref(), first(&found.before).as_ref()));
    let numbers = first(&found.whole)
        .and_then(|figure| Some((words::part(&page, figure.numerator?), words::part(&page, figure.denominator?))));
    let split = |by, figures: &[Figure], number| Split::new(&page, kpi, by, figures, number, address);
    let details = found.whole.as_ref().filter(|_| !is_one).map(|figures| split(None, figures, 1));
    let parts = found.parts.as_ref().map(|figures| split(by, figures, asked.page));
    let series = found.over_time.as_ref();
    let series = series.map(|figures| Series::new(&page, kpi, asked.chosen.period, asked.bucket(), figures));
    let choice = |by: Dimension| (by.as_str().to_owned(), words::dimension(&page, by));
    let none = sight.is_whole().then(|| (String::new(), page.say("kpis-by-nothing")));
    let same = |other: &&Kpi| other.name == kpi.name;
    let definitions: Vec<(String, String)> =
        KPIS.iter().filter(same).map(|other| (other.id(), words::name(&page, other))).collect();
    KpiPage {
        chips: asked.chosen.chips(&page, &path, &format!("&by={}", by.map_or("", Dimension::as_str))),
        name: words::name(&page, kpi),
        period: words::period(&page, asked.chosen.period),
        before: asked.chosen.before.map_or_else(String::new, |before| words::period(&page, before)),
        by: Some(by.map_or("", Dimension::as_str)),
        meaning: Meaning {
            counts: words::numerator(&page, kpi),
            over: words::denominator(&page, kpi),
            unit: words::unit(&page, kpi),
            definition: kpi.definition(),
            classifiers: found.versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        },
        choice: FormState::new(
            FormData::default().with("by", by.map_or("", Dimension::as_str)).with("definition", kpi.id()),
        ),
        splits: none.into_iter().chain(sight.splits(kpi).into_iter().map(choice)).collect(),
        definitions: if definitions.len() > 1 { definitions } else { Vec::new() },
        lack,
        tile,
        numbers,
        details,
        series: series.filter(Series::has_any),
        pager: parts.as_ref().map(|split| split.pager.clone()).unwrap_or_default(),
        split: parts,
        hours: heat(&found.hours),
        formats: FORMATS.into(),
        export: format!("{path}/export?{}", asked.query()),
        minimum: state.minimum_cell,
        path,
        chosen: asked.chosen,
        page,
    }
}
