//! A proposal in the form of a content, to be changed before it becomes one.

use axum::extract::{Path, State};
use http::StatusCode;

use super::super::super::PortalState;
use super::super::super::parts::{Failure, Flash, FormData, FormState, Outcome, Person, Sent, answer, see_with, show};
use super::super::contents::{Choices, ContentForm, aimed, fields, kind_of, made, path_of, rows};
use super::super::local_time;
use super::{PATH, may_decide, name_of};
use crate::auth::Action;
use crate::model::{Content, ContentFeed, FeedItem, FeedItemId};
use crate::programme::{Error, Field};

pub(super) async fn form(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let (item, feed) = found(&state, &person, &id).await?;
    let teams = state.programme.team_tree(person.space_id()).await?;
    let data = aimed(drafted(&item, &feed, &person.space.time_zone), &feed.audience, &teams);
    show(&page(&state, &person, &item, &feed, data).await?)
}

/// The proposal and its feed, if the person may decide on it.
async fn found(state: &PortalState, person: &Person, id: &str) -> Result<(FeedItem, ContentFeed), Failure> {
    let id: FeedItemId = id.parse().map_err(|_| Failure::Missing)?;
    let item = state.programme.feed_item(person.space_id(), id).await?;
    let feed = state.programme.feed(person.space_id(), item.feed).await?.feed;
    may_decide(person)?;
    Ok((item, feed))
}

/// What was proposed, as the form begins with it. The feed's audience is still to come.
fn drafted(item: &FeedItem, feed: &ContentFeed, zone: &str) -> FormData {
    let draft = &item.draft;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    FormData::default()
        .with("kind", feed.content_kind.as_str())
        .with("title", &draft.title)
        .with("url", &draft.url)
        .with("summary", text(&draft.summary))
        .with("image_url", text(&draft.image_url))
        .with("campaign_id", feed.campaign.known().map(|id| id.to_string()).unwrap_or_default())
        .with("expires_at", local_time::written(zone, draft.expires_at_ms))
        .with("external_id", text(&draft.reference))
}

async fn page(
    state: &PortalState,
    person: &Person,
    item: &FeedItem,
    feed: &ContentFeed,
    data: FormData,
) -> Result<ContentForm, Failure> {
    let page = super::super::page(person, PATH).below(PATH, person.texts.say("feeds-title"));
    let choices = Choices::of(state, person, &page, &data).await?;
    Ok(ContentForm {
        heading: page.say_of("proposal-title", "feed", name_of(feed).as_str()),
        path: format!("{PATH}/proposals/{}", item.id),
        rows: rows(&data),
        form: FormState::new(data),
        choices,
        notes: Vec::new(),
        standing: None,
        page,
    })
}

pub(super) async fn accept(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let (item, feed) = found(&state, &sent.person, &id).await?;
    sent.person.needs(Action::WriteContents(kind_of(&sent.form)))?;
    match make(&state, &sent, item.id).await {
        Ok(content) => {
            let flash = Flash::about(made(&content, state.programme.now_ms()), &content.title);
            Ok(see_with(&path_of(content.id), &flash))
        }
        Err(error) => {
            let Sent { person, form, .. } = sent;
            let refused = FormState::refused(form.clone(), error, person.texts)?;
            let page = ContentForm { form: refused, ..page(&state, &person, &item, &feed, form).await? };
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn make(state: &PortalState, sent: &Sent, id: FeedItemId) -> Result<Content, Error> {
    let mut fields = fields(&sent.form, &sent.person.space.time_zone, None, state.programme.now_ms());
    if fields.published_at == Field::Absent {
        // Left out, the programme publishes it now; the form's empty field says a draft.
        fields.published_at = Field::Null;
    }
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let (_, content) = work.accept_proposal(sent.person.space_id(), id, fields).await?;
    work.commit().await?;
    Ok(content)
}
