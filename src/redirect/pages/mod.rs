//! What people and preview robots see instead of a 302.
//!
//! Pages hold no script, no picture and nothing of another host; their one style sheet stands in
//! the page and is allowed by its hash. On a space's own host they wear its name and colours; on the
//! installation's they wear none, or they would tell whose a code was.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use bytes::Bytes;
use http::HeaderValue;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::look::{Look, TOKENS};
pub(super) use crate::model::language::preferred;
use crate::model::programme::Language;
use crate::model::{Space, SpaceId};
use crate::texts::{Catalogue, Source};

static TEXTS: Catalogue =
    Catalogue::new(&[Source { english: include_str!("messages/en.ftl"), french: include_str!("messages/fr.ftl") }]);

/// Rules of these pages; the tokens stand before them, the space's colours behind.
const STYLE: &str = "body{margin:0;background:var(--paper);color:var(--ink);font:400 var(--step-0)/1.55 var(--font)}\
main{max-width:32rem;margin:12vh auto 2rem;padding:0 var(--gap-4)}\
.card{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--accent);\
border-radius:var(--round-big);padding:var(--gap-5);box-shadow:var(--shade)}\
.brand{margin:0 0 var(--gap-3);font-weight:700;color:var(--accent-text)}\
h1{margin:0 0 var(--gap-3);font-size:var(--step-2);line-height:1.2}p{margin:0 0 var(--gap-3)}p:last-child{margin:0}\
.to{overflow-wrap:anywhere;font-weight:600;background:var(--sunken);border-radius:var(--round);padding:var(--gap-3)}\
a{color:var(--accent-text)}.go{display:inline-block;background:var(--accent);color:var(--on-accent);font-weight:600;\
text-decoration:none;padding:var(--gap-3) var(--gap-5);border-radius:var(--round)}.small{color:var(--muted);\
font-size:var(--step--1);margin-top:var(--gap-4)}:focus-visible{outline:3px solid var(--accent-text);outline-offset:2px}";

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
    plain: Arc<Dress>,
    /// Those of spaces with a host of their own, made when they are first asked for.
    dressed: Mutex<HashMap<SpaceId, Arc<Dress>>>,
    /// `Content-Security-Policy` of what is no page for people.
    pub(super) policy: HeaderValue,
    report_url: Option<String>,
}

/// Pages as one space, or nobody, wears them.
struct Dress {
    brand: Option<String>,
    look: Look,
    style: String,
    policy: HeaderValue,
    standing: [[Bytes; 4]; 2],
}

/// A page, and its `Content-Security-Policy`.
pub(super) type Dressed = (Bytes, HeaderValue);

/// What the page behind `+` says.
pub(super) struct Info<'a> {
    pub(super) space: &'a Space,
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
<body><main><div class="card">{% if let Some(brand) = brand %}<p class="brand">{{ brand }}</p>{% endif %}<h1>{{ title }}</h1><p>{{ text }}</p></div></main></body></html>
"#
)]
struct StandingPage<'a> {
    language: &'static str,
    style: &'a str,
    brand: Option<&'a str>,
    title: &'a str,
    text: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{{ title }}</title><style>{{ style|safe }}</style></head>
<body><main><div class="card"><p class="brand">{{ brand }}</p><h1>{{ title }}</h1><p>{{ space }}</p><p>{{ lead }}</p>{% if let Some(destination) = destination %}<p class="to">{{ destination }}</p><p><a class="go" href="/{{ code }}">{{ go }}</a></p>{% endif %}<p class="small">{{ report_text }}{% if let Some(url) = report_url %} <a href="{{ url }}">{{ report }}</a>{% endif %}</p></div></main></body></html>
"#
)]
struct InfoPage<'a> {
    language: &'static str,
    style: &'a str,
    brand: &'a str,
    title: String,
    space: String,
    lead: String,
    destination: Option<&'a str>,
    code: &'a str,
    go: String,
    report_text: String,
    report: String,
    report_url: Option<String>,
}

impl Pages {
    /// `report_url`: the page that takes reports, if there is one; `?space=…&code=…` is appended.
    pub(super) fn new(report_url: Option<String>) -> Self {
        let plain = Arc::new(Dress::new(None));
        Self { policy: plain.policy.clone(), plain, dressed: Mutex::default(), report_url }
    }

    /// A page for whoever asks on the host of this space, or on the installation's.
    pub(super) fn standing(&self, page: Standing, language: Language, space: Option<&Space>) -> Dressed {
        let dress = space.map_or_else(|| Arc::clone(&self.plain), |space| self.dress(space));
        (dress.standing[index(language)][page as usize].clone(), dress.policy.clone())
    }

    pub(super) fn info(&self, info: &Info<'_>, language: Language) -> Dressed {
        let (texts, name) = (TEXTS.of(language), info.space.name.as_str());
        let lead = match (info.destination, info.is_fallback) {
            (None, _) => "info-gone",
            (Some(_), true) => "info-fallback",
            (Some(_), false) => "info-destination",
        };
        let dress = self.dress(info.space);
        let page = render(&InfoPage {
            language: language.as_str(),
            style: &dress.style,
            brand: name,
            title: texts.say("info-title"),
            space: texts.say_of("info-space", "space", name),
            lead: texts.say(lead),
            destination: info.destination,
            code: info.code,
            go: texts.say("info-go"),
            report_text: texts.say_of("info-report-text", "space", name),
            report: texts.say("info-report"),
            // Slugs and codes need no escaping.
            report_url: self
                .report_url
                .as_ref()
                .map(|url| format!("{url}?space={}&code={}", info.space.slug, info.code)),
        });
        (page, dress.policy.clone())
    }

    fn dress(&self, space: &Space) -> Arc<Dress> {
        let mut dressed = self.dressed.lock();
        if let Some(dress) = dressed.get(&space.id)
            && dress.look == Look::of(space)
            && dress.brand.as_ref() == Some(&space.name)
        {
            return Arc::clone(dress);
        }
        let dress = Arc::new(Dress::new(Some(space)));
        dressed.insert(space.id, Arc::clone(&dress));
        dress
    }
}

impl Dress {
    fn new(space: Option<&Space>) -> Self {
        let look = space.map_or_else(Look::default, Look::of);
        let brand = space.map(|space| space.name.clone());
        let style = format!("{TOKENS}{STYLE}{}", look.css());
        let hash = base64(&Sha256::digest(&style));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::try_from(policy).expect("the policy is ASCII");
        let standing = [Language::English, Language::French].map(|language| {
            let texts = TEXTS.of(language);
            ["inactive", "limited", "unavailable", "long"].map(|name| {
                let title = texts.word(name, "title");
                let text = texts.word(name, "text");
                let (language, brand) = (language.as_str(), brand.as_deref());
                render(&StandingPage { language, style: &style, brand, title: &title, text: &text })
            })
        });
        Self { brand, look, style, policy, standing }
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

    fn space() -> Space {
        Space { name: "Brand".to_owned(), ..crate::redirect::fixtures::space(1) }
    }

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn both_languages_say_the_same_messages() {
        crate::texts::testing::languages_agree(&TEXTS);
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
        let space = Space { name: hostile.to_owned(), ..space() };
        let info = Info { space: &space, destination: Some(hostile), is_fallback: false, code: "abc" };
        let (pages, french) = (Pages::new(None), Language::French);
        let standing = pages.standing(Standing::Inactive, french, Some(&space)).0;
        for page in [render(&card), pages.info(&info, french).0, standing] {
            let page = String::from_utf8(page.into()).expect("UTF-8");
            assert!(!page.contains("<script") && !page.contains("\">\""), "{page}");
            assert!(page.contains("alert(1)"), "{page}");
        }
    }

    #[test]
    fn a_page_wears_the_colours_of_its_host_and_no_other_page_does() {
        let pages = Pages::new(None);
        let mut space = space();
        let look = |space: Option<&Space>| {
            let (page, policy) = pages.standing(Standing::Inactive, Language::English, space);
            let page = String::from_utf8(page.into()).expect("UTF-8");
            let (_, style) = page.split_once("<style>").expect("a style");
            let (style, _) = style.split_once("</style>").expect("its end");
            assert!(policy.to_str().expect("text").contains(&base64(&Sha256::digest(style))), "{policy:?}");
            (page.contains("Brand"), style.contains("--accent:#aa0000"))
        };
        assert_eq!(look(Some(&space)), (true, false));
        space.look.accent = Some("#aa0000".parse().expect("a colour"));
        assert_eq!(look(Some(&space)), (true, true), "a change of the look is seen");
        assert_eq!(look(None), (false, false));
    }

    #[test]
    fn no_page_asks_another_host_for_anything() {
        let pages = Pages::new(Some("https://portal.example/report".into()));
        for language in [Language::English, Language::French] {
            for page in [Standing::Inactive, Standing::Limited, Standing::Unavailable, Standing::Long] {
                let page = String::from_utf8(pages.standing(page, language, None).0.into()).expect("UTF-8");
                assert!(!page.contains("http") && !page.contains("src="), "{page}");
                assert!(page.contains(&format!("lang=\"{language}\"")), "{page}");
            }
        }
    }
}
