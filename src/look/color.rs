//! How well colours are told apart.

use crate::model::Color;

impl Color {
    /// White.
    pub const WHITE: Self = Self::new(0xff, 0xff, 0xff);
    /// Nearly black.
    pub const INK: Self = Self::new(0x10, 0x11, 0x12);

    /// Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour with so much (0 to 1) of another.
    pub fn mixed_with(self, other: Self, share: f64) -> Self {
        let mix = |one: u8, two: u8| (f64::from(one) * (1.0 - share) + f64::from(two) * share).round() as u8;
        let [(red, r), (green, g), (blue, b)] = std::array::from_fn(|index| (self.rgb()[index], other.rgb()[index]));
        Self::new(mix(red, r), mix(green, g), mix(blue, b))
    }

    /// The colour nearest to this one, towards black or white, that has this contrast on all the
    /// grounds.
    pub fn readable_on(self, grounds: &[Self], contrast: f64) -> Self {
        let dark_grounds = grounds.iter().all(|ground| ground.contrast(Self::WHITE) > ground.contrast(Self::INK));
        let end = if dark_grounds { Self::WHITE } else { Self::new(0, 0, 0) };
        let steps = (0..=50).map(|step| self.mixed_with(end, f64::from(step) / 50.0));
        let fits = |color: &Self| grounds.iter().all(|ground| color.contrast(*ground) >= contrast);
        steps.into_iter().find(fits).unwrap_or(end)
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.rgb().map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guideline() {
        assert!((Color::WHITE.contrast(Color::new(0, 0, 0)) - 21.0).abs() < 1e-9);
        // The grey that the guideline's own documents call the lightest readable one on white.
        let grey: Color = "#767676".parse().expect("a colour");
        assert!((grey.contrast(Color::WHITE) - 4.54).abs() < 0.01);
    }
}
