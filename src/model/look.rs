//! How a space looks: its colour and its logo, on the portal's pages and on those of its links.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::picture::PictureKey;

/// A space's own colour and logo; what is absent looks like Relais.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The brand's colour, as its administrator gave it.
    pub accent: Option<Color>,
    /// The uploaded logo, served by Relais under `/pictures/{key}`.
    pub logo: Option<PictureKey>,
}

/// An opaque sRGB colour, written `#rrggbb`. How colours are told apart is the business of [`crate::look`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    /// Red, green, blue.
    rgb: [u8; 3],
}

impl Color {
    /// From its three parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { rgb: [red, green, blue] }
    }

    /// Red, green and blue.
    pub const fn rgb(self) -> [u8; 3] {
        self.rgb
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The text is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a colour such as #0e6e62")]
pub struct InvalidColor;

impl FromStr for Color {
    type Err = InvalidColor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(InvalidColor);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| InvalidColor)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self::new(red, green, blue))
    }
}

impl TryFrom<String> for Color {
    type Error = InvalidColor;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(colour: Color) -> Self {
        colour.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_written_in_one_way() {
        assert_eq!("#0B5Fff".parse::<Color>().expect("a colour").to_string(), "#0b5fff");
        assert_eq!("0b5fff".parse::<Color>(), "#0b5fff".parse());
        for text in ["", "#", "#fff", "#0b5ff", "#0b5fff0", "#0b5ffg", "red", "#+12345", "#é1234"] {
            assert_eq!(text.parse::<Color>(), Err(InvalidColor), "{text}");
        }
    }
}
