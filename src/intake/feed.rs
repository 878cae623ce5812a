//! A feed, whatever family it belongs to.

use url::Url;

use super::html::described;
use super::{absolute, charset, jobs, json_ld, syndication};
use crate::model::proposal::comparable_address;
use crate::model::{ContentKind, Draft, FeedKind};

/// Entries of one answer that are looked at; those that follow are ignored.
pub const MAX_ENTRIES: usize = 1000;
/// Longest key of an entry, in bytes; longer ones are replaced by their address.
const MAX_KEY_BYTES: usize = 1024;

/// What stood in a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// The feed's own name.
    pub title: Option<String>,
    /// In the feed's order; each with a key, a title and an address, and no key twice.
    pub drafts: Vec<Draft>,
}

/// What stood at a feed's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The feed.
    Entries(Entries),
    /// A page that names this address as its feed.
    Elsewhere(String),
}

/// Nothing of what was looked for stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not of the expected kind.
    #[error("there is no {} at this address: check the address and the feed's kind", name(*.0))]
    NotA(FeedKind),
    /// It begins like one and is broken.
    #[error("the feed is damaged: whoever publishes it should validate it")]
    Damaged,
}

fn name(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Auto => "feed, and no page that names one",
        FeedKind::Rss => "RSS feed",
        FeedKind::Atom => "Atom or JSON feed",
        FeedKind::Youtube => "YouTube channel",
        FeedKind::JobsXml => "XML with <job> entries",
        FeedKind::JobPosting => "page with a schema.org JobPosting",
    }
}

/// Where the feed of an address is: a YouTube channel's or list's page has one at a known place.
pub fn address(kind: FeedKind, url: &str) -> String {
    feed_of_youtube(url)
        .filter(|_| matches!(kind, FeedKind::Auto | FeedKind::Youtube))
        .unwrap_or_else(|| url.to_owned())
}

fn feed_of_youtube(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    if !matches!(url.host_str()?, "www.youtube.com" | "youtube.com" | "m.youtube.com") {
        return None;
    }
    let mut parts = url.path_segments()?;
    let (name, id) = match (parts.next()?, parts.next()) {
        ("channel", Some(id)) => ("channel_id", id.to_owned()),
        ("playlist", _) => ("playlist_id", url.query_pairs().find(|(name, _)| name == "list")?.1.into_owned()),
        _ => return None,
    };
    let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    plain.then(|| format!("https://www.youtube.com/feeds/videos.xml?{name}={id}"))
}

/// Reads what was found at `url`.
///
/// # Errors
/// [`Unreadable`].
pub fn feed(kind: FeedKind, bytes: &[u8], content_type: Option<&str>, url: &Url) -> Result<Found, Unreadable> {
    let document = charset::decode(bytes, content_type);
    let document = document.trim_start();
    let entries = match (root(document).as_str(), kind) {
        ("rss" | "feed" | "rdf" | "{", FeedKind::Auto | FeedKind::Rss | FeedKind::Atom | FeedKind::Youtube) => {
            syndication::entries(document, url).ok_or(Unreadable::Damaged)?
        }
        ("html", FeedKind::Auto | FeedKind::JobPosting) => return page(kind, document, url),
        ("html", FeedKind::Rss | FeedKind::Atom | FeedKind::Youtube) => return elsewhere(kind, document, url),
        ("html" | "rss" | "feed" | "rdf" | "{" | "", _) => return Err(Unreadable::NotA(kind)),
        (_, FeedKind::Auto | FeedKind::JobsXml) => jobs::entries(document, url).ok_or(Unreadable::NotA(kind))?,
        _ => return Err(Unreadable::NotA(kind)),
    };
    Ok(Found::Entries(with_keys(entries)))
}

/// A page with jobs in it, or one that names its feed.
fn page(kind: FeedKind, document: &str, url: &Url) -> Result<Found, Unreadable> {
    let page = described(document);
    let jobs: Vec<Draft> = json_ld::things(&page.json_ld, url)
        .into_iter()
        .filter(|thing| thing.kind == Some(ContentKind::Job))
        .map(|job| if job.url.is_empty() { Draft { url: url.to_string(), ..job } } else { job })
        .collect();
    if !jobs.is_empty() {
        return Ok(Found::Entries(with_keys(Entries {
            title: super::text::optional_line(&page.title, super::text::TITLE),
            drafts: jobs,
        })));
    }
    if kind == FeedKind::JobPosting {
        return Err(Unreadable::NotA(kind));
    }
    elsewhere(kind, document, url)
}

fn elsewhere(kind: FeedKind, document: &str, url: &Url) -> Result<Found, Unreadable> {
    const TYPES: &[&str] = &["application/rss+xml", "application/atom+xml", "application/feed+json"];
    let page = described(document);
    let base = page.base.as_deref().and_then(|base| url.join(base).ok()).unwrap_or_else(|| url.clone());
    page.links
        .iter()
        .filter(|link| link.rel.split_ascii_whitespace().any(|rel| rel == "alternate"))
        .filter(|link| TYPES.contains(&link.media_type.as_str()))
        .find_map(|link| absolute(&base, &link.href))
        .map(Found::Elsewhere)
        .ok_or(Unreadable::NotA(kind))
}

/// The name of the first element in lower case, without its prefix; `{` for JSON, `html` for all
/// that browsers would show as a page, empty for nothing of that.
fn root(document: &str) -> String {
    let mut rest = document;
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with('{') => return "{".to_owned(),
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) => ">",
            _ => break,
        };
        match rest.find(end) {
            Some(at) => rest = &rest[at + end.len()..],
            None => return String::new(),
        }
    }
    let Some(rest) = rest.strip_prefix('<') else { return String::new() };
    let name = rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    let name = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    // Tags that the standard lets a page leave out.
    if matches!(name.as_str(), "head" | "body" | "title" | "meta" | "link" | "script") {
        "html".to_owned()
    } else {
        name
    }
}

/// Leaves out what has no address or title, or a key that stood already, and gives the rest keys.
fn with_keys(entries: Entries) -> Entries {
    let mut seen = std::collections::HashSet::new();
    let drafts = entries
        .drafts
        .into_iter()
        .filter(|draft| !draft.url.is_empty() && !draft.title.is_empty())
        .map(|draft| {
            let key = Some(draft.key.trim()).filter(|key| !key.is_empty() && key.len() <= MAX_KEY_BYTES);
            let key = key.map(str::to_owned).or_else(|| draft.reference.clone());
            Draft { key: key.unwrap_or_else(|| comparable_address(&draft.url)), ..draft }
        })
        .map(|draft| Draft { key: draft.key.chars().filter(|c| !c.is_control()).collect(), ..draft })
        .filter(|draft| seen.insert(draft.key.clone()))
        .take(MAX_ENTRIES)
        .collect();
    Entries { drafts, ..entries }
}
