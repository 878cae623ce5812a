//! A space as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::programme::{Language, PrivacyMode};
use crate::model::{Space, SpaceId};

#[derive(Debug, Serialize)]
pub(super) struct SpaceView {
    id: SpaceId,
    slug: String,
    name: String,
    time_zone: String,
    working_week: Vec<u8>,
    holidays: Vec<String>,
    hosts: Vec<String>,
    email_domains: Vec<String>,
    destination_domains: Vec<String>,
    click_rates: serde_json::Value,
    utm_template: BTreeMap<String, String>,
    fallback_url: Option<String>,
    privacy_mode: PrivacyMode,
    language: Language,
}

impl From<Space> for SpaceView {
    fn from(space: Space) -> Self {
        // Named one by one: what the model gains later is shown when somebody decides so.
        Self {
            id: space.id,
            slug: space.slug,
            name: space.name,
            time_zone: space.time_zone,
            working_week: space.working_week,
            holidays: space.holidays,
            hosts: space.hosts,
            email_domains: space.email_domains,
            destination_domains: space.destination_domains,
            click_rates: space.click_rates,
            utm_template: space.utm_template,
            fallback_url: space.fallback_url,
            privacy_mode: space.privacy_mode,
            language: space.language,
        }
    }
}
