//! An address as a QR code, for screens and for print.

use bytes::Bytes;
use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

/// Pixels of a module in a PNG: 29 modules and the margin then print sharply at 10 cm.
const SCALE: usize = 16;
/// Light modules around the code that the standard asks for (ISO/IEC 18004).
const QUIET: usize = 4;

/// The SVG of an address.
pub fn svg(url: &str) -> Option<Bytes> {
    let image = code(url)?.render::<svg::Color<'_>>().min_dimensions(256, 256).quiet_zone(true).build();
    Some(image.into())
}

/// The PNG of an address: black and white, one bit a pixel.
pub fn png(url: &str) -> Option<Bytes> {
    let code = code(url)?;
    let (modules, colors) = (code.width(), code.to_colors());
    let side = (modules + 2 * QUIET) * SCALE;
    let is_dark = |x: usize, y: usize| {
        let (x, y) = ((x / SCALE).wrapping_sub(QUIET), (y / SCALE).wrapping_sub(QUIET));
        x < modules && y < modules && colors[y * modules + x] == Color::Dark
    };
    let mut pixels = vec![0u8; side.div_ceil(8) * side];
    for (y, row) in pixels.chunks_exact_mut(side.div_ceil(8)).enumerate() {
        for x in (0..side).filter(|x| !is_dark(*x, y)) {
            row[x / 8] |= 0x80 >> (x % 8);
        }
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, u32::try_from(side).ok()?, u32::try_from(side).ok()?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(out.into())
}

/// Medium correction: a poster may be scratched, and a short link leaves the room for it.
fn code(url: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(url, EcLevel::M).ok()
}
