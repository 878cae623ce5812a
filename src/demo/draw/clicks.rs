//! Who opens the links: people for hours and days after a share, machines at once.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::calendar::{Calendar, HOUR_MS};
use super::chance::Chance;
use super::{Click, Proposal, Share};
use crate::demo::story::{Common, Habit, Network, Story};
use crate::model::{Answer, Class};

/// Part of the clicks that come long after the rest, and how much later.
const LATE: (f64, f64) = (0.14, 7.0);
/// An hour at which people sleep is tried again this often.
const TRIES: usize = 3;
/// Part of people's clicks that are the second one of somebody on one day.
const AGAIN: f64 = 0.07;
/// Part of people's clicks that a browser had fetched ahead.
const FETCHED_AHEAD: f64 = 0.03;
/// Part of the shares whose link their own author tries.
const TRIED: f64 = 0.3;
/// HEAD requests of link checkers on a share.
const HEADS: f64 = 0.2;
/// Scanners ask again for each so many clicks by people.
const SCANNED_CLICKS: f64 = 0.15;
/// Mean hours in which crawlers find a share.
const CRAWLED_HOURS: f64 = 40.0;
/// How much likings of contents show in their clicks.
const LIKED: f64 = 0.5;
/// Where machines stand.
const DATA_CENTRES: [(&str, f64); 5] = [("US", 0.58), ("IE", 0.17), ("NL", 0.11), ("DE", 0.09), ("SG", 0.05)];

pub(super) fn draw(
    story: &Story,
    common: &Common,
    calendar: &Calendar,
    people: &[super::Person],
    contents: &[Proposal],
    shares: &[Share],
) -> Vec<Click> {
    let mut chance = Chance::of(&story.slug, "clicks");
    let networks = story.networks();
    let habit_of =
        |share: &Share| networks.iter().find(|(channel, _)| *channel == share.channel).map(|(_, habit)| *habit);
    // Scaled so that a share has the space's mean, whoever shares what where.
    let raw: Vec<f64> = shares
        .iter()
        .map(|share| {
            let liked = contents[share.content].appeal.clamp(0.05, 8.0).powf(LIKED);
            let reach = habit_of(share).map_or(0.0, |habit| habit.reach);
            liked * reach * people[share.person].zeal().reach * chance.factor(story.temper.spread)
        })
        .collect();
    let mean = raw.iter().sum::<f64>() / raw.len().max(1) as f64;
    let mut street = Street { story, calendar, contents, chance, clicks: Vec::new(), today: Vec::new() };
    for (number, share) in shares.iter().enumerate() {
        let (Some(habit), Some(network)) = (habit_of(share), common.networks.get(share.channel.as_str())) else {
            continue;
        };
        let people = street.chance.count(raw[number] / mean * story.temper.clicks_per_share);
        street.people(number, share, network, people);
        street.machines(number, share, network, habit, people);
    }
    street.clicks
}

struct Street<'a> {
    story: &'a Story,
    calendar: &'a Calendar,
    contents: &'a [Proposal],
    chance: Chance,
    clicks: Vec<Click>,
    /// Who clicked on the share at hand: local day, pseudonym, country, device.
    today: Vec<(i8, [String; 3])>,
}

impl Street<'_> {
    fn people(&mut self, number: usize, share: &Share, network: &Network, count: u32) {
        self.today.clear();
        for _ in 0..count {
            let at_ms = self.some_time_after(share.at_ms, network);
            let who = self.somebody(at_ms);
            if self.chance.happens(FETCHED_AHEAD) {
                let before_ms = at_ms - self.chance.between(300.0, 3_000.0) as i64;
                self.push(number, share, before_ms, Class::Prefetch, who.clone());
            }
            self.push(number, share, at_ms, Class::Human, who);
        }
        if self.chance.happens(TRIED) {
            let at_ms = share.at_ms + self.chance.between(5_000.0, 120_000.0) as i64;
            let who = self.somebody(at_ms);
            self.push(number, share, at_ms, Class::Own, who);
        }
    }

    fn machines(&mut self, number: usize, share: &Share, network: &Network, habit: &Habit, people: u32) {
        let people = f64::from(people);
        // Networks unfurl a link when it is posted, and again where it is passed on.
        let previews = network.previews * (1.0 + 0.04 * people);
        self.robots(number, share, Class::Preview, previews, |chance| chance.wait(0.05));
        let scanners = habit.scanners * (1.0 + SCANNED_CLICKS * people);
        self.robots(number, share, Class::Scanner, scanners, |chance| chance.wait(0.08));
        self.robots(number, share, Class::Bot, network.bots, |chance| chance.wait(CRAWLED_HOURS));
        self.robots(number, share, Class::Head, HEADS, |chance| chance.wait(2.0));
    }

    /// Requests of machines, a number of hours after the share each.
    fn robots(&mut self, number: usize, share: &Share, class: Class, mean: f64, hours: impl Fn(&mut Chance) -> f64) {
        for _ in 0..self.chance.count(mean) {
            let at_ms = share.at_ms + 700 + (hours(&mut self.chance) * HOUR_MS) as i64;
            let weights = DATA_CENTRES.map(|(_, weight)| weight);
            let centre = self.chance.pick(&weights).map_or("US", |index| DATA_CENTRES[index].0);
            self.push(number, share, at_ms, class, [String::new(), centre.to_owned(), "bot".to_owned()]);
        }
    }

    /// Soon after a share for the most part, and rather when people are awake.
    fn some_time_after(&mut self, shared_at_ms: i64, network: &Network) -> i64 {
        let late = if self.chance.happens(LATE.0) { LATE.1 } else { 1.0 };
        let mean_hours = network.half_life_hours / std::f64::consts::LN_2 * late;
        let mut at_ms = shared_at_ms;
        for _ in 0..TRIES {
            at_ms = shared_at_ms + (self.chance.wait(mean_hours) * HOUR_MS) as i64;
            if self.chance.happens(self.calendar.awake(at_ms)) {
                break;
            }
        }
        at_ms
    }

    /// Pseudonym, country and device of whoever clicks at this instant.
    fn somebody(&mut self, at_ms: i64) -> [String; 3] {
        let day = self.calendar.date_of(at_ms).day();
        if self.chance.happens(AGAIN)
            && let Some((_, who)) = self.today.iter().find(|(of, _)| *of == day)
        {
            return who.clone();
        }
        let country = self.chance.key(&self.story.countries).to_owned();
        let device = self.chance.key(&self.story.devices).to_owned();
        let visitor = match self.story.privacy_mode.as_str() {
            "strict" => String::new(),
            _ => BASE64_URL_SAFE_NO_PAD.encode(self.chance.bits().to_le_bytes()),
        };
        let who = [visitor, country, device];
        self.today.push((day, who.clone()));
        who
    }

    fn push(&mut self, number: usize, share: &Share, at_ms: i64, class: Class, who: [String; 3]) {
        if at_ms >= self.calendar.until_ms {
            return;
        }
        let is_over = self.contents[share.content].expires_at_ms.is_some_and(|expires| expires <= at_ms);
        let answer = match class {
            _ if is_over => Answer::Fallback,
            Class::Preview => Answer::Card,
            _ => Answer::Content,
        };
        let [visitor, country, device] = who;
        self.clicks.push(Click { share: number, at_ms, class, answer, country, device, visitor });
    }
}
