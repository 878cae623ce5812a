//! Pictures of contents: fetched once, kept, and served by Relais itself.
//!
//! A content that names a picture makes it wanted, in the content's own transaction. Whoever comes
//! first fetches it; what was fetched stays the same for ever, under a key that redirect nodes can
//! compute ([`crate::model::PictureKey`]). To show another picture, a content names another
//! address.

use super::{Error, Programme};
use crate::model::PictureKey;
use crate::store::{KeptPicture, WantedPicture};

/// Attempts at a picture whose site does not answer.
const MAX_ATTEMPTS: u32 = 6;
/// From the first attempt to the second, in milliseconds; each wait is four times the one before.
const FIRST_WAIT_MS: i64 = 60_000;
/// What the pictures of one space may take, in bytes.
const MAX_SPACE_BYTES: u64 = 512 << 20;
/// How long a picture that no content names (any more) is kept, in milliseconds.
pub const KEPT_UNNAMED_MS: i64 = 24 * 3_600_000;

impl Programme {
    /// A picture, once it was fetched, or an uploaded logo.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn picture(&self, key: PictureKey) -> Result<Option<KeptPicture>, Error> {
        let mut reading = self.store.read().await?;
        match reading.picture(key).await? {
            Some(picture) => Ok(Some(picture)),
            None => Ok(reading.logo(key).await?),
        }
    }

    /// Fetches the picture that has been wanted for the longest time; false when none is due.
    ///
    /// # Errors
    /// [`Error::Store`]. That a picture cannot be fetched is none.
    pub async fn fetch_due_picture(&self) -> Result<bool, Error> {
        let now_ms = self.now_ms();
        if self.store.read().await?.due_picture(now_ms).await?.is_none() {
            return Ok(false);
        }
        // Claimed by putting it off: no other node takes it meanwhile, and a node that dies over it
        // leaves it to the next attempt.
        let mut writing = self.store.write().await?;
        let Some(mut wanted) = writing.due_picture(now_ms).await? else { return Ok(false) };
        wanted.attempts += 1;
        let again_ms = now_ms + (FIRST_WAIT_MS << (2 * wanted.attempts.min(MAX_ATTEMPTS)).saturating_sub(2));
        writing.put_off_picture(&wanted, Some(again_ms), None).await?;
        writing.commit().await?;
        self.fetch_picture(&wanted, again_ms).await?;
        Ok(true)
    }

    async fn fetch_picture(&self, wanted: &WantedPicture, again_ms: i64) -> Result<(), Error> {
        let outcome = self.web.picture(&wanted.url).await;
        let mut writing = self.store.write().await?;
        match outcome {
            Ok(picture) => {
                let taken = writing.picture_bytes(wanted.space).await? + picture.bytes.len() as u64;
                if taken <= MAX_SPACE_BYTES {
                    writing.keep_picture(wanted.key(), &picture).await?;
                } else {
                    tracing::warn!(space = %wanted.space, "a picture is not kept: the space's pictures take 512 MiB");
                    writing.put_off_picture(wanted, None, Some("the space has too many pictures")).await?;
                }
            }
            Err(error) => {
                let again = Some(again_ms).filter(|_| error.passes && wanted.attempts < MAX_ATTEMPTS);
                tracing::debug!(space = %wanted.space, %error, again = again.is_some(), "a picture was not fetched");
                writing.put_off_picture(wanted, again, Some(&error.message)).await?;
            }
        }
        Ok(writing.commit().await?)
    }
}
