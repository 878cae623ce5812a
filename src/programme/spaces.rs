//! Spaces: one brand's programme each, and its settings.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::fields::{Check, Field, MAX_LIST, SHORT_TEXT};
use super::shapes::{ClickRates, Date, FullLine, GivenColour, GivenWebAddress, HostName, TimeZoneName, UtmTemplate};
use super::urls::{self, OwnHosts};
use super::{Error, Programme, Work, ids, times};
use crate::model::programme::{Language, PrivacyMode};
use crate::model::{Channel, Color, InvalidColor, Look, Space, SpaceId};

/// Short-link hosts of a space, at most.
pub const MAX_HOSTS: usize = 20;
/// Holidays of a space, at most: thirty years of them.
pub const MAX_HOLIDAYS: usize = 1_000;
/// Parameters of a UTM template, at most.
pub const MAX_PARAMETERS: usize = 20;
/// Domains at which anybody can have an address; the largest ones, sorted.
const PUBLIC_MAILBOXES: [&str; 30] = [
    "aol.com",
    "bbox.fr",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.fr",
    "googlemail.com",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "live.com",
    "live.fr",
    "mac.com",
    "mail.com",
    "me.com",
    "msn.com",
    "neuf.fr",
    "numericable.fr",
    "orange.fr",
    "outlook.com",
    "outlook.fr",
    "proton.me",
    "protonmail.com",
    "sfr.fr",
    "wanadoo.fr",
    "yahoo.com",
    "yahoo.fr",
    "ymail.com",
];
/// Attribution windows that a space may choose, in days.
pub const ATTRIBUTION_WINDOW_DAYS: std::ops::RangeInclusive<u32> = 1..=730;

/// A space's settings as they are given. Lists replace what stands.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpaceFields {
    /// The brand's name. A new space without one is named like its slug.
    #[schema(value_type = FullLine)]
    pub name: Field<String>,
    /// IANA name; default `Europe/Paris`.
    #[schema(value_type = TimeZoneName)]
    pub time_zone: Field<String>,
    /// ISO weekdays, 1 is Monday; default 1 to 5.
    #[schema(value_type = Option<Vec<u8>>, max_items = 7, minimum = 1, maximum = 7)]
    pub working_week: Field<Vec<u8>>,
    /// Local dates.
    #[schema(value_type = Option<Vec<Date>>, max_items = 1000)]
    pub holidays: Field<Vec<String>>,
    /// Short-link hosts, the first one is shown.
    #[schema(value_type = Option<Vec<HostName>>, max_items = 20)]
    pub hosts: Field<Vec<String>>,
    /// Domains whose addresses may sign up.
    #[schema(value_type = Option<Vec<HostName>>, max_items = 100)]
    pub email_domains: Field<Vec<String>>,
    /// Domains that contents may point to; empty: any.
    #[schema(value_type = Option<Vec<HostName>>, max_items = 100)]
    pub destination_domains: Field<Vec<String>>,
    /// EUR per click by channel: a number, `{low, middle, high}`, or a list of these with the day `from` which each
    /// counts.
    #[schema(value_type = Option<ClickRates>)]
    pub click_rates: Field<BTreeMap<String, Value>>,
    /// Parameter → value with `{channel}`, `{campaign}`, `{content}`.
    #[schema(value_type = Option<UtmTemplate>)]
    pub utm_template: Field<BTreeMap<String, String>>,
    /// Where to send people when a content has nothing better.
    #[schema(value_type = Option<GivenWebAddress>)]
    pub fallback_url: Field<String>,
    /// `standard` or `strict`.
    #[schema(value_type = PrivacyMode)]
    pub privacy_mode: Field<String>,
    /// `en` or `fr`.
    #[schema(value_type = Language)]
    pub language: Field<String>,
    /// 1 to 730; default 180.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 730)]
    pub attribution_window_days: Field<u32>,
    /// Links of a job that is over lead to a similar open one.
    #[schema(value_type = Option<bool>)]
    pub similar_jobs: Field<bool>,
    /// Nothing changes any more but this, and links answer the fallback.
    #[schema(value_type = Option<bool>)]
    pub closed: Field<bool>,
    /// The brand's colour, `#rrggbb`; pages darken or lighten it where texts would not be legible.
    #[schema(value_type = Option<GivenColour>)]
    pub accent: Field<String>,
}

impl Programme {
    /// Makes the space of this slug, or lays `fields` over the one that stands; says whether it is
    /// new. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Conflict`] when a host belongs to another space.
    pub async fn create_or_update_space(&self, slug: &str, fields: &SpaceFields) -> Result<(Space, bool), Error> {
        let mut work = self.work().await?;
        let made = work.create_or_update_space(slug, fields).await?;
        work.commit().await?;
        Ok(made)
    }

    /// A space.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn space(&self, id: SpaceId) -> Result<Space, Error> {
        self.store.read().await?.space(id).await?.ok_or(MISSING)
    }

    /// The space of this slug.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn space_of_slug(&self, slug: &str) -> Result<Space, Error> {
        self.store.read().await?.space_of_slug(slug).await?.ok_or(MISSING)
    }

    /// The space that a host belongs to.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn space_of_host(&self, host: &str) -> Result<Space, Error> {
        let mut reading = self.store.read().await?;
        let owner = reading.hosts().await?.into_iter().find(|(owned, _)| owned == host).ok_or(MISSING)?.1;
        reading.space(owner).await?.ok_or(MISSING)
    }

    /// Spaces in the order of their ids, from the first after `after`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn spaces(&self, after: SpaceId, limit: u32) -> Result<Vec<Space>, Error> {
        Ok(self.store.read().await?.scan_spaces(after, limit).await?)
    }
}

impl Work {
    /// See [`Programme::create_or_update_space`].
    ///
    /// # Errors
    /// The same.
    pub async fn create_or_update_space(&mut self, slug: &str, fields: &SpaceFields) -> Result<(Space, bool), Error> {
        let slug = checked_slug(slug)?;
        let standing = self.writing.space_of_slug(&slug).await?;
        let created = standing.is_none();
        let space = standing.unwrap_or_else(|| blank(slug));
        Ok((self.put_space(space, fields, created).await?, created))
    }

    /// A space as it stands in this work.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn space(&mut self, id: SpaceId) -> Result<Space, Error> {
        self.writing.space(id).await?.ok_or(MISSING)
    }

    /// Lays `fields` over a space.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Conflict`] when a host belongs to another
    /// space, [`Error::Closed`] unless it opens the space again.
    pub async fn update_space(&mut self, id: SpaceId, fields: &SpaceFields) -> Result<Space, Error> {
        let space = self.writing.space(id).await?.ok_or(MISSING)?;
        self.put_space(space, fields, false).await
    }

    /// The space, if it may be changed. Every operation on something in it begins here.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Closed`].
    pub async fn open_space(&mut self, id: SpaceId) -> Result<Space, Error> {
        let space = self.writing.space(id).await?.ok_or(MISSING)?;
        if space.closed { Err(Error::Closed) } else { Ok(space) }
    }

    async fn put_space(&mut self, standing: Space, fields: &SpaceFields, created: bool) -> Result<Space, Error> {
        let mut space = standing.clone();
        let mut check = Check::default();
        lay(&mut check, fields, &mut space);

        let taken = self.writing.hosts().await?;
        // Its new hosts count for its own fallback too.
        let mut own = self.own_hosts().await?;
        own.spaces.extend(space.hosts.iter().cloned());
        lay_fallback(&mut check, &fields.fallback_url, &own, &mut space);
        check.finish()?;

        if let Some((host, _)) = taken.iter().find(|(host, owner)| *owner != space.id && space.hosts.contains(host)) {
            return Err(Error::Conflict {
                code: "host_taken",
                field: Some("hosts"),
                message: format!("{host} belongs to another space: choose another host, or remove it there first"),
            });
        }
        if standing.closed && space.closed && space != standing {
            return Err(Error::Closed);
        }
        if created || space != standing {
            self.writing.put_space(&space).await?;
            let action = if created { "space.created" } else { "space.changed" };
            self.note(space.id, action, &space.id.to_string(), json!({"fields": changed(&standing, &space)})).await?;
        }
        if space.similar_jobs != standing.similar_jobs {
            self.jobs.all_of(space.id);
        }
        Ok(space)
    }
}

const MISSING: Error = Error::NotFound { what: "space", field: None };

/// The names of the settings that differ.
fn changed(standing: &Space, space: &Space) -> Vec<String> {
    let object = |space: &Space| match serde_json::to_value(space) {
        Ok(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    };
    let standing = object(standing);
    object(space).into_iter().filter(|(name, value)| standing.get(name) != Some(value)).map(|(name, _)| name).collect()
}

pub(super) fn blank(slug: String) -> Space {
    Space {
        id: SpaceId::from_bits(ids::random_bits()),
        name: slug.clone(),
        slug,
        time_zone: "Europe/Paris".to_owned(),
        working_week: vec![1, 2, 3, 4, 5],
        holidays: Vec::new(),
        hosts: Vec::new(),
        email_domains: Vec::new(),
        destination_domains: Vec::new(),
        click_rates: Value::Object(serde_json::Map::new()),
        utm_template: Space::default_utm_template(),
        fallback_url: None,
        privacy_mode: PrivacyMode::Standard,
        language: Language::English,
        attribution_window_days: Space::ATTRIBUTION_WINDOW_DAYS,
        similar_jobs: false,
        closed: false,
        look: Look::default(),
    }
}

fn checked_slug(slug: &str) -> Result<String, Error> {
    let clean = slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let ends = !slug.starts_with('-') && !slug.ends_with('-');
    if clean && ends && (1..=63).contains(&slug.len()) {
        Ok(slug.to_owned())
    } else {
        Err(Error::field(
            "slug",
            "invalid",
            "a slug is 1 to 63 characters of a-z, 0-9 and '-', with no '-' at its ends",
        ))
    }
}

fn lay(check: &mut Check, fields: &SpaceFields, space: &mut Space) {
    check.required_text("name", &fields.name, &mut space.name);
    if let Some(zone) = check.word::<String>("time_zone", &fields.time_zone) {
        match times::time_zone(&zone) {
            Ok(zone) => space.time_zone = zone,
            Err(error) => check.refuse("time_zone", "invalid", error.to_string()),
        }
    }
    check.list("working_week", &fields.working_week, &mut space.working_week, 7, |check, name, day| {
        let known = (1..=7).contains(day);
        if !known {
            check.refuse(name, "invalid", "a weekday is 1 (Monday) to 7 (Sunday)");
        }
        known.then_some(*day)
    });
    space.working_week.sort_unstable();
    check.list("holidays", &fields.holidays, &mut space.holidays, MAX_HOLIDAYS, |check, name, date| {
        times::local_date(date).map_err(|error| check.refuse(name, "invalid", error.to_string())).ok()
    });
    space.holidays.sort_unstable();
    check.list("hosts", &fields.hosts, &mut space.hosts, MAX_HOSTS, |check, name, entry| host(check, name, entry));
    check.list("email_domains", &fields.email_domains, &mut space.email_domains, MAX_LIST, |check, name, entry| {
        email_domain(check, name, entry)
    });
    check.list(
        "destination_domains",
        &fields.destination_domains,
        &mut space.destination_domains,
        MAX_LIST,
        |check, name, entry| host(check, name, entry),
    );
    lay_click_rates(check, &fields.click_rates, space);
    lay_utm_template(check, &fields.utm_template, space);
    space.privacy_mode = check.word("privacy_mode", &fields.privacy_mode).unwrap_or(space.privacy_mode);
    space.language = check.word("language", &fields.language).unwrap_or(space.language);
    match &fields.attribution_window_days {
        Field::Absent => {}
        Field::Null => space.attribution_window_days = Space::ATTRIBUTION_WINDOW_DAYS,
        Field::Value(days) if ATTRIBUTION_WINDOW_DAYS.contains(days) => space.attribution_window_days = *days,
        Field::Value(_) => check.refuse("attribution_window_days", "invalid", "a window is 1 to 730 days"),
    }
    Check::flag(&fields.similar_jobs, &mut space.similar_jobs);
    Check::flag(&fields.closed, &mut space.closed);
    check.optional("accent", &fields.accent, &mut space.look.accent, |check, text| {
        let colour: Result<Color, InvalidColor> = text.parse();
        colour.map_err(|error| check.refuse("accent", "invalid", error.to_string())).ok()
    });
}

/// A domain whose every address may join: none at which anybody can have one.
fn email_domain(check: &mut Check, name: &str, domain: &str) -> Option<String> {
    let domain = host(check, name, domain)?;
    if is_public_mailbox(&domain) {
        let message = format!("anybody can have an address at {domain}: add those people one by one instead");
        check.refuse(name, "public_mailbox", message);
        return None;
    }
    Some(domain)
}

/// Whether anybody can have an address of this domain.
pub(super) fn is_public_mailbox(domain: &str) -> bool {
    PUBLIC_MAILBOXES.contains(&domain)
}

fn host(check: &mut Check, name: &str, host: &str) -> Option<String> {
    urls::host_name(host.trim()).map_err(|error| check.refuse(name, "invalid", error.to_string())).ok()
}

fn lay_fallback(check: &mut Check, given: &Field<String>, own: &OwnHosts, space: &mut Space) {
    let domains = space.destination_domains.clone();
    check.optional("fallback_url", given, &mut space.fallback_url, |check, url| {
        urls::destination_url(url, own, &domains)
            .map_err(|error| check.refuse("fallback_url", error.code(), error.to_string()))
            .ok()
    });
}

fn lay_click_rates(check: &mut Check, given: &Field<BTreeMap<String, Value>>, space: &mut Space) {
    let rates = match given {
        Field::Absent => return,
        Field::Null => &BTreeMap::new(),
        Field::Value(rates) => rates,
    };
    if rates.len() > MAX_LIST {
        return check.refuse("click_rates", "too_long", format!("click_rates has at most {MAX_LIST} channels"));
    }
    for (channel, rate) in rates {
        let name = format!("click_rates.{channel}");
        if let Err(error) = channel.parse::<Channel>() {
            check.refuse(&name, "invalid", error.to_string());
        }
        if !is_rate(rate) && !is_range(rate, false) && !is_series(rate) {
            let message = "a rate is 0 to 1000 EUR: a number, {low, middle, high} in this order, or at most 100 of these \
                           with the day `from` which each counts, in order of time; the first may do without";
            check.refuse(&name, "invalid", message);
        }
    }
    space.click_rates = rates.iter().map(|(channel, rate)| (channel.clone(), rate.clone())).collect();
}

/// EUR per click.
fn is_rate(value: &Value) -> bool {
    value.as_f64().is_some_and(|rate| (0.0..=1000.0).contains(&rate))
}

/// `{low, middle, high}` in this order, and `from` if it may have one.
fn is_range(value: &Value, dated: bool) -> bool {
    let Some(range) = value.as_object() else { return false };
    let rates =
        ["low", "middle", "high"].map(|key| range.get(key).filter(|rate| is_rate(rate)).and_then(Value::as_f64));
    let known = |key: &String| ["low", "middle", "high"].contains(&key.as_str()) || (dated && key == "from");
    rates.iter().all(Option::is_some) && rates.is_sorted() && range.keys().all(known)
}

/// Ranges, each from a day on; only the first may count from ever.
fn is_series(value: &Value) -> bool {
    let Some(series) = value.as_array() else { return false };
    let from = |rate: &Value| match rate.get("from") {
        None => Some(String::new()),
        Some(day) => day.as_str().and_then(|day| times::local_date(day).ok()),
    };
    let days: Vec<Option<String>> = series.iter().map(from).collect();
    (1..=MAX_LIST).contains(&series.len())
        && series.iter().all(|rate| is_range(rate, true))
        && days.iter().all(Option::is_some)
        && days.windows(2).all(|pair| pair[0] < pair[1])
}

fn lay_utm_template(check: &mut Check, given: &Field<BTreeMap<String, String>>, space: &mut Space) {
    let template = match given {
        Field::Absent => return,
        Field::Null => return space.utm_template = Space::default_utm_template(),
        Field::Value(template) => template,
    };
    if template.len() > MAX_PARAMETERS {
        let message = format!("utm_template has at most {MAX_PARAMETERS} parameters");
        return check.refuse("utm_template", "too_long", message);
    }
    for (parameter, value) in template {
        let name = format!("utm_template.{parameter}");
        let clean = parameter.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        if !clean || !(1..=64).contains(&parameter.len()) {
            check.refuse(
                &name,
                "invalid",
                "a parameter's name is 1 to 64 characters of A-Z, a-z, 0-9, '_', '-' and '.'",
            );
        } else if parameter == "rid" {
            check.refuse(&name, "invalid", "rid carries the click's id: choose another name");
        }
        if check.text(&name, value, SHORT_TEXT, false).is_some() {
            let rest = value.replace("{channel}", "").replace("{campaign}", "").replace("{content}", "");
            if rest.contains(['{', '}']) {
                check.refuse(&name, "invalid", "the placeholders are {channel}, {campaign} and {content}");
            }
        }
    }
    space.utm_template = template.clone();
}
