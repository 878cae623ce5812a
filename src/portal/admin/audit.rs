//! Who changed what, and who looked at named figures.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use serde_json::Value;

use super::super::PortalState;
use super::super::parts::{FormData, Outcome, Page, Pager, Person, show};
use crate::auth::Action;
use crate::model::{AdvocateId, AuditId};
use crate::programme::{AuditEntry, Page as Slice};

pub(super) const PATH: &str = "/admin/audit";
/// Lines of a page.
const AT_ONCE: u32 = 50;

pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(list))
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct Audit {
    page: Page,
    lines: Vec<Line>,
    pager: Pager,
}

/// A line of the log.
struct Line {
    at_ms: i64,
    /// What to call who did it.
    actor: String,
    /// In words if there are some, else `noun.verb`.
    action: String,
    /// What to call what it was done to; empty for the space itself.
    target: String,
    /// What else matters, as it stands.
    details: Vec<(String, String)>,
}

async fn list(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    person.needs(Action::ReadAudit)?;
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let after: Option<AuditId> = asked.parsed("after");
    let mut entries = state.programme.audit(person.space_id(), Slice { after, limit: AT_ONCE + 1 }).await?;
    let more = entries.len() > AT_ONCE as usize;
    entries.truncate(AT_ONCE as usize);
    let next = entries.last().filter(|_| more).map(|last| format!("{PATH}?after={}", last.id));
    let named = |text: &String| text.parse::<AdvocateId>().ok();
    let mut ids: Vec<_> =
        entries.iter().flat_map(|entry| [named(&entry.actor), named(&entry.target)]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let names = state.programme.names_of(person.space_id(), &ids).await?;
    let page = super::page(&person, PATH);
    let lines = entries.into_iter().map(|entry| line(&page, entry, &names, &person)).collect();
    show(&Audit { lines, pager: Pager { previous: after.map(|_| PATH.to_owned()), next }, page })
}

fn line(page: &Page, entry: AuditEntry, names: &HashMap<AdvocateId, String>, person: &Person) -> Line {
    let AuditEntry { at_ms, actor, action, target, details, .. } = entry;
    let name = |text: String| match text.parse::<AdvocateId>() {
        // Who was erased has no name any more.
        Ok(id) => names.get(&id).cloned().unwrap_or(text),
        Err(_) => text,
    };
    let actor = if actor == "operator" { page.say("audit-operator") } else { name(actor) };
    let words = page.word_if_known("audit", &action.replace(['.', '_'], "-"));
    let target = if target == person.space_id().to_string() { String::new() } else { name(target) };
    Line { at_ms, actor, action: words.unwrap_or(action), target, details: pairs(page, details) }
}

/// The fields of an object that there are words for, each as a short text.
fn pairs(page: &Page, details: Value) -> Vec<(String, String)> {
    let text = |name: &str, value: Value| match value {
        Value::Number(at_ms) if name.ends_with("_at_ms") => {
            at_ms.as_i64().map_or_else(String::new, |at| page.time(&at))
        }
        Value::String(role) if ["role", "from", "to"].contains(&name) => {
            page.word_if_known("admin-role", &role).unwrap_or(role)
        }
        Value::String(text) => text,
        Value::Array(values) => {
            let texts = values.into_iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            texts.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    let Value::Object(fields) = details else { return Vec::new() };
    let shown = fields.into_iter().filter(|(_, value)| !value.is_null()).filter_map(|(name, value)| {
        let word = page.word_if_known("audit-detail", &name.replace('_', "-"))?;
        Some((word, text(&name, value)))
    });
    shown.collect()
}
