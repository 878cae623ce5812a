//! Campaigns: brackets around contents, which can be paused everywhere at once.

use serde::{Deserialize, Serialize};

use super::fields::{Check, Field};
use super::{CampaignFilter, Error, Page, Programme, Work, ids};
use crate::model::{Campaign, CampaignId, SpaceId};

/// Longest slug, in characters.
pub const MAX_SLUG: usize = 63;

/// The KPIs that an objective may aim at: all that are defined.
pub const KPIS: &[&str] = &[
    "contents_published",
    "contents_per_weekday",
    "content_usage_rate",
    "advocates_invited",
    "advocates_registered",
    "adoption_rate",
    "active_sharers",
    "active_sharer_ratio",
    "shares",
    "shares_per_active_sharer",
    "contents_shared",
    "clicks",
    "clicks_by_class",
    "unique_visitors",
    "clicks_per_share",
    "clicks_per_content",
    "landed_share_rate",
    "channel_mix",
    "earned_media_value",
    "applications",
    "hires",
    "click_to_application_rate",
    "application_to_hire_rate",
    "clicks_per_hire",
];

/// A campaign as it is given.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignFields {
    /// For people; must be given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub name: Field<String>,
    /// For `utm_campaign`: 1 to 63 characters of `a-z0-9-`, unique in the space; without one it is
    /// made of the name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub slug: Field<String>,
    /// First local date.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub starts_on: Field<String>,
    /// Last local date.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_on: Field<String>,
    /// What is aimed at.
    #[serde(default)]
    #[schema(value_type = Option<Objective>)]
    pub objective: Field<Objective>,
    /// The key of the company's own system; unique in the space.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub external_id: Field<String>,
    /// Every link of it answers the fallback until it is resumed.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    pub paused: Field<bool>,
}

/// What a campaign aims at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// One of [`KPIS`].
    pub kpi: String,
    /// The figure to reach, in the KPI's unit; 0 or more.
    #[schema(value_type = f64)]
    pub target: serde_json::Number,
}

impl Programme {
    /// A campaign.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn campaign(&self, space: SpaceId, id: CampaignId) -> Result<Campaign, Error> {
        self.store.read().await?.campaign(space, id).await?.ok_or(MISSING)
    }

    /// Campaigns in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no campaign of the space.
    pub async fn campaigns(
        &self,
        space: SpaceId,
        filter: &CampaignFilter,
        page: Page<CampaignId>,
    ) -> Result<Vec<Campaign>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.campaign(space, after).await?.ok_or(Error::NotFound { what: "campaign", field: Some("after") })?;
        }
        Ok(reading.list_campaigns(space, filter, page).await?)
    }
}

impl Work {
    /// Adds a campaign.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Conflict`]: `slug_taken`, `external_id_taken`.
    pub async fn create_campaign(&mut self, space: SpaceId, fields: &CampaignFields) -> Result<Campaign, Error> {
        self.open_space(space).await?;
        self.lay_campaign(blank(space), fields).await
    }

    /// A campaign as it stands in this work.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn campaign(&mut self, space: SpaceId, id: CampaignId) -> Result<Campaign, Error> {
        self.writing.campaign(space, id).await?.ok_or(MISSING)
    }

    /// Lays `fields` over a campaign.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of [`Self::create_campaign`].
    pub async fn update_campaign(
        &mut self,
        space: SpaceId,
        id: CampaignId,
        fields: &CampaignFields,
    ) -> Result<Campaign, Error> {
        self.open_space(space).await?;
        let campaign = self.writing.campaign(space, id).await?.ok_or(MISSING)?;
        self.lay_campaign(campaign, fields).await
    }

    /// Pauses a campaign or lets it go on; doing it twice changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn pause_campaign(&mut self, space: SpaceId, id: CampaignId, paused: bool) -> Result<Campaign, Error> {
        let fields = CampaignFields { paused: Field::Value(paused), ..CampaignFields::default() };
        self.update_campaign(space, id, &fields).await
    }

    async fn lay_campaign(&mut self, standing: Campaign, fields: &CampaignFields) -> Result<Campaign, Error> {
        let mut campaign = standing.clone();
        let mut check = Check::default();
        check.required_text("name", &fields.name, &mut campaign.name);
        let mut slug = Some(campaign.slug.clone()).filter(|slug| !slug.is_empty());
        check.optional("slug", &fields.slug, &mut slug, |check, text| {
            let clean = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
            let fits = clean && text.len() <= MAX_SLUG;
            if !fits {
                check.refuse("slug", "invalid", format!("a slug is 1 to {MAX_SLUG} characters of a-z, 0-9 and '-'"));
            }
            fits.then(|| text.to_owned())
        });
        check.optional_date("starts_on", &fields.starts_on, &mut campaign.starts_on);
        check.optional_date("ends_on", &fields.ends_on, &mut campaign.ends_on);
        // Dates of one form compare as texts.
        if campaign.starts_on.as_ref().zip(campaign.ends_on.as_ref()).is_some_and(|(first, last)| last < first) {
            check.refuse("ends_on", "invalid", "ends_on must not be earlier than starts_on");
        }
        lay_objective(&mut check, &fields.objective, &mut campaign);
        check.optional_text("external_id", &fields.external_id, &mut campaign.external_id);
        Check::flag(&fields.paused, &mut campaign.paused);
        check.finish()?;

        let (space, id) = (campaign.space, campaign.id);
        campaign.slug = match slug {
            Some(slug) => {
                let taken = self.writing.campaign_of_slug(space, &slug).await?.filter(|other| *other != id);
                refuse_double(taken, "slug_taken", "slug")?;
                slug
            }
            None => self.free_slug(space, id, &slug_of(&campaign.name)).await?,
        };
        if let Some(external_id) = &campaign.external_id {
            let taken = self.writing.campaign_of_external_id(space, external_id).await?.filter(|other| *other != id);
            refuse_double(taken, "external_id_taken", "external_id")?;
        }
        // A new campaign has no name yet.
        if campaign != standing {
            self.writing.put_campaign(&campaign).await?;
        }
        Ok(campaign)
    }

    /// `wanted`, or the first of `wanted-2`, `wanted-3`, … that no other campaign has.
    async fn free_slug(&mut self, space: SpaceId, id: CampaignId, wanted: &str) -> Result<String, Error> {
        let mut slug = wanted.to_owned();
        let mut number = 2u32;
        while self.writing.campaign_of_slug(space, &slug).await?.is_some_and(|other| other != id) {
            let end = format!("-{number}");
            slug = format!("{}{end}", &wanted[..wanted.len().min(MAX_SLUG - end.len())]);
            number += 1;
        }
        Ok(slug)
    }
}

const MISSING: Error = Error::NotFound { what: "campaign", field: None };

fn blank(space: SpaceId) -> Campaign {
    Campaign {
        id: CampaignId::from_bits(ids::random_bits()),
        space,
        external_id: None,
        name: String::new(),
        slug: String::new(),
        starts_on: None,
        ends_on: None,
        objective: None,
        paused: false,
    }
}

fn refuse_double(taken: Option<CampaignId>, code: &'static str, field: &'static str) -> Result<(), Error> {
    let Some(other) = taken else { return Ok(()) };
    let message = format!("the campaign {other} has this {field}: choose another, or change that one instead");
    Err(Error::Conflict { code, field: Some(field), message })
}

fn lay_objective(check: &mut Check, given: &Field<Objective>, campaign: &mut Campaign) {
    let objective = match given {
        Field::Absent => return,
        Field::Null => return campaign.objective = None,
        Field::Value(objective) => objective,
    };
    if !KPIS.contains(&objective.kpi.as_str()) {
        check.refuse("objective.kpi", "invalid", format!("expected one of: {}", KPIS.join(", ")));
    }
    if !objective.target.as_f64().is_some_and(|target| target.is_finite() && target >= 0.0) {
        check.refuse("objective.target", "invalid", "a target is a number, 0 or more");
    }
    campaign.objective = Some(serde_json::to_value(objective).expect("a text and a number have a JSON form"));
}

/// What a slug makes of a name: letters and digits of ASCII, accents left off, hyphens between.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        let plain = match character {
            'a'..='z' | '0'..='9' => character.to_string(),
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a".to_owned(),
            'ä' | 'æ' => "ae".to_owned(),
            'ç' | 'ć' | 'č' => "c".to_owned(),
            'ď' | 'đ' | 'ð' => "d".to_owned(),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e".to_owned(),
            'ğ' => "g".to_owned(),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i".to_owned(),
            'ł' => "l".to_owned(),
            'ñ' | 'ń' | 'ň' => "n".to_owned(),
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ő' => "o".to_owned(),
            'ö' | 'œ' => "oe".to_owned(),
            'ř' => "r".to_owned(),
            'ś' | 'š' | 'ş' | 'ș' => "s".to_owned(),
            'ß' => "ss".to_owned(),
            'ť' | 'ț' => "t".to_owned(),
            'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u".to_owned(),
            'ü' => "ue".to_owned(),
            'ý' | 'ÿ' => "y".to_owned(),
            'ź' | 'ż' | 'ž' => "z".to_owned(),
            _ => "-".to_owned(),
        };
        if plain != "-" {
            slug.push_str(&plain);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    // ASCII only, so any cut is between characters.
    slug.truncate(MAX_SLUG);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "campaign".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_says_the_name_in_ascii() {
        for (name, slug) in [
            ("Été 2026 : l’été à la plage !", "ete-2026-l-ete-a-la-plage"),
            ("Straße & Œuvre", "strasse-oeuvre"),
            ("--A--", "a"),
            ("夏", "campaign"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
        }
        assert_eq!(slug_of(&"ab ".repeat(100)).len(), 62);
    }
}
