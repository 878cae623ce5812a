//! What was erased stays erased, whichever copy comes back.
//!
//! Who was erased is remembered in three places: the store, ClickHouse, and the receipts. A backup of one of them that is
//! put back has forgotten, and the others tell it: an advocate who stands in the store again is erased again, rows that
//! name somebody who was erased are emptied again. What a bundle brings of such a person is left out while it is
//! imported (`exchange::erased`).

use std::collections::HashSet;

use super::receipt::Receipt;
use super::{Error, Keeper, person};
use crate::model::{AdvocateId, SpaceId};
use crate::store::ErasureRecord;
use crate::warehouse::ErasedPerson;

/// What the audit log and the receipt call an erasure that is done again.
const AGAIN: &str = "erased before, and brought back by a backup";

impl Keeper {
    /// Lets the three places agree, and every erasure wait to be completed of which something came back. Answers how many
    /// those are. Reads the random keys of all clicks.
    ///
    /// # Errors
    /// The first place that cannot be asked.
    pub async fn look(&self) -> Result<u64, Error> {
        let known = self.store.read().await?.all_erasures().await?;
        let in_store: HashSet<AdvocateId> = known.iter().map(|erasure| erasure.advocate).collect();
        let remembered = self.warehouse.erased_people().await?;
        let receipts = Receipt::all(&self.receipts)?;
        if known.is_empty() && remembered.is_empty() && receipts.is_empty() {
            return Ok(0);
        }
        let in_warehouse: HashSet<&str> = remembered.iter().map(|person| person.advocate_id.as_str()).collect();
        let unheard = known.iter().map(person).filter(|person| !in_warehouse.contains(person.advocate_id.as_str()));
        self.warehouse.remember_erased(&unheard.collect::<Vec<_>>()).await?;

        let receipts = receipts.into_iter().map(|receipt| receipt.erasure);
        let told = remembered.iter().filter_map(record).chain(receipts);
        let mut again = 0;
        let mut seen = HashSet::new();
        for erasure in told.filter(|erasure| !in_store.contains(&erasure.advocate)) {
            if seen.insert(erasure.advocate) {
                again += u64::from(self.erase_again(erasure).await?);
            }
        }
        for advocate in self.warehouse.erased_who_came_back().await? {
            let mut writing = self.store.write().await?;
            writing.reopen_erasure(advocate).await?;
            writing.commit().await?;
            again += 1;
        }
        Ok(again)
    }

    /// False when the space is not there either.
    async fn erase_again(&self, erasure: ErasureRecord) -> Result<bool, Error> {
        let mut work = self.programme.work().await?;
        if !work.has_space(erasure.space).await? {
            return Ok(false);
        }
        tracing::warn!(advocate = %erasure.advocate, "somebody who was erased is back, or forgotten to be: erased again");
        work.erase_again(&ErasureRecord { request: AGAIN.to_owned(), done_at_ms: None, ..erasure }).await?;
        work.commit().await?;
        Ok(true)
    }
}

/// What ClickHouse remembers, as the store does.
fn record(person: &ErasedPerson) -> Option<ErasureRecord> {
    let (advocate, space): (AdvocateId, SpaceId) = (person.advocate_id.parse().ok()?, person.space_id.parse().ok()?);
    Some(ErasureRecord {
        advocate,
        space,
        asked_at_ms: person.erased_at_ms,
        actor: String::new(),
        request: String::new(),
        salt: person.salt.clone(),
        key_digest: person.key_digest.clone(),
        email_digest: person.email_digest.clone(),
        found: Default::default(),
        done_at_ms: None,
    })
}
