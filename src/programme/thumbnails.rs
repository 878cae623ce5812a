//! Small squares of contents' pictures, for lists.
//!
//! A picture is as large as its site made it; a list of twelve would weigh megabytes on somebody's phone. A thumbnail is
//! made when it is first asked for and kept in memory: it costs some milliseconds, and browsers keep it for ever. To keep
//! it in the store was turned down: it would double the writes of a picture that perhaps nobody sees.
//!
//! The bytes come from strangers, so what is decoded is bounded before it is decoded.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageReader, Limits, Rgb, RgbImage};
use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::{Error, Programme};
use crate::model::{PictureKey, SpaceId};

/// Width and height, in pixels: 80 of a page's, twice as fine.
pub const SIDE: u32 = 160;
/// Largest thumbnail, in bytes: twelve of them and the page around them stay below 150 KB.
pub const MAX_BYTES: usize = 7 << 10;
/// Qualities to try until one is small enough.
const QUALITIES: [u8; 4] = [72, 55, 38, 20];
/// Longest side of a picture that is decoded, in pixels.
const MAX_SIDE: u32 = 8_000;
/// Memory for decoding one, in bytes: 24 million pixels of four bytes.
const MAX_DECODED: u64 = 96 << 20;
/// Thumbnails in memory; 28 MB of them at most. When there are more, the memory begins anew.
const KEPT: usize = 4_000;

/// Those that were made; none where nothing can be made of a picture.
#[derive(Debug)]
pub(super) struct Thumbnails {
    kept: Mutex<HashMap<PictureKey, Option<Bytes>>>,
    /// One is decoded at a time, however many ask: memory and processor are the redirects' first.
    turn: Semaphore,
}

impl Default for Thumbnails {
    fn default() -> Self {
        Self { kept: Mutex::default(), turn: Semaphore::new(1) }
    }
}

impl Thumbnails {
    fn kept(&self, key: PictureKey) -> Option<Option<Bytes>> {
        self.kept.lock().get(&key).cloned()
    }

    fn keep(&self, key: PictureKey, made: Option<Bytes>) {
        let mut kept = self.kept.lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, made);
    }
}

impl Programme {
    /// The thumbnail of a picture: JPEG, [`SIDE`] square, at most [`MAX_BYTES`]. None while there is no picture, and for
    /// one that cannot be decoded.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn thumbnail(&self, key: PictureKey) -> Result<Option<Bytes>, Error> {
        let thumbnails = Arc::clone(&self.thumbnails);
        if let Some(made) = thumbnails.kept(key) {
            return Ok(made);
        }
        let _turn = thumbnails.turn.acquire().await.expect("the semaphore is never closed");
        if let Some(made) = thumbnails.kept(key) {
            return Ok(made);
        }
        let Some(picture) = self.picture(key).await? else { return Ok(None) };
        // A decoder that panics has made nothing.
        let made = tokio::task::spawn_blocking(move || make(&picture.bytes)).await.unwrap_or_default();
        thumbnails.keep(key, made.clone());
        Ok(made)
    }

    /// Which of these addresses' pictures a space has, by their keys: whatever is still being fetched is not among them.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn pictures_there(&self, space: SpaceId, urls: &[&str]) -> Result<Vec<PictureKey>, Error> {
        let keys: Vec<_> = urls.iter().map(|url| PictureKey::new(space, url)).collect();
        Ok(self.store.read().await?.pictures_there(&keys).await?)
    }
}

/// The middle of a picture, made small. On white, where it lets something shine through.
fn make(bytes: &[u8]) -> Option<Bytes> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::no_limits();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    let small = flat(&reader.decode().ok()?.resize_to_fill(SIDE, SIDE, FilterType::Triangle));
    QUALITIES.into_iter().map(|quality| encoded(&small, quality)).find(|made| made.len() <= MAX_BYTES)
}

fn flat(image: &DynamicImage) -> RgbImage {
    let image = image.to_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| {
            let (colour, alpha) = (u16::from(colour), u16::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

fn encoded(image: &RgbImage, quality: u8) -> Bytes {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(image).expect("memory takes everything");
    out.into()
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgba, RgbaImage};

    use super::*;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        // Noise is what compresses worst.
        let image = RgbaImage::from_fn(width, height, |_, _| Rgba(rand::random()));
        let image = if format == ImageFormat::Jpeg {
            DynamicImage::from(image).to_rgb8().into()
        } else {
            DynamicImage::from(image)
        };
        let mut out = Cursor::new(Vec::new());
        image.write_to(&mut out, format).expect("encoded");
        out.into_inner()
    }

    #[test]
    fn a_thumbnail_is_a_small_square_whatever_the_picture_was() {
        for (width, height, format) in [
            (640, 336, ImageFormat::Png),
            (200, 900, ImageFormat::Jpeg),
            (31, 17, ImageFormat::WebP),
            (1, 1, ImageFormat::Gif),
        ] {
            let made = make(&picture(width, height, format)).expect("a thumbnail");
            assert!(made.len() <= MAX_BYTES, "{} bytes", made.len());
            let read = image::load_from_memory_with_format(&made, ImageFormat::Jpeg).expect("a JPEG");
            assert_eq!((read.width(), read.height()), (SIDE, SIDE));
        }
    }

    #[test]
    fn what_shines_through_is_white() {
        let clear = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0]));
        assert_eq!(flat(&clear.into()).get_pixel(3, 3).0, [255, 255, 255]);
    }

    #[test]
    fn what_is_no_picture_or_too_large_a_one_makes_none() {
        let whole = picture(64, 64, ImageFormat::Png);
        assert!(make(&whole[..40]).is_none());
        assert!(make(b"GIF89a and nothing").is_none());
        assert!(make(&picture(MAX_SIDE + 1, 1, ImageFormat::Png)).is_none());
        // A few bytes that say that they are 7,000 by 7,000 pixels.
        let mut bomb = whole;
        for at in [16, 20] {
            bomb[at..at + 4].copy_from_slice(&7_000_u32.to_be_bytes());
        }
        assert!(make(&bomb).is_none());
    }
}
