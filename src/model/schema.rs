//! How ids, words, channels and codes look in the API's description.

use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::channel::Channel;
use super::code::Code;

/// A text that matches a pattern (ECMA-262).
pub(crate) fn matching(description: &str, pattern: &str, example: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .pattern(Some(pattern))
        .examples([example])
        .into()
}

/// A text out of a closed list.
pub(crate) fn one_of(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

/// An id with this prefix: 13 digits of Crockford's base 32, the first of which holds three bits.
pub(super) fn id(prefix: &str) -> RefOr<Schema> {
    let pattern = format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{12}}$");
    matching("An id: its prefix says what it names", &pattern, &format!("{prefix}_0c3z9k2m4p6q8"))
}

impl PartialSchema for Channel {
    fn schema() -> RefOr<Schema> {
        matching("Where an advocate shares", "^[a-z0-9_-]{1,32}$", "linkedin")
    }
}

impl ToSchema for Channel {}

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let pattern = format!("^([2-9a-km-zA-HJ-NP-Z]{{{}}}|[a-z0-9-]{{3,{}}})$", Self::ISSUED_LEN, Self::MAX_LEN);
        matching("The part of a short link behind the slash", &pattern, "k3Xw9Tq2b")
    }
}

impl ToSchema for Code {}

/// A reference to a named schema.
pub(crate) fn reference<T: ToSchema>() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(T::name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ContentKind, LinkId};

    fn pattern<T: PartialSchema>() -> regex::Regex {
        let schema = serde_json::to_value(T::schema()).expect("a schema has a JSON form");
        regex::Regex::new(schema["pattern"].as_str().expect("a pattern")).expect("a pattern that is readable here too")
    }

    #[test]
    fn what_fits_the_pattern_of_an_id_is_an_id() {
        let ids = pattern::<LinkId>();
        for bits in [1, 31, 0x0123_4567_89ab_cdef, i64::MAX.cast_unsigned()] {
            assert!(ids.is_match(&LinkId::from_bits(bits).to_string()));
        }
        for character in ('0'..='9').chain('a'..='z') {
            let text = format!("lnk_000000000000{character}");
            assert_eq!(ids.is_match(&text), character == '0' || text.parse::<LinkId>().is_ok(), "{text}");
        }
        assert!(!ids.is_match("lnk_8000000000000") && "lnk_8000000000000".parse::<LinkId>().is_err());
        assert!(!ids.is_match("adv_0000000000001"));
    }

    #[test]
    fn what_fits_the_pattern_of_a_code_is_a_code() {
        let codes = pattern::<Code>();
        for byte in 0x20..0x7f_u8 {
            let text = char::from(byte).to_string().repeat(Code::ISSUED_LEN);
            assert_eq!(codes.is_match(&text), text.parse::<Code>().is_ok(), "{text}");
        }
    }

    #[test]
    fn a_word_is_one_of_its_list() {
        let kinds = serde_json::to_value(ContentKind::schema()).expect("a schema has a JSON form");
        assert_eq!(kinds["enum"], serde_json::json!(["article", "campaign", "job", "video", "event"]));
    }
}
