//! What the programme remembers: the only room that speaks SQL for metadata.
//!
//! A [`Store`] gives out two kinds of transaction. [`Reading`] sees one state of the store, however
//! long it reads. [`Writing`] excludes other writers from its first moment, reads what it is about
//! to change, and writes every change twice in the same transaction: into the table, and into the
//! change feed ([`crate::model::Change`]) that redirect nodes and the warehouse follow. So there is
//! never a change that nobody is told of, nor a tale of one that did not happen.
//!
//! Every query of a tenant's things takes its [`crate::model::SpaceId`]: one without does not
//! compile. The few that look over all spaces say so in their names or docs.
//!
//! Engines: `sqlite` for one machine, `postgres` for several; callers see no difference. Both
//! compile the same statements (`sql`). sqlx's `Any` driver was turned down: it knows only the types
//! that all engines share, and hides what each does best.
//!
//! Deliberately absent: rules. Whether a change is allowed is the business of `programme`.

mod audit;
mod campaigns;
mod clock;
mod config;
mod erasure;
mod erasures;
mod error;
pub mod exchange;
mod feed;
mod invitations;
mod library;
mod looks;
mod people;
mod pictures;
mod portal;
mod postgres;
mod proposals;
mod reading;
mod recent;
mod records;
mod recruiting;
mod referrals;
mod setup;
mod shares;
mod sign_in;
mod similar;
mod sqlite;
mod teams;
mod tokens;
mod transaction;
mod transfers;
mod webhooks;
mod writing;

#[cfg(test)]
pub(crate) mod tests;

pub use audit::AuditEntry;
pub use clock::Clock;
pub use config::Config;
pub use erasures::{ErasureRecord, digest as digest_of_name};
pub use error::{OpenError, StoreError};
pub use feed::Snapshot;
pub use invitations::InvitationRecord;
pub use library::{LibraryFilter, ObjectiveRecord, PeopleGroup};
pub use people::{Found, PeopleFilter};
pub use pictures::{KeptPicture, WantedPicture};
pub use portal::{CharterRecord, DigestRecord};
pub use proposals::ItemFilter;
pub use reading::Reading;
pub use records::{
    AdvocateFilter, AdvocateRecord, CampaignFilter, ContentFilter, KeptAnswer, Left, LinkFilter, Page, ShareFilter,
    TeamRecord, TokenRecord,
};
pub use recruiting::{BoardFilter, JobFilter, JobState};
pub use referrals::ApplicationFilter;
pub use setup::{HostCheckRecord, SetupCounts};
pub use sign_in::{
    ChallengeRecord, IdentityRecord, MailRecord, MemberRecord, OidcRequestRecord, OpenSession, SessionRecord,
};
pub use transfers::TransferRecord;
pub use webhooks::{DeliveryRecord, SegmentKey, WebhookRecord};
pub use writing::Writing;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use config::Place;
use recent::Recent;
use transaction::{Engine, Transaction};

/// The metadata store of an installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    clock: Clock,
    /// The newest change that this process knows to be committed.
    latest: Arc<watch::Sender<u64>>,
    /// The newest changes of this process.
    recent: Arc<Recent>,
    /// Held by the one patient writer that may stand in the queue.
    patience: Arc<Mutex<()>>,
}

impl Store {
    /// Opens the store that `config` names, making it and bringing its schema to this version.
    /// Other processes may have it open.
    ///
    /// # Errors
    /// Says which file or database it was, and what to do when a newer Relais wrote it.
    pub async fn open(config: &Config, data_dir: &Path, clock: Clock) -> Result<Self, OpenError> {
        let engine = match config.place(data_dir)? {
            Place::File(path) => Engine::Sqlite(sqlite::Engine::open(&path).await?),
            Place::Database(url) => Engine::Postgres(postgres::Engine::open(&url).await?),
        };
        let latest = Arc::new(watch::Sender::new(0));
        let store = Self { engine, clock, latest, recent: Arc::default(), patience: Arc::default() };
        store.refresh().await.map_err(OpenError::Unreadable)?;
        Ok(store)
    }

    /// A transaction that reads.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection comes free within 10 s.
    pub async fn read(&self) -> Result<Reading, StoreError> {
        Ok(Reading::new(Transaction::reading(&self.engine).await?))
    }

    /// A transaction that writes: the only one at that time, in all processes. Dropping it undoes
    /// what it did.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another one stays open for more than 10 s.
    pub async fn write(&self) -> Result<Writing, StoreError> {
        let transaction = Transaction::writing(&self.engine).await?;
        Ok(self.writing(transaction, None))
    }

    /// The same for one of many transactions of a long work: however many such works there are, only
    /// one of their transactions stands in the queue of writers, so that somebody who changes a single
    /// thing waits for one of them at most.
    ///
    /// # Errors
    /// As [`Self::write`]; the wait for other patient writers is not bounded.
    pub async fn write_patiently(&self) -> Result<Writing, StoreError> {
        let patience = Arc::clone(&self.patience).lock_owned().await;
        let transaction = Transaction::writing(&self.engine).await?;
        Ok(self.writing(transaction, Some(patience)))
    }

    fn writing(&self, transaction: Transaction, patience: Option<OwnedMutexGuard<()>>) -> Writing {
        let (latest, recent) = (Arc::clone(&self.latest), Arc::clone(&self.recent));
        Writing::new(transaction, self.clock.now_ms(), latest, recent, patience)
    }

    /// The clock that transactions are dated with.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Lets go of what rows held before they were changed or removed, as far as that is Relais's to do: SQLite's log has
    /// it until it is folded. PostgreSQL's own vacuum and log recycling have their time.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when somebody reads or writes for more than 10 s.
    pub async fn forget_old_pages(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.forget_old_pages().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Closes all connections after the transactions that run; later calls fail.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close().await,
        }
    }
}
