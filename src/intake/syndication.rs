//! RSS, Atom and JSON Feed.

use feed_rs::model::{Entry, Link};
use feed_rs::parser::Builder;
use url::Url;

use super::feed::{Entries, MAX_ENTRIES};
use super::{absolute, html, text, times};
use crate::model::Draft;

/// None when it is no feed after all, or a broken one.
pub(super) fn entries(document: &str, url: &Url) -> Option<Entries> {
    // It is UTF-8 by now, whatever it says.
    let document = without_declarations(document);
    let parser = Builder::new()
        .base_uri(Some(url.as_str()))
        // The crate would make keys of address and title; a corrected title is no new entry.
        .id_generator(|_, _, _| String::new())
        .build();
    let feed = parser.parse(document.as_bytes()).ok()?;
    let site = feed.title.as_ref().and_then(|title| text::optional_line_of_markup(&title.content, text::NAME));
    let drafts = feed.entries.into_iter().take(MAX_ENTRIES).map(|entry| draft(entry, site.clone(), url)).collect();
    Some(Entries { title: site, drafts })
}

/// The document with its declaration (and whatever else looks like one) as a processing
/// instruction that nobody reads. The crate believes an encoding wherever it is declared, and
/// quick-xml 0.42 panics at a declaration that does not stand at the beginning.
fn without_declarations(document: &str) -> String {
    document.replace("<?xml", "<?was-xml")
}

fn draft(entry: Entry, site: Option<String>, base: &Url) -> Draft {
    let url = address(&entry.links, &entry.id, base);
    let title = entry.title.as_ref().and_then(|title| text::optional_line_of_markup(&title.content, text::TITLE));
    let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let of_media = entry.media.iter().find_map(|media| media.description.as_ref());
    let summaries = [entry.summary.as_ref(), of_media].into_iter().flatten().map(|text| text.content.as_str());
    let published = entry.published.or(entry.updated).map(|instant| instant.timestamp_millis());
    Draft {
        reference: None,
        url: url.unwrap_or_default(),
        kind: None,
        title: title.unwrap_or_default(),
        summary: summaries.chain(body).find_map(|text| text::optional_line_of_markup(text, text::SUMMARY)),
        image_url: picture(&entry, base),
        site,
        place: None,
        published_at_ms: published.and_then(times::believable),
        expires_at_ms: None,
        key: entry.id,
    }
}

/// The page that the entry is about; the key when it is an address, as RSS has it.
fn address(links: &[Link], key: &str, base: &Url) -> Option<String> {
    let of_page = |link: &&Link| matches!(link.rel.as_deref(), None | Some("alternate" | ""));
    let key = key.starts_with("http").then_some(key);
    links.iter().filter(of_page).map(|link| link.href.as_str()).chain(key).find_map(|url| absolute(base, url))
}

/// A thumbnail, a picture among the media or the enclosures, else the first one in the text.
fn picture(entry: &Entry, base: &Url) -> Option<String> {
    let thumbnails =
        entry.media.iter().flat_map(|media| &media.thumbnails).map(|thumbnail| thumbnail.image.uri.clone());
    let media = entry
        .media
        .iter()
        .flat_map(|media| &media.content)
        .filter(|content| content.content_type.as_ref().is_some_and(|kind| kind.ty().as_str() == "image"))
        .filter_map(|content| content.url.as_ref().map(Url::to_string));
    let enclosures = entry
        .links
        .iter()
        .filter(|link| link.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/")))
        .map(|link| link.href.clone());
    let texts = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let texts = texts.into_iter().chain(entry.summary.as_ref().map(|summary| summary.content.as_str()));
    thumbnails
        .chain(media)
        .chain(enclosures)
        .chain(texts.filter_map(html::first_picture))
        .find_map(|url| absolute(base, &url))
}
