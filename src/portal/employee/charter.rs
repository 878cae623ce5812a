//! `/charter`: read and accepted before the first link, once per version.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::super::PortalState;
use super::super::parts::{Area, Failure, Flash, Outcome, Page, Person, Sent, see, see_with, show};
use super::super::texts::msg;
use super::feed;
use crate::auth::next_path;
use crate::programme::{CharterRecord, Error};

/// The charter's page.
pub(super) const PATH: &str = "/charter";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CharterQuery {
    next: String,
}

#[derive(Template)]
#[template(path = "employee/charter.html")]
struct CharterPage {
    page: Page,
    version: u32,
    published_ms: i64,
    parts: Vec<Part>,
    awaits: bool,
    accepted_ms: Option<i64>,
    next: String,
}

/// A piece of a charter's text.
enum Part {
    Heading(String),
    Paragraph(String),
    List(Vec<String>),
}

/// The page's address, which leads on to `next`.
pub(super) fn address(next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{PATH}?next={next}")
}

pub(super) async fn read(
    State(state): State<PortalState>,
    Query(asked): Query<CharterQuery>,
    person: Person,
) -> Outcome {
    let charter = state.programme.charter(person.space_id()).await?.ok_or(Failure::Missing)?;
    let page = person.page(Area::Share, feed::PATH);
    show(&CharterPage {
        version: charter.version,
        published_ms: charter.published_at_ms,
        parts: parts_of(charter.text(person.texts.language())),
        awaits: charter.awaits(&person.record),
        accepted_ms: accepted(&charter, &person),
        next: next_path(&asked.next),
        page,
    })
}

pub(super) async fn accept(State(state): State<PortalState>, sent: Sent) -> Outcome {
    let Sent { person, form, .. } = sent;
    let version = form.parsed("version").ok_or(Failure::Malformed)?;
    let next = next_path(form.text("next"));
    let mut work = state.programme.work().await?.done_by(person.actor());
    match work.accept_charter(person.space_id(), person.id(), version).await {
        Ok(()) => {
            work.commit().await?;
            Ok(see_with(&next, &Flash::new(msg("flash-charter-accepted"))))
        }
        // A newer one came out meanwhile: that one is read.
        Err(Error::Conflict { .. }) => Ok(see(&address(&next))),
        Err(error) => Err(error.into()),
    }
}

fn accepted(charter: &CharterRecord, person: &Person) -> Option<i64> {
    if charter.awaits(&person.record) { None } else { person.record.charter_accepted_at_ms }
}

/// Blank lines part paragraphs; `# ` begins a heading, `- ` an entry of a list.
fn parts_of(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut joins = false;
    for line in text.lines().map(str::trim) {
        let part = match (line.strip_prefix("# "), line.strip_prefix("- "), parts.last_mut()) {
            (Some(heading), _, _) => Part::Heading(heading.to_owned()),
            (None, Some(entry), Some(Part::List(entries))) => {
                entries.push(entry.to_owned());
                continue;
            }
            (None, Some(entry), _) => Part::List(vec![entry.to_owned()]),
            _ if line.is_empty() => {
                joins = false;
                continue;
            }
            (None, None, Some(Part::Paragraph(paragraph))) if joins => {
                paragraph.push(' ');
                paragraph.push_str(line);
                continue;
            }
            (None, None, _) => Part::Paragraph(line.to_owned()),
        };
        joins = matches!(part, Part::Paragraph(_));
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charter_is_read_as_paragraphs_headings_and_lists() {
        let parts = parts_of("One\nline.\n\nTwo.\n# Head\n- a\n- b\n\nThree.");
        let shown: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Part::Heading(text) => format!("h:{text}"),
                Part::Paragraph(text) => format!("p:{text}"),
                Part::List(entries) => format!("l:{}", entries.join("|")),
            })
            .collect();
        assert_eq!(shown, ["p:One line.", "p:Two.", "h:Head", "l:a|b", "p:Three."]);
    }
}
