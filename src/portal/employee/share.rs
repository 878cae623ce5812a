//! `/contents/{id}/share`: makes the personal link, notes the share, and says where to go on.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use http::StatusCode;
use serde_json::json;

use super::super::PortalState;
use super::super::parts::{Area, Failure, Outcome, Page, Sent, see, show};
use super::channels::{Place, Way};
use super::{charter, content, feed};
use crate::model::{Content, ShareSource};
use crate::programme::{Error, Field, LinkFields, ShareFields, ShownLink};

/// Longest text that somebody shares, in characters.
const MOST_SAID: usize = 5_000;

/// For somebody without a script: the link to copy by hand, and the way on.
#[derive(Template)]
#[template(path = "employee/made.html")]
struct Made {
    page: Page,
    content: Content,
    place: String,
    link: String,
    /// Where the person tries it without being counted.
    try_url: String,
    text: String,
    open: Option<String>,
}

pub(super) async fn share(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let Sent { person, form, wants_json } = sent;
    let place = Place::of(form.text("channel")).ok_or(Failure::Malformed)?;
    let content = content::published(&state, &person, &id).await?;
    let made = make(&state, &person, &content, place).await;
    let shown = match made {
        Ok(shown) => shown,
        Err(Error::Conflict { code: "charter_not_accepted", .. }) if !wants_json => {
            return Ok(see(&charter::address(&format!("/contents/{id}"))));
        }
        Err(error) if wants_json => return Ok((StatusCode::CONFLICT, Json(refusal(&error))).into_response()),
        Err(error) => return Err(error.into()),
    };
    if place.is_code() && !wants_json {
        return Ok(see(&format!("/links/{}/qr", shown.link.id)));
    }
    let text = said(form.text("text"), &content::disclosure(&person), form.has("disclose", "yes"));
    let open = place.intent(&shown.short_url, &text, &content.title);
    let page = person.page(Area::Share, feed::PATH).below(format!("/contents/{id}"), content.title.clone());
    let name = content::name(&page, place);
    if wants_json {
        let said = match place.way {
            Way::Window if place.copies => page.say_of("share-said-copied", "place", &name),
            Way::Window | Way::Program => page.say_of("share-said-opened", "place", &name),
            Way::Sheet => page.say("share-said-shared"),
            Way::Clipboard | Way::Code => page.say("share-said-link"),
        };
        // A window that takes no text gets the text beside it; a copied link is the text with the link.
        let copy = if place.opens() || text.is_empty() { text.clone() } else { format!("{text}\n{}", shown.short_url) };
        let copy = if copy.is_empty() || form.has("bare", "yes") { shown.short_url.clone() } else { copy };
        let answer = json!({
            "short_url": shown.short_url,
            "try_url": shown.try_url(),
            "text": text,
            "copy": copy,
            "open": open,
            "said": said,
            "said_by_hand": page.say("share-said-by-hand"),
        });
        return Ok(Json(answer).into_response());
    }
    show(&Made { content, place: name, try_url: shown.try_url(), link: shown.short_url, text, open, page })
}

/// The link and the share, in one transaction.
async fn make(
    state: &PortalState,
    person: &super::super::parts::Person,
    content: &Content,
    place: &Place,
) -> Result<ShownLink, Error> {
    let own = Some(person.id());
    let mut work = state.programme.work().await?.done_by(person.actor()).heeding_charter();
    let fields = LinkFields {
        content_id: Field::Value(content.id.to_string()),
        channel: Field::Value(place.channel.to_owned()),
        ..LinkFields::default()
    };
    let shown = work.issue_link(person.space_id(), fields, own).await?.shown;
    let source = match place.way {
        Way::Window | Way::Program | Way::Sheet => ShareSource::Intent,
        Way::Clipboard | Way::Code => ShareSource::Copy,
    };
    let noted = ShareFields {
        link_id: Field::Value(shown.link.id.to_string()),
        source: Field::Value(source.as_str().to_owned()),
        ..ShareFields::default()
    };
    work.note_share(person.space_id(), &noted, own).await?;
    work.commit().await?;
    Ok(shown)
}

fn refusal(error: &Error) -> serde_json::Value {
    let code = if let Error::Conflict { code, .. } = error { *code } else { "failed" };
    json!({"code": code})
}

/// What goes out: what was written, and the line that says what ties the person to the brand.
fn said(text: &str, disclosure: &str, discloses: bool) -> String {
    let text: String = text.replace("\r\n", "\n").trim().chars().take(MOST_SAID).collect();
    let is_said = !discloses || text.contains(disclosure);
    match (text.is_empty(), is_said) {
        (true, _) => String::new(),
        (false, true) => text,
        (false, false) => format!("{text}\n\n{disclosure}"),
    }
}
