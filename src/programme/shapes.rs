//! How the texts of a request look in the API's description: lengths, forms, patterns.
//!
//! Each is named where a field is declared (`#[schema(value_type = …)]`) and says what the checks of
//! [`super::fields`], [`super::times`] and [`super::urls`] accept. A name that begins with `Given`
//! also takes a blank text, which counts as nothing, as those checks have it. What depends on
//! something else (a host of this installation, an order of two dates) no schema can say: that is
//! refused with 422 all the same.

use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{OneOfBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::fields::{LONG_TEXT, MAX_LIST, SHORT_TEXT};
use super::spaces::MAX_PARAMETERS;
use super::urls::MAX_URL_BYTES;
use crate::model::schema::{matching, one_of, reference};
use crate::model::{Role, ShareSource, TeamId};

/// One line without control characters; what surrounds it is trimmed.
const LINE: &str = r"^\s*[^\u0000-\u001f\u007f-\u009f]*\s*$";
/// The same with at least one visible character.
const FULL_LINE: &str = r"^\s*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*\s*$";
/// Lines and tabs without other control characters.
const PROSE: &str = r"^\s*[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*\s*$";
/// The same with at least one visible character.
const FULL_PROSE: &str =
    r"^\s*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*\s*$";
/// What no host name holds (WHATWG URL, forbidden domain code points) is left out.
const HOST: &str = r"^\s*[^\s\u0000-\u001f\u007f-\u009f/\\:@?#%\[\]<>^|]+\s*$";
/// `YYYY-MM-DD` from 1970 to 2199.
const DATE: &str = r"^(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
/// RFC 3339 from 1970 to 2199.
const INSTANT: &str = concat!(
    r"^(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    r"[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
);
const LANGUAGE: &str = r"^\s*[A-Za-z0-9]{2,3}(-[A-Za-z0-9]{1,8})*\s*$";
const WEB: &str = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#\\\s]";

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident = $schema:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

macro_rules! or_blank {
    ($($(#[$doc:meta])* $name:ident = $shape:ty;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let blank = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^\s*$"));
                AnyOfBuilder::new().item(reference::<$shape>()).item(blank).into()
            }
        }

        impl ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push((<$shape>::name().into_owned(), <$shape>::schema()));
            }
        }
    )+};
}

shapes! {
    /// A name or a key: one line, possibly empty.
    Line = text(LINE, SHORT_TEXT);
    /// A title or an entry of a list: one line that is not empty.
    FullLine = text(FULL_LINE, SHORT_TEXT).min_length(Some(1));
    /// A running text.
    Prose = text(PROSE, LONG_TEXT);
    /// A running text that is not empty.
    FullProse = text(FULL_PROSE, LONG_TEXT).min_length(Some(1));
    /// A local date, 1970 to 2199.
    Date = text(DATE, 10).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).examples(["2026-03-02"]);
    /// An instant with its offset, RFC 3339, 1970 to 2199. Answers are in UTC.
    Instant = text(INSTANT, 40)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .examples(["2026-03-02T10:00:00Z"]);
    /// An e-mail address; kept in lower case.
    Email = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("email".to_owned())))
        .examples(["ada@example.com"]);
    /// A BCP 47 tag in its outer form.
    LanguageTag = text(LANGUAGE, 35).examples(["fr", "pt-BR"]);
    /// An http or https address without user name, password, control characters and backslashes.
    WebAddress = text(WEB, MAX_URL_BYTES)
        .format(Some(SchemaFormat::Custom("uri".to_owned())))
        .examples(["https://example.com/news/1"]);
    /// A host or a domain; kept in lower case, international ones in their ASCII form.
    HostName = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(HOST))
        .examples(["go.example.com"]);
    /// What a person or a token of a space may be.
    GivenRole = one_of([Role::Advocate, Role::Marketing, Role::Recruiter, Role::Admin].map(Role::as_str));
    /// How somebody shares.
    GivenSource = one_of([ShareSource::Copy, ShareSource::Intent, ShareSource::Declared].map(ShareSource::as_str));
    /// A team's id, or its name, which may come before the team.
    TeamNamed = AnyOfBuilder::new().item(reference::<TeamId>()).item(text(FULL_LINE, SHORT_TEXT).min_length(Some(1)));
    /// A colour of the sRGB space.
    HexColour = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^#?[0-9A-Fa-f]{6}$"))
        .examples(["#0b5fff"]);
    /// An IANA time zone.
    TimeZoneName = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).examples(["Europe/Paris"]);
    /// EUR per paid click by channel: a number, a range in this order, or ranges with the day from which each counts.
    ClickRates = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(channel_name()))
        .additional_properties(Some(AdditionalProperties::RefOr(click_rate())))
        .max_properties(Some(MAX_LIST))
        .examples([serde_json::json!({
            "linkedin": 4.5, "x": {"low": 0.5, "middle": 1, "high": 2},
            "email": [{"low": 0.1, "middle": 0.2, "high": 0.4}, {"from": "2026-07-01", "low": 0.2, "middle": 0.3, "high": 0.5}],
        })]);
    /// Parameters that destinations carry; values may hold `{channel}`, `{campaign}`, `{content}`.
    UtmTemplate = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(Schema::Object(text("^[A-Za-z0-9_.-]{1,64}$", 64).build())))
        .additional_properties(Some(AdditionalProperties::RefOr(text(LINE, SHORT_TEXT).into())))
        .max_properties(Some(MAX_PARAMETERS))
        .examples([serde_json::json!({"utm_source": "{channel}", "utm_medium": "employee-advocacy"})]);
}

or_blank! {
    /// A local date, or blank.
    GivenDate = Date;
    /// An instant, or blank.
    GivenInstant = Instant;
    /// An e-mail address, or blank.
    GivenEmail = Email;
    /// A language, or blank.
    GivenLanguage = LanguageTag;
    /// An address, or blank.
    GivenWebAddress = WebAddress;
    /// An advocate's id, or blank.
    GivenAdvocateId = crate::model::AdvocateId;
    /// A team's id, or blank.
    GivenTeamId = crate::model::TeamId;
    /// A colour, or a blank text.
    GivenColour = HexColour;
    /// A campaign's id, or blank.
    GivenCampaignId = crate::model::CampaignId;
    /// A code of one's own choice, or blank.
    GivenVanityCode = VanityCode;
}

/// A code that a person chose; some words are reserved.
#[derive(Debug, Clone, Copy)]
pub struct VanityCode;

impl PartialSchema for VanityCode {
    fn schema() -> RefOr<Schema> {
        matching("A code of one's own choice; some words are reserved", "^[a-z0-9-]{3,64}$", "spring-fair")
    }
}

impl ToSchema for VanityCode {}

fn text(pattern: &str, max: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(max)).pattern(Some(pattern))
}

fn channel_name() -> Schema {
    Schema::Object(text("^[a-z0-9_-]{1,32}$", crate::model::Channel::MAX_LEN).build())
}

fn click_rate() -> RefOr<Schema> {
    let rate = || ObjectBuilder::new().schema_type(Type::Number).minimum(Some(0.0)).maximum(Some(1000.0));
    let range = || {
        ["low", "middle", "high"].into_iter().fold(
            ObjectBuilder::new().additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))),
            |range, name| range.property(name, rate()).required(name),
        )
    };
    let dated = range().property("from", <Date as utoipa::PartialSchema>::schema());
    let series = ArrayBuilder::new().items(dated).min_items(Some(1)).max_items(Some(MAX_LIST));
    OneOfBuilder::new().item(rate()).item(range()).item(series).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::{times, urls};

    fn pattern(text: &str) -> regex::Regex {
        // The crate spells code points in another way than ECMA-262.
        regex::Regex::new(&text.replace(r"\u00", r"\x")).expect("a pattern")
    }

    #[test]
    fn what_fits_the_pattern_of_a_time_is_a_time() {
        let (dates, instants) = (pattern(DATE), pattern(INSTANT));
        for date in ["1970-01-01", "2026-03-02", "2199-12-31"] {
            assert!(dates.is_match(date) && times::local_date(date).is_ok(), "{date}");
        }
        for text in ["1969-12-31", "2200-01-01", "2026-13-01", "2026-3-2", "20260302"] {
            assert!(!dates.is_match(text) && times::local_date(text).is_err(), "{text}");
        }
        for text in ["2026-03-02T10:00:00Z", "2026-03-02t10:00:00.123456789z", "2026-03-02T10:00:00-11:30"] {
            assert!(instants.is_match(text) && times::instant_ms(text).is_ok(), "{text}");
        }
        for text in ["2026-03-02T10:00:00", "2026-03-02T24:00:00Z", "2026-03-02 10:00:00Z", "2200-01-01T00:00:00Z"] {
            assert!(!instants.is_match(text) && times::instant_ms(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_fits_no_pattern_of_a_host_is_no_host() {
        let hosts = pattern(HOST);
        for host in ["go.example.com", " Bücher.example ", "xn--bcher-kva.example", "127.0.0.1", "a_b"] {
            assert!(hosts.is_match(host) && urls::host_name(host.trim()).is_ok(), "{host}");
        }
        for byte in 0..=0x9f_u8 {
            let text = format!("a{}b", char::from(byte));
            assert!(hosts.is_match(&text) || urls::host_name(&text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn control_characters_fit_no_pattern_of_a_text() {
        for code in (0..0x20).chain(0x7f..0xa0) {
            let character = char::from(code);
            let text = format!("a{character}b");
            assert!(!pattern(LINE).is_match(&text) && !pattern(FULL_LINE).is_match(&text), "{code:#x}");
            assert_eq!(pattern(PROSE).is_match(&text), matches!(character, '\n' | '\r' | '\t'), "{code:#x}");
        }
        assert!(!pattern(FULL_LINE).is_match("  ") && pattern(LINE).is_match("  "));
        assert!(!pattern(FULL_PROSE).is_match(" \n") && pattern(FULL_PROSE).is_match("a\nb"));
    }
}
