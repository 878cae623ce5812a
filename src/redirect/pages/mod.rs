//! What people and preview robots see instead of a 302.
//!
//! Pages hold no script, no picture and nothing of another host; their one style sheet stands in
//! the page and is allowed by its hash.

mod texts;

use askama::Template;
use bytes::Bytes;
use http::HeaderValue;
use sha2::{Digest, Sha256};

use texts::Texts;

pub(super) use crate::model::language::preferred;
use crate::model::programme::Language;

const STYLE: &str = "body{margin:4rem auto;max-width:34rem;padding:0 1rem;\
font:1.1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}\
h1{font-size:1.5rem;line-height:1.2}.to{overflow-wrap:anywhere;font-weight:600}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#9cf}}";

/// A page that is the same for everybody who speaks its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// 404 and 410 alike: who guesses codes must not see which ones existed.
    Inactive,
    /// 429
    Limited,
    /// 503
    Unavailable,
    /// 414
    Long,
}

/// All pages, ready to be sent or filled.
pub(super) struct Pages {
    texts: [Texts; 2],
    standing: [[Bytes; 4]; 2],
    /// `Content-Security-Policy` of every page.
    pub(super) policy: HeaderValue,
    report_url: Option<String>,
}

/// What the page behind `+` says.
pub(super) struct Info<'a> {
    pub(super) space: &'a str,
    /// Where the link leads now; none when it is gone.
    pub(super) destination: Option<&'a str>,
    pub(super) is_fallback: bool,
    pub(super) code: &'a str,
}

/// What a preview robot is told.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="robots" content="noindex">
<meta property="og:type" content="website">
<meta property="og:title" content="{{ title }}">
<meta property="og:site_name" content="{{ space }}">
<meta property="og:url" content="{{ url }}">
{% if let Some(summary) = summary %}<meta property="og:description" content="{{ summary }}">
<meta name="description" content="{{ summary }}">
{% endif %}{% if let Some(image) = image %}<meta property="og:image" content="{{ image }}">
<meta name="twitter:card" content="summary_large_image">
{% endif %}</head><body><h1>{{ title }}</h1>{% if let Some(summary) = summary %}<p>{{ summary }}</p>{% endif %}<p><a href="{{ url }}">{{ url }}</a></p></body></html>
"#
)]
pub(super) struct Card<'a> {
    pub(super) language: &'static str,
    pub(super) title: &'a str,
    pub(super) space: &'a str,
    pub(super) summary: Option<&'a str>,
    pub(super) image: Option<&'a str>,
    pub(super) url: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{{ title }}</title><style>{{ style|safe }}</style></head>
<body><main><h1>{{ title }}</h1><p>{{ text }}</p></main></body></html>
"#
)]
struct StandingPage<'a> {
    language: &'static str,
    style: &'static str,
    title: &'a str,
    text: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{{ title }}</title><style>{{ style|safe }}</style></head>
<body><main><h1>{{ title }}</h1><p>{{ space }}</p><p>{{ lead }}</p>{% if let Some(destination) = destination %}<p class="to">{{ destination }}</p><p><a href="/{{ code }}">{{ go }}</a></p>{% endif %}<p>{{ report_text }}{% if let Some(url) = report_url %} <a href="{{ url }}?code={{ code }}">{{ report }}</a>{% endif %}</p></main></body></html>
"#
)]
struct InfoPage<'a> {
    language: &'static str,
    style: &'static str,
    title: String,
    space: String,
    lead: String,
    destination: Option<&'a str>,
    code: &'a str,
    go: String,
    report_text: String,
    report: String,
    report_url: Option<&'a str>,
}

impl Pages {
    /// `report_url`: the page that takes reports, if there is one; `?code=…` is appended.
    pub(super) fn new(report_url: Option<String>) -> Self {
        let texts = [Language::English, Language::French].map(Texts::new);
        let standing = texts.each_ref().map(|texts| {
            ["inactive", "limited", "unavailable", "long"].map(|name| {
                let title = texts.say(&format!("{name}-title"), &[]);
                let text = texts.say(&format!("{name}-text"), &[]);
                let language = texts.language().as_str();
                render(&StandingPage { language, style: STYLE, title: &title, text: &text })
            })
        });
        let hash = base64(&Sha256::digest(STYLE));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::try_from(policy).expect("the policy is ASCII");
        Self { texts, standing, policy, report_url }
    }

    pub(super) fn standing(&self, page: Standing, language: Language) -> Bytes {
        self.standing[index(language)][page as usize].clone()
    }

    pub(super) fn info(&self, info: &Info<'_>, language: Language) -> Bytes {
        let texts = &self.texts[index(language)];
        let space = [("space", info.space)];
        let lead = match (info.destination, info.is_fallback) {
            (None, _) => "info-gone",
            (Some(_), true) => "info-fallback",
            (Some(_), false) => "info-destination",
        };
        render(&InfoPage {
            language: language.as_str(),
            style: STYLE,
            title: texts.say("info-title", &[]),
            space: texts.say("info-space", &space),
            lead: texts.say(lead, &[]),
            destination: info.destination,
            code: info.code,
            go: texts.say("info-go", &[]),
            report_text: texts.say("info-report-text", &space),
            report: texts.say("info-report", &[]),
            report_url: self.report_url.as_deref(),
        })
    }
}

/// The page as bytes.
pub(super) fn render(page: &impl Template) -> Bytes {
    // These templates call nothing that can fail; an empty page beats a lost connection.
    page.render().unwrap_or_default().into()
}

fn index(language: Language) -> usize {
    match language {
        Language::English => 0,
        Language::French => 1,
    }
}

/// RFC 4648, with padding; of one hash at start, so no crate for it.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let digit = ALPHABET[(group >> (18 - 6 * position) & 63) as usize];
            out.push(if position <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn hostile_texts_are_inert() {
        let hostile = r#""><script>alert(1)</script>"#;
        let card = Card {
            language: "en",
            title: hostile,
            space: hostile,
            summary: Some(hostile),
            image: Some(hostile),
            url: hostile,
        };
        let info = Info { space: hostile, destination: Some(hostile), is_fallback: false, code: "abc" };
        for page in [render(&card), Pages::new(None).info(&info, Language::French)] {
            let page = String::from_utf8(page.into()).expect("UTF-8");
            assert!(!page.contains("<script") && !page.contains("\">\""), "{page}");
            assert!(page.contains("alert(1)"), "{page}");
        }
    }

    #[test]
    fn no_page_asks_another_host_for_anything() {
        let pages = Pages::new(Some("https://portal.example/report".into()));
        for language in [Language::English, Language::French] {
            for page in [Standing::Inactive, Standing::Limited, Standing::Unavailable, Standing::Long] {
                let page = String::from_utf8(pages.standing(page, language).into()).expect("UTF-8");
                assert!(!page.contains("http") && !page.contains("src="), "{page}");
                assert!(page.contains(&format!("lang=\"{language}\"")), "{page}");
            }
        }
    }
}
