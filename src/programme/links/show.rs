//! A link as people see it: with its address and where it leads.

use std::collections::HashMap;

use url::Url;

use crate::model::{Click, Content, ContentId, Link, Space, SpaceId, destination};
use crate::programme::Error;
use crate::store::Reading;

/// A link with its address and its destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLink {
    /// The link.
    pub link: Link,
    /// `https://` and the space's first host, else `redirect.base_url`, then the code.
    pub short_url: String,
    /// What [`destination()`] says: where the redirect sends people while the content lasts.
    pub destination: String,
}

impl ShownLink {
    /// Where the advocate tries it: such a click is recorded apart, and is none of a person.
    pub fn try_url(&self) -> String {
        format!("{}?{}=1", self.short_url, Click::OWN_PARAMETER)
    }
}

/// Contents with their campaigns' slugs, by id.
pub(super) type Contents = HashMap<ContentId, (Content, String)>;

/// Shows links of one space, in order.
pub(super) async fn show(
    reading: &mut Reading,
    base: &Url,
    space: SpaceId,
    links: Vec<Link>,
) -> Result<Vec<ShownLink>, Error> {
    let missing = Error::NotFound { what: "space", field: None };
    let space = reading.space(space).await?.ok_or(missing)?;
    let mut ids: Vec<_> = links.iter().map(|link| link.content).collect();
    ids.sort_unstable();
    ids.dedup();
    let contents = contents(reading, space.id, &ids).await?;
    Ok(links.into_iter().map(|link| shown(&space, &contents, base, link)).collect())
}

pub(super) async fn contents(reading: &mut Reading, space: SpaceId, ids: &[ContentId]) -> Result<Contents, Error> {
    let found = reading.contents_of(space, ids).await?;
    Ok(found.into_iter().map(|(content, slug)| (content.id, (content, slug))).collect())
}

pub(super) fn shown(space: &Space, contents: &Contents, base: &Url, link: Link) -> ShownLink {
    // A link refers to a content of its space: the store sees to it.
    let destination = contents.get(&link.content).map(|(content, campaign_slug)| {
        let id = content.id.to_string();
        let content_slug = content.external_id.as_deref().unwrap_or(&id);
        destination(&content.url, &space.utm_template, link.channel.as_str(), campaign_slug, content_slug)
    });
    let short_url = match space.hosts.first() {
        Some(host) => format!("https://{host}/{}", link.code),
        None => format!("{base}{}", link.code),
    };
    ShownLink { short_url, destination: destination.unwrap_or_default(), link }
}
