//! Tokens as their space's administrator sees them.

use super::error::StoreError;
use super::reading::Reading;
use super::records::{Page, TokenRecord};
use super::transaction::on_engine;
use crate::model::{SpaceId, TokenId};

impl Reading {
    /// A token that nobody took back; it may have expired.
    pub async fn token(&mut self, space: SpaceId, id: TokenId) -> Result<Option<TokenRecord>, StoreError> {
        on_engine!(self.transaction, token(space, id))
    }

    /// Tokens that nobody took back, in the order of their creation.
    pub async fn list_tokens(&mut self, space: SpaceId, page: Page<TokenId>) -> Result<Vec<TokenRecord>, StoreError> {
        on_engine!(self.transaction, list_tokens(space, page))
    }
}
