//! A space's logo. Its colour is one of its settings ([`super::spaces`]); how both become legible is
//! [`crate::model::look`]'s business.

use serde_json::json;

use super::{Error, Work};
use crate::model::{Picture, PictureKey, Space, SpaceId};

/// Largest logo, in bytes: the heaviest part of an employee's first page.
pub const MAX_LOGO_BYTES: usize = 64 << 10;

impl Work {
    /// Makes an uploaded file the logo of a space; none: the space goes on without one.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file that is too large or no PNG, JPEG, GIF or WebP (an SVG may hold a script);
    /// [`Error::NotFound`], [`Error::Closed`].
    pub async fn set_logo(&mut self, space: SpaceId, file: Option<Vec<u8>>) -> Result<Space, Error> {
        let mut space = self.open_space(space).await?;
        let picture = file.map(picture).transpose()?;
        let logo = picture.as_ref().map(|picture| (PictureKey::of_upload(space.id, &picture.bytes), picture));
        if space.look.logo == logo.map(|(key, _)| key) {
            return Ok(space);
        }
        space.look.logo = logo.map(|(key, _)| key);
        self.writing.put_logo(space.id, logo).await?;
        self.writing.put_space(&space).await?;
        self.note(space.id, "space.changed", &space.id.to_string(), json!({"fields": ["logo"]})).await?;
        Ok(space)
    }
}

fn picture(file: Vec<u8>) -> Result<Picture, Error> {
    if file.len() > MAX_LOGO_BYTES {
        let most = MAX_LOGO_BYTES / 1024;
        return Err(Error::field("logo", "too_large", format!("a logo has at most {most} KiB: make the file smaller")));
    }
    let unknown = || Error::field("logo", "not_a_picture", "a logo is a PNG, JPEG, GIF or WebP file");
    Picture::new(file).ok_or_else(unknown)
}
