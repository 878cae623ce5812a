//! The overview: what the study measures, clicks by class, and the way from a click to a hire.

use askama::Template;
use axum::extract::{RawQuery, State};
use jiff::civil::Date;

use super::super::PortalState;
use super::super::parts::{Area, Failure, FormData, Outcome, Page, Person, see, show};
use super::super::team;
use super::super::texts::msg;
use super::chosen::{Chip, Chosen};
use super::export::{FORMATS, Format};
use super::series::{Series, bucket_of};
use super::shapes::bars;
use super::sight::{Lack, Sight, settled};
use super::split::Split;
use super::tile::Tile;
use super::words;
use crate::kpi::{Figure, KPIS, Kpi, Period, Question, StageRow};

pub(super) const PATH: &str = "/kpis";

/// What the study measures.
const STUDY: [&str; 5] =
    ["contents_per_weekday", "content_usage_rate", "active_sharer_ratio", "clicks_per_share", "clicks_per_content"];
/// The way from a click on a job to a hire.
const WAY: [&str; 2] = ["click_to_application_rate", "application_to_hire_rate"];
const CLASSES: &str = "clicks_by_class";

#[derive(Template)]
#[template(path = "kpis/overview.html")]
struct Overview {
    page: Page,
    chosen: Chosen,
    chips: Vec<Chip>,
    period: String,
    before: String,
    /// A split to keep: none here.
    by: Option<&'static str>,
    lack: Option<Lack>,
    formats: Vec<Format>,
    export: String,
    tiles: Vec<Tile>,
    clicks: Option<Clicks>,
    jobs: Option<Jobs>,
    every: Vec<Listed>,
}

/// Clicks by class.
struct Clicks {
    address: String,
    split: Split,
    series: Series,
}

/// From clicks on jobs to hires.
struct Jobs {
    steps: Vec<Step>,
    stages: Vec<Stage>,
}

/// A step of the way.
struct Step {
    count: String,
    name: &'static str,
    /// Of the step before, with the page that says what that is.
    rate: Option<(String, String)>,
}

/// A stage of applications.
struct Stage {
    name: String,
    reached: String,
    went_on: String,
    ended: String,
    days: String,
    bar: f64,
}

/// A KPI's page.
struct Listed {
    address: String,
    name: String,
}

pub(super) async fn overview(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    let sight = Sight::of(&state, &person).await?;
    if !sight.is_whole() {
        // Of the teams' figures, managers have the page already.
        return Ok(see(team::PATH));
    }
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let page = person.page(Area::Figures, PATH);
    let today: Date = state.programme.today(person.space_id()).await?.parse().map_err(|_| Failure::Failed)?;
    let chosen = Chosen::read(&asked, today, &page).map_err(|_| Failure::Failed)?;
    let found = ask(&state, &person, &sight, &chosen).await?;
    let (lack, found) = match found {
        Ok(found) => (None, Some(found)),
        Err(lack) => (Some(lack), None),
    };
    let tiles = found.as_ref().map_or_else(Vec::new, |found| found.tiles(&page, &chosen));
    let clicks = found.as_ref().and_then(|found| found.clicks(&page, &chosen));
    let jobs = found.as_ref().and_then(|found| found.jobs(&page, &chosen));
    let listed = |kpi: &'static Kpi| Listed {
        address: format!("{PATH}/{}?{}", kpi.id(), chosen.query()),
        name: words::name(&page, kpi),
    };
    show(&Overview {
        chips: chosen.chips(&page, PATH, ""),
        period: words::period(&page, chosen.period),
        before: chosen.before.map_or_else(String::new, |before| words::period(&page, before)),
        by: None,
        lack,
        formats: FORMATS.into(),
        export: format!("{PATH}/export?{}", chosen.query()),
        tiles,
        clicks,
        jobs,
        every: KPIS.iter().filter(|kpi| kpi.alternative.is_none()).map(listed).collect(),
        chosen,
        page,
    })
}

/// What the page shows.
struct Found {
    now: Vec<Figure>,
    before: Option<Vec<Figure>>,
    classes: Vec<Figure>,
    stages: Vec<StageRow>,
}

async fn ask(
    state: &PortalState,
    person: &Person,
    sight: &Sight,
    chosen: &Chosen,
) -> Result<Result<Found, Lack>, Failure> {
    let whole = |names: &[&str], period: Period| {
        let kpis: Result<Vec<_>, _> = names.iter().map(|name| Kpi::find(name)).collect();
        kpis.map(|kpis| Question { kpis, period, by: None }).map_err(|_| Failure::Failed)
    };
    let by_class = Kpi::find(CLASSES).map_err(|_| Failure::Failed)?;
    let by = Some(bucket_of(by_class, chosen.period));
    let classes = Question { kpis: vec![by_class], period: chosen.period, by };
    let now = whole(&[STUDY.as_slice(), WAY.as_slice()].concat(), chosen.period)?;
    let before = async {
        match chosen.before {
            Some(before) => Ok(sight.figures(state, person, &whole(&STUDY, before)?).await?.map(Some)),
            None => Ok(Ok(None)),
        }
    };
    let stages = async { settled(state.kpis.stages(person.space_id(), chosen.period).await) };
    let (now, classes, before, stages) =
        tokio::try_join!(sight.ask(state, person, &now), sight.figures(state, person, &classes), before, stages)?;
    let all = || Ok(Found { now: now?.figures, before: before?, classes: classes?, stages: stages? });
    Ok(all())
}

impl Found {
    fn figure<'a>(figures: &'a [Figure], name: &str) -> Option<&'a Figure> {
        figures.iter().find(|figure| figure.kpi.id() == name)
    }

    fn tiles(&self, page: &Page, chosen: &Chosen) -> Vec<Tile> {
        let tile = |name: &&str| {
            let kpi = Kpi::find(name).ok()?;
            let before = self.before.as_ref().and_then(|figures| Self::figure(figures, name));
            Some(Tile::new(page, chosen, kpi, Self::figure(&self.now, name), before))
        };
        STUDY.iter().filter_map(tile).collect()
    }

    /// The classes of the whole are the sums of their days: each request is in one class and in one day.
    fn clicks(&self, page: &Page, chosen: &Chosen) -> Option<Clicks> {
        let kpi = Kpi::find(CLASSES).ok()?;
        let mut whole: Vec<Figure> = Vec::new();
        for figure in &self.classes {
            let number = figure.numerator.unwrap_or_default();
            match whole.iter_mut().find(|other| other.detail == figure.detail) {
                Some(other) => {
                    let sum = other.numerator.map(|sum| sum + number);
                    (other.numerator, other.value) = (sum, sum);
                }
                None => whole.push(Figure { split: None, ..figure.clone() }),
            }
        }
        if whole.is_empty() {
            return None;
        }
        let by = bucket_of(kpi, chosen.period);
        let address = format!("{PATH}/{CLASSES}?{}", chosen.query());
        Some(Clicks {
            split: Split::new(page, kpi, None, &whole, 1, |_| address.clone()),
            series: Series::new(page, kpi, chosen.period, by, &self.classes),
            address,
        })
    }

    /// None where nothing was clicked, handed in or reached.
    fn jobs(&self, page: &Page, chosen: &Chosen) -> Option<Jobs> {
        let [to_application, to_hire] = WAY.map(|name| Self::figure(&self.now, name));
        let (to_application, to_hire) = (to_application?, to_hire?);
        let clicks = to_application.denominator.unwrap_or_default();
        let applications = to_application.numerator.unwrap_or_default();
        let hires = to_hire.numerator.unwrap_or_default();
        if clicks + applications + hires == 0.0 && self.stages.iter().all(|stage| stage.reached == 0) {
            return None;
        }
        let rate = |figure: &Figure| {
            let value = words::value(page, figure.kpi, figure.value?);
            Some((value, format!("{PATH}/{}?{}", figure.kpi.id(), chosen.query())))
        };
        let step = |count, name, rate| Step { count: words::part(page, count), name, rate };
        let lengths: Vec<_> = self.stages.iter().map(|stage| Some(stage.reached as f64)).collect();
        let stage = |(row, bar): (&StageRow, f64)| Stage {
            name: page.word("kpis-stage", &row.stage.replace('_', "-")),
            reached: page.number(row.reached),
            went_on: page.number(row.went_on),
            ended: page.number(row.ended),
            days: row.days_median.map_or_else(|| "–".to_owned(), |days| page.decimal(days, 1)),
            bar,
        };
        Some(Jobs {
            steps: vec![
                step(clicks, msg("kpis-step-clicks"), None),
                step(applications, msg("kpis-step-applications"), rate(to_application)),
                step(hires, msg("kpis-step-hires"), rate(to_hire)),
            ],
            stages: self.stages.iter().zip(bars(&lengths)).map(stage).collect(),
        })
    }
}
