//! Identifiers of everything that a programme consists of.
//!
//! An id is 63 random bits. It is written with a prefix that says what it names, followed by 13
//! characters of Crockford's base 32 in lower case: `adv_0c3z9k2m4p6q8`. Random, so that an id
//! tells nobody how many there are; 63 bits, so that it fits the signed integers of SQLite and
//! PostgreSQL and costs eight bytes in the link table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Crockford's base 32 in lower case: no `i`, `l`, `o` or `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters behind the prefix: 13 × 5 bits hold 63.
const DIGITS: usize = 13;

/// Why a text is no id of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_ followed by 13 characters of 0-9 and a-z")]
pub struct ParseIdError {
    /// The prefix that the text should have had, without its underscore.
    pub prefix: &'static str,
}

fn digits(mut value: u64) -> [u8; DIGITS] {
    let mut out = [b'0'; DIGITS];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    out
}

fn value_of(text: &[u8]) -> Option<u64> {
    if text.len() != DIGITS {
        return None;
    }
    let mut value: u64 = 0;
    for byte in text {
        let digit = ALPHABET.iter().position(|candidate| candidate == byte)? as u64;
        value = value.checked_mul(32)?.checked_add(digit)?;
    }
    (value <= i64::MAX as u64).then_some(value)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub struct $name(u64);

        impl $name {
            /// The prefix of the written form, without its underscore.
            pub const PREFIX: &'static str = $prefix;
            /// "Nobody", "nothing": written as an empty text, stored as 0.
            pub const NONE: Self = Self(0);

            /// Wraps 63 bits that come from a store, a record or a random source; the top bit is dropped.
            pub const fn from_bits(bits: u64) -> Self {
                Self(bits & i64::MAX as u64)
            }

            /// The 63 bits, as stored.
            pub const fn bits(self) -> u64 {
                self.0
            }

            /// True for [`Self::NONE`].
            pub const fn is_none(self) -> bool {
                self.0 == 0
            }

            /// `None` for [`Self::NONE`].
            pub fn known(self) -> Option<Self> {
                (!self.is_none()).then_some(self)
            }

            /// Writes the text form into `out` without allocating; writes nothing for [`Self::NONE`].
            pub fn write_to(self, out: &mut Vec<u8>) {
                if !self.is_none() {
                    out.extend_from_slice(concat!($prefix, "_").as_bytes());
                    out.extend_from_slice(&digits(self.0));
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if self.is_none() {
                    return Ok(());
                }
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(std::str::from_utf8(&digits(self.0)).expect("the alphabet is ASCII"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if self.is_none() { f.write_str(concat!($prefix, "_none")) } else { fmt::Display::fmt(self, f) }
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(|rest| value_of(rest.as_bytes()))
                    .filter(|value| *value != 0)
                    .map(Self)
                    .ok_or(ParseIdError { prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                if text.is_empty() {
                    return Ok(Self::NONE);
                }
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                crate::model::schema::id($prefix)
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

ids! {
    /// One brand's programme, the tenant: nothing crosses it.
    SpaceId = "spc",
    /// A person of the programme.
    AdvocateId = "adv",
    /// A group of advocates.
    TeamId = "tem",
    /// Something the brand proposes for sharing.
    ContentId = "cnt",
    /// A bracket around contents, with dates and an objective.
    CampaignId = "cmp",
    /// Advocate × content × channel.
    LinkId = "lnk",
    /// One publication of a link.
    ShareId = "shr",
    /// A credential of a program.
    TokenId = "tok",
    /// One candidate's way through one job's stages.
    ApplicationId = "app",
    /// One message about an application.
    FactId = "fct",
    /// An address that proposes contents.
    FeedId = "fed",
    /// An entry of a feed.
    FeedItemId = "itm",
    /// What a stranger told of a link.
    ReportId = "rpt",
    /// A person's signed-in browser.
    SessionId = "ses",
    /// One asking to sign in.
    ChallengeId = "chl",
    /// A mail that waits.
    MailId = "mai",
    /// A line of the audit log.
    AuditId = "aud",
    /// Somebody else's address that is told of events.
    WebhookId = "whk",
    /// Something that happened, as receivers know it.
    EventId = "evt",
    /// One event on its way to one webhook.
    DeliveryId = "dlv",
    /// Something that is brought in from files.
    ImportId = "imp",
    /// Something that is given out as files.
    ExportId = "exp",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text() {
        for bits in [1, 31, 32, 0x0123_4567_89ab_cdef, i64::MAX as u64] {
            let id = LinkId::from_bits(bits);
            assert_eq!(id.to_string().parse::<LinkId>(), Ok(id));
            assert_eq!(id.to_string().len(), 17);
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let text = AdvocateId::from_bits(7).to_string();
        assert_eq!(text.parse::<LinkId>(), Err(ParseIdError { prefix: "lnk" }));
    }

    #[test]
    fn zero_and_more_than_63_bits_are_no_ids() {
        assert!("lnk_0000000000000".parse::<LinkId>().is_err());
        assert!("lnk_zzzzzzzzzzzzz".parse::<LinkId>().is_err());
    }

    #[test]
    fn nobody_is_written_as_nothing() {
        let mut out = Vec::new();
        AdvocateId::NONE.write_to(&mut out);
        assert!(out.is_empty());
        assert_eq!(AdvocateId::NONE.to_string(), "");
    }
}
