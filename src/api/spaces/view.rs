//! A space as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::programme::{Language, PrivacyMode};
use crate::model::{Space, SpaceId};
use crate::programme::shapes::{ClickRates, Date, HexColour, HostName, TimeZoneName, UtmTemplate, WebAddress};

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Space)]
pub(super) struct SpaceView {
    id: SpaceId,
    slug: String,
    name: String,
    #[schema(value_type = TimeZoneName)]
    time_zone: String,
    #[schema(minimum = 1, maximum = 7)]
    working_week: Vec<u8>,
    #[schema(value_type = Vec<Date>)]
    holidays: Vec<String>,
    #[schema(value_type = Vec<HostName>)]
    hosts: Vec<String>,
    #[schema(value_type = Vec<HostName>)]
    email_domains: Vec<String>,
    #[schema(value_type = Vec<HostName>)]
    destination_domains: Vec<String>,
    #[schema(value_type = ClickRates)]
    click_rates: serde_json::Value,
    #[schema(value_type = UtmTemplate)]
    utm_template: BTreeMap<String, String>,
    #[schema(value_type = Option<WebAddress>)]
    fallback_url: Option<String>,
    privacy_mode: PrivacyMode,
    language: Language,
    attribution_window_days: u32,
    similar_jobs: bool,
    closed: bool,
    /// The brand's colour.
    #[schema(value_type = Option<HexColour>)]
    accent: Option<String>,
    /// The path of the logo at this port.
    logo: Option<String>,
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
            attribution_window_days: space.attribution_window_days,
            similar_jobs: space.similar_jobs,
            closed: space.closed,
            accent: space.look.accent.map(|accent| accent.to_string()),
            logo: space.look.logo.map(|logo| format!("/pictures/{logo}")),
        }
    }
}
