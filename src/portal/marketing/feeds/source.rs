//! The form of a feed, and what can be done with one.

use askama::Template;
use axum::extract::{Path, State};
use http::StatusCode;

use super::super::super::PortalState;
use super::super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show,
};
use super::super::super::texts::msg;
use super::{PATH, SOURCES, failure_of, id_of, may_decide, name_of, path_of};
use crate::auth::Action;
use crate::model::{ContentFeed, ContentKind, FeedKind, Publish};
use crate::programme::{Error, FeedFields, Field};

/// How often a feed can be visited, in minutes.
const INTERVALS: [u32; 5] = [15, 60, 360, 1_440, 10_080];

#[derive(Template)]
#[template(path = "marketing/source.html")]
struct Source {
    page: Page,
    heading: String,
    /// The form's address.
    path: String,
    form: FormState,
    kinds: Vec<(String, String)>,
    content_kinds: Vec<(String, String)>,
    campaigns: Vec<(String, String)>,
    publish: Vec<(String, String)>,
    intervals: Vec<(String, String)>,
    /// The feed as it stands; none for one that is to be added.
    feed: Option<ContentFeed>,
    /// Why the last visit to it failed.
    failure: Option<String>,
}

async fn page(
    state: &PortalState,
    person: &Person,
    feed: Option<ContentFeed>,
    data: FormData,
) -> Result<Source, Failure> {
    let page = super::super::page(person, PATH).below(SOURCES, person.texts.say("feeds-tab-sources"));
    let campaigns = state.programme.campaigns_with_contents(person.space_id()).await?;
    let none = (String::new(), page.say("content-campaign-none"));
    let mut minutes = INTERVALS.to_vec();
    // What a program chose stays what it is.
    if let Some(standing) = feed.as_ref().map(|feed| feed.interval_minutes).filter(|one| !minutes.contains(one)) {
        minutes.push(standing);
        minutes.sort_unstable();
    }
    let interval = |minutes: u32| {
        let word = page.word_if_known("feed-every", &minutes.to_string());
        (minutes.to_string(), word.unwrap_or_else(|| page.say_of("feed-every-minutes", "count", minutes)))
    };
    let by_itself = (String::new(), page.say("feed-content-kind-usual"));
    let kind = |kind: &ContentKind| (kind.as_str().to_owned(), page.word("kinds", kind.as_str()));
    let content_kinds = ContentKind::ALL.iter().map(kind);
    Ok(Source {
        failure: feed.as_ref().and_then(|feed| failure_of(&page, feed)),
        heading: feed.as_ref().map_or_else(|| page.say("feed-new-title"), name_of),
        path: feed.as_ref().map_or_else(|| format!("{PATH}/new"), |feed| path_of(feed.id)),
        form: FormState::new(data),
        kinds: FeedKind::ALL
            .iter()
            .map(|kind| (kind.as_str().to_owned(), page.word("feed-kind", &kind.as_str().replace('_', "-"))))
            .collect(),
        content_kinds: if feed.is_none() {
            std::iter::once(by_itself).chain(content_kinds).collect()
        } else {
            content_kinds.collect()
        },
        campaigns: std::iter::once(none)
            .chain(campaigns.into_iter().map(|(campaign, _)| (campaign.id.to_string(), campaign.name)))
            .collect(),
        publish: Publish::ALL
            .iter()
            .map(|publish| (publish.as_str().to_owned(), page.word("feed-publish", publish.as_str())))
            .collect(),
        intervals: minutes.into_iter().map(interval).collect(),
        feed,
        page,
    })
}

pub(super) async fn blank(State(state): State<PortalState>, person: Person) -> Outcome {
    may_decide(&person)?;
    let data = FormData::default()
        .with("kind", FeedKind::Auto.as_str())
        .with("publish", Publish::Review.as_str())
        .with("interval_minutes", "60");
    show(&page(&state, &person, None, data).await?)
}

pub(super) async fn form(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let feed = state.programme.feed(person.space_id(), id_of(&id)?).await?.feed;
    may_decide(&person)?;
    let data = FormData::default()
        .with("url", &feed.url)
        .with("kind", feed.kind.as_str())
        .with("content_kind", feed.content_kind.as_str())
        .with("campaign_id", feed.campaign.known().map(|id| id.to_string()).unwrap_or_default())
        .with("publish", feed.publish.as_str())
        .with("interval_minutes", feed.interval_minutes.to_string())
        .with("close_missing", if feed.close_missing { "yes" } else { "" });
    show(&page(&state, &person, Some(feed), data).await?)
}

pub(super) async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_decide(&sent.person)?;
    put(&state, sent, None).await
}

pub(super) async fn change(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let feed = found(&state, &sent, &id).await?;
    put(&state, sent, Some(feed)).await
}

async fn put(state: &PortalState, sent: Sent, feed: Option<ContentFeed>) -> Outcome {
    let kind = sent.form.parsed("content_kind").unwrap_or(ContentKind::Article);
    sent.person.needs(Action::Feeds(kind))?;
    match lay(state, &sent, feed.as_ref(), &fields(&sent.form)).await {
        Ok(laid) => {
            let message = if feed.is_none() { msg("flash-feed-added") } else { msg("flash-feed-changed") };
            Ok(see_with(SOURCES, &Flash::about(message, &name_of(&laid))))
        }
        Err(error) => {
            let Sent { person, form, .. } = sent;
            let refused = FormState::refused(form.clone(), error, person.texts)?;
            let page = Source { form: refused, ..page(state, &person, feed, form).await? };
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn lay(
    state: &PortalState,
    sent: &Sent,
    feed: Option<&ContentFeed>,
    fields: &FeedFields,
) -> Result<ContentFeed, Error> {
    let space = sent.person.space_id();
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let laid = match feed {
        Some(feed) => work.update_feed(space, feed.id, fields).await?,
        None => work.create_feed(space, fields).await?,
    };
    work.commit().await?;
    Ok(laid)
}

/// A form as the programme takes it. An audience that a program set stays what it is.
fn fields(form: &FormData) -> FeedFields {
    let some = |name: &str| Field::given(Some(form.text(name).to_owned()).filter(|text| !text.is_empty()));
    FeedFields {
        url: form.field("url"),
        kind: some("kind"),
        content_kind: some("content_kind"),
        campaign_id: form.field("campaign_id"),
        publish: some("publish"),
        audience: Field::Absent,
        interval_minutes: Field::given(form.parsed("interval_minutes")),
        close_missing: Field::Value(form.has("close_missing", "yes")),
        paused: Field::Absent,
    }
}

/// Lets nobody visit it any more, or takes that back.
pub(super) async fn pause(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let feed = found(&state, &sent, &id).await?;
    let paused = sent.form.has("on", "yes");
    let fields = FeedFields { paused: Field::Value(paused), ..FeedFields::default() };
    lay(&state, &sent, Some(&feed), &fields).await?;
    let message = if paused { msg("flash-feed-paused") } else { msg("flash-feed-resumed") };
    Ok(see_with(SOURCES, &Flash::about(message, &name_of(&feed))))
}

pub(super) async fn remove(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let feed = found(&state, &sent, &id).await?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.remove_feed(sent.person.space_id(), feed.id).await?;
    work.commit().await?;
    Ok(see_with(SOURCES, &Flash::about(msg("flash-removed"), &name_of(&feed))))
}

/// The feed that a form is about, if whoever sent it may change it.
async fn found(state: &PortalState, sent: &Sent, id: &str) -> Result<ContentFeed, Failure> {
    let feed = state.programme.feed(sent.person.space_id(), id_of(id)?).await?.feed;
    may_decide(&sent.person)?;
    sent.person.needs(Action::Feeds(feed.content_kind))?;
    Ok(feed)
}
