//! Many stages at once, as the applicant system exports them: first what would change, then the change.
//!
//! Nothing is kept in between: the page that shows what would change carries the lines that it would take, and they are
//! read again as strictly.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::State;
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, SentFile, answer, reason, see_with, show,
};
use super::super::texts::msg;
use super::{board, connect};
use crate::auth::Action;
use crate::model::Stage;
use crate::programme::referrals::list::{self, COLUMNS, Effect, ListChange, ListLine, StageList};
use crate::programme::{Error, FieldProblem, times};
use crate::texts::Texts;

pub(super) const PATH: &str = "/recruiting/referrals/list";
pub(super) const CONFIRM: &str = "/recruiting/referrals/list/confirm";
/// Changes and faults that are shown, each.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "recruiting/list.html")]
struct Asking {
    page: Page,
    form: FormState,
    columns: [&'static str; 4],
    most_lines: usize,
    connect: &'static str,
}

#[derive(Template)]
#[template(path = "recruiting/list_seen.html")]
struct Seen {
    page: Page,
    moved: usize,
    added: usize,
    known: usize,
    foreign: usize,
    /// Lines with a fault.
    bad: usize,
    faults: Vec<Fault>,
    changes: Vec<Change>,
    /// The lines to take, as the form sends them back; empty: there is nothing to do.
    list: String,
    confirm: &'static str,
}

/// What is wrong with a line.
struct Fault {
    line: u64,
    column: String,
    reason: String,
}

/// What a line would change.
struct Change {
    line: u64,
    external_id: String,
    before: Option<Stage>,
    stage: Stage,
    at_ms: i64,
}

fn asking(person: &Person, form: FormState) -> Asking {
    let page = super::page(person, board::PATH).below(board::PATH, person.texts.say("board-title"));
    Asking { page, form, columns: COLUMNS, most_lines: list::MAX_LINES, connect: connect::PATH }
}

pub(super) async fn form(person: Person) -> Outcome {
    person.needs(Action::WriteReferrals)?;
    show(&asking(&person, FormState::default()))
}

pub(super) async fn look(State(state): State<PortalState>, sent: SentFile) -> Outcome {
    sent.person.needs(Action::WriteReferrals)?;
    let SentFile { person, file, .. } = sent;
    let read = match read(&state, &person, &file) {
        Ok(read) => read,
        Err(error) => {
            let form = FormState::refused(FormData::default(), error, person.texts)?;
            return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &asking(&person, form)));
        }
    };
    let (changes, faults) = state.programme.look_at_list(person.space_id(), read).await?;
    let page = super::page(&person, board::PATH).below(PATH, person.texts.say("list-title"));
    let count = |effect| changes.iter().filter(|change| change.effect == effect).count();
    let takes: Vec<&ListChange> = changes.iter().filter(|change| takes(change)).collect();
    let mut bad: Vec<u64> = faults.iter().map(|fault| fault.number).collect();
    bad.dedup();
    show(&Seen {
        moved: count(Effect::Moved),
        added: count(Effect::Added),
        known: count(Effect::Known),
        foreign: count(Effect::Foreign),
        bad: bad.len(),
        faults: faults.into_iter().take(SHOWN).map(|fault| shown(person.texts, fault.number, fault.problem)).collect(),
        list: written(takes.iter().map(|change| &change.line)),
        changes: takes.iter().take(SHOWN).map(|change| seen(change)).collect(),
        confirm: CONFIRM,
        page,
    })
}

fn takes(change: &ListChange) -> bool {
    matches!(change.effect, Effect::Added | Effect::Moved)
}

fn read(state: &PortalState, person: &Person, file: &[u8]) -> Result<StageList, Error> {
    let named = |text: &str| {
        let same = |stage: &&Stage| person.texts.word("stage", stage.as_str()).to_lowercase() == text.to_lowercase();
        Stage::ALL.iter().find(same).copied()
    };
    list::read(file, &person.space.time_zone, state.programme.now_ms(), named)
}

fn shown(texts: &Texts, line: u64, problem: FieldProblem) -> Fault {
    let column = texts.word_if_known("list-column", &problem.field.replace('_', "-"));
    Fault { line, column: column.unwrap_or_else(|| problem.field.clone()), reason: reason(texts, problem) }
}

fn seen(change: &ListChange) -> Change {
    let ListLine { number, external_id, stage, occurred_at_ms, .. } = &change.line;
    Change {
        line: *number,
        external_id: external_id.clone(),
        before: change.before,
        stage: *stage,
        at_ms: *occurred_at_ms,
    }
}

/// Lines as a list of ours.
fn written<'l>(lines: impl Iterator<Item = &'l ListLine>) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut list = String::new();
    for line in lines {
        if list.is_empty() {
            list = format!("{}\n", COLUMNS.join(","));
        }
        let at = times::format_instant(line.occurred_at_ms);
        let (key, trace) = (quoted(&line.external_id), quoted(&line.trace));
        // A text takes everything.
        let _ = writeln!(list, "{key},{},{at},{trace}", line.stage);
    }
    list
}

pub(super) async fn confirm(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::WriteReferrals)?;
    // What comes here was written by this page.
    let space = sent.person.space_id();
    let list = read(&state, &sent.person, sent.form.text("list").as_bytes())?;
    let (changes, faults) = state.programme.look_at_list(space, list).await?;
    if !faults.is_empty() {
        return Err(Failure::Malformed);
    }
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let mut done: i64 = 0;
    for change in changes.iter().filter(|change| takes(change)) {
        work.record_referral(space, &change.line.message, &[]).await?;
        done += 1;
    }
    work.commit().await?;
    Ok(see_with(board::PATH, &Flash::about(msg("flash-list-taken"), &sent.person.texts.number(done))))
}
