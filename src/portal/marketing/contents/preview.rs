//! `/marketing/contents/{id}/preview`: how a content is shown to those who share it, and to those who read what they share.

use askama::Template;
use axum::extract::{Path, State};
use url::Url;

use super::super::super::PortalState;
use super::super::super::employee::channels;
use super::super::super::parts::{Outcome, Page, Person, Pictures, show};
use super::{frame, id_of, path_of};
use crate::auth::Action;
use crate::model::{Content, ContentState};
use crate::programme::Caption;

#[derive(Template)]
#[template(path = "marketing/content_preview.html")]
struct Preview {
    page: Page,
    content: Content,
    picture: Option<String>,
    /// The host that its links end at.
    site: String,
    state: ContentState,
    texts: Vec<Text>,
}

/// A suggested text.
struct Text {
    /// For which language and channel, as far as it is for one.
    of: Vec<String>,
    text: String,
}

pub(super) async fn preview(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let content = state.programme.content(person.space_id(), id_of(&id)?).await?;
    person.needs(Action::WriteContents(content.kind))?;
    let page = frame(&person).below(path_of(content.id), content.title.clone());
    let pictures = Pictures::of(&state, person.space_id(), std::iter::once(&content)).await?;
    let known = channels(&page);
    // What the programme has written reads back.
    let captions: Vec<Caption> = serde_json::from_value(content.captions.clone()).unwrap_or_default();
    let text = |caption: Caption| {
        let language = caption.language.map(|tag| page.word_if_known("language", &tag).unwrap_or(tag));
        let channel = caption
            .channel
            .map(|channel| known.iter().find(|(word, _)| *word == channel).map_or(channel, |(_, name)| name.clone()));
        Text { of: language.into_iter().chain(channel).collect(), text: caption.text }
    };
    show(&Preview {
        picture: pictures.whole(&content),
        site: Url::parse(&content.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default(),
        state: content.state(state.programme.now_ms()),
        texts: captions.into_iter().map(text).collect(),
        content,
        page,
    })
}
