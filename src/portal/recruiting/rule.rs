//! The rule of credit, what another window would have decided, and changing it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use http::StatusCode;
use serde_json::json;

use super::super::PortalState;
use super::super::parts::{Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::texts::msg;
use super::{may_look, may_see_names, note_look, path_of};
use crate::auth::{Action, may};
use crate::kpi::LogError;
use crate::model::{AdvocateId, Application, ContentId};
use crate::programme::referrals::replay::{MOST_REPLAYED, Replayed, Shift};
use crate::programme::spaces::ATTRIBUTION_WINDOW_DAYS;
use crate::programme::{Error, Field, SpaceFields};

pub(super) const PATH: &str = "/recruiting/rule";
/// The field of the form that changes the rule, as the programme calls it.
const WINDOW: &str = "attribution_window_days";
/// How far back applications are decided once more, in days, to choose from.
const PERIODS: [u32; 3] = [90, 180, 365];
const DAY_MS: i64 = 86_400_000;

#[derive(Template)]
#[template(path = "recruiting/rule.html")]
struct Rule {
    page: Page,
    /// The space's window.
    window_days: u32,
    form: FormState,
    periods: Vec<(String, String)>,
    trial: Option<Trial>,
    /// The form that changes the rule, for those who may.
    change: Option<FormState>,
}

/// What another window was asked about the past.
enum Trial {
    /// The number of days is none.
    Unreadable,
    /// The click log could not be asked.
    Away,
    /// It was decided once more.
    Done(Outcomes),
}

/// What another window would have decided.
struct Outcomes {
    days: u32,
    /// Applications that were decided once more.
    replayed: usize,
    same: usize,
    gained: usize,
    lost: usize,
    moved: usize,
    /// People who would be credited more often than they are, and less often.
    winners: usize,
    losers: usize,
    /// Applications of the period beyond this number were left out.
    cut_at: Option<u32>,
    changes: Vec<Change>,
    /// Whether names are shown; none for those who may not see them.
    names: Option<bool>,
    /// The same question with names, or without.
    other_names: String,
}

/// An application whose credit would be another.
struct Change {
    path: String,
    external_id: String,
    job: Option<String>,
    /// Who is credited; empty for nobody.
    before: String,
    /// Who would be.
    after: String,
    /// Why, in a sentence.
    why: String,
}

pub(super) async fn rule(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    may_look(&person)?;
    let form = FormData::read(query.unwrap_or_default().as_bytes());
    let change = FormData::default().with(WINDOW, person.space.attribution_window_days.to_string());
    show(&rule_page(&state, &person, form, FormState::new(change)).await?)
}

pub(super) async fn change(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::ChangeSpace)?;
    match set(&state, &sent).await {
        Ok(()) => Ok(see_with(PATH, &Flash::new(msg("flash-rule-changed")))),
        Err(error) => {
            let refused = FormState::refused(sent.form, error, sent.person.texts)?;
            let page = rule_page(&state, &sent.person, FormData::default(), refused).await?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn set(state: &PortalState, sent: &Sent) -> Result<(), Error> {
    // What is no number is refused as no days are.
    let days = sent.form.parsed(WINDOW).unwrap_or(0);
    let fields = SpaceFields { attribution_window_days: Field::Value(days), ..SpaceFields::default() };
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.update_space(sent.person.space_id(), &fields).await?;
    work.commit().await
}

async fn rule_page(state: &PortalState, person: &Person, asked: FormData, change: FormState) -> Result<Rule, Failure> {
    let page = super::page(person, PATH);
    let period = asked.parsed("period").filter(|days| PERIODS.contains(days)).unwrap_or(PERIODS[2]);
    let trial = match asked.text("days").trim() {
        "" => None,
        _ => Some(try_out(state, person, &page, &asked, period).await?),
    };
    let asked = asked.with("period", period.to_string());
    Ok(Rule {
        window_days: person.space.attribution_window_days,
        form: FormState::new(asked),
        periods: PERIODS.map(|days| (days.to_string(), page.say_of("board-days", "days", i64::from(days)))).into(),
        trial,
        change: may(person.role(), Action::ChangeSpace).then_some(change),
        page,
    })
}

async fn try_out(
    state: &PortalState,
    person: &Person,
    page: &Page,
    asked: &FormData,
    period: u32,
) -> Result<Trial, Failure> {
    let days: Option<u32> = asked.parsed("days").filter(|days| ATTRIBUTION_WINDOW_DAYS.contains(days));
    let (Some(days), space) = (days, person.space_id()) else { return Ok(Trial::Unreadable) };
    let Some(log) = &state.clicks else { return Ok(Trial::Away) };
    let since_ms = state.programme.now_ms() - i64::from(period) * DAY_MS;
    let replay = state.programme.replay(space, days, since_ms).await?;
    let cut_at = replay.is_cut.then_some(MOST_REPLAYED);
    let answers = match log.answer(space, &replay.questions()).await {
        Ok(answers) => answers,
        Err(LogError::Away | LogError::TooLong) => return Ok(Trial::Away),
        Err(LogError::Failed(error)) => {
            tracing::error!(%error, "the clicks of a replay could not be looked up");
            return Ok(Trial::Away);
        }
    };
    let replayed = state.programme.replayed(space, replay, &answers).await?;
    let names = may_see_names(person).then(|| asked.has("names", "yes"));
    if names == Some(true) {
        let what = json!({"window_days": days});
        note_look(state, person, "referrals.read_by_advocate", &space.to_string(), what).await?;
    }
    let known = Known::read(state, person, &replayed, names == Some(true)).await?;
    let of = |shift| replayed.iter().filter(|one| one.shift() == shift).count();
    let (winners, losers) = people(&replayed);
    let other = if names == Some(true) { "" } else { "&names=yes" };
    Ok(Trial::Done(Outcomes {
        days,
        replayed: replayed.len(),
        same: of(Shift::Same),
        gained: of(Shift::Gained),
        lost: of(Shift::Lost),
        moved: of(Shift::Moved),
        winners,
        losers,
        cut_at,
        changes: replayed.iter().filter(|one| one.shift() != Shift::Same).map(|one| known.change(page, one)).collect(),
        names,
        other_names: format!("{PATH}?days={days}&period={period}{other}"),
    }))
}

/// How many people would be credited more often than they are, and how many less often.
fn people(replayed: &[Replayed]) -> (usize, usize) {
    let mut balance: HashMap<AdvocateId, i64> = HashMap::new();
    for one in replayed {
        for (credited, by) in [(one.before.advocate, -1), (one.after.advocate, 1)] {
            if let Some(advocate) = credited.known() {
                *balance.entry(advocate).or_default() += by;
            }
        }
    }
    let count = |fits: fn(i64) -> bool| balance.values().filter(|by| fits(**by)).count();
    (count(|by| by > 0), count(|by| by < 0))
}

/// What the changed applications' ids mean.
struct Known {
    titles: HashMap<ContentId, String>,
    names: HashMap<AdvocateId, String>,
    named: bool,
}

impl Known {
    async fn read(state: &PortalState, person: &Person, replayed: &[Replayed], named: bool) -> Result<Self, Failure> {
        let changed = || replayed.iter().filter(|one| one.shift() != Shift::Same);
        let mut jobs: Vec<_> = changed().filter_map(|one| one.after.content.known()).collect();
        jobs.sort_unstable();
        jobs.dedup();
        let both = changed().flat_map(|one| [one.before.advocate, one.after.advocate]);
        let mut people: Vec<AdvocateId> = both.filter(|id| named && !id.is_none()).collect();
        people.sort_unstable();
        people.dedup();
        Ok(Self {
            titles: state.programme.titles_of(person.space_id(), &jobs).await?,
            names: state.programme.names_of(person.space_id(), &people).await?,
            named,
        })
    }

    fn change(&self, page: &Page, one: &Replayed) -> Change {
        let Application { id, external_id, content, reason, .. } = &one.after;
        Change {
            path: path_of(*id),
            external_id: external_id.clone(),
            job: self.titles.get(content).cloned(),
            before: self.credited(page, one.before.advocate),
            after: self.credited(page, one.after.advocate),
            why: page.word_if_known("credit", &reason.replace('_', "-")).unwrap_or_default(),
        }
    }

    fn credited(&self, page: &Page, advocate: AdvocateId) -> String {
        match advocate.known() {
            None => page.say("board-nobody"),
            Some(advocate) if self.named => {
                self.names.get(&advocate).cloned().unwrap_or_else(|| page.say("receipt-somebody"))
            }
            Some(_) => page.say("rule-somebody"),
        }
    }
}
