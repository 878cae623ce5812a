//! Pictures of contents, painted on the spot: nothing is fetched, and nothing of anybody else's is shown.
//!
//! They come in by the door that pictures come in by: the programme wants what a content names, and asks a [`Web`].
//! This one paints.

use sha2::{Digest as _, Sha256};
use url::Url;

use super::story::Story;
use crate::model::{Draft, Picture};
use crate::programme::{AskedFeed, FeedAnswer, Outside, Web, WebError};

/// Pixels of a picture: what networks show of a page.
const SIZE: (u32, u32) = (640, 336);
/// Shades of the ground.
const SHADES: u16 = 40;

/// Paints in the colours of the demo's brands.
#[derive(Debug)]
pub(super) struct Painter {
    /// Host of a brand's pictures, and its colour in degrees.
    brands: Vec<(String, f64)>,
}

impl Painter {
    pub(super) fn of(stories: &[Story]) -> Self {
        Self { brands: stories.iter().map(|story| (host(story), story.hue)).collect() }
    }

    fn paint(&self, url: &str) -> Option<Picture> {
        let url = Url::parse(url).ok()?;
        let (_, hue) = self.brands.iter().find(|(host, _)| url.host_str() == Some(host))?;
        Picture::new(paint(*hue, url.path())?)
    }
}

fn host(story: &Story) -> String {
    format!("images.{}", story.domain)
}

impl Web for Painter {
    fn page<'w>(&'w self, _: &'w str) -> Outside<'w, Draft> {
        Box::pin(std::future::ready(Err(nothing_here())))
    }

    fn feed<'w>(&'w self, _: &'w AskedFeed) -> Outside<'w, FeedAnswer> {
        Box::pin(std::future::ready(Err(nothing_here())))
    }

    fn picture<'w>(&'w self, url: &'w str) -> Outside<'w, Picture> {
        Box::pin(std::future::ready(self.paint(url).ok_or_else(nothing_here)))
    }

    fn text<'w>(&'w self, _: &'w str) -> Outside<'w, String> {
        Box::pin(std::future::ready(Err(nothing_here())))
    }

    fn may_post<'w>(&'w self, _: &'w Url) -> Outside<'w, ()> {
        Box::pin(std::future::ready(Err(nothing_here())))
    }
}

fn nothing_here() -> WebError {
    WebError { code: "offline", message: "the demo paints pictures and fetches nothing".to_owned(), passes: false }
}

/// A ground that goes from one shade of the brand to another, and two discs whose places come from `name`.
fn paint(hue: f64, name: &str) -> Option<Vec<u8>> {
    let seed: [u8; 32] = Sha256::digest(name).into();
    let part = |index: usize| f64::from(seed[index]) / 255.0;
    let turn = hue + 36.0 * (part(0) - 0.5);
    let mut palette = Vec::new();
    for shade in 0..SHADES {
        let step = f64::from(shade) / f64::from(SHADES - 1);
        palette.extend(colour(turn + 24.0 * step, 0.42, 0.26 + 0.34 * step));
    }
    palette.extend(colour(turn + 42.0, 0.60, 0.74));
    palette.extend(colour(turn + 14.0, 0.35, 0.90));
    let (width, height) = (f64::from(SIZE.0), f64::from(SIZE.1));
    let slope = 0.25 + 0.5 * part(1);
    let disc = |x: usize, y: usize, size: usize| (part(x) * width, part(y) * height, (0.12 + 0.2 * part(size)) * width);
    let discs = [disc(2, 3, 4), disc(5, 6, 7)];
    let mut pixels = Vec::with_capacity((SIZE.0 * SIZE.1) as usize);
    for y in 0..SIZE.1 {
        for x in 0..SIZE.0 {
            let (x, y) = (f64::from(x), f64::from(y));
            let covered = discs.iter().position(|(left, top, size)| (x - left).hypot(y - top) < *size);
            let step = (x / width * slope + y / height * (1.0 - slope)) * f64::from(SHADES - 1);
            pixels.push(match covered {
                Some(disc) => SHADES as u8 + disc as u8,
                None => step as u8,
            });
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(bytes)
}

/// The brand's colour, as a space takes it.
pub(super) fn accent(hue: f64) -> String {
    let [red, green, blue] = colour(hue, 0.45, 0.40);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A colour by hue in degrees, saturation and lightness (CSS Color Module Level 4, section 7.1).
fn colour(hue: f64, saturation: f64, lightness: f64) -> [u8; 3] {
    let amplitude = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset| {
        let k = (offset + hue.rem_euclid(360.0) / 30.0).rem_euclid(12.0);
        let value = lightness - amplitude * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        (value * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_css() {
        assert_eq!(colour(0.0, 1.0, 0.5), [255, 0, 0]);
        assert_eq!(colour(120.0, 1.0, 0.25), [0, 128, 0]);
        assert_eq!(colour(-120.0, 1.0, 0.5), [0, 0, 255]);
        assert_eq!(colour(33.0, 0.0, 0.5), [128, 128, 128]);
    }

    #[test]
    fn a_picture_is_small_always_the_same_and_another_for_another_name() {
        let picture = |name| paint(200.0, name).expect("painted");
        assert_eq!(picture("/a.png"), picture("/a.png"));
        assert_ne!(picture("/a.png"), picture("/b.png"));
        assert!(picture("/a.png").len() < 40_000, "{}", picture("/a.png").len());
        let decoded = png::Decoder::new(std::io::Cursor::new(picture("/a.png"))).read_info().expect("a PNG");
        assert_eq!((decoded.info().width, decoded.info().height), SIZE);
    }

    #[test]
    fn only_pictures_of_the_demos_brands_are_painted() {
        let painter = Painter { brands: vec![("images.a.example".to_owned(), 10.0)] };
        assert!(painter.paint("https://images.a.example/x.png").is_some());
        assert!(painter.paint("https://images.b.example/x.png").is_none());
    }
}
