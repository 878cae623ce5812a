//! From a host and a code to where it leads.

use std::borrow::Cow;
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};
use http::HeaderValue;

use super::facts::{AdvocateFacts, ContentFacts, SpaceFacts};
use super::record::{NOBODY, Record};
use super::{Directory, LinkTable};
use crate::model::code::unpack;
use crate::model::{CampaignId, LinkId};

/// One worker's view: keeps the current directory at hand.
pub struct Reader {
    table: Arc<LinkTable>,
    directory: Cache<DirectoryOf, Arc<Directory>>,
}

/// A link that answers, and everything that a click is recorded with.
#[derive(Debug)]
pub struct Found<'d> {
    /// Where all of this stands.
    pub directory: &'d Directory,
    /// The link.
    pub link: LinkId,
    /// Its space.
    pub space: &'d Arc<SpaceFacts>,
    /// Its content.
    pub content: &'d Arc<ContentFacts>,
    /// The content's campaign, or none.
    pub campaign: CampaignId,
    /// Whose link it is, without regard to the day.
    pub advocate: &'d AdvocateFacts,
    /// The link's channel.
    pub channel: &'d str,
    /// Where it leads now.
    pub destination: Destination<'d>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination<'d> {
    /// To its content.
    Content(&'d HeaderValue),
    /// The content is over, its campaign paused, the link switched off or the space closed:
    /// somewhere else. Made for this answer when that is a similar job.
    Fallback(Cow<'d, HeaderValue>),
    /// The same, and there is nowhere else.
    Gone,
}

impl Reader {
    pub(super) fn new(table: Arc<LinkTable>) -> Self {
        Self { directory: Cache::new(DirectoryOf(Arc::clone(&table))), table }
    }

    /// Looks a code up as asked for on `host` (the `Host` header, port and case as they came) at
    /// an instant in milliseconds since 1970. A host of a space serves its links only; any other
    /// host serves all.
    pub fn resolve(&mut self, host: &[u8], code: &[u8], now_ms: i64) -> Option<Found<'_>> {
        // The record first, the directory afterwards: see the module's order of publication.
        let record = self.table.find(code)?;
        self.directory.load().found(record, host, now_ms)
    }

    /// The code of the `qr` link of the same advocate and content, if there is one that is on.
    pub fn qr_code(&self, code: &[u8]) -> Option<String> {
        let record = self.table.find(code)?;
        let directory = self.table.directory.load();
        let content = directory.targets.get(record.target)?.content;
        let number = *self.table.qr.read().get(&(record.advocate, content))?;
        let qr = self.table.shards.find(number)?;
        if qr.is_disabled() {
            return None;
        }
        self.table.text_of(number)
    }

    /// The current directory.
    pub fn directory(&mut self) -> &Directory {
        self.directory.load()
    }
}

impl LinkTable {
    fn text_of(&self, number: u64) -> Option<String> {
        if number < super::record::FIRST_VANITY {
            return String::from_utf8(unpack(number).into()).ok();
        }
        self.vanity.read().name(number).map(str::to_owned)
    }
}

impl Directory {
    fn found(&self, record: Record, host: &[u8], now_ms: i64) -> Option<Found<'_>> {
        let target = self.targets.get(record.target)?;
        let content = self.contents.get(target.content)?.as_ref()?;
        let space = self.spaces.get(content.space)?.as_ref()?;
        if self.space_of(host).is_some_and(|owner| owner != content.space) {
            return None;
        }
        let campaign = content.campaign.and_then(|index| self.campaigns.get(index)?.as_ref());
        let advocate = match record.advocate {
            NOBODY => None,
            index => self.advocates.get(index),
        };
        let paused = campaign.is_some_and(|campaign| campaign.entity.paused);
        let off = record.is_disabled() || paused || space.entity.closed;
        let over = content.is_over(now_ms);
        let destination = match &target.location {
            Some(location) if !off && !over => Destination::Content(location),
            _ => {
                let similar = if off { None } else { self.similar_to(content, space, &target.channel, now_ms) };
                let own = || content.fallback.as_ref().or(space.fallback.as_ref()).map(Cow::Borrowed);
                similar.map(Cow::Owned).or_else(own).map_or(Destination::Gone, Destination::Fallback)
            }
        };
        Some(Found {
            directory: self,
            link: LinkId::from_bits(record.link()),
            space,
            content,
            campaign: content.entity.campaign,
            advocate: advocate.unwrap_or(&AdvocateFacts::NOBODY),
            channel: &target.channel,
            destination,
        })
    }
}

impl Directory {
    /// Where the newest similar job leads that is open now. A few candidates came with the content,
    /// so nothing is searched; the address is put together for this answer, which few requests ask.
    fn similar_to(&self, over: &ContentFacts, space: &SpaceFacts, channel: &str, now_ms: i64) -> Option<HeaderValue> {
        over.similar.iter().find_map(|index| {
            let job = self.contents.get(*index)?.as_ref().filter(|job| job.space == over.space)?;
            let campaign = job.campaign.and_then(|index| self.campaigns.get(index)?.as_ref());
            let paused = campaign.is_some_and(|campaign| campaign.entity.paused);
            let slug = campaign.map_or("", |campaign| campaign.entity.slug.as_str());
            let open = job.is_open(now_ms) && !paused;
            open.then(|| job.location(&space.entity.utm_template, channel, slug)).flatten()
        })
    }
}

/// Lets a cache watch the directory inside a shared table.
struct DirectoryOf(Arc<LinkTable>);

impl std::ops::Deref for DirectoryOf {
    type Target = ArcSwap<Directory>;

    fn deref(&self) -> &ArcSwap<Directory> {
        &self.0.directory
    }
}
