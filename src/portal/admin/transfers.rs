//! What comes in and goes out: lists of people with a look at what they change, and everything as a bundle.
//!
//! | route | calls |
//! | --- | --- |
//! | `/admin/data` | GET: imports and exports, newest first; `/admin/data/export` POST `{kind}` |
//! | `/admin/people/import` | GET; POST, a form with the list: it is read, and nothing is changed |
//! | `/admin/data/{id}` | GET: how far it is, and what would change or has |
//! | `/admin/data/{id}/confirm`, `/cancel` | POST |

use std::collections::BTreeMap;
use std::io::Write as _;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::{get, post};
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, SentFile, answer, see, see_with, show,
};
use super::super::texts::msg;
use super::people;
use crate::auth::Action;
use crate::model::transfer::{Changes, PEOPLE_COLUMNS, PEOPLE_FILE};
use crate::model::{ExportId, ImportId, PeopleMap, TransferId, TransferState};
use crate::programme::transfers::depot::{Depot, Upload};
use crate::programme::transfers::guess::{Guess, guess};
use crate::programme::transfers::{ExportFields, Transfer};
use crate::programme::{NewImport, Page as Slice, spreadsheet};

pub(super) const PATH: &str = "/admin/data";
const IMPORT: &str = "/admin/people/import";
/// Largest list of people, in bytes: some hundred thousand of them.
const MAX_LIST: usize = 32 << 20;
/// Imports and exports of the page, each.
const AT_ONCE: u32 = 20;
/// People whose changes are shown.
const SHOWN: usize = 50;

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(list))
        .route("/admin/data/export", post(export))
        .route(IMPORT, get(form).post(receive).layer(DefaultBodyLimit::max(MAX_LIST + (1 << 20))))
        .route("/admin/data/{id}", get(show_transfer))
        .route("/admin/data/{id}/confirm", post(confirm))
        .route("/admin/data/{id}/cancel", post(cancel))
}

#[derive(Template)]
#[template(path = "admin/data.html")]
struct Data {
    page: Page,
    imports: Vec<Row>,
    exports: Vec<Row>,
}

/// An import or an export in a list.
struct Row {
    path: String,
    what: &'static str,
    state: &'static str,
    is_dry: bool,
    created_at_ms: i64,
}

fn row(transfer: &Transfer) -> Row {
    Row {
        path: path_of(transfer.id),
        what: transfer.kind.what(),
        state: transfer.state.as_str(),
        is_dry: transfer.settings.dry_run,
        created_at_ms: transfer.created_at_ms,
    }
}

async fn list(State(state): State<PortalState>, person: Person) -> Outcome {
    person.needs(Action::Export)?;
    let slice = || Slice { after: None, limit: AT_ONCE };
    let imports = state.programme.transfers(person.space_id(), true, slice()).await?;
    let exports = state.programme.transfers(person.space_id(), false, slice()).await?;
    show(&Data {
        page: super::page(&person, PATH),
        imports: imports.iter().map(row).collect(),
        exports: exports.iter().map(row).collect(),
    })
}

async fn export(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::Export)?;
    let depot = depot(&state)?;
    let fields = ExportFields { kind: sent.form.field("kind"), ..ExportFields::default() };
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let transfer = work.ask_export(sent.person.space_id(), depot.node(), &fields).await?;
    work.commit().await?;
    depot.wake();
    Ok(see(&path_of(transfer.id)))
}

#[derive(Template)]
#[template(path = "admin/people_import.html")]
struct Import {
    page: Page,
    form: FormState,
    /// Our columns.
    columns: &'static [&'static str],
    /// Theirs, as far as they are known.
    headers: Vec<String>,
}

fn asking(person: &Person, form: FormState, headers: Vec<String>) -> Import {
    let page = super::page(person, people::PATH).below(people::PATH, person.texts.say("people-title"));
    Import { page, form, columns: PEOPLE_COLUMNS, headers }
}

async fn form(person: Person) -> Outcome {
    person.needs(Action::Import)?;
    show(&asking(&person, FormState::default(), Vec::new()))
}

/// Reads the list without changing anything; how it goes stands on the import's own page.
async fn receive(State(state): State<PortalState>, sent: SentFile) -> Outcome {
    sent.person.needs(Action::Import)?;
    let depot = depot(&state)?.clone();
    let SentFile { person, form, file, .. } = sent;
    let said: BTreeMap<_, _> = PEOPLE_COLUMNS
        .iter()
        .map(|ours| ((*ours).to_owned(), form.text(&format!("column-{ours}")).trim().to_owned()))
        .filter(|(_, theirs)| !theirs.is_empty())
        .collect();
    let text = spreadsheet::text_of(&file);
    let Guess { map, headers } = text.as_deref().map(|text| guess(text, &said)).unwrap_or_default();
    let refused = |form: FormData, message: &str| {
        let mut form = FormState::new(form);
        form.refuse("file", person.texts.say_of(message, "columns", headers.join(", ").as_str()));
        Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &asking(&person, form, headers.clone())))
    };
    if file.is_empty() {
        return refused(form, msg("import-no-file"));
    }
    let Some(text) = text else { return refused(form, msg("import-no-csv")) };
    if !["email", "external_id"].iter().any(|ours| map.columns.contains_key(*ours)) {
        return refused(form, msg("import-nobody-found-by"));
    }
    if map.columns.values().any(|theirs| !headers.contains(theirs)) {
        return refused(form, msg("import-no-such-column"));
    }
    let upload = keep(&depot, text.into_owned()).await?;
    let transfer = ask(&state, &person, upload, map).await?;
    depot.wake();
    Ok(see(&path_of(transfer.id)))
}

/// Writes the list to the disk.
async fn keep(depot: &Depot, list: String) -> Result<Upload, Failure> {
    let failed = |error: std::io::Error| {
        tracing::error!(%error, "a list of people could not be kept");
        Failure::Failed
    };
    let mut upload = depot.receive().map_err(failed)?;
    let written = tokio::task::spawn_blocking(move || {
        upload.count(list.len());
        let mut file = upload.file(PEOPLE_FILE)?;
        file.write_all(list.as_bytes())?;
        file.sync_all()?;
        Ok(upload)
    });
    written.await.map_err(|_| Failure::Failed)?.map_err(failed)
}

async fn ask(state: &PortalState, person: &Person, upload: Upload, map: PeopleMap) -> Result<Transfer, Failure> {
    let asked = NewImport { map: Some(map), dry_run: true, skip_bad_rows: false };
    let mut work = state.programme.work().await?.done_by(person.actor());
    let transfer = work.ask_import(person.space_id(), &upload, &asked).await?;
    // Before the commit: a row is never seen without its files.
    upload.keep().map_err(|error| {
        tracing::error!(%error, "a list of people could not be kept");
        Failure::Failed
    })?;
    work.commit().await?;
    Ok(transfer)
}

#[derive(Template)]
#[template(path = "admin/transfer.html")]
struct Shown {
    page: Page,
    path: String,
    transfer: Transfer,
    what: &'static str,
    is_open: bool,
    /// Whether the list can be taken in earnest now.
    may_confirm: bool,
    /// Where an export is fetched, while it is there.
    download: Option<String>,
    /// How far it is: done and all, where that is known.
    progress: Option<(u64, u64)>,
    added: u64,
    changed: u64,
    left: u64,
    bad_rows: u64,
    people: Vec<Changed>,
    /// Columns that were read: ours, and theirs.
    columns: Vec<(String, String)>,
}

/// Somebody whom a list adds or changes.
struct Changed {
    line: u64,
    /// What to call the person.
    shown: String,
    is_new: bool,
    /// Column, what stands, what comes.
    fields: Vec<(String, String, String)>,
}

async fn show_transfer(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let transfer = state.programme.transfer(person.space_id(), id_of(&id)?).await?;
    person.needs(action(&transfer))?;
    show(&shown(&state, &person, transfer))
}

fn shown(state: &PortalState, person: &Person, transfer: Transfer) -> Shown {
    let page = super::page(person, PATH).below(PATH, person.texts.say("data-title"));
    let live = state.depot.as_ref().and_then(|depot| depot.progress(transfer.id));
    let report = transfer.report.clone().unwrap_or_default();
    let sum = |of: fn(&Changes) -> u64| report.files.values().map(of).sum();
    let details = transfer.details.clone().unwrap_or_default();
    let people = details.people.into_iter().take(SHOWN).map(|change| {
        let value = |name: &str| {
            let field = change.fields.iter().find(|field| field.field == name)?;
            field.after.clone().or_else(|| field.before.clone())
        };
        let called = value("name").or_else(|| value("email")).or_else(|| change.external_id.clone());
        let text = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let fields = change
            .fields
            .iter()
            .map(|field| (column(&page, &field.field), text(field.before.clone()), text(field.after.clone())));
        Changed {
            line: change.line,
            shown: called.or_else(|| change.advocate_id.map(|id| id.to_string())).unwrap_or_default(),
            is_new: change.advocate_id.is_none(),
            fields: fields.collect(),
        }
    });
    let map = transfer.settings.map.clone().unwrap_or_default();
    let kept = transfer.has_files && transfer.kept_until_ms.is_some_and(|until_ms| until_ms > state.programme.now_ms());
    let is_done = transfer.state == TransferState::Done;
    Shown {
        path: path_of(transfer.id),
        what: transfer.kind.what(),
        is_open: !transfer.state.is_over(),
        may_confirm: transfer.settings.dry_run && kept && (is_done || transfer.state == TransferState::Refused),
        download: (!transfer.id.is_import() && is_done && kept)
            .then(|| format!("/api/v1/exports/{}/download", transfer.id)),
        progress: live.or(Some((transfer.done, transfer.total))).filter(|(_, total)| *total > 0),
        added: sum(|changes| changes.added),
        changed: sum(|changes| changes.changed),
        left: sum(|changes| changes.left),
        bad_rows: report.bad_rows,
        people: people.collect(),
        columns: map.columns.iter().map(|(ours, theirs)| (column(&page, ours), theirs.clone())).collect(),
        transfer,
        page,
    }
}

/// A column of ours in words.
fn column(page: &Page, ours: &str) -> String {
    page.word_if_known("column", &ours.replace('_', "-")).unwrap_or_else(|| ours.to_owned())
}

async fn confirm(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let transfer = found(&state, &sent, &id).await?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let skip = sent.form.has("skip_bad_rows", "yes");
    work.confirm_import(sent.person.space_id(), transfer.id, Some(skip)).await?;
    work.commit().await?;
    depot(&state)?.wake();
    Ok(see_with(&path_of(transfer.id), &Flash::new(msg("flash-import-begins"))))
}

async fn cancel(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let transfer = found(&state, &sent, &id).await?;
    let depot = depot(&state)?;
    // Before anything is written: an import that runs may be what all writers wait for.
    depot.stop(transfer.id);
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.cancel_transfer(sent.person.space_id(), transfer.id, depot.node()).await?;
    work.commit().await?;
    depot.wake();
    Ok(see_with(PATH, &Flash::new(msg("flash-transfer-cancelled"))))
}

async fn found(state: &PortalState, sent: &Sent, id: &str) -> Result<Transfer, Failure> {
    let transfer = state.programme.transfer(sent.person.space_id(), id_of(id)?).await?;
    sent.person.needs(action(&transfer))?;
    Ok(transfer)
}

fn action(transfer: &Transfer) -> Action {
    if transfer.kind.is_import() { Action::Import } else { Action::Export }
}

fn depot(state: &PortalState) -> Result<&Depot, Failure> {
    state.depot.as_ref().ok_or(Failure::Missing)
}

fn path_of(id: TransferId) -> String {
    format!("{PATH}/{id}")
}

fn id_of(text: &str) -> Result<TransferId, Failure> {
    let import = text.parse::<ImportId>().map(TransferId::from);
    import.or_else(|_| text.parse::<ExportId>().map(TransferId::from)).map_err(|_| Failure::Missing)
}
