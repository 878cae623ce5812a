//! All sections together.

use std::path::PathBuf;

use serde::Deserialize;

use crate::api;
use crate::auth;
use crate::cluster;
use crate::enrich;
use crate::ingest;
use crate::keeping;
use crate::mail;
use crate::ops;
use crate::outbound;
use crate::redirect;
use crate::spool;
use crate::store;
use crate::warehouse;

/// What the program runs with: the `Config` of every room under the name of its section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Everything that Relais writes stands below it.
    pub data_dir: PathBuf,
    /// Short links.
    pub redirect: redirect::Config,
    /// The pages, and the API.
    pub portal: api::Config,
    /// Sessions, and how fast somebody may guess.
    pub sign_in: auth::Config,
    /// The identity provider, if there is one.
    pub oidc: auth::oidc::Config,
    /// How mails leave.
    pub mail: mail::Config,
    /// Metrics and readiness.
    pub ops: ops::Config,
    /// What is fetched from others and posted to them.
    pub outbound: outbound::Config,
    /// Metadata.
    pub store: store::Config,
    /// Clicks on this node's disk.
    pub spool: spool::Config,
    /// From the spool to ClickHouse.
    pub ingest: ingest::Config,
    /// ClickHouse, embedded or not.
    pub clickhouse: warehouse::Config,
    /// From an observation to facts.
    pub enrich: enrich::Config,
    /// How long things are kept, and how small a group may be that figures name.
    pub privacy: keeping::Config,
    /// Several machines.
    pub cluster: cluster::Config,
}
