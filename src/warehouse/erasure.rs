//! Taking a person out of what ClickHouse holds, and knowing for ever that it was.
//!
//! What names a person here is its random key, and in imported clicks what a bundle called it. Both are emptied, and so
//! are team and cohort, which point at somebody in a small group. The link's id stays: the link goes on
//! redirecting without a person, its clicks before and after are alike, and a share of it did or did not land.
//! `applications` keeps the random key, as the store does, so that a credit stays one; nothing else knows whose it was.

use std::hash::Hasher as _;

use clickhouse::Row;
use serde::Deserialize;
use siphasher::sip::SipHasher24;

use super::client::Warehouse;
use super::error::CallError;
use crate::model::AdvocateId;

/// Somebody who was erased, as ClickHouse remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct ErasedPerson {
    /// The random key.
    pub advocate_id: String,
    /// The space.
    pub space_id: String,
    /// When it was asked for, milliseconds since 1970.
    pub erased_at_ms: i64,
    /// Drawn for this person; hexadecimal.
    pub salt: String,
    /// SHA-256 of salt and the company's key, in lower-case hexadecimal; empty when there was none.
    pub key_digest: String,
    /// The same of the address.
    pub email_digest: String,
}

/// Rows that name a person, by table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Row, Deserialize)]
pub struct PersonRows {
    /// Rows of `clicks`.
    pub clicks: u64,
    /// Of `links`.
    pub links: u64,
    /// Of `shares`.
    pub shares: u64,
    /// Of `sign_ins`.
    pub sign_ins: u64,
    /// Of `advocates`: with team, place, language and the company's key.
    pub advocates: u64,
    /// Rows of the roll-ups.
    pub rollups: u64,
}

impl PersonRows {
    /// Nothing names the person.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Row, Deserialize)]
struct Id {
    id: String,
}

/// Facts that carry the random key and go on without it.
const UPDATED: [&str; 2] = ["links", "shares"];
/// Roll-ups that have the random key among their keys.
const KEYED: [&str; 2] = ["rollup_clicks", "rollup_visitors"];
/// Tries to get rid of rows that arrive while others are changed.
const TRIES: u32 = 5;

impl Warehouse {
    /// Everybody who was erased.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn erased_people(&self) -> Result<Vec<ErasedPerson>, CallError> {
        let sql = "SELECT advocate_id, toString(space_id) AS space_id, toUnixTimestamp64Milli(erased_at) AS erased_at_ms, \
                   salt, key_digest, email_digest FROM erasures FINAL ORDER BY erased_at, advocate_id";
        self.rows(sql).await
    }

    /// The random keys of everybody who was erased, for those who ship clicks.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn erased_ids(&self) -> Result<Vec<AdvocateId>, CallError> {
        let rows: Vec<Id> = self.rows("SELECT DISTINCT advocate_id AS id FROM erasures").await?;
        Ok(rows.iter().filter_map(|row| row.id.parse().ok()).collect())
    }

    /// Remembers people as erased; somebody who is remembered already changes nothing.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn remember_erased(&self, people: &[ErasedPerson]) -> Result<(), CallError> {
        if people.is_empty() {
            return Ok(());
        }
        // Ids, and texts of hexadecimal digits: nothing of it needs quoting.
        let row = |person: &ErasedPerson| {
            let ErasedPerson { advocate_id, space_id, erased_at_ms, salt, key_digest, email_digest } = person;
            format!(
                "('{advocate_id}', '{space_id}', fromUnixTimestamp64Milli(toInt64({erased_at_ms}), 'UTC'), \
                 '{salt}', '{key_digest}', '{email_digest}')"
            )
        };
        let rows: Vec<String> = people.iter().map(row).collect();
        self.execute(&format!("INSERT INTO erasures VALUES {}", rows.join(", "))).await
    }

    /// Which rows name this person.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn rows_of_person(&self, person: &ErasedPerson) -> Result<PersonRows, CallError> {
        let id = &person.advocate_id;
        let clicks = of_clicks(person, &format!("advocate_id = '{id}'"));
        self.row(&format!(
            "SELECT sum(place = 'clicks') AS clicks, sum(place = 'links') AS links, sum(place = 'shares') AS shares, \
             sum(place = 'sign_ins') AS sign_ins, sum(place = 'advocates') AS advocates, sum(place = 'rollups') AS rollups \
             FROM (\
             SELECT 'clicks' AS place FROM clicks WHERE {clicks} \
             UNION ALL SELECT 'links' FROM links WHERE advocate_id = '{id}' \
             UNION ALL SELECT 'shares' FROM shares WHERE advocate_id = '{id}' \
             UNION ALL SELECT 'sign_ins' FROM sign_ins WHERE advocate_id = '{id}' \
             UNION ALL SELECT 'advocates' FROM advocates WHERE advocate_id = '{id}' AND NOT removed \
             UNION ALL SELECT 'rollups' FROM rollup_clicks WHERE by = 'advocate' AND has(key, '{id}') \
             UNION ALL SELECT 'rollups' FROM rollup_visitors WHERE by = 'advocate' AND has(key, '{id}') \
             UNION ALL SELECT 'rollups' FROM rollup_shares WHERE advocate_id = '{id}' \
             UNION ALL SELECT 'rollups' FROM rollup_done WHERE subject = 'advocate' AND id = '{id}')"
        ))
        .await
    }

    /// Takes a person out of every table and tells the roll-ups what they have to compute again. Answers what was
    /// found. May be interrupted anywhere and done again; `told` hears how many parts are to be rewritten still.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows; also when rows of the person keep arriving.
    pub async fn erase_person(
        &self,
        person: &ErasedPerson,
        mut told: impl FnMut(u64),
    ) -> Result<PersonRows, CallError> {
        let found = self.rows_of_person(person).await?;
        let mut left = found;
        for _ in 0..TRIES {
            self.note_touched(person).await?;
            self.change_rows(person, &left, &mut told).await?;
            self.tell_rollups(person).await?;
            left = self.rows_of_person(person).await?;
            if left.is_nothing() {
                return Ok(found);
            }
        }
        Err(CallError::Answer(format!("rows of {} keep arriving: is an import under way?", person.advocate_id)))
    }

    async fn change_rows(
        &self,
        person: &ErasedPerson,
        rows: &PersonRows,
        told: &mut impl FnMut(u64),
    ) -> Result<(), CallError> {
        // ClickHouse keeps the text of its last mutations: none says who it was.
        let hash = hash_of(&person.advocate_id);
        let is_person = format!("sipHash64(advocate_id) = {hash}");
        if rows.clicks > 0 {
            let empty = "advocate_id = '', advocate_key = '', team_id = '', cohort = ''";
            let command = format!("UPDATE {empty} WHERE {}", of_clicks(person, &is_person));
            self.mutate("clicks", &command, &mut *told).await?;
        }
        for (table, rows) in UPDATED.into_iter().zip([rows.links, rows.shares]) {
            if rows > 0 {
                let command = format!("UPDATE advocate_id = '' WHERE {is_person}");
                self.mutate(table, &command, &mut *told).await?;
            }
        }
        if rows.sign_ins > 0 {
            self.mutate("sign_ins", &format!("DELETE WHERE {is_person}"), &mut *told).await?;
        }
        if rows.advocates > 0 {
            let command = format!("DELETE WHERE {is_person} AND NOT removed");
            self.mutate("advocates", &command, &mut *told).await?;
        }
        if rows.rollups > 0 {
            // At once, and where the clicks behind a figure are gone: two elements of one key are added up by readers.
            for table in KEYED {
                let is_key = format!("sipHash64(one) = {hash}");
                let key = format!("key = arrayMap(one -> if({is_key}, '', one), key)");
                let command = format!("UPDATE {key} WHERE by = 'advocate' AND arrayExists(one -> {is_key}, key)");
                self.mutate(table, &command, &mut *told).await?;
            }
            let empty = "advocate_id = '', advocate_key = cityHash64(''), team_id = '', location = '', language = '', \
                         cohort = '', advocate_kind = ''";
            let command = format!("UPDATE {empty} WHERE {is_person}");
            self.mutate("rollup_shares", &command, &mut *told).await?;
            let command = format!("DELETE WHERE subject = 'advocate' AND sipHash64(id) = {hash}");
            self.mutate("rollup_done", &command, told).await?;
        }
        Ok(())
    }

    /// Before anything is changed: afterwards nobody could tell which days were.
    async fn note_touched(&self, person: &ErasedPerson) -> Result<(), CallError> {
        let ErasedPerson { advocate_id: id, space_id: space, .. } = person;
        let of_clicks = of_clicks(person, &format!("advocate_id = '{id}'"));
        self.execute(&format!(
            "INSERT INTO erasure_touched \
             SELECT DISTINCT '{id}', '{space}', 'click', toStartOfFifteenMinutes(clicked_at) FROM clicks WHERE {of_clicks} \
             UNION ALL SELECT DISTINCT '{id}', '{space}', 'share', toStartOfFifteenMinutes(shared_at) FROM shares \
             WHERE advocate_id = '{id}'"
        ))
        .await
    }

    async fn tell_rollups(&self, person: &ErasedPerson) -> Result<(), CallError> {
        let ErasedPerson { advocate_id: id, space_id: space, .. } = person;
        self.execute(&format!(
            "INSERT INTO rollup_marks (space_id, subject, at, mark) SELECT space_id, subject, at, rand64() \
             FROM (SELECT DISTINCT space_id, subject, at FROM erasure_touched WHERE advocate_id = '{id}') \
             UNION ALL SELECT '{space}', 'advocate', toDateTime(0, 'UTC'), rand64(1)"
        ))
        .await?;
        self.mutate("erasure_touched", &format!("DELETE WHERE sipHash64(advocate_id) = {}", hash_of(id)), |_| {}).await
    }

    /// Erased people whose rows came back: out of a spool that had not heard, a bundle, or a backup.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn erased_who_came_back(&self) -> Result<Vec<AdvocateId>, CallError> {
        let known = "advocate_id IN (SELECT advocate_id FROM erasures)";
        let rows: Vec<Id> = self
            .rows(&format!(
                "SELECT DISTINCT id FROM (\
                 SELECT toString(advocate_id) AS id FROM clicks WHERE {known} \
                 UNION ALL SELECT advocate_id FROM links WHERE {known} \
                 UNION ALL SELECT advocate_id FROM shares WHERE {known} \
                 UNION ALL SELECT advocate_id FROM sign_ins WHERE {known} \
                 UNION ALL SELECT advocate_id FROM advocates WHERE {known} AND NOT removed \
                 UNION ALL SELECT advocate_id FROM erasure_touched \
                 UNION ALL SELECT arrayJoin(key) AS id FROM rollup_clicks \
                 WHERE by = 'advocate' AND id IN (SELECT advocate_id FROM erasures) \
                 UNION ALL SELECT toString(advocate_id) FROM rollup_shares WHERE {known} \
                 UNION ALL SELECT erased.advocate_id FROM \
                 (SELECT DISTINCT space_id, advocate_key FROM clicks WHERE advocate_key != '') AS named \
                 INNER JOIN (SELECT * FROM erasures WHERE key_digest != '') AS erased ON named.space_id = erased.space_id \
                 WHERE lower(hex(SHA256(concat(unhex(salt), advocate_key)))) = key_digest)"
            ))
            .await?;
        Ok(rows.iter().filter_map(|row| row.id.parse().ok()).collect())
    }
}

/// ClickHouse's `sipHash64` of a text: SipHash-2-4 with a key of zeros.
fn hash_of(id: &str) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write(id.as_bytes());
    hasher.finish()
}

/// The clicks that name a person, by the random key as `is_person` says it, or by what a bundle called it.
fn of_clicks(person: &ErasedPerson, is_person: &str) -> String {
    let ErasedPerson { space_id, salt, key_digest, .. } = person;
    let mut named = is_person.to_owned();
    if !key_digest.is_empty() {
        named += &format!(
            " OR (advocate_key != '' AND lower(hex(SHA256(concat(unhex('{salt}'), advocate_key)))) = '{key_digest}')"
        );
    }
    format!("space_id = '{space_id}' AND ({named})")
}
