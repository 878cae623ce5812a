//! A story drawn out: from tables and an instant to people, contents, shares and clicks.
//!
//! Pure and deterministic: no clock, no store, no network. The order is that of causes: people come in
//! ([`people`]), contents are published ([`contents`]), people share what they like ([`shares`]), links are opened by
//! people and machines ([`clicks`]), and some of those who open a job apply ([`applications`]).

mod applications;
mod calendar;
mod chance;
mod clicks;
mod contents;
mod people;
mod shares;

use jiff::civil::Date;

use super::story::{Common, Story};
use crate::model::{AdvocateKind, Answer, Channel, Class, ContentKind, Role, Stage};
use crate::programme::{Audience, Caption};
use calendar::Calendar;
pub(super) use chance::Chance;

/// A story with everything that happened in it, until an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// In the order of their keys.
    pub people: Vec<Person>,
    /// In the order of their start.
    pub campaigns: Vec<Bracket>,
    /// In the order of their publication.
    pub contents: Vec<Proposal>,
    /// In the order of time.
    pub shares: Vec<Share>,
    /// In no order.
    pub clicks: Vec<Click>,
    /// Who signed in when, milliseconds since 1970.
    pub sign_ins: Vec<(usize, i64)>,
    /// In the order of their first stage.
    pub applications: Vec<Referral>,
    /// Public holidays of the years that the story touches.
    pub holidays: Vec<Date>,
}

/// An advocate.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Its key in the company's system.
    pub key: String,
    /// First name and family name.
    pub name: String,
    /// Its address.
    pub email: String,
    /// What it is.
    pub kind: AdvocateKind,
    /// What it is beside that.
    pub role: Role,
    /// The name of its team.
    pub team: String,
    /// Where it works.
    pub place: String,
    /// What it reads.
    pub language: String,
    /// What it knows about.
    pub skills: Vec<String>,
    /// The wave it came with.
    pub cohort: String,
    /// When it was invited.
    pub invited_on: Date,
    /// When it came, milliseconds since 1970.
    pub registered_at_ms: Option<i64>,
    /// Its last day, for those who left.
    pub left_on: Option<Date>,
    zeal: people::Zeal,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Bracket {
    /// Its key in the company's system.
    pub key: String,
    /// For `utm_campaign`.
    pub slug: String,
    /// For people.
    pub name: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// A KPI's name and the figure to reach.
    pub objective: Option<(String, f64)>,
}

/// A content.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Its key in the company's system.
    pub key: String,
    /// What it is.
    pub kind: ContentKind,
    /// The title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// The page behind it.
    pub url: String,
    /// Its picture's address, which nobody outside has.
    pub image_url: String,
    /// Whom it is for.
    pub audience: Audience,
    /// Suggested texts.
    pub captions: Vec<Caption>,
    /// The campaign that it belongs to, by its place in [`Plan::campaigns`].
    pub campaign: Option<usize>,
    /// Milliseconds since 1970.
    pub published_at_ms: i64,
    /// Milliseconds since 1970.
    pub expires_at_ms: Option<i64>,
    /// When the job was filled, milliseconds since 1970.
    pub closed_at_ms: Option<i64>,
    /// How much people like it; 1 in the mean.
    appeal: f64,
}

/// A publication by a person on a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Place in [`Plan::people`].
    pub person: usize,
    /// Place in [`Plan::contents`].
    pub content: usize,
    /// Where.
    pub channel: Channel,
    /// Milliseconds since 1970.
    pub at_ms: i64,
}

/// A request to a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Click {
    /// Place in [`Plan::shares`].
    pub share: usize,
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// Who asked.
    pub class: Class,
    /// What was answered.
    pub answer: Answer,
    /// Two capital letters.
    pub country: String,
    /// `desktop`, `mobile`, `tablet` or `bot`.
    pub device: String,
    /// The day's pseudonym; empty for machines and where privacy is strict.
    pub visitor: String,
}

/// An application and the stages that it went through.
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    /// The applicant system's opaque id.
    pub key: String,
    /// The share through whose link it came.
    pub share: usize,
    /// The advocate said so; there was no click.
    pub declared: bool,
    /// Each with its instant, in the order of time.
    pub stages: Vec<(Stage, i64)>,
}

/// The first and the last of the thirty whole days before the day of this instant.
pub fn last_thirty_days(until_ms: i64) -> [Date; 2] {
    let calendar = Calendar::until(until_ms);
    let today = calendar.number(calendar.date_of(until_ms));
    [calendar.date(today - 30), calendar.date(today - 1)]
}

impl Plan {
    /// Draws the half year of a story that ends at `until_ms`. `scale` is the part of the people and contents
    /// that is wanted, above 0 and at most 1: ratios stay, counts shrink.
    pub fn draw(story: &Story, common: &Common, until_ms: i64, scale: f64) -> Self {
        let calendar = Calendar::until(until_ms);
        let people = people::draw(story, common, &calendar, scale);
        let (campaigns, mut contents) = contents::draw(story, &calendar, scale);
        let shares = shares::draw(story, &calendar, &people, &contents);
        let mut clicks = clicks::draw(story, common, &calendar, &people, &contents, &shares);
        let applications = applications::draw(story, &calendar, &mut contents, &shares, &mut clicks);
        let sign_ins = people::sign_ins(story, &calendar, &people, &shares);
        Self { people, campaigns, contents, shares, clicks, sign_ins, applications, holidays: calendar.holidays() }
    }
}
