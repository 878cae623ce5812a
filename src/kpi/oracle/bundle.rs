//! Rows in memory, named by keys as in an exchange bundle.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::kpi::dimension::Dimension;
use crate::kpi::period::Calendar;

/// A key of a split; none for what has none.
pub(crate) type Key = Option<String>;

/// A space.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    pub(crate) calendar: Calendar,
    pub(crate) people: Vec<Person>,
    pub(crate) contents: Vec<Content>,
    pub(crate) shares: Vec<Share>,
    pub(crate) clicks: Vec<Click>,
    pub(crate) applications: Vec<Application>,
    pub(crate) sign_ins: Vec<(usize, i64)>,
    /// Channel, first day, low, middle and high rate: the last row of a channel that began wins.
    pub(crate) rates: Vec<(String, Option<Date>, [f64; 3])>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) key: String,
    pub(crate) kind: String,
    pub(crate) team: Key,
    pub(crate) location: Key,
    pub(crate) language: Key,
    pub(crate) cohort: Key,
    pub(crate) invited_on: Option<Date>,
    pub(crate) registered_ms: Option<i64>,
    pub(crate) left_on: Option<Date>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    pub(crate) key: String,
    pub(crate) kind: String,
    pub(crate) campaign: Key,
    pub(crate) published_ms: Option<i64>,
}

#[derive(Debug, Clone)]
pub(crate) struct Share {
    /// None: unknown.
    pub(crate) person: Option<usize>,
    pub(crate) content: usize,
    pub(crate) channel: String,
    pub(crate) at_ms: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Click {
    pub(crate) person: Option<usize>,
    pub(crate) content: usize,
    pub(crate) channel: String,
    pub(crate) at_ms: i64,
    pub(crate) class: String,
    /// Sent on to the content itself.
    pub(crate) answered: bool,
    pub(crate) country: Key,
    pub(crate) visitor: Key,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Application {
    pub(crate) person: Option<usize>,
    pub(crate) content: Option<usize>,
    pub(crate) channel: Key,
    /// When each stage was reached first.
    pub(crate) reached: BTreeMap<String, i64>,
}

impl Click {
    /// One that counts in KPIs.
    pub(crate) fn counts(&self) -> bool {
        self.class == "human" && self.answered
    }
}

impl Bundle {
    /// Every key of a dimension, and null.
    pub(crate) fn keys(&self, by: Dimension) -> BTreeSet<Key> {
        let mut keys = BTreeSet::from([None]);
        keys.extend(self.people.iter().enumerate().filter_map(|(at, _)| self.key_of_person(by, Some(at))));
        keys.extend(self.contents.iter().enumerate().filter_map(|(at, _)| self.key_of_content(by, at)));
        match by {
            Dimension::Channel => {
                keys.extend(self.shares.iter().map(|share| Some(share.channel.clone())));
                keys.extend(self.clicks.iter().map(|click| Some(click.channel.clone())));
                keys.extend(self.applications.iter().map(|application| application.channel.clone()));
            }
            Dimension::Country => keys.extend(self.clicks.iter().map(|click| click.country.clone())),
            _ => {}
        }
        keys
    }

    /// The key of somebody under a dimension of people; the outer none when it is another dimension.
    pub(crate) fn key_of_person(&self, by: Dimension, person: Option<usize>) -> Option<Key> {
        let person = person.map(|at| &self.people[at]);
        Some(match by {
            Dimension::Team => person.and_then(|person| person.team.clone()),
            Dimension::Location => person.and_then(|person| person.location.clone()),
            Dimension::Language => person.and_then(|person| person.language.clone()),
            Dimension::Cohort => person.and_then(|person| person.cohort.clone()),
            Dimension::AdvocateKind => person.map(|person| person.kind.clone()),
            Dimension::Advocate => person.map(|person| person.key.clone()),
            _ => return None,
        })
    }

    /// The key of a content under a dimension of contents; the outer none when it is another dimension.
    pub(crate) fn key_of_content(&self, by: Dimension, content: usize) -> Option<Key> {
        let content = &self.contents[content];
        Some(match by {
            Dimension::Content => Some(content.key.clone()),
            Dimension::ContentKind => Some(content.kind.clone()),
            Dimension::Campaign => content.campaign.clone(),
            _ => return None,
        })
    }
}
