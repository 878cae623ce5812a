//! Contents by what they are to each other.

use super::error::StoreError;
use super::reading::Reading;
use super::transaction::on_engine;
use crate::model::{Content, ContentKind, SpaceId};

impl Reading {
    /// At most `limit` contents of a kind that are or will be published, the latest first.
    pub async fn newest_contents(
        &mut self,
        space: SpaceId,
        kind: ContentKind,
        limit: u32,
    ) -> Result<Vec<Content>, StoreError> {
        on_engine!(self.transaction, newest_contents(space, kind, limit))
    }

    /// The contents that name similar ones, in any order.
    pub async fn contents_with_similar(&mut self, space: SpaceId) -> Result<Vec<Content>, StoreError> {
        on_engine!(self.transaction, contents_with_similar(space))
    }
}
