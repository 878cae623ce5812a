//! One person out of everything.
//!
//! 1. A transaction of the store takes out what names the person and remembers that there was somebody, by digests, with
//!    what is still to be done (`programme::Work::erase_on_request`). Whoever does it, the API or a command, is done here.
//! 2. [`Keeper::complete`] does the rest: it tells everybody who ships clicks (`erasures` in ClickHouse), empties and
//!    removes rows there, tells the roll-ups which days to compute again, removes mails of the outbox, folds the store's
//!    log, which has the rows as they were, writes a receipt.
//!    Each step may be done again, and a lease in the store lets one process at a time do it; so a crash costs the lease's
//!    length, and the server completes what a killed command began.
//! 3. From then on [`memory`] looks whether something of the person came back.
//!
//! Clicks that wait in a spool, or in quarantine, come out without the person: `ingest` asks [`crate::model::Erased`]
//! of each one. Their segments hold the random key, which names nobody any more, until the spool removes them.

mod memory;
mod receipt;

pub use receipt::Receipt;

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::failpoint;
use crate::mail::outbox;
use crate::model::Progress;
use crate::model::{AdvocateId, SpaceId};
use crate::programme::{Error as ProgrammeError, Programme};
use crate::store::{ErasureRecord, Store, StoreError};
use crate::warehouse::{CallError, ErasedPerson, PersonRows, Warehouse};

/// Whoever completes an erasure has it for so long after it was last renewed, in milliseconds.
const LEASE_MS: i64 = 20_000;
/// How often it is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// How often one that another process completes is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Completes erasures, and looks after them.
#[derive(Debug, Clone)]
pub struct Keeper {
    store: Store,
    programme: Programme,
    warehouse: Warehouse,
    receipts: PathBuf,
    outbox: PathBuf,
}

/// An erasure is not completed yet; what is done stays done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A rule of the programme.
    #[error(transparent)]
    Programme(#[from] ProgrammeError),
    /// ClickHouse.
    #[error("{0}; the erasure is remembered, and goes on when ClickHouse answers")]
    Warehouse(#[from] CallError),
    /// A file or folder.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nobody of this id was ever erased here.
    #[error("{0} was never erased")]
    Unknown(AdvocateId),
}

impl Keeper {
    /// Over these stores. Receipts are kept in `data_dir/erasures`, mails lie in `data_dir/outbox`.
    pub fn new(store: Store, programme: Programme, warehouse: Warehouse, data_dir: &Path) -> Self {
        Self { store, programme, warehouse, receipts: data_dir.join("erasures"), outbox: data_dir.join("outbox") }
    }

    /// Completes every erasure that waits and that nobody else has. Answers how many.
    ///
    /// # Errors
    /// The first that could not be completed; it waits on.
    pub async fn complete_waiting(&self) -> Result<u64, Error> {
        let mut completed = 0;
        // Read first: nearly always nothing waits, and then nobody's writing is held up.
        while self.store.read().await?.has_waiting_erasure().await? {
            let Some(erasure) = self.take(None).await? else { return Ok(completed) };
            self.with_lease(erasure, &Progress::default()).await?;
            completed += 1;
        }
        Ok(completed)
    }

    /// Completes the erasure of one person, or waits until another process has. `progress` counts parts of tables.
    ///
    /// # Errors
    /// Why it is not complete.
    pub async fn complete(&self, space: SpaceId, advocate: AdvocateId, progress: &Progress) -> Result<Receipt, Error> {
        loop {
            let erasure = self.store.read().await?.erasure(space, advocate).await?;
            let erasure = erasure.ok_or(Error::Unknown(advocate))?;
            if erasure.done_at_ms.is_some() {
                return Ok(Receipt::new(erasure));
            }
            match self.take(Some(advocate)).await? {
                Some(erasure) => return self.with_lease(erasure, progress).await,
                None => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    }

    async fn take(&self, wanted: Option<AdvocateId>) -> Result<Option<ErasureRecord>, Error> {
        let mut writing = self.store.write().await?;
        let taken = writing.take_waiting_erasure(wanted, LEASE_MS).await?;
        writing.commit().await?;
        Ok(taken)
    }

    /// The lease is renewed while the work goes on, and given back when it fails.
    async fn with_lease(&self, erasure: ErasureRecord, progress: &Progress) -> Result<Receipt, Error> {
        let renewing = async {
            loop {
                tokio::time::sleep(RENEW_EVERY).await;
                // Busy for a moment; the lease is four times as long.
                let _later = self.renew(&erasure, LEASE_MS).await;
            }
        };
        let answer = tokio::select! {
            answer = self.finish(erasure.clone(), progress) => answer,
            () = renewing => unreachable!("it never ends"),
        };
        if answer.is_err() {
            self.renew(&erasure, 0).await?;
        }
        answer
    }

    async fn renew(&self, erasure: &ErasureRecord, for_ms: i64) -> Result<(), StoreError> {
        let mut writing = self.store.write().await?;
        writing.renew_erasure(erasure, for_ms).await?;
        writing.commit().await
    }

    async fn finish(&self, mut erasure: ErasureRecord, progress: &Progress) -> Result<Receipt, Error> {
        let person = person(&erasure);
        self.warehouse.remember_erased(std::slice::from_ref(&person)).await?;
        failpoint::reach("keeping.erasure_told");
        // Noted before anything goes: a receipt says what there was, however often the work was broken off.
        note(&mut erasure, &self.warehouse.rows_of_person(&person).await?);
        self.keep(&erasure).await?;
        let mut most = 0;
        let told = |parts: u64| {
            most = parts.max(most);
            progress.total.store(most, Ordering::Relaxed);
            progress.done.store(most - parts, Ordering::Relaxed);
        };
        let late = self.warehouse.erase_person(&person, told).await?;
        note(&mut erasure, &late);
        failpoint::reach("keeping.erasure_changed");
        let is_of = |address: &str| erasure.is_of(address);
        let mails = outbox::remove_mails_to(&self.outbox, is_of)
            .map_err(|source| Error::File { path: self.outbox.clone(), source })?;
        *erasure.found.entry("mails in the outbox".to_owned()).or_default() += mails;
        self.store.forget_old_pages().await?;
        erasure.done_at_ms = Some(self.store.clock().now_ms());
        let receipt = Receipt::new(erasure);
        receipt.write(&self.receipts)?;
        failpoint::reach("keeping.erasure_receipt");
        self.keep(&receipt.erasure).await?;
        Ok(receipt)
    }

    async fn keep(&self, erasure: &ErasureRecord) -> Result<(), StoreError> {
        let mut writing = self.store.write().await?;
        writing.put_erasure(erasure).await?;
        writing.commit().await
    }
}

/// The same person as ClickHouse remembers it.
fn person(erasure: &ErasureRecord) -> ErasedPerson {
    ErasedPerson {
        advocate_id: erasure.advocate.to_string(),
        space_id: erasure.space.to_string(),
        erased_at_ms: erasure.asked_at_ms,
        salt: erasure.salt.clone(),
        key_digest: erasure.key_digest.clone(),
        email_digest: erasure.email_digest.clone(),
    }
}

/// The most that was seen of each at once: a second look after a crash sees less.
fn note(erasure: &mut ErasureRecord, rows: &PersonRows) {
    let PersonRows { clicks, links, shares, sign_ins, advocates, rollups } = *rows;
    for (place, rows) in [
        ("ClickHouse: clicks", clicks),
        ("ClickHouse: links", links),
        ("ClickHouse: shares", shares),
        ("ClickHouse: sign-ins", sign_ins),
        ("ClickHouse: advocates", advocates),
        ("ClickHouse: roll-ups", rollups),
    ] {
        let seen = erasure.found.entry(place.to_owned()).or_default();
        *seen = rows.max(*seen);
    }
}
