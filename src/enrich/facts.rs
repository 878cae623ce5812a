//! What is known of a click once it is enriched.

use std::sync::Arc;

use crate::model::Class;

use super::geo::Place;
use super::language::Language;
use super::user_agent::AgentFacts;
use super::visitor::Visitor;

/// The facts of one click. Texts are empty where nothing is known. Cloning costs two counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Who asked.
    pub class: Class,
    /// Why it was classified so: a stable word of `a-z0-9:-`.
    pub class_reason: &'static str,
    /// The classifier that did.
    pub classifier_version: u16,
    /// The network that showed the link, `direct` or `other`.
    pub network: &'static str,
    /// Primary tag of the preferred language.
    pub language: Language,
    /// Pseudonym for the local day.
    pub visitor: Visitor,
    /// The request's own facts, as bits of [`mod@super::classify`], for [`super::reclassify`].
    pub evidence_flags: u8,
    pub(super) country_only: bool,
    pub(super) place: Arc<Place>,
    pub(super) agent: Arc<AgentFacts>,
}

impl Facts {
    /// ISO 3166-1 alpha-2.
    pub fn country(&self) -> &str {
        &self.place.country
    }

    /// ISO 3166-2 code, or the English name where the geo database has no code.
    pub fn region(&self) -> &str {
        if self.country_only { "" } else { &self.place.region }
    }

    /// English name.
    pub fn city(&self) -> &str {
        if self.country_only { "" } else { &self.place.city }
    }

    /// `desktop`, `mobile`, `tablet`, `bot`, `tv`, `console` or `other`. Only people have a device:
    /// whatever else asked is a `bot` here, save a person's own test or a browser that fetches ahead.
    pub fn device(&self) -> &'static str {
        self.agent.platform.device
    }

    /// Such as `iOS` or `Windows`.
    pub fn os(&self) -> &'static str {
        self.agent.platform.os
    }

    /// Such as `Chrome`, or the app whose browser it is: `LinkedIn`.
    pub fn browser(&self) -> &'static str {
        self.agent.platform.browser
    }

    /// What is kept of the user agent for a later classification.
    pub fn evidence(&self) -> &str {
        self.agent.evidence.as_str()
    }
}
