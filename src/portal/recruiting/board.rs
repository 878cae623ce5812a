//! Applications by stage.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use serde_json::json;

use super::super::PortalState;
use super::super::employee::channel_name;
use super::super::parts::{Failure, FormData, FormState, Outcome, Page, Pager, Person, show};
use super::{hand, list, may_look, may_see_names, note_look, path_of, stage_choices, tells};
use crate::model::{AdvocateId, Application, ContentId, Stage};
use crate::programme::referrals::Reason;
use crate::programme::referrals::board::{BoardFilter, Lane};

pub(super) const PATH: &str = "/recruiting/referrals";
/// Applications of a stage beside the others.
const IN_A_LANE: u32 = 20;
/// Applications of a page of one stage.
const A_PAGE: u32 = 50;
/// Days within which something happened, to choose from.
const PERIODS: [u32; 3] = [30, 90, 365];
const DAY_MS: i64 = 86_400_000;
/// What the page is asked by.
const ASKED: [&str; 5] = ["text", "job", "stage", "period", "names"];

#[derive(Template)]
#[template(path = "recruiting/board.html")]
struct Board {
    page: Page,
    form: FormState,
    lanes: Vec<Shown>,
    total: u64,
    is_filtered: bool,
    jobs: Vec<(String, String)>,
    stages: Vec<(String, String)>,
    periods: Vec<(String, String)>,
    /// Whether names are shown; none for those who may not see them.
    names: Option<bool>,
    /// The same question with names, or without.
    other_names: String,
    /// This very question, which a move comes back to.
    back: String,
    tells: bool,
    new: &'static str,
    list: &'static str,
    pager: Pager,
}

/// A stage with what is shown of it.
struct Shown {
    stage: Stage,
    total: u64,
    cards: Vec<Card>,
    /// Where all of them are, when these are not all.
    more: Option<String>,
}

/// An application.
struct Card {
    path: String,
    external_id: String,
    job: Option<String>,
    channel: String,
    credit: Credit,
    /// Whole days since it reached its stage.
    days: i64,
    /// Stages that it has not reached, the likeliest first.
    next: Vec<(String, String)>,
}

/// Whose an application is.
enum Credit {
    /// This person's.
    Of(String),
    /// Somebody's.
    Somebodys,
    /// It is not decided yet.
    Open,
    /// Nobody's.
    Nobodys,
}

pub(super) async fn board(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    may_look(&person)?;
    let form = FormData::read(query.unwrap_or_default().as_bytes());
    let space = person.space_id();
    let names = may_see_names(&person).then(|| form.has("names", "yes"));
    let filter = filter(&form, state.programme.now_ms());
    let stage: Option<Stage> = form.parsed("stage");
    let number: u32 = form.parsed("page").unwrap_or(1).max(1);
    if names == Some(true) {
        let what = json!({"job": filter.job.map(|job| job.to_string()), "stage": stage.map(Stage::as_str)});
        note_look(&state, &person, "referrals.read_by_advocate", &space.to_string(), what).await?;
    }
    let (lanes, pages) = match stage {
        Some(stage) => {
            let offset = (number - 1).saturating_mul(A_PAGE);
            let lane = state.programme.lane(space, &filter, stage, (offset, A_PAGE)).await?;
            let pages = lane.total.div_ceil(u64::from(A_PAGE));
            (vec![lane], pages)
        }
        None => (state.programme.board(space, &filter, IN_A_LANE).await?, 1),
    };
    let cards = Cards::read(&state, &person, &lanes, names == Some(true)).await?;
    let page = super::page(&person, PATH);
    let total = lanes.iter().map(|lane| lane.total).sum();
    let shown = lanes.into_iter().map(|lane| shown(&page, &form, lane, &cards, stage.is_some())).collect();
    let any = |text: String| std::iter::once((String::new(), text));
    let jobs = state.programme.job_choices(space).await?.into_iter().map(|job| (job.id.to_string(), job.title));
    let periods = PERIODS.map(|days| (days.to_string(), page.say_of("board-days", "days", i64::from(days))));
    show(&Board {
        lanes: shown,
        total,
        is_filtered: ASKED[..4].iter().any(|name| !form.text(name).is_empty()),
        jobs: any(page.say("board-any-job")).chain(jobs).collect(),
        stages: any(page.say("board-any-stage")).chain(stage_choices(&page, Stage::ALL.iter().copied())).collect(),
        periods: any(page.say("board-any-time")).chain(periods).collect(),
        other_names: address(&form, "names", if names == Some(true) { "" } else { "yes" }),
        back: query_of(&form, "page", &if number > 1 { number.to_string() } else { String::new() }),
        names,
        tells: tells(&person),
        new: hand::PATH,
        list: list::PATH,
        pager: Pager::by_number(number as usize, usize::try_from(pages).map_err(|_| Failure::Failed)?, |number| {
            address(&form, "page", &number.to_string())
        }),
        form: FormState::new(form),
        page,
    })
}

/// What is asked for; a value that is none of ours asks for nothing.
fn filter(form: &FormData, now_ms: i64) -> BoardFilter {
    let text = form.text("text").trim();
    let days: Option<u32> = form.parsed("period").filter(|days| PERIODS.contains(days));
    BoardFilter {
        job: form.parsed("job"),
        from_ms: days.map(|days| now_ms - i64::from(days) * DAY_MS),
        text: (!text.is_empty()).then(|| text.to_owned()),
    }
}

/// The same question with one value in another's place.
fn address(form: &FormData, name: &str, value: &str) -> String {
    let query = query_of(form, name, value);
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

fn query_of(form: &FormData, name: &str, value: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for asked in ASKED {
        let text = if asked == name { value } else { form.text(asked) };
        if !text.is_empty() {
            query.append_pair(asked, text);
        }
    }
    if name == "page" && !value.is_empty() {
        query.append_pair(name, value);
    }
    query.finish()
}

/// The board's address for a question that a form sent back; nothing but the board's own questions is kept.
pub(super) fn address_of(back: &str) -> String {
    let form = FormData::read(back.as_bytes());
    address(&form, "page", form.text("page"))
}

/// What cards need beside the applications.
struct Cards {
    titles: HashMap<ContentId, String>,
    names: HashMap<AdvocateId, String>,
    now_ms: i64,
}

impl Cards {
    async fn read(state: &PortalState, person: &Person, lanes: &[Lane], named: bool) -> Result<Self, Failure> {
        let all = || lanes.iter().flat_map(|lane| &lane.applications);
        let mut jobs: Vec<_> = all().filter_map(|one| one.content.known()).collect();
        jobs.sort_unstable();
        jobs.dedup();
        let mut people: Vec<_> = all().filter(|_| named).filter_map(|one| one.advocate.known()).collect();
        people.sort_unstable();
        people.dedup();
        Ok(Self {
            titles: state.programme.titles_of(person.space_id(), &jobs).await?,
            names: state.programme.names_of(person.space_id(), &people).await?,
            now_ms: state.programme.now_ms(),
        })
    }

    fn card(&self, page: &Page, application: Application) -> Card {
        let Application { id, external_id, content, advocate, channel, reason, stage, reached, .. } = application;
        let since_ms = reached.get(&stage).copied().unwrap_or(self.now_ms);
        let credit = match advocate.known() {
            Some(advocate) => self.names.get(&advocate).cloned().map_or(Credit::Somebodys, Credit::Of),
            None if [Reason::Pending, Reason::NotApplied].iter().any(|open| open.as_str() == reason) => Credit::Open,
            None => Credit::Nobodys,
        };
        Card {
            path: path_of(id),
            external_id,
            job: self.titles.get(&content).cloned(),
            channel: channel.as_ref().map_or_else(String::new, |channel| channel_name(page, channel.as_str())),
            credit,
            days: (self.now_ms - since_ms).max(0) / DAY_MS,
            next: stage_choices(page, next(stage, |stage| reached.contains_key(&stage)).into_iter()),
        }
    }
}

fn shown(page: &Page, form: &FormData, lane: Lane, cards: &Cards, is_alone: bool) -> Shown {
    let Lane { stage, applications, total } = lane;
    let more = (!is_alone && total > applications.len() as u64).then(|| address(form, "stage", stage.as_str()));
    Shown { stage, total, cards: applications.into_iter().map(|one| cards.card(page, one)).collect(), more }
}

/// Stages that an application has not reached, those after its own first.
pub(super) fn next(stage: Stage, is_reached: impl Fn(Stage) -> bool) -> Vec<Stage> {
    let (before, after): (Vec<_>, Vec<_>) =
        Stage::ALL.iter().copied().filter(|one| !is_reached(*one)).partition(|one| *one < stage);
    after.into_iter().chain(before).collect()
}
