//! A page as the draft of a content.

use url::Url;

use super::html::{Described, described};
use super::{absolute, charset, json_ld, text, times};
use crate::model::{ContentKind, Draft};

/// What a page says of itself: Open Graph first, then Twitter's card, then its title and
/// description, then JSON-LD, which also tells what kind of thing it is.
///
/// `url` is where the page was in the end; the draft's own address stays empty, because it is the
/// one that was asked for. The title is empty for what is no page.
pub fn page(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Draft {
    let page = described(&charset::decode(bytes, content_type));
    let base = page.base.as_deref().and_then(|base| url.join(base).ok()).unwrap_or_else(|| url.clone());
    let things = json_ld::things(&page.json_ld, &base);
    let thing = json_ld::foremost(&things).cloned().unwrap_or_default();
    let meta = |names: &[&str], max| page.meta(names).and_then(|said| text::optional_line(said, max));
    let instant = |names: &[&str]| page.meta(names).and_then(times::instant_ms);
    let title = meta(&["og:title", "twitter:title"], text::TITLE)
        .or_else(|| text::optional_line(&page.title, text::TITLE))
        .unwrap_or(thing.title);
    Draft {
        title,
        summary: meta(&["og:description", "twitter:description", "description"], text::SUMMARY).or(thing.summary),
        image_url: picture(&page, &base).or(thing.image_url),
        site: meta(&["og:site_name", "application-name"], text::NAME).or(thing.site),
        kind: thing.kind.or_else(|| kind(page.meta(&["og:type"])?)),
        published_at_ms: instant(&["article:published_time", "og:published_time"]).or(thing.published_at_ms),
        expires_at_ms: instant(&["article:expiration_time"]).or(thing.expires_at_ms),
        key: String::new(),
        url: String::new(),
        reference: thing.reference,
        place: thing.place,
    }
}

fn picture(page: &Described, base: &Url) -> Option<String> {
    let names = ["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"];
    names.iter().filter_map(|name| page.meta(&[*name])).find_map(|image| absolute(base, image))
}

fn kind(open_graph: &str) -> Option<ContentKind> {
    let name = open_graph.trim().to_ascii_lowercase();
    match name.split('.').next()? {
        "video" => Some(ContentKind::Video),
        "article" => Some(ContentKind::Article),
        "event" => Some(ContentKind::Event),
        _ => None,
    }
}
