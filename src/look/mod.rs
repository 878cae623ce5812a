//! How pages look: the design tokens that all of them share, and a space's own colours.
//!
//! [`TOKENS`] are CSS custom properties for light and dark, the base of the portal's style sheet and
//! of the short-link host's pages. A [`Look`] is what a space lays over them; [`Look::css`] derives
//! from its one accent colour whatever pages need, so that no choice of a colour makes text
//! unreadable. [`qr`] draws addresses.
//!
//! Deliberately absent: components (`portal`), and who may choose a colour (`programme`).

mod color;
pub mod qr;

pub use crate::model::{Color, InvalidColor};

use crate::model::Space;

/// Custom properties of `:root`, light, and dark where the reader prefers it.
pub const TOKENS: &str = include_str!("tokens.css");

/// Page background in light and dark, as `tokens.css` has them.
const PAPER: [Color; 2] = [Color::new(0xfa, 0xf9, 0xf7), Color::new(0x15, 0x16, 0x18)];
/// Backgrounds of cards.
const CARD: [Color; 2] = [Color::new(0xff, 0xff, 0xff), Color::new(0x1e, 0x1f, 0x22)];
/// Contrast that text needs (WCAG 2.2, 1.4.3).
const TEXT_CONTRAST: f64 = 4.5;

/// A space's colours and logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The brand's colour.
    pub accent: Color,
    /// Path of its picture on this site.
    pub logo: Option<String>,
}

impl Default for Look {
    fn default() -> Self {
        Self { accent: Color::new(0x0e, 0x6e, 0x62), logo: None }
    }
}

impl Look {
    /// What a space chose.
    pub fn of(space: &Space) -> Self {
        let accent = space.look.accent.unwrap_or(Self::default().accent);
        Self { accent, logo: space.look.logo.map(|key| format!("/pictures/{key}")) }
    }

    /// The colour of texts in light, when the accent itself is not legible enough for them.
    pub fn adjusted(&self) -> Option<Color> {
        let text = self.accent.readable_on(&[PAPER[0], CARD[0]], TEXT_CONTRAST);
        (text != self.accent).then_some(text)
    }

    /// The custom properties that differ from [`TOKENS`].
    pub fn css(&self) -> String {
        let scheme = |index: usize| {
            let grounds = [PAPER[index], CARD[index]];
            let fill = self.accent;
            let text = fill.readable_on(&grounds, TEXT_CONTRAST);
            let soft = fill.mixed_with(CARD[index], 0.88);
            let on_soft = fill.readable_on(&[soft], TEXT_CONTRAST);
            let on_fill = if fill.contrast(Color::WHITE) >= TEXT_CONTRAST { Color::WHITE } else { Color::INK };
            format!(
                "--accent:{fill};--on-accent:{on_fill};--accent-text:{text};--accent-soft:{soft};--on-accent-soft:{on_soft}"
            )
        };
        format!(":root{{{}}}@media(prefers-color-scheme:dark){{:root{{{}}}}}", scheme(0), scheme(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_gives_readable_text_in_light_and_dark() {
        let property = |css: &str, name: &str| -> Color {
            let (_, rest) = css.split_once(&format!("--{name}:")).expect("the property");
            rest[..7].parse().expect("a colour")
        };
        for accent in ["#ffffff", "#000000", "#ffe600", "#0e6e62", "#e4002b", "#808080", "#00ffff", "#767676"] {
            let css = Look { accent: accent.parse().expect("a colour"), logo: None }.css();
            let (light, dark) = css.split_once("@media").expect("two schemes");
            for (index, css) in [light, dark].into_iter().enumerate() {
                let text = property(css, "accent-text");
                for ground in [PAPER[index], CARD[index]] {
                    assert!(text.contrast(ground) >= TEXT_CONTRAST, "{accent} {css}");
                }
                let (fill, on_fill) = (property(css, "accent"), property(css, "on-accent"));
                assert!(fill.contrast(on_fill) >= TEXT_CONTRAST, "{accent} {css}");
                let soft = property(css, "accent-soft");
                assert!(property(css, "on-accent-soft").contrast(soft) >= TEXT_CONTRAST, "{accent} {css}");
            }
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_tokens() {
        let (light, dark) = TOKENS.split_once("@media").expect("two schemes");
        for (index, css) in [light, dark].into_iter().enumerate() {
            assert!(css.contains(&format!("--paper: {}", PAPER[index])), "{css}");
            assert!(css.contains(&format!("--card: {}", CARD[index])), "{css}");
        }
    }
}
