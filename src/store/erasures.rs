//! Who asked to be forgotten, remembered without a name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::StoreError;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{AdvocateId, SpaceId, hex};

/// One erasure, and how far it is. Serialises to what a receipt keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureRecord {
    /// Who it was: a random key that names nobody any more.
    pub advocate: AdvocateId,
    /// Where.
    pub space: SpaceId,
    /// When it was asked for.
    pub asked_at_ms: i64,
    /// Who did it, as the audit log says it.
    pub actor: String,
    /// What whoever asked calls the request: a ticket's number, a letter's date. May be empty.
    pub request: String,
    /// Sixteen random bytes of this erasure, in hexadecimal.
    pub salt: String,
    /// [`digest`] of the company's key; empty when there was none.
    pub key_digest: String,
    /// [`digest`] of the address in lower case; empty when there was none.
    pub email_digest: String,
    /// How many things were found and dealt with, by place.
    pub found: BTreeMap<String, u64>,
    /// When the last place was dealt with; none while some are left.
    pub done_at_ms: Option<i64>,
}

/// By which a name is recognised that nobody keeps: SHA-256 of the salt's bytes and the name, in lower-case hexadecimal.
/// An empty name has none. ClickHouse computes the same (`warehouse::erasure`).
pub fn digest(salt: &str, name: &str) -> String {
    if name.is_empty() {
        return String::new();
    }
    let salt: Vec<u8> = (0..salt.len() / 2)
        .filter_map(|at| u8::from_str_radix(salt.get(at * 2..at * 2 + 2).unwrap_or_default(), 16).ok())
        .collect();
    hex(&Sha256::new().chain_update(salt).chain_update(name).finalize())
}

/// A salt for one erasure.
pub(super) fn draw_salt() -> String {
    hex(&rand::random::<[u8; 16]>())
}

impl ErasureRecord {
    /// Whether this was the person whom somebody calls so: by the company's key, the random key or the address.
    pub fn is_of(&self, name: &str) -> bool {
        let digest_of = |name: &str| digest(&self.salt, name);
        (!self.key_digest.is_empty() && digest_of(name) == self.key_digest)
            || (!self.email_digest.is_empty() && digest_of(&name.to_lowercase()) == self.email_digest)
            || name == self.advocate.to_string()
    }
}

/// Each fails with [`StoreError`] when the engine does.
impl Reading {
    /// The erasure of somebody.
    pub async fn erasure(&mut self, space: SpaceId, advocate: AdvocateId) -> Result<Option<ErasureRecord>, StoreError> {
        on_engine!(self.transaction, erasure(space, advocate))
    }

    /// Everybody of a space who was erased, in the order of asking.
    pub async fn erasures_of_space(&mut self, space: SpaceId) -> Result<Vec<ErasureRecord>, StoreError> {
        on_engine!(self.transaction, erasures_of_space(space))
    }

    /// Whether an erasure of any space waits to be completed.
    pub async fn has_waiting_erasure(&mut self) -> Result<bool, StoreError> {
        on_engine!(self.transaction, has_waiting_erasure())
    }

    /// Everybody of all spaces who was erased.
    pub async fn all_erasures(&mut self) -> Result<Vec<ErasureRecord>, StoreError> {
        on_engine!(self.transaction, all_erasures())
    }
}

/// Each fails with [`StoreError`] when the engine does.
impl Writing {
    /// Remembers an erasure, in the place of an earlier one of the same person.
    pub async fn put_erasure(&mut self, erasure: &ErasureRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, put_erasure(erasure))
    }

    /// Takes an erasure of any space that is to be completed, or the one of `wanted`, for `for_ms`; none when nothing
    /// waits or somebody else has it.
    pub async fn take_waiting_erasure(
        &mut self,
        wanted: Option<AdvocateId>,
        for_ms: i64,
    ) -> Result<Option<ErasureRecord>, StoreError> {
        let now_ms = self.at_ms();
        on_engine!(self.reading.transaction, take_waiting_erasure(wanted, now_ms, now_ms + for_ms))
    }

    /// Keeps an erasure that was taken for another `for_ms`; 0 gives it back.
    pub async fn renew_erasure(&mut self, erasure: &ErasureRecord, for_ms: i64) -> Result<(), StoreError> {
        let until_ms = self.at_ms() + for_ms;
        on_engine!(self.reading.transaction, renew_erasure(erasure.space, erasure.advocate, until_ms))
    }

    /// Lets an erasure wait to be completed once more: something of the person came back.
    pub async fn reopen_erasure(&mut self, advocate: AdvocateId) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, reopen_erasure(advocate))
    }

    /// Removes sign-ins of all spaces that are older than `before_ms`.
    pub async fn prune_sign_ins_before(&mut self, before_ms: i64) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, prune_sign_ins_before(before_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sha_256_of_salt_and_name_and_nothing_has_none() {
        // sha256 of the bytes 00 01 and "abc".
        assert_eq!(digest("0001", "abc"), hex(&Sha256::digest([0, 1, b'a', b'b', b'c'])));
        assert_ne!(digest("0002", "abc"), digest("0001", "abc"));
        assert_eq!(digest("0001", ""), "");
        assert_eq!(draw_salt().len(), 32);
    }
}
