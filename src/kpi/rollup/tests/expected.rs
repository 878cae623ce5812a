//! What the roll-ups must say, computed from the raw rows slowly, by hand, with another library for time zones.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value;

use crate::warehouse::Warehouse;
use crate::warehouse::testing::json;

/// Space, split, grain and first day, key, channel: the nine counts.
pub(super) type Counts = BTreeMap<(String, String, String, String, String, String), [u64; 9]>;
/// Space, split, grain and first day, key: visitor-days.
pub(super) type Visitors = BTreeMap<(String, String, String, String, String), u64>;
/// Space and share: everything else, written out.
pub(super) type Shares = BTreeMap<(String, String), String>;
/// Space and content: everything else, written out.
pub(super) type Contents = BTreeMap<(String, String), String>;

/// All figures that are kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) counts: Counts,
    pub(super) visitors: Visitors,
    pub(super) shares: Shares,
    pub(super) contents: Contents,
}

fn text(row: &Value, column: &str) -> String {
    row[column].as_str().unwrap_or_default().to_owned()
}

fn number(row: &Value, column: &str) -> u64 {
    row[column].as_u64().unwrap_or_default()
}

const COUNTS: [&str; 9] =
    ["clicks", "job_clicks", "elsewhere", "preview", "bot", "scanner", "prefetch", "head", "self"];

impl Figures {
    /// What stands in the roll-ups.
    pub(super) async fn kept(warehouse: &Warehouse) -> Self {
        let mut kept = Self::default();
        let names = COUNTS.join(", ");
        let counts = format!(
            "SELECT space_id, by, toString(grain) AS grain, toString(start) AS start, key, channel, {names} \
             FROM (SELECT * FROM rollup_clicks FINAL) ARRAY JOIN key, channel, {names}"
        );
        for row in json(warehouse, &counts).await {
            let of = |column| text(&row, column);
            let key = (of("space_id"), of("by"), of("grain"), of("start"), of("key"), of("channel"));
            assert!(kept.counts.insert(key, COUNTS.map(|name| number(&row, name))).is_none(), "a key twice: {row}");
        }
        let visitors = "SELECT space_id, by, toString(grain) AS grain, toString(start) AS start, key, visitors \
            FROM (SELECT * FROM rollup_visitors FINAL) ARRAY JOIN key, visitors";
        for row in json(warehouse, visitors).await {
            let of = |column| text(&row, column);
            let key = (of("space_id"), of("by"), of("grain"), of("start"), of("key"));
            assert!(kept.visitors.insert(key, number(&row, "visitors")).is_none(), "a key twice: {row}");
        }
        let shares = "SELECT space_id, share_id, concat(toString(shared_on), ' ', \
            toString(toUnixTimestamp64Milli(shared_at)), ' ', advocate_id, ' ', content_id, ' ', channel, ' ', team_id, \
            ' ', location, ' ', language, ' ', cohort, ' ', advocate_kind, ' ', content_kind, ' ', campaign_id, ' ', \
            ifNull(toString(landed_on), 'never'), ' ', toString(advocate_key = cityHash64(advocate_id) \
            AND content_key = cityHash64(content_id))) AS rest FROM rollup_shares FINAL WHERE NOT removed";
        for row in json(warehouse, shares).await {
            let key = (text(&row, "space_id"), text(&row, "share_id"));
            assert!(kept.shares.insert(key, text(&row, "rest")).is_none(), "a share twice: {row}");
        }
        let contents = "SELECT space_id, content_id, concat(content_kind, ' ', campaign_id, ' ', \
            ifNull(toString(published_on), 'never'), ' ', ifNull(toString(used_on), 'never'), ' ', \
            toString(cohort_shared), ' ', toString(cohort_clicks)) AS rest FROM rollup_contents FINAL";
        for row in json(warehouse, contents).await {
            let key = (text(&row, "space_id"), text(&row, "content_id"));
            assert!(kept.contents.insert(key, text(&row, "rest")).is_none(), "a content twice: {row}");
        }
        kept
    }

    /// What the raw rows say.
    pub(super) async fn of_raw_rows(warehouse: &Warehouse) -> Self {
        let raw = Raw::read(warehouse).await;
        let mut figures = Self::default();
        for (space, zone) in &raw.zones {
            raw.count(space, zone, &mut figures);
        }
        figures
    }
}

/// The latest facts and each click once.
struct Raw {
    zones: BTreeMap<String, TimeZone>,
    people: BTreeMap<String, Value>,
    things: BTreeMap<String, Value>,
    shares: Vec<Value>,
    clicks: Vec<Value>,
}

const COHORT_MS: i64 = 30 * 24 * 3_600_000;

impl Raw {
    async fn read(warehouse: &Warehouse) -> Self {
        let by = |rows: Vec<Value>, key: &str| rows.into_iter().map(|row| (text(&row, key), row)).collect();
        let spaces = json(warehouse, "SELECT space_id, time_zone FROM spaces FINAL").await;
        let zone = |row: &Value| TimeZone::get(&text(row, "time_zone")).expect("a zone");
        let ms = "toUnixTimestamp64Milli";
        Self {
            zones: spaces.iter().map(|row| (text(row, "space_id"), zone(row))).collect(),
            people: by(json(warehouse, "SELECT * FROM advocates FINAL WHERE NOT removed").await, "advocate_id"),
            things: by(
                json(warehouse, &format!("SELECT * EXCEPT (published_at), {ms}(published_at) AS published \
                    FROM contents FINAL WHERE NOT removed")).await,
                "content_id",
            ),
            shares: json(warehouse, &format!("SELECT *, {ms}(shared_at) AS at FROM shares FINAL WHERE NOT removed")).await,
            clicks: json(warehouse, &format!(
                "SELECT space_id, content_id, advocate_id, link_id, channel, class, classifier_version, answer, visitor, \
                 country, device, network, {ms}(clicked_at) AS at FROM clicks FINAL"
            )).await,
        }
    }

    /// Who made it, when that is known today.
    fn person(&self, row: &Value) -> Option<&Value> {
        self.people.get(&text(row, "advocate_id")).filter(|person| person["space_id"] == row["space_id"])
    }

    fn thing(&self, row: &Value) -> Option<&Value> {
        self.things.get(&text(row, "content_id"))
    }

    /// One link for each content, channel and advocate; of those who are not known, by its id.
    fn link(&self, row: &Value) -> (String, String, String) {
        let who = if self.person(row).is_some() { text(row, "advocate_id") } else { text(row, "link_id") };
        (text(row, "content_id"), text(row, "channel"), who)
    }

    fn count(&self, space: &str, zone: &TimeZone, figures: &mut Figures) {
        let local = |ms: i64| Timestamp::from_millisecond(ms).expect("a time").to_zoned(zone.clone());
        let of_space = |row: &&Value| row["space_id"] == space;
        let shares: Vec<_> = self.shares.iter().filter(of_space).collect();
        let clicks: Vec<_> = self.clicks.iter().filter(of_space).collect();
        let mut visitors: BTreeMap<(String, String, String), BTreeSet<String>> = BTreeMap::new();
        for click in &clicks {
            let when = local(at(click));
            let day = when.date().to_string();
            let sort = self.sorts(click);
            for (by, key) in self.splits(click, &when, &shares) {
                for (grain, start) in grains(&day) {
                    let channel = text(click, "channel");
                    let of = (space.to_owned(), by.clone(), grain, start, key.clone(), channel);
                    let counts = figures.counts.entry(of).or_default();
                    sort.iter().for_each(|sort| counts[*sort] += 1);
                }
                let visitor = text(click, "visitor");
                if sort.first() == Some(&0) && !visitor.is_empty() && has_visitors(&by) {
                    visitors.entry((by, day.clone(), key)).or_default().insert(visitor);
                }
            }
        }
        for ((by, day, key), distinct) in visitors {
            for (grain, start) in grains(&day) {
                let of = (space.to_owned(), by.clone(), grain, start, key.clone());
                *figures.visitors.entry(of).or_default() += distinct.len() as u64;
            }
        }
        for share in &shares {
            figures.shares.insert((space.to_owned(), text(share, "share_id")), self.share(share, &clicks, &local));
        }
        for (id, thing) in self.things.iter().filter(|(_, thing)| of_space(thing)) {
            let of = (space.to_owned(), id.clone());
            figures.contents.insert(of, self.content(thing, &clicks, &shares, &local));
        }
    }

    fn is_click(click: &Value) -> bool {
        click["class"] == "human" && click["answer"] == "content"
    }

    /// Which of the nine counts it raises.
    fn sorts(&self, click: &Value) -> Vec<usize> {
        let is_job = self.thing(click).is_some_and(|thing| thing["kind"] == "job");
        match click["class"].as_str().expect("a class") {
            "human" if Self::is_click(click) && is_job => vec![0, 1],
            "human" if Self::is_click(click) => vec![0],
            "human" => vec![2],
            other => vec![COUNTS.iter().position(|name| *name == other).expect("a class")],
        }
    }

    fn splits(&self, click: &Value, when: &Zoned, shares: &[&Value]) -> Vec<(String, String)> {
        let none = Value::Null;
        let person = self.person(click).unwrap_or(&none);
        let thing = self.thing(click).unwrap_or(&none);
        let weekday = when.date().weekday().to_monday_zero_offset();
        let hour = format!("{:03}", i64::from(weekday) * 24 + i64::from(when.hour()));
        let mut splits = vec![
            ("all", String::new()),
            ("team", text(person, "team_id")),
            ("location", text(person, "location")),
            ("language", text(person, "language")),
            ("cohort", text(person, "cohort")),
            ("advocate_kind", text(person, "kind")),
            ("advocate", text(person, "advocate_id")),
            ("content", text(click, "content_id")),
            ("content_kind", text(thing, "kind")),
            ("campaign", text(thing, "campaign_id")),
            ("channel", text(click, "channel")),
            ("country", text(click, "country")),
            ("device", text(click, "device")),
            ("network", text(click, "network")),
            ("classifier", number(click, "classifier_version").to_string()),
            ("hour", hour.clone()),
        ];
        if Self::is_click(click) {
            splits.push(("age", self.age(click, shares)));
        }
        if thing["kind"] == "video" {
            splits.extend([
                ("video", String::new()),
                ("video_country", text(click, "country")),
                ("video_device", text(click, "device")),
                ("video_network", text(click, "network")),
                ("video_hour", hour),
            ]);
        }
        if let Some(published) = thing["published"].as_i64()
            && (published..published + COHORT_MS).contains(&at(click))
        {
            splits.push(("cohort_content", text(click, "content_id")));
        }
        splits.into_iter().map(|(by, key)| (by.to_owned(), key)).collect()
    }

    fn age(&self, click: &Value, shares: &[&Value]) -> String {
        let link = self.link(click);
        let before = shares.iter().filter(|share| at(share) <= at(click) && self.link(share) == link);
        let Some(last) = before.map(|share| at(share)).max() else { return String::new() };
        // Seconds are counted as a clock shows them, so a second may have begun that is not over.
        let seconds = at(click).div_euclid(1000) - last.div_euclid(1000);
        match (seconds / 3_600, seconds / 86_400) {
            (hours @ 0..48, _) => format!("{hours:03}"),
            (_, days @ 2..=30) => format!("d{days:02}"),
            _ => "later".to_owned(),
        }
    }

    fn share(&self, share: &Value, clicks: &[&Value], local: &impl Fn(i64) -> Zoned) -> String {
        let none = Value::Null;
        let (person, thing) = (self.person(share).unwrap_or(&none), self.thing(share).unwrap_or(&none));
        let link = self.link(share);
        let landing = clicks
            .iter()
            .filter(|click| Self::is_click(click) && at(click) >= at(share) && self.link(click) == link)
            .map(|click| at(click))
            .min();
        let landed = landing.map_or_else(|| "never".to_owned(), |ms| local(ms).date().to_string());
        let of = |row: &Value, column| text(row, column);
        [
            local(at(share)).date().to_string(),
            at(share).to_string(),
            of(person, "advocate_id"),
            of(share, "content_id"),
            of(share, "channel"),
            of(person, "team_id"),
            of(person, "location"),
            of(person, "language"),
            of(person, "cohort"),
            of(person, "kind"),
            of(thing, "kind"),
            of(thing, "campaign_id"),
            landed,
            "1".to_owned(),
        ]
        .join(" ")
    }

    fn content(&self, thing: &Value, clicks: &[&Value], shares: &[&Value], local: &impl Fn(i64) -> Zoned) -> String {
        let of_it = |row: &&&Value| row["content_id"] == thing["content_id"];
        let day = |ms: Option<i64>| ms.map_or_else(|| "never".to_owned(), |ms| local(ms).date().to_string());
        let published = thing["published"].as_i64();
        let from = published.unwrap_or(i64::MAX - COHORT_MS);
        let used = shares.iter().filter(of_it).map(|share| at(share)).filter(|at| *at >= from).min();
        let in_cohort = |ms: i64| (from..from + COHORT_MS).contains(&ms);
        let shared = shares.iter().filter(of_it).any(|share| in_cohort(at(share)));
        let found = clicks.iter().filter(of_it).filter(|click| Self::is_click(click) && in_cohort(at(click))).count();
        [
            text(thing, "kind"),
            text(thing, "campaign_id"),
            day(published),
            day(used),
            shared.to_string(),
            found.to_string(),
        ]
        .join(" ")
    }
}

fn at(row: &Value) -> i64 {
    row["at"].as_i64().expect("a time")
}

/// A day for itself, and in its month.
fn grains(day: &str) -> [(String, String); 2] {
    [("day".to_owned(), day.to_owned()), ("month".to_owned(), format!("{}-01", &day[..7]))]
}

fn has_visitors(by: &str) -> bool {
    !matches!(by, "classifier" | "hour" | "age" | "video_hour" | "cohort_content")
}
