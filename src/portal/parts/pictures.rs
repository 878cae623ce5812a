//! Pictures of contents on pages.

use super::super::PortalState;
use crate::model::{Content, PictureKey, SpaceId};
use crate::programme::Error;

/// Which of some contents' pictures are there to be shown: the others would be holes in a page.
pub(in crate::portal) struct Pictures(Vec<PictureKey>);

impl Pictures {
    /// Those of contents of one space that were fetched.
    pub(in crate::portal) async fn of(
        state: &PortalState,
        space: SpaceId,
        contents: impl Iterator<Item = &Content> + Send,
    ) -> Result<Self, Error> {
        let named: Vec<&str> = contents.filter_map(|content| content.image_url.as_deref()).collect();
        Ok(Self(state.programme.pictures_there(space, &named).await?))
    }

    /// Where a content's picture is served.
    pub(in crate::portal) fn whole(&self, content: &Content) -> Option<String> {
        let key = PictureKey::new(content.space, content.image_url.as_deref()?);
        self.0.contains(&key).then(|| format!("/pictures/{key}"))
    }

    /// Where its thumbnail is served.
    pub(in crate::portal) fn small(&self, content: &Content) -> Option<String> {
        self.whole(content).map(|path| format!("{path}/small"))
    }
}
