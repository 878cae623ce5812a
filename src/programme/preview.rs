//! An address that somebody pasted, as the draft of a content.

use super::proposals::same_addresses;
use super::{Error, Programme, urls};
use crate::model::{ContentId, Draft, SpaceId};

/// What a content at a pasted address could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What the page says of itself, at the address that was given.
    pub draft: Draft,
    /// The content of the space that leads there already, or none.
    pub content: ContentId,
}

impl Programme {
    /// Fetches the page at `url` and says what it is about. Writes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field `url`: it is none that a content of the space may have,
    /// or there is no page to be had.
    pub async fn preview(&self, space: SpaceId, url: &str) -> Result<Preview, Error> {
        let mut reading = self.store.read().await?;
        let settings = reading.space(space).await?.ok_or(Error::NotFound { what: "space", field: None })?;
        let hosts = reading.hosts().await?.into_iter().map(|(host, _)| host).collect();
        let own = urls::OwnHosts { base: url::Url::clone(&self.base), spaces: hosts };
        let url = urls::destination_url(url.trim(), &own, &settings.destination_domains)
            .map_err(|error| Error::field("url", error.code(), error.to_string()))?;
        let content = reading.content_of_urls(space, &same_addresses(&url)).await?;
        drop(reading);
        let draft = self.web.page(&url).await.map_err(|error| Error::field("url", error.code, error.message))?;
        let image_url = draft.image_url.and_then(|image| urls::picture_url(&image).ok());
        Ok(Preview { draft: Draft { url, image_url, ..draft }, content: content.unwrap_or(ContentId::NONE) })
    }
}
