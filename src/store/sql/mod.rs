//! The statements, in the SQL that all engines understand.
//!
//! This folder is compiled once for each engine: `sqlite` and `postgres` include it and say what a
//! [`Connection`], a [`Row`] and a [`Db`] are. So a statement is written once, checked against both
//! by the same tests, and still runs on the engine's own driver with its own types. Parameters are
//! `$1`, `$2`…; instants and ids are 64-bit integers, JSON is text, yes and no are booleans.

mod row;

mod advocates;
mod audit;
mod campaigns;
mod challenges;
mod changes;
mod charters;
mod consumers;
mod content_feeds;
mod contents;
mod digests;
mod erasure;
mod erasures;
mod exchange;
mod exchange_referrals;
mod feed_items;
mod idempotency;
mod identities;
mod invitations;
mod library;
mod links;
mod looks;
mod mails;
mod members;
mod objectives;
mod people;
mod pictures;
mod recruiting;
mod referrals;
mod reports;
mod sessions;
mod setup;
mod shares;
mod shelf;
mod spaces;
mod teams;
mod tokens;
mod transfers;
mod webhooks;

use super::{Connection, Db, NAMES, Row};

pub(in crate::store) use self::{
    advocates::*, audit::*, campaigns::*, challenges::*, changes::*, charters::*, consumers::*, content_feeds::*,
    contents::*, digests::*, erasure::*, erasures::*, exchange::*, exchange_referrals::*, feed_items::*,
    idempotency::*, identities::*, invitations::*, library::*, links::*, looks::*, mails::*, members::*, objectives::*,
    people::*, pictures::*, recruiting::*, referrals::*, reports::*, sessions::*, setup::*, shares::*, shelf::*,
    spaces::*, teams::*, tokens::*, transfers::*, webhooks::*,
};
