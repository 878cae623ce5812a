//! Uploaded logos.

use super::error::StoreError;
use super::pictures::KeptPicture;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{Picture, PictureKey, SpaceId};

impl Reading {
    /// The logo of this key, of any space: whoever may see a page of a space may see its logo.
    pub async fn logo(&mut self, key: PictureKey) -> Result<Option<KeptPicture>, StoreError> {
        on_engine!(self.transaction, logo(key))
    }
}

impl Writing {
    /// Makes `picture` the only logo of a space, or leaves it without one. The space itself says under which key it
    /// is ([`Self::put_space`]).
    pub async fn put_logo(&mut self, space: SpaceId, logo: Option<(PictureKey, &Picture)>) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        match logo {
            Some((key, picture)) => on_engine!(self.transaction, put_logo(space, key, picture, at_ms)),
            None => on_engine!(self.transaction, delete_logo(space)),
        }
    }
}
