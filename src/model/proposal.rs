//! What pages and feeds of others say that could become a content.

use serde::{Deserialize, Serialize};

use super::id::{CampaignId, ContentId, FeedId, FeedItemId, SpaceId};
use super::kind::{ContentKind, words};

words! {
    /// What stands behind a feed's address.
    FeedKind {
        /// Whatever is found there, or what the page there names as its feed.
        Auto = "auto" / 1,
        /// RSS 0.9 to 2.0.
        Rss = "rss" / 2,
        /// Atom, or JSON Feed.
        Atom = "atom" / 3,
        /// A YouTube channel's Atom feed, its page, or `…/channel/{id}`.
        Youtube = "youtube" / 4,
        /// XML with one `<job>` for each job, as job boards take it.
        JobsXml = "jobs_xml" / 5,
        /// A page with schema.org `JobPosting` in JSON-LD.
        JobPosting = "job_posting" / 6,
    }
}

words! {
    /// What becomes of an entry that is new.
    Publish {
        /// Somebody decides.
        Review = "review" / 1,
        /// It is a content at once.
        Automatic = "automatic" / 2,
    }
}

words! {
    /// What became of an entry of a feed.
    ItemState {
        /// Waits for somebody's decision.
        Proposed = "proposed" / 1,
        /// Somebody made it a content.
        Accepted = "accepted" / 2,
        /// The feed made it a content.
        Published = "published" / 3,
        /// Somebody did not want it.
        Rejected = "rejected" / 4,
        /// The space had it already, from another feed or by hand.
        Known = "known" / 5,
        /// It cannot be a content: the space does not allow its address.
        Refused = "refused" / 6,
    }
}

words! {
    /// How the last visit to a feed ended.
    FeedStatus {
        /// Nobody was there yet.
        New = "new" / 1,
        /// It was read.
        Read = "read" / 2,
        /// It said that nothing had changed.
        Unchanged = "unchanged" / 3,
        /// It could not be fetched, or nothing could be made of it.
        Failing = "failing" / 4,
    }
}

/// What a page or an entry of a feed says of itself: cleaned text, addresses not yet judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its key among the entries of its feed: the feed's own, else the address. Never empty there.
    pub key: String,
    /// The key of the company's own system: a job's reference.
    pub reference: Option<String>,
    /// `http` or `https`, absolute.
    pub url: String,
    /// When what was read tells.
    pub kind: Option<ContentKind>,
    /// One line; empty when there is none.
    pub title: String,
    /// One or two sentences.
    pub summary: Option<String>,
    /// `http` or `https`, absolute.
    pub image_url: Option<String>,
    /// The name of the site, the company or the channel.
    pub site: Option<String>,
    /// Where the work is, for a job; where it takes place, for an event.
    pub place: Option<String>,
    /// When it says it was published.
    pub published_at_ms: Option<i64>,
    /// When it says it is over.
    pub expires_at_ms: Option<i64>,
}

/// An address that proposes contents, and how it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFeed {
    /// Its id.
    pub id: FeedId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// Checked, `http` or `https`; unique in the space.
    pub url: String,
    /// What is expected there.
    pub kind: FeedKind,
    /// What its entries are.
    pub content_kind: ContentKind,
    /// The campaign of its contents, or none.
    pub campaign: CampaignId,
    /// Who decides.
    pub publish: Publish,
    /// The audience of its contents.
    pub audience: serde_json::Value,
    /// Minutes between two visits.
    pub interval_minutes: u32,
    /// Contents whose entry is gone in two visits, one after the other, are closed.
    pub close_missing: bool,
    /// Nobody visits it until this is taken back.
    pub paused: bool,
    /// What the visits found.
    pub visits: Visits,
}

/// What the visits to a feed found, as of the last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visits {
    /// The feed's own name.
    pub title: Option<String>,
    /// Where the feed is, when its address is that of a page that names it.
    pub found_at: Option<String>,
    /// How the last one ended.
    pub status: FeedStatus,
    /// Why it failed, in words for whoever set the feed up by program.
    pub error: Option<String>,
    /// The same as a stable word, such as `unreachable`.
    pub error_code: Option<String>,
    /// Failures one after the other.
    pub failures: u32,
    /// Entries in the last answer that was read.
    pub found: u32,
    /// When the last one was, well or not.
    pub fetched_at_ms: Option<i64>,
    /// When the last one that did not fail was.
    pub succeeded_at_ms: Option<i64>,
    /// When the next one is due.
    pub next_at_ms: i64,
    /// What to ask the next time with: `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Visits {
    /// Of a feed that nobody has visited; the first visit is due at `now_ms`.
    pub fn none(now_ms: i64) -> Self {
        Self {
            title: None,
            found_at: None,
            status: FeedStatus::New,
            error: None,
            error_code: None,
            failures: 0,
            found: 0,
            fetched_at_ms: None,
            succeeded_at_ms: None,
            next_at_ms: now_ms,
            etag: None,
            last_modified: None,
        }
    }
}

/// An entry of a feed, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedItem {
    /// Its id.
    pub id: FeedItemId,
    /// The programme it belongs to.
    pub space: SpaceId,
    /// The feed it stood in.
    pub feed: FeedId,
    /// What it says; the latest, while nobody has decided.
    pub draft: Draft,
    /// The address without what does not matter, for comparing.
    pub address: String,
    /// What became of it.
    pub state: ItemState,
    /// The content that it became, or that the space had already.
    pub content: ContentId,
    /// Visits one after the other in which it was missing.
    pub missed: u32,
    /// When the feed closed its content.
    pub closed_at_ms: Option<i64>,
    /// When it was first seen.
    pub first_seen_at_ms: i64,
    /// When it was last seen.
    pub seen_at_ms: i64,
    /// When it was decided.
    pub decided_at_ms: Option<i64>,
}

/// Parameters that tell a site where its visitor came from, and nothing of what is shown.
const TRACKING: &[&str] =
    &["fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "yclid", "_hsenc", "_hsmi"];

/// An address without what does not matter when two are compared: scheme, `www.`, default port,
/// fragment, tracking parameters, a slash at the end. What is no address stays as it is.
pub fn comparable_address(text: &str) -> String {
    let Ok(url) = url::Url::parse(text) else { return text.trim().to_owned() };
    let Some(host) = url.host_str() else { return text.trim().to_owned() };
    let host = host.trim_end_matches('.');
    let mut out = host.strip_prefix("www.").unwrap_or(host).to_owned();
    if let Some(port) = url.port() {
        out.push_str(&format!(":{port}"));
    }
    out.push_str(url.path().trim_end_matches('/'));
    let is_tracking = |name: &str| name.starts_with("utm_") || TRACKING.contains(&name);
    let parts = url.query().unwrap_or_default().split('&');
    let kept: Vec<_> =
        parts.filter(|part| !part.is_empty() && !is_tracking(part.split('=').next().unwrap_or_default())).collect();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_what_does_not_matter() {
        for same in [
            "https://example.com/a?b=c",
            "http://www.example.com:80/a/?b=c",
            "https://EXAMPLE.com./a?utm_source=x&b=c&fbclid=1#top",
        ] {
            assert_eq!(comparable_address(same), "example.com/a?b=c", "{same}");
        }
        assert_eq!(comparable_address("https://example.com/"), "example.com");
        assert_ne!(comparable_address("https://example.com/A"), comparable_address("https://example.com/a"));
        assert_eq!(comparable_address("https://example.com:8443/a"), "example.com:8443/a");
        assert_eq!(comparable_address(" no address "), "no address");
    }
}
