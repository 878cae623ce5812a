//! What the programme does: spaces, teams, advocates, campaigns, contents, links, shares and tokens, and
//! the rules they obey.
//!
//! [`Programme`] answers questions; [`Work`] changes things. A [`Work`] is one transaction: its
//! operations happen together at [`Work::commit`], with the changes that they tell redirect nodes
//! and the warehouse, or not at all. So an operation and the idempotency key that it was asked
//! under cannot part, and a program that imports a thousand things can take them back.
//!
//! Rules that are easy to look for:
//! - one link per advocate × content × channel: asking again gives the same link ([`links`]);
//! - what a link may lead to: [`urls`];
//! - where people go when a job is over: [`similar`];
//! - teams form a tree ([`teams`]), and a link shared again within ten minutes is one share
//!   ([`shares`]);
//! - a space that is closed changes in nothing: every operation of a [`Work`] begins with
//!   [`Work::open_space`];
//! - what somebody agrees to before its first link: [`charter`]; what it is proposed: [`shelf`];
//! - who has left gets no new links, nor does a content that is over; before its publication a
//!   content has links already, so that they can be printed and planned;
//! - who is credited for an application: [`referrals`]; who is told of what: [`webhooks`];
//! - an entity of another space is answered as one that does not exist;
//! - what a feed proposes is a content once: not again under its key, its address, or from another
//!   feed ([`proposals`]);
//! - imports and exports run one at a time a space, and what names people goes again ([`transfers`]).
//!
//! Deliberately absent: who may ask (that is `auth`), and what an answer looks like (that is
//! `api`).

pub mod error;
pub mod fields;

pub mod ids;
pub mod shapes;
pub mod spreadsheet;
pub mod thumbnails;
pub mod times;
pub mod urls;

pub mod advocates;
pub mod audiences;
pub mod audit;
pub mod campaigns;
pub mod charter;
pub mod contents;
pub mod digest;
pub mod feeds;
pub mod holidays;
pub mod hosts;
pub mod invitations;
pub mod leaving;
pub mod library;
pub mod links;
pub mod look;
pub mod members;
pub mod objectives;
pub mod people;
pub mod pictures;
pub mod preview;
pub mod proposals;
pub mod referrals;
pub mod repeat;
pub mod reports;
pub mod setup;
pub mod shares;
pub mod shelf;
pub mod similar;
pub mod spaces;
pub mod teams;
pub mod tokens;
pub mod transfers;
pub mod web;
pub mod webhooks;

#[cfg(test)]
pub(crate) mod tests;

pub use crate::store::{
    AdvocateFilter, AdvocateRecord, AuditEntry, CampaignFilter, ContentFilter, ErasureRecord, Found, InvitationRecord,
    ItemFilter, KeptAnswer, KeptPicture, Left, LibraryFilter, LinkFilter, ObjectiveRecord, Page, PeopleFilter,
    PeopleGroup, ShareFilter, StoreError, TeamRecord, TokenRecord,
};
pub use advocates::{AdvocateFields, Standing};
pub use campaigns::CampaignFields;
pub use charter::CharterRecord;
pub use contents::{Audience, Caption, ContentFields};
pub use digest::Digest;
pub use error::{Error, FieldProblem};
pub use feeds::{FeedFields, ShownFeed};
pub use fields::Field;
pub use links::{IssuedLink, LinkFields, ShownLink};
pub use members::{Member, MemberFields};
pub use preview::Preview;
pub use shares::ShareFields;
pub use shelf::{ShelfPage, ShelfQuery, Shelved};
pub use spaces::SpaceFields;
pub use teams::TeamFields;
pub use tokens::TokenFields;
pub use transfers::{ExportFields, NewImport, Transfer};
pub use web::{AskedFeed, FeedAnswer, FeedEntries, Outside, Web, WebError};

use std::sync::Arc;

use url::Url;

use crate::store::{Store, Writing};

/// The programme of an installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Programme {
    store: Store,
    base: Arc<Url>,
    web: Arc<dyn Web>,
    shelves: Arc<shelf::Shelves>,
    thumbnails: Arc<thumbnails::Thumbnails>,
}

/// `redirect.base_url` is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("redirect.base_url must be an http or https address without path and query, such as https://go.example.com")]
pub struct InvalidBaseUrl;

impl Programme {
    /// Stands on `store`; short links of spaces without a host of their own begin with `base_url`
    /// (`redirect.base_url`).
    ///
    /// # Errors
    /// [`InvalidBaseUrl`].
    pub fn new(store: Store, base_url: &str) -> Result<Self, InvalidBaseUrl> {
        Ok(Self {
            store,
            base: Arc::new(self::base_url(base_url)?),
            web: Arc::new(web::Offline),
            shelves: Arc::default(),
            thumbnails: Arc::default(),
        })
    }

    /// The same, fetching through `web`; without it pages, feeds and pictures cannot be had.
    #[must_use]
    pub fn with_web(self, web: Arc<dyn Web>) -> Self {
        Self { web, ..self }
    }

    /// Begins to change something. Other changes of the installation wait until it ends.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn work(&self) -> Result<Work, Error> {
        Ok(self.begin(self.store.write().await?))
    }

    /// The same for one of many pieces of a long work, which lets single changes of others go first.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn work_patiently(&self) -> Result<Work, Error> {
        Ok(self.begin(self.store.write_patiently().await?))
    }

    fn begin(&self, writing: Writing) -> Work {
        let (base, actor) = (Arc::clone(&self.base), OPERATOR.to_owned());
        Work { writing, base, actor, heeds_charter: false, jobs: similar::Changed::default() }
    }

    /// Milliseconds since 1970, as the store's clock tells them.
    pub fn now_ms(&self) -> i64 {
        self.store.clock().now_ms()
    }
}

/// Reads `redirect.base_url`.
///
/// # Errors
/// [`InvalidBaseUrl`].
pub fn base_url(text: &str) -> Result<Url, InvalidBaseUrl> {
    let base = Url::parse(text).map_err(|_| InvalidBaseUrl)?;
    let plain = matches!(base.scheme(), "http" | "https")
        && base.path() == "/"
        && base.query().is_none()
        && base.fragment().is_none()
        && base.username().is_empty()
        && base.password().is_none();
    if plain { Ok(base) } else { Err(InvalidBaseUrl) }
}

/// How the audit log calls whoever sits at the installation's command line.
const OPERATOR: &str = "operator";

/// Changes that happen together or not at all; dropping it undoes them.
#[derive(Debug)]
pub struct Work {
    writing: Writing,
    base: Arc<Url>,
    /// For the audit log.
    actor: String,
    /// New links wait for the charter's acceptance.
    heeds_charter: bool,
    /// Whose similar jobs are computed before the commit.
    jobs: similar::Changed,
}

impl Work {
    /// Makes everything done so far durable and visible.
    ///
    /// # Errors
    /// [`Error::Store`]; nothing has happened then.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.refresh_similar_jobs().await?;
        Ok(self.writing.commit().await?)
    }

    /// The hosts that links must not lead to.
    async fn own_hosts(&mut self) -> Result<urls::OwnHosts, Error> {
        let spaces = self.writing.hosts().await?.into_iter().map(|(host, _)| host).collect();
        Ok(urls::OwnHosts { base: Url::clone(&self.base), spaces })
    }
}
