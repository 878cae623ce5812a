//! The layouts of records that are read, and the one form that becomes of them.
//!
//! | who | country | region | city |
//! | --- | --- | --- | --- |
//! | GeoIP2, GeoLite2 | `country.iso_code` | `subdivisions[0].iso_code`, `.names.en` | `city.names.en` |
//! | DB-IP's own files | `country.iso_code` | `subdivisions[0].names.en` | `city.names.en` |
//! | DB-IP and GeoLite2 as repackaged for npm by ip-location-db | `country_code` | `state1` | `city` |
//! | IPinfo | `country_code`, or `country` | `region_code`, `region` | `city` |
//!
//! Sources: MaxMind's and DB-IP's pages on their binary formats, the read-me of ip-location-db.
//! The country is where the address is used; `registered_country` (where its owner is registered)
//! is not taken for it, as that would be wrong for travellers' and companies' networks.

use serde::Deserialize;

/// Where an address is. Empty where it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// ISO 3166-1 alpha-2 code in capitals, such as `FR`.
    pub country: Box<str>,
    /// ISO 3166-2 code such as `FR-IDF`; the English name where the file has no code.
    pub region: Box<str>,
    /// English name.
    pub city: Box<str>,
}

/// Longest region or city kept, in bytes.
const MAX_NAME: usize = 80;

/// A record of any of the layouts; what else stands in it is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    country: Field,
    country_code: Field,
    subdivisions: Vec<Field>,
    region_code: Field,
    region: Field,
    state: Field,
    state1: Field,
    stateprov: Field,
    city: Field,
}

/// A text, or a map with a code and names.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Field {
    Text(String),
    Named {
        #[serde(default)]
        iso_code: Option<String>,
        #[serde(default)]
        names: Names,
    },
    /// A layout that is not known: as good as absent, and no reason to lose the rest.
    Unknown(serde::de::IgnoredAny),
    #[default]
    #[serde(skip)]
    Absent,
}

#[derive(Debug, Default, Deserialize)]
struct Names {
    #[serde(default)]
    en: Option<String>,
}

impl Field {
    fn code(&self) -> Option<&str> {
        match self {
            Self::Text(text) => known(text),
            Self::Named { iso_code, .. } => iso_code.as_deref().and_then(known),
            Self::Unknown(_) | Self::Absent => None,
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Text(text) => known(text),
            Self::Named { names, .. } => names.en.as_deref().and_then(known),
            Self::Unknown(_) | Self::Absent => None,
        }
    }
}

/// Some files write a dash for what they do not know.
fn known(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && text != "-").then_some(text)
}

impl From<Record> for Place {
    fn from(record: Record) -> Self {
        let is_code = |code: &&str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        let country = [record.country_code.code(), record.country.code()].into_iter().flatten().find(is_code);
        let Some(country) = country.map(str::to_ascii_uppercase) else {
            return Self::default(); // nothing finer means anything without it
        };
        let subdivision = record.subdivisions.first().unwrap_or(&Field::Absent);
        // Only a field that is meant for a code has one: a plain `region` is a name.
        let codes = [subdivision, &record.region_code];
        let names = [subdivision, &record.region, &record.state1, &record.state, &record.stateprov];
        let region = codes
            .into_iter()
            .find_map(Field::code)
            .and_then(|code| region_code(&country, code))
            .or_else(|| names.into_iter().find_map(Field::name).map(clean))
            .unwrap_or_default();
        let city = record.city.name().map(clean).unwrap_or_default();
        Self { country: country.into(), region: region.into(), city: city.into() }
    }
}

/// `IDF` or `FR-IDF` of `FR` as `FR-IDF`; nothing when it is of neither form.
fn region_code(country: &str, code: &str) -> Option<String> {
    let part = code.strip_prefix(country).and_then(|rest| rest.strip_prefix('-')).unwrap_or(code);
    let fits = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then(|| format!("{country}-{}", part.to_ascii_uppercase()))
}

fn clean(name: &str) -> String {
    let mut text: String = name.chars().filter(|letter| !letter.is_control()).collect();
    while text.len() > MAX_NAME {
        text.pop();
    }
    text
}
