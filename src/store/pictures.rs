//! Pictures that Relais serves itself: wanted, fetched, given out.

use super::error::StoreError;
use super::reading::Reading;
use super::transaction::on_engine;
use super::writing::Writing;
use crate::model::{Picture, PictureKey, SpaceId};

/// A picture that was not fetched yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedPicture {
    /// Whose content names it.
    pub space: SpaceId,
    /// Where it is.
    pub url: String,
    /// Attempts so far.
    pub attempts: u32,
}

impl WantedPicture {
    /// Under which name it will be served.
    pub fn key(&self) -> PictureKey {
        PictureKey::new(self.space, &self.url)
    }
}

/// A picture as it is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPicture {
    /// `image/png` and the like.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Reading {
    /// A picture that was fetched. Of any space: pictures are shown to everybody who was sent a
    /// link, and the key says whose it is.
    pub async fn picture(&mut self, key: PictureKey) -> Result<Option<KeptPicture>, StoreError> {
        on_engine!(self.transaction, picture(key))
    }

    /// Which of these pictures were fetched.
    pub async fn pictures_there(&mut self, keys: &[PictureKey]) -> Result<Vec<PictureKey>, StoreError> {
        on_engine!(self.transaction, pictures_there(keys))
    }

    /// The picture of any space that has been due for the longest time.
    pub async fn due_picture(&mut self, now_ms: i64) -> Result<Option<WantedPicture>, StoreError> {
        on_engine!(self.transaction, due_picture(now_ms))
    }

    /// What the pictures of a space take, in bytes.
    pub async fn picture_bytes(&mut self, space: SpaceId) -> Result<u64, StoreError> {
        on_engine!(self.transaction, picture_bytes(space))
    }
}

impl Writing {
    /// Notes that a content names a picture: it is fetched unless it was, also when it was given up
    /// before.
    pub async fn want_picture(&mut self, space: SpaceId, url: &str) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, want_picture(space, url, at_ms))
    }

    /// Notes an attempt (already counted in `wanted`), and when the next one is due; none: never.
    pub async fn put_off_picture(
        &mut self,
        wanted: &WantedPicture,
        next_at_ms: Option<i64>,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        on_engine!(self.transaction, put_off_picture(wanted, next_at_ms, error))
    }

    /// Keeps a picture that is wanted, for ever the same.
    pub async fn keep_picture(&mut self, key: PictureKey, picture: &Picture) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, keep_picture(key, picture.media_type, &picture.bytes, at_ms))
    }

    /// Removes pictures of all spaces that were first wanted before `before_ms` and that no content
    /// names any more; answers how many.
    pub async fn forget_pictures(&mut self, before_ms: i64) -> Result<u64, StoreError> {
        on_engine!(self.transaction, forget_pictures(before_ms))
    }
}
