//! Turns what a redirect observed into the facts that are kept. Pure: no network, no async, no clock.
//!
//! [`Enricher::facts`] takes a click, its address (for as long as it may be known) and the secret
//! of its local day, and gives [`Facts`]: who asked ([`mod@classify`]), from where on the web
//! ([`mod@network`]) and in the world ([`geo`]), with what ([`platform`]), in which language
//! ([`mod@language`]), and a pseudonym for the day ([`mod@visitor`]). Address and user agent end here:
//! what outlives them is [`evidence`], so that a better classifier can judge old clicks again
//! ([`reclassify`]).
//!
//! Promises: the same click, address, key and geo file always give the same facts; any bytes are
//! accepted; a click whose user agent was seen lately allocates nothing. What depends on the user
//! agent alone is remembered for the last 65,536 of them ([`user_agent`]), decoded places likewise.
//!
//! The only file read is the geo database, when [`Enricher::new`] or [`Enricher::refresh_geo`] is
//! called. Deliberately absent: rules over several clicks (rates, bursts, known networks of data
//! centres), which would make a click's facts depend on when it was enriched.

pub mod classify;
pub mod evidence;
pub mod facts;
pub mod geo;
pub mod language;
pub mod network;
pub mod platform;
pub mod rules;
pub mod text;
pub mod user_agent;
pub mod visitor;

mod agents;
mod crawlers;
mod memo;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::{Click, DayKey};

pub use classify::{CLASSIFIER_VERSION, Verdict, classify, flags_of, is_preview_agent, reclassify};
pub use facts::Facts;
pub use geo::{GeoError, GeoRefresh};
pub use rules::Rules;
pub use visitor::local_day;

use geo::Geo;
use user_agent::Agents;

/// `[enrich]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// A geo database in MaxMind's format (`.mmdb`, unpacked): GeoLite2, GeoIP2, DB-IP or one of
    /// their repackagings, of countries or of cities. Empty: country, region and city stay unknown.
    /// A file that is replaced is taken up within a minute; replace it by rename.
    pub geo_database: String,
}

/// Enriches clicks. Shared by all threads of the pipeline (`Arc`); every method takes `&self`.
pub struct Enricher {
    agents: Agents,
    geo: Option<Geo>,
}

impl Enricher {
    /// Reads the geo database, if one is configured and there, and compiles the tables (a
    /// fraction of a second).
    ///
    /// A configured file that is missing is no error: [`Self::geo_is_missing`] then says so, for
    /// the caller to log once, and [`Self::refresh_geo`] loads it when it appears.
    ///
    /// # Errors
    /// The configured file is there and cannot be used.
    pub fn new(config: &Config) -> Result<Self, GeoError> {
        let geo = (!config.geo_database.is_empty()).then(|| Geo::new(PathBuf::from(&config.geo_database)));
        if let Some(geo) = &geo {
            geo.refresh()?;
        }
        let agents = Agents::new();
        // Compiles the tables now rather than during the first clicks.
        agents.facts(b"Mozilla/5.0");
        is_preview_agent(b"Mozilla/5.0");
        Ok(Self { agents, geo })
    }

    /// Loads the geo database again if its file is another one than the last time (by device,
    /// inode, time of change and size). Cheap when it is not: meant to be asked every minute.
    /// Clicks are enriched meanwhile, by the old file until the new one is complete in memory.
    ///
    /// # Errors
    /// The new file cannot be used; the old one stays in use. Each state of a broken file is
    /// reported once, a file that cannot be read or is being written each time.
    pub fn refresh_geo(&self) -> Result<GeoRefresh, GeoError> {
        self.geo.as_ref().map_or(Ok(GeoRefresh::Off), Geo::refresh)
    }

    /// The configured geo database that is not there, as of the last look.
    pub fn geo_is_missing(&self) -> Option<&Path> {
        self.geo.as_ref().filter(|geo| geo.is_missing()).map(Geo::path)
    }

    /// The facts of a click.
    ///
    /// `address` is the opened address, if it still may be known; `visitor_key` the secret of the
    /// click's [`local_day`] (not of its UTC day). Without either there is no visitor, without an
    /// address no place. A space with strict privacy keeps no visitor and the country only.
    pub fn facts(&self, click: &Click<'_>, address: Option<IpAddr>, visitor_key: Option<&DayKey>) -> Facts {
        let agent = self.agents.facts(click.user_agent);
        let evidence_flags = flags_of(click);
        let verdict = classify::with_flags(agent.verdict, evidence_flags);
        let visitor = match (address, visitor_key) {
            (Some(address), Some(key)) if !click.strict_privacy => {
                visitor::visitor(key, click.space, address, click.user_agent)
            }
            _ => visitor::Visitor::default(),
        };
        let place = match (&self.geo, address) {
            (Some(geo), Some(address)) => geo.place(address),
            _ => geo::nowhere(),
        };
        Facts {
            class: verdict.class,
            class_reason: verdict.reason,
            classifier_version: CLASSIFIER_VERSION,
            network: network::network(click.referrer_host, agent.platform.app_network),
            language: language::language(click.accept_language),
            visitor,
            evidence_flags,
            country_only: click.strict_privacy,
            place,
            agent,
        }
    }
}
