//! `/contents/{id}`: one content, its suggested texts, and where to share it.

use askama::Template;
use axum::extract::{Path, State};
use url::Url;

use super::super::PortalState;
use super::super::parts::{Area, Failure, Outcome, Page, Person, Pictures, show};
use super::super::texts::msg;
use super::channels::{Name, PLACES, Place};
use super::feed;
use crate::model::language::spoken;
use crate::model::{AdvocateKind, Content};
use crate::programme::{Caption, LinkFilter, Page as Slice, ShownLink};

#[derive(Template)]
#[template(path = "employee/content.html")]
struct ContentPage {
    page: Page,
    content: Content,
    picture: Option<String>,
    site: String,
    texts: Vec<String>,
    disclosure: String,
    awaits_charter: bool,
    is_over: bool,
    places: Vec<ShownPlace>,
    /// The links that there are already.
    links: Vec<OwnLink>,
}

/// A place to share at, on the page.
struct ShownPlace {
    place: &'static Place,
    name: String,
}

/// A link that the person has.
struct OwnLink {
    /// Where it is shared.
    place: String,
    short_url: String,
    /// Where the person tries it without being counted.
    try_url: String,
}

/// Links of one content on the page, at most: one for each channel that anybody thought of.
const MOST_LINKS: u32 = 50;

pub(super) async fn content(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let content = published(&state, &person, &id).await?;
    let charter = state.programme.charter(person.space_id()).await?;
    let filter = LinkFilter { advocate: Some(person.id()), content: Some(content.id), ..LinkFilter::default() };
    let links = state.programme.links(person.space_id(), &filter, Slice { after: None, limit: MOST_LINKS }).await?;
    let page = person.page(Area::Share, feed::PATH).below(feed::PATH, person.texts.say("nav-feed"));
    let places = PLACES.iter().map(|place| ShownPlace { place, name: name(&page, place) }).collect();
    let own = |shown: ShownLink| OwnLink {
        place: super::channel_name(&page, shown.link.channel.as_str()),
        try_url: shown.try_url(),
        short_url: shown.short_url,
    };
    let links = links.into_iter().map(own).collect();
    let pictures = Pictures::of(&state, person.space_id(), std::iter::once(&content)).await?;
    show(&ContentPage {
        picture: pictures.whole(&content),
        site: Url::parse(&content.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default(),
        texts: suggested(&person, &content),
        disclosure: disclosure(&person),
        awaits_charter: charter.is_some_and(|charter| charter.awaits(&person.record)),
        is_over: content.is_over(state.programme.now_ms()),
        places,
        links,
        content,
        page,
    })
}

/// A published content of the person's space.
///
/// # Errors
/// [`Failure::Missing`] for a draft too.
pub(super) async fn published(state: &PortalState, person: &Person, id: &str) -> Result<Content, Failure> {
    let id = id.parse().map_err(|_| Failure::Missing)?;
    let content = state.programme.content(person.space_id(), id).await?;
    let is_published = content.published_at_ms.is_some_and(|at| at <= state.programme.now_ms());
    if is_published { Ok(content) } else { Err(Failure::Missing) }
}

pub(super) fn name(page: &Page, place: &Place) -> String {
    match place.name {
        Name::Own(name) => name.to_owned(),
        Name::Said(message) => page.say(message),
    }
}

/// Suggested texts in the person's language; else those of no language, else all.
fn suggested(person: &Person, content: &Content) -> Vec<String> {
    // What the programme has written reads back.
    let captions: Vec<Caption> = serde_json::from_value(content.captions.clone()).unwrap_or_default();
    let own = person.texts.language();
    let of = |wanted: &dyn Fn(&Caption) -> bool| -> Vec<String> {
        let mut texts: Vec<_> =
            captions.iter().filter(|caption| wanted(caption)).map(|caption| caption.text.clone()).collect();
        texts.dedup();
        texts
    };
    let in_own = of(&|caption| caption.language.as_deref().and_then(spoken) == Some(own));
    let in_none = || of(&|caption| caption.language.is_none());
    let all = || of(&|_| true);
    [in_own, in_none(), all()].into_iter().find(|texts| !texts.is_empty()).unwrap_or_default()
}

/// The line that says what ties the person to the brand.
pub(super) fn disclosure(person: &Person) -> String {
    let message = match person.record.advocate.kind {
        AdvocateKind::Employee => msg("disclosure-employee"),
        AdvocateKind::Partner => msg("disclosure-partner"),
        AdvocateKind::Customer => msg("disclosure-customer"),
        AdvocateKind::Influencer => msg("disclosure-influencer"),
    };
    person.texts.say_of(message, "space", person.space.name.as_str())
}
