//! Who shares what, where and when.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::calendar::{Calendar, DAY_MS};
use super::chance::Chance;
use super::{Person, Proposal, Share};
use crate::demo::story::Story;
use crate::model::{Channel, ContentKind};

/// Older contents are not shared any more, in days.
const OLDEST_DAYS: f64 = 40.0;
/// Days in which a content loses most of its news.
const NEWS_DAYS: f64 = 3.5;
/// How much is shared on a public holiday.
const ON_HOLIDAY: f64 = 0.3;
/// Somebody for whom a content was not meant shares it this much less.
const NOT_FOR_ME: f64 = 0.2;
/// The same person shares a content on the same network again after so many days at the earliest.
const AGAIN_DAYS: f64 = 6.0;
/// What jobs are to the network of work, as a multiple.
const JOBS_ON_LINKEDIN: f64 = 2.0;

pub(super) fn draw(story: &Story, calendar: &Calendar, people: &[Person], contents: &[Proposal]) -> Vec<Share> {
    let networks: Vec<Channel> = story.networks().into_iter().map(|(channel, _)| channel).collect();
    let holidays: HashSet<Date> = calendar.holidays().into_iter().collect();
    let mut hall = Hall {
        story,
        calendar,
        contents,
        networks: &networks,
        chance: Chance::of(&story.slug, "shares"),
        last: HashMap::new(),
        shares: Vec::new(),
    };
    for (day, date) in calendar.days() {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        let month = usize::try_from(date.month() - 1).unwrap_or(0);
        let season = story.temper.week[weekday] * story.temper.months[month];
        let season = if holidays.contains(&date) { season * ON_HOLIDAY } else { season };
        for (number, person) in people.iter().enumerate() {
            // A week has about five days' worth of sharing.
            let mean = person.weekly_shares(calendar, day) / 5.0 * season;
            for _ in 0..hall.chance.count(mean) {
                hall.share(number, person, day);
            }
        }
    }
    let mut shares = hall.shares;
    shares.sort_by_key(|share| (share.at_ms, share.person));
    shares
}

struct Hall<'a> {
    story: &'a Story,
    calendar: &'a Calendar,
    contents: &'a [Proposal],
    networks: &'a [Channel],
    chance: Chance,
    /// When somebody shared something somewhere the last time.
    last: HashMap<(usize, usize, usize), i64>,
    shares: Vec<Share>,
}

impl Hall<'_> {
    fn share(&mut self, number: usize, person: &Person, day: i32) {
        let at_ms = self.calendar.at_work(day, &mut self.chance);
        let Some(content) = self.content_for(person, at_ms) else { return };
        let Some(network) = self.network_for(person, content) else { return };
        self.put(number, content, network, at_ms);
        if self.chance.happens(self.story.temper.second_network)
            && let Some(second) = self.network_for(person, content)
        {
            let later_ms = at_ms + self.chance.between(40_000.0, 300_000.0) as i64;
            self.put(number, content, second, later_ms);
        }
    }

    fn put(&mut self, person: usize, content: usize, network: usize, at_ms: i64) {
        let three = (person, content, network);
        let too_soon = self.last.get(&three).is_some_and(|last| ((at_ms - last) as f64) < AGAIN_DAYS * DAY_MS);
        if at_ms >= self.calendar.until_ms || too_soon {
            return;
        }
        self.last.insert(three, at_ms);
        self.shares.push(Share { person, content, channel: self.networks[network].clone(), at_ms });
    }

    /// Something new, liked, and meant for this person.
    fn content_for(&mut self, person: &Person, at_ms: i64) -> Option<usize> {
        let oldest_ms = at_ms - (OLDEST_DAYS * DAY_MS) as i64;
        let first = self.contents.partition_point(|content| content.published_at_ms < oldest_ms);
        let end = self.contents.partition_point(|content| content.published_at_ms <= at_ms);
        let weight = |content: &Proposal| {
            if content.expires_at_ms.is_some_and(|expires| expires <= at_ms) {
                return 0.0;
            }
            let age = (at_ms - content.published_at_ms) as f64 / DAY_MS;
            let for_me = if is_for(content, person) { 1.0 } else { NOT_FOR_ME };
            content.appeal * for_me * (-age / NEWS_DAYS).exp()
        };
        let weights: Vec<f64> = self.contents[first..end].iter().map(weight).collect();
        self.chance.pick(&weights).map(|index| first + index)
    }

    fn network_for(&mut self, person: &Person, content: usize) -> Option<usize> {
        let is_job = self.contents[content].kind == ContentKind::Job;
        let weights = person.zeal().networks.iter().zip(self.networks).map(|(weight, channel)| {
            if is_job && channel.as_str() == "linkedin" { weight * JOBS_ON_LINKEDIN } else { *weight }
        });
        let weights: Vec<f64> = weights.collect();
        self.chance.pick(&weights)
    }
}

fn is_for(content: &Proposal, person: &Person) -> bool {
    let audience = &content.audience;
    let fits = |wanted: &[String], has: &str| wanted.is_empty() || wanted.iter().any(|one| one == has);
    fits(&audience.teams, &person.team)
        && fits(&audience.locations, &person.place)
        && (audience.skills.is_empty() || audience.skills.iter().any(|skill| person.skills.contains(skill)))
}
