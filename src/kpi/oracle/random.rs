//! Bundles that nobody thought of: small, dense in collisions, full of instants at the edges of days.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::bundle::{Application, Bundle, Click, Content, Key, Person, Share};
use crate::kpi::dimension::Dimension;
use crate::kpi::period::{Calendar, Period};

/// Zones whose days have 23, 24, 25 or 24.5 hours, begin after midnight, or are far from UTC.
const ZONES: [&str; 8] = [
    "Europe/Paris",
    "America/New_York",
    "UTC",
    "Asia/Kolkata",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Africa/Cairo",
];
/// First days of the window: it holds the turn of the clock of most zones, or of the year.
const WINDOWS: [Date; 5] = [
    Date::constant(2026, 3, 1),
    Date::constant(2026, 4, 1),
    Date::constant(2026, 9, 1),
    Date::constant(2026, 10, 15),
    Date::constant(2026, 12, 10),
];
/// Days of the window.
const DAYS: i64 = 45;
const CHANNELS: [&str; 4] = ["linkedin", "x", "email", "copy"];

/// The choices of one bundle.
pub(crate) struct Chance {
    rng: StdRng,
    first: Date,
    calendar: Calendar,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let first = *WINDOWS.choose(&mut rng).expect("some");
        let zone = ZONES.choose(&mut rng).expect("some");
        let week: Vec<u8> =
            (1..=7).filter(|day| if *day < 6 { rng.random_bool(0.9) } else { rng.random_bool(0.2) }).collect();
        let holiday = first.checked_add(rng.random_range(0..DAYS).days()).expect("a date");
        let calendar = Calendar::new(zone, &week, &[holiday.to_string()]).expect("a calendar");
        Self { rng, first, calendar }
    }

    /// A period in or around the window, and a split of it or none.
    pub(crate) fn question(&mut self) -> (Period, Option<Dimension>) {
        let from = self.first.checked_add((self.rng.random_range(-5..DAYS)).days()).expect("a date");
        let days = [0, 0, 6, 6, 13, 30, 60].choose(&mut self.rng).copied().expect("some");
        let to = from.checked_add(i64::from(days).days()).expect("a date");
        let by = self.rng.random_bool(0.85).then(|| *Dimension::ALL.choose(&mut self.rng).expect("some"));
        (Period::new(from, to).expect("a period"), by)
    }

    pub(crate) fn bundle(&mut self) -> Bundle {
        let people: Vec<Person> = (0..self.rng.random_range(0..9)).map(|at| self.person(at)).collect();
        let contents: Vec<Content> = (0..self.rng.random_range(1..6)).map(|at| self.content(at)).collect();
        let (persons, things) = (people.len(), contents.len());
        let mut published: Vec<i64> = contents.iter().filter_map(|content| content.published_ms).collect();
        let shares: Vec<Share> = (0..self.rng.random_range(0..25))
            .map(|_| Share {
                person: self.somebody(persons),
                content: self.rng.random_range(0..things),
                channel: self.channel(),
                at_ms: self.at_or_near(&published),
            })
            .collect();
        published.extend(shares.iter().map(|share| share.at_ms));
        let clicks =
            (0..self.rng.random_range(0..60)).map(|_| self.click(&shares, persons, things, &published)).collect();
        let applications = (0..self.rng.random_range(0..6)).map(|_| self.application(persons, things)).collect();
        let sign_ins = (0..self.rng.random_range(0..6)).filter_map(|_| Some((self.somebody(persons)?, self.instant())));
        let sign_ins = sign_ins.collect();
        let rates = (0..self.rng.random_range(0..4)).map(|_| self.rate()).collect();
        Bundle {
            calendar: self.calendar.clone(),
            people,
            contents,
            shares,
            clicks,
            applications,
            sign_ins,
            rates: once(rates),
        }
    }

    fn word(&mut self, words: &[&str]) -> Key {
        let at = self.rng.random_range(0..=words.len());
        words.get(at).map(|word| (*word).to_owned())
    }

    fn channel(&mut self) -> String {
        (*CHANNELS.choose(&mut self.rng).expect("some")).to_owned()
    }

    fn somebody(&mut self, people: usize) -> Option<usize> {
        (people > 0 && self.rng.random_bool(0.9)).then(|| self.rng.random_range(0..people))
    }

    fn day(&mut self) -> Date {
        self.first.checked_add(self.rng.random_range(-2..DAYS + 2).days()).expect("a date")
    }

    /// Often a midnight, or a millisecond beside one.
    fn instant(&mut self) -> i64 {
        let day = self.day();
        let midnight = self.calendar.midnight_ms(day);
        match self.rng.random_range(0..5) {
            0 => midnight,
            1 => midnight - 1,
            _ => midnight + self.rng.random_range(0..86_400_000),
        }
    }

    /// Often one of these instants, or a millisecond or 30 x 24 hours beside one.
    fn at_or_near(&mut self, instants: &[i64]) -> i64 {
        match instants.choose(&mut self.rng) {
            Some(at) if self.rng.random_bool(0.4) => {
                at + [-1, 0, 0, 1, 60_000, 2_591_999_999, 2_592_000_000].choose(&mut self.rng).expect("some")
            }
            _ => self.instant(),
        }
    }

    fn person(&mut self, at: usize) -> Person {
        let invited_on = self.rng.random_bool(0.8).then(|| self.day());
        let registered_ms = self.rng.random_bool(0.8).then(|| self.instant());
        let left_on = self.rng.random_bool(0.3).then(|| self.day());
        Person {
            key: format!("a-{at}"),
            kind: self.word(&["employee", "partner"]).unwrap_or_else(|| "customer".to_owned()),
            team: self.word(&["Sales", "R&D", "=SUM(A1)"]),
            location: self.word(&["Paris", "Lyon"]),
            language: self.word(&["fr", "en"]),
            cohort: self.word(&["wave-1", "wave-2"]),
            invited_on,
            registered_ms,
            left_on,
        }
    }

    fn content(&mut self, at: usize) -> Content {
        Content {
            key: format!("k-{at}"),
            kind: self.word(&["article", "video", "event"]).unwrap_or_else(|| "job".to_owned()),
            campaign: self.word(&["spring", "hiring"]),
            published_ms: self.rng.random_bool(0.9).then(|| self.instant()),
        }
    }

    /// Mostly of a link that was shared.
    fn click(&mut self, shares: &[Share], people: usize, contents: usize, near: &[i64]) -> Click {
        let shared = if self.rng.random_bool(0.8) { shares.choose(&mut self.rng) } else { None };
        let (person, content, channel) = match shared {
            Some(share) => (share.person, share.content, share.channel.clone()),
            None => (self.somebody(people), self.rng.random_range(0..contents), self.channel()),
        };
        let class = self.word(&["preview", "bot", "scanner", "prefetch", "head", "self"]);
        let class = class.filter(|_| self.rng.random_bool(0.4)).unwrap_or_else(|| "human".to_owned());
        Click {
            person,
            content,
            channel,
            at_ms: self.at_or_near(near),
            class,
            answered: self.rng.random_bool(0.9),
            country: self.word(&["FR", "BE"]),
            visitor: self.word(&["v1", "v2", "v3", "7", "0007"]),
        }
    }

    fn application(&mut self, people: usize, contents: usize) -> Application {
        let stages = ["started", "applied", "hired", "rejected"];
        let mut reached = BTreeMap::new();
        for stage in stages {
            if self.rng.random_bool(0.6) {
                reached.insert(stage.to_owned(), self.instant());
            }
        }
        Application {
            person: self.somebody(people),
            content: self.rng.random_bool(0.8).then(|| self.rng.random_range(0..contents)),
            channel: self.rng.random_bool(0.8).then(|| self.channel()),
            reached,
        }
    }

    fn rate(&mut self) -> (String, Option<Date>, [f64; 3]) {
        let from = self.rng.random_bool(0.6).then(|| self.day());
        let low = f64::from(self.rng.random_range(0..8)) / 4.0;
        (self.channel(), from, [low, low + 0.5, low + 2.0])
    }
}

/// One rate a channel and day, as the programme takes them.
fn once(mut rates: Vec<(String, Option<Date>, [f64; 3])>) -> Vec<(String, Option<Date>, [f64; 3])> {
    rates.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    rates.dedup_by(|one, other| (&one.0, one.1) == (&other.0, other.1));
    rates
}
