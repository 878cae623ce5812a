//! Who takes part: waves of people, when they come, and how long they stay keen.

use std::collections::HashSet;

use super::calendar::{Calendar, DAY_MS};
use super::chance::Chance;
use super::{Person, Share};
use crate::demo::story::{Common, Player, Story, TeamTable, Wave};
use crate::model::{AdvocateKind, Role};

/// Part of the registered who leave within the half year.
const LEAVE: f64 = 0.02;
/// What somebody who is no sharer shares, as a part of what a sharer does.
const RELUCTANT: f64 = 0.006;
/// What a sharer shares before the training, as a part of what comes after it.
const UNTRAINED: f64 = 0.15;
/// Spread of people's weekly shares, and of how many they reach.
const UNLIKE: f64 = 0.55;
/// How much people differ in the networks that they prefer.
const TASTE: f64 = 0.9;
/// Part of the people of a skilled team who have one of its skills.
const SKILLED: f64 = 0.6;

/// How much a person shares, and with what success.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Zeal {
    weekly: f64,
    /// Day of the story on which it is at its best.
    best_day: f64,
    half_life_days: f64,
    floor: f64,
    /// Clicks on its shares, as a multiple.
    pub(super) reach: f64,
    /// Weight of each network of the story.
    pub(super) networks: Vec<f64>,
}

impl Zeal {
    /// Shares of a week at this day of the story.
    pub(super) fn on(&self, day: f64) -> f64 {
        let since = day - self.best_day;
        let fading = if since < 0.0 {
            UNTRAINED
        } else {
            self.floor + (1.0 - self.floor) * (-since / self.half_life_days).exp2()
        };
        self.weekly * fading
    }
}

impl Person {
    /// Shares of a week at this day of the story; 0 before it came and after it left.
    pub(super) fn weekly_shares(&self, calendar: &Calendar, day: i32) -> f64 {
        let here = self.registered_at_ms.is_some_and(|at_ms| at_ms < calendar.at(day, 0.0));
        let gone = self.left_on.is_some_and(|left_on| calendar.number(left_on) <= day);
        if here && !gone { self.zeal.on(f64::from(day)) } else { 0.0 }
    }

    pub(super) fn zeal(&self) -> &Zeal {
        &self.zeal
    }
}

pub(super) fn draw(story: &Story, common: &Common, calendar: &Calendar, scale: f64) -> Vec<Person> {
    let mut chance = Chance::of(&story.slug, "people");
    let mut names = Names { common, story, taken: HashSet::new() };
    let mut people = Vec::new();
    for player in &story.players {
        let person = played(story, calendar, &mut names, player, people.len(), &mut chance);
        people.push(person);
    }
    for wave in &story.waves {
        let teams: Vec<&TeamTable> = wave.teams.iter().filter_map(|name| team(story, name)).collect();
        let count = (f64::from(wave.people) * scale).round().max(3.0) as usize;
        for number in 0..count {
            let Some(team) = teams.get(number % teams.len().max(1)) else { break };
            let person = invited(story, calendar, &mut names, wave, team, people.len(), &mut chance);
            people.push(person);
        }
    }
    people
}

fn team<'s>(story: &'s Story, name: &str) -> Option<&'s TeamTable> {
    story.teams.iter().find(|team| team.name == name)
}

/// Somebody whom the command line signs in: there from the first days on, and keen.
fn played(
    story: &Story,
    calendar: &Calendar,
    names: &mut Names<'_>,
    player: &Player,
    number: usize,
    chance: &mut Chance,
) -> Person {
    let invited_on = calendar.date(-9);
    let zeal = Zeal {
        weekly: 2.0,
        best_day: 0.0,
        half_life_days: 90.0,
        floor: 0.7,
        reach: 1.1,
        networks: tastes(story, chance),
    };
    Person {
        key: key(number),
        name: player.name.clone(),
        email: names.address(&player.name),
        kind: AdvocateKind::Employee,
        role: player.role,
        team: player.team.clone(),
        place: player.place.clone(),
        language: player.language.clone(),
        skills: team(story, &player.team).map(|team| team.skills.clone()).unwrap_or_default(),
        cohort: story.waves.first().map(|wave| cohort(wave, calendar)).unwrap_or_default(),
        invited_on,
        registered_at_ms: Some(calendar.at_work(-4, chance)),
        left_on: None,
        zeal,
    }
}

fn invited(
    story: &Story,
    calendar: &Calendar,
    names: &mut Names<'_>,
    wave: &Wave,
    team: &TeamTable,
    number: usize,
    chance: &mut Chance,
) -> Person {
    let language = team.language.clone().unwrap_or_else(|| story.language.clone());
    let name = names.draw(&language, chance);
    let registered_at_ms = registration(wave, calendar, chance);
    let leaves = registered_at_ms.filter(|_| chance.happens(LEAVE));
    let left_on = leaves.map(|at_ms| calendar.date_of(between(at_ms, calendar.until_ms, chance)));
    let place = chance.below(team.places.len().max(1));
    let skills = team.skills.iter().filter(|_| chance.happens(SKILLED)).cloned().collect();
    Person {
        key: key(number),
        email: names.address(&name),
        name,
        kind: wave.kind,
        role: Role::Advocate,
        team: team.name.clone(),
        place: team.places.get(place).cloned().unwrap_or_default(),
        language,
        skills,
        cohort: cohort(wave, calendar),
        invited_on: calendar.date(wave.invited_day),
        registered_at_ms,
        left_on,
        zeal: zeal(story, wave, calendar, registered_at_ms, chance),
    }
}

/// When somebody comes by itself, or after the training; none for those who do not.
fn registration(wave: &Wave, calendar: &Calendar, chance: &mut Chance) -> Option<i64> {
    let by_itself = chance.happens(wave.registers).then_some((wave.invited_day, wave.within_days));
    let trained = wave.trained_day.filter(|_| chance.happens(wave.trained_registers)).map(|day| (day, 6.0));
    let (day, wait) = by_itself.or(trained)?;
    let day = day + chance.wait(wait) as i32;
    Some(calendar.at_work(day, chance)).filter(|at_ms| *at_ms < calendar.until_ms)
}

fn zeal(story: &Story, wave: &Wave, calendar: &Calendar, registered_at_ms: Option<i64>, chance: &mut Chance) -> Zeal {
    let came = registered_at_ms.map_or(0.0, |at_ms| calendar.days_at(at_ms));
    let sharer = if chance.happens(wave.sharers) { 1.0 } else { RELUCTANT };
    Zeal {
        weekly: wave.weekly_shares * sharer * chance.factor(UNLIKE),
        best_day: wave.trained_day.map_or(came, |day| came.max(f64::from(day))),
        half_life_days: wave.half_life_days,
        floor: wave.floor,
        reach: chance.factor(UNLIKE),
        networks: tastes(story, chance),
    }
}

fn tastes(story: &Story, chance: &mut Chance) -> Vec<f64> {
    story.networks().iter().map(|(_, habit)| habit.weight * chance.factor(TASTE)).collect()
}

fn between(from_ms: i64, until_ms: i64, chance: &mut Chance) -> i64 {
    chance.between(from_ms as f64, until_ms as f64) as i64
}

fn cohort(wave: &Wave, calendar: &Calendar) -> String {
    let date = calendar.date(wave.trained_day.unwrap_or(wave.invited_day));
    wave.cohort.replace("{month}", &date.strftime("%Y-%m").to_string())
}

fn key(number: usize) -> String {
    format!("P{:05}", number + 1)
}

/// Names and addresses, no address twice.
struct Names<'a> {
    common: &'a Common,
    story: &'a Story,
    taken: HashSet<String>,
}

impl Names<'_> {
    fn draw(&self, language: &str, chance: &mut Chance) -> String {
        let common = self.common;
        let (first, last) = match language {
            "fr" => (&common.first_names, &common.last_names),
            _ => (&common.first_names_en, &common.last_names_en),
        };
        format!("{} {}", first[chance.below(first.len())], last[chance.below(last.len())])
    }

    fn address(&mut self, name: &str) -> String {
        let first = self.story.address(name);
        let mut address = first.clone();
        for number in 2.. {
            if self.taken.insert(address.clone()) {
                break;
            }
            address = first.replacen('@', &format!("{number}@"), 1);
        }
        address
    }
}

/// Signing in comes before sharing, now and then, and sometimes nothing follows.
pub(super) fn sign_ins(story: &Story, calendar: &Calendar, people: &[Person], shares: &[Share]) -> Vec<(usize, i64)> {
    let mut chance = Chance::of(&story.slug, "sign-ins");
    let mut sign_ins = Vec::new();
    let first = |at_ms: i64| at_ms + 60_000;
    let came = people.iter().enumerate().filter_map(|(number, person)| Some((number, person.registered_at_ms?)));
    sign_ins.extend(came.clone().map(|(number, at_ms)| (number, first(at_ms))));
    for share in shares {
        if chance.happens(0.4) {
            sign_ins.push((share.person, share.at_ms - chance.between(60_000.0, 600_000.0) as i64));
        }
    }
    for (number, at_ms) in came {
        let weeks = (calendar.until_ms - at_ms) as f64 / DAY_MS / 7.0;
        for _ in 0..chance.count(0.06 * weeks) {
            sign_ins.push((number, between(at_ms, calendar.until_ms, &mut chance)));
        }
    }
    sign_ins.retain(|(_, at_ms)| *at_ms < calendar.until_ms);
    sign_ins.sort_unstable_by_key(|(number, at_ms)| (*at_ms, *number));
    sign_ins.dedup();
    sign_ins
}
