//! Idempotency keys: a request that is sent again has its effect once.
//!
//! The key is looked for and kept in the transaction of the effect itself. Two requests that race
//! with one key queue for the store's write lock, and the second finds the answer of the first.
//! Refused requests keep nothing: they had no effect, and may be sent again corrected.

use super::{Error, KeptAnswer, Work};
use crate::model::{SpaceId, TokenId};

/// How long an answer is kept.
pub const KEPT_MS: i64 = 24 * 3_600_000;
/// Longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 255;

impl Work {
    /// The answer that this token's `key` was given in the last 24 hours.
    ///
    /// # Errors
    /// [`Error::Conflict`] `idempotency_key_reused` when it was given to another request.
    pub async fn kept_answer(
        &mut self,
        space: SpaceId,
        token: TokenId,
        key: &str,
        request_hash: &[u8; 32],
    ) -> Result<Option<KeptAnswer>, Error> {
        let since_ms = self.writing.at_ms() - KEPT_MS;
        match self.writing.kept_answer(space, token, key, since_ms).await? {
            Some(kept) if kept.request_hash != *request_hash => Err(Error::Conflict {
                code: "idempotency_key_reused",
                field: None,
                message: "this Idempotency-Key was used for another request: take a new key".to_owned(),
            }),
            found => Ok(found),
        }
    }

    /// Keeps the answer that this work gives, and forgets those older than 24 hours.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn keep_answer(
        &mut self,
        space: SpaceId,
        token: TokenId,
        key: &str,
        kept: &KeptAnswer,
    ) -> Result<(), Error> {
        let before_ms = self.writing.at_ms() - KEPT_MS;
        self.writing.forget_answers(before_ms).await?;
        Ok(self.writing.keep_answer(space, token, key, kept).await?)
    }
}
