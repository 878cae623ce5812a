//! The space's jobs: who shared them, and what came of it.

use askama::Template;
use axum::extract::{RawQuery, State};

use super::super::PortalState;
use super::super::parts::aim::{self, Cell};
use super::super::parts::{Failure, FormData, FormState, Outcome, Page, Pager, Person, show};
use super::{board, may_look};
use crate::auth::{Action, may};
use crate::kpi::{Answer, Dimension, Period};
use crate::model::{Content, ContentKind, Stage};
use crate::programme::referrals::board::{Job, JobFilter, JobState, JobsPage};
use crate::programme::times;

pub(super) const PATH: &str = "/recruiting/jobs";
/// Where a job is written and published.
const PUBLISH: &str = "/marketing/contents/new?kind=job";
/// What is shown of each job: who shared it, and who came by that.
const FIGURES: [&str; 2] = ["active_sharers", "clicks"];
/// Figures go back so far at most, in milliseconds: two years, and raw clicks less.
const BACK_MS: i64 = 731 * 86_400_000;

#[derive(Template)]
#[template(path = "recruiting/jobs.html")]
struct Jobs {
    page: Page,
    form: FormState,
    jobs: Vec<Row>,
    total: u64,
    is_filtered: bool,
    states: Vec<(String, String)>,
    /// Where to publish one, for those who may.
    publish: Option<&'static str>,
    /// Whether figures could be had.
    has_figures: bool,
    pager: Pager,
}

/// A job in the list.
struct Row {
    title: String,
    url: String,
    referrals: String,
    /// `open`, `scheduled`, `draft` or `closed`.
    state: &'static str,
    /// When it was or will be published, or when it ended.
    at_ms: Option<i64>,
    sharers: Cell,
    clicks: Cell,
    applications: u64,
    stages: Vec<(Stage, u64)>,
}

pub(super) async fn list(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    may_look(&person)?;
    let form = FormData::read(query.unwrap_or_default().as_bytes());
    let text = form.text("text").trim();
    let asked_state = match form.text("state") {
        "open" => Some(JobState::Open),
        "coming" => Some(JobState::Coming),
        "over" => Some(JobState::Over),
        _ => None,
    };
    let is_filtered = !text.is_empty() || asked_state.is_some();
    let filter = JobFilter { text: (!text.is_empty()).then(|| text.to_owned()), state: asked_state };
    let asked_page = form.parsed("page").unwrap_or(1);
    let found = state.programme.search_jobs(person.space_id(), &filter, asked_page).await?;
    let JobsPage { jobs, total, page: number, pages } = found;
    let figures = figures(&state, &person, &jobs).await?;
    let now_ms = state.programme.now_ms();
    let page = super::page(&person, PATH);
    let rows: Vec<_> = jobs.into_iter().map(|job| row(&page, job, figures.as_ref(), now_ms)).collect();
    let any = (String::new(), page.say("jobs-any"));
    let states = ["open", "coming", "over"].map(|word| (word.to_owned(), page.word("jobs-state", word)));
    show(&Jobs {
        total,
        is_filtered,
        states: std::iter::once(any).chain(states).collect(),
        publish: may(person.role(), Action::WriteContents(ContentKind::Job)).then_some(PUBLISH),
        has_figures: figures.is_some(),
        pager: Pager::by_number(number as usize, pages as usize, |number| address(&form, number)),
        jobs: rows,
        form: FormState::new(form),
        page,
    })
}

/// The same question on another page.
fn address(form: &FormData, number: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in ["text", "state"].into_iter().filter(|name| !form.text(name).is_empty()) {
        query.append_pair(name, form.text(name));
    }
    query.append_pair("page", &number.to_string());
    format!("{PATH}?{}", query.finish())
}

/// Figures by content since the first of these jobs was published; none while they cannot be had. A content is no group
/// of people, so that nothing of it is withheld.
async fn figures(state: &PortalState, person: &Person, jobs: &[Job]) -> Result<Option<Answer>, Failure> {
    let now_ms = state.programme.now_ms();
    let begins = jobs.iter().filter_map(|job| job.content.published_at_ms).min();
    let Some(from_ms) = begins.map(|first| first.clamp(now_ms - BACK_MS, now_ms)) else { return Ok(None) };
    let local = |at_ms| times::date_in(&person.space.time_zone, at_ms).unwrap_or_default();
    let period = Period::parse(&local(from_ms), &local(now_ms)).map_err(|_| Failure::Failed)?;
    aim::ask(state, person.space_id(), aim::kpis(FIGURES), period, Some(Dimension::Content)).await
}

fn row(page: &Page, Job { content, stages }: Job, figures: Option<&Answer>, now_ms: i64) -> Row {
    let key = aim::key(content.external_id.as_deref(), content.id);
    let cell = |kpi| aim::cell(page, figures, kpi, &key);
    let (state, at_ms) = standing(&content, now_ms);
    Row {
        sharers: cell(FIGURES[0]),
        clicks: cell(FIGURES[1]),
        state,
        at_ms,
        applications: stages.values().sum(),
        stages: stages.into_iter().collect(),
        referrals: format!("{}?job={}", board::PATH, content.id),
        title: content.title,
        url: content.url,
    }
}

fn standing(content: &Content, now_ms: i64) -> (&'static str, Option<i64>) {
    if content.is_over(now_ms) {
        let ends = [content.closed_at_ms, content.expires_at_ms];
        return ("closed", ends.into_iter().flatten().min());
    }
    match content.published_at_ms {
        Some(at_ms) if at_ms <= now_ms => ("open", Some(at_ms)),
        Some(at_ms) => ("scheduled", Some(at_ms)),
        None => ("draft", None),
    }
}
