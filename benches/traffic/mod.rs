//! Believable clicks by the million: who clicks follows Zipf's law, with real user agents in many versions.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use relais::model::address::utc_day;
use relais::model::{
    AdvocateId, Answer, CampaignId, Click, Code, ContentId, ContentKind, DayKey, DayKeys, LinkId, SpaceId, TeamId, Utm,
};
use relais::spool::RecordId;

const PEOPLE: &str = include_str!("../../src/enrich/testdata/people.tsv");
const CRAWLERS: &str = include_str!("../../src/enrich/testdata/crawlers.tsv");
/// Versions of every browser that are about.
const VERSIONS: u32 = 20;
/// Of 100 clicks, those of robots.
const ROBOTS: u32 = 15;
const ADVOCATES: usize = 20_000;
const CONTENTS: usize = 500;
const CHANNELS: [&str; 5] = ["linkedin", "whatsapp", "x", "email", "qr"];
const REFERRERS: [&str; 8] =
    ["www.linkedin.com", "www.linkedin.com", "lnkd.in", "t.co", "l.facebook.com", "l.instagram.com", "", ""];
const LANGUAGES: [&str; 6] =
    ["fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "en-GB,en;q=0.9", "de-DE,de;q=0.9,en;q=0.6", "fr-CH,fr;q=0.9", "nl", ""];
const KINDS: [ContentKind; 4] = [ContentKind::Job, ContentKind::Article, ContentKind::Video, ContentKind::Event];

/// Draws ranks by Zipf's law.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(ranks: usize, exponent: f64) -> Self {
        let mut sum = 0.0;
        Self(
            (1..=ranks)
                .map(|rank| {
                    sum += (rank as f64).powf(-exponent);
                    sum
                })
                .collect(),
        )
    }

    fn draw(&self, random: &mut SmallRng) -> usize {
        let all = self.0.last().expect("at least one rank");
        let at = random.random_range(0.0..*all);
        self.0.partition_point(|sum| *sum < at)
    }
}

/// An endless crowd; the same one for the same seed.
pub(crate) struct Crowd {
    random: SmallRng,
    advocates: Zipf,
    contents: Zipf,
    agents: Zipf,
    people: Vec<String>,
    robots: Vec<&'static str>,
    codes: [u8; 9],
    campaign: String,
}

impl Crowd {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = SmallRng::seed_from_u64(seed);
        let last_columns = |text: &'static str| {
            let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
            lines.map(|line| line.rsplit('\t').next().expect("a last column"))
        };
        let mut people: Vec<String> =
            (0..VERSIONS).flat_map(|version| last_columns(PEOPLE).map(move |agent| newer(agent, version))).collect();
        // So that the popular ones are of every kind.
        for index in (1..people.len()).rev() {
            people.swap(index, random.random_range(0..=index));
        }
        Self {
            advocates: Zipf::new(ADVOCATES, 1.0),
            contents: Zipf::new(CONTENTS, 1.1),
            agents: Zipf::new(people.len(), 1.0),
            robots: last_columns(CRAWLERS).collect(),
            people,
            random,
            codes: [0; 9],
            campaign: String::new(),
        }
    }

    /// The next click, at `clicked_at_ms`, of the record `id`, its address sealed with `key`.
    pub(crate) fn click(&mut self, clicked_at_ms: i64, id: RecordId, key: &DayKey) -> Click<'_> {
        let random = &mut self.random;
        let advocate = self.advocates.draw(random) as u64;
        let content = self.contents.draw(random) as u64;
        let channel = random.random_range(0..CHANNELS.len());
        let link = (advocate << 20 | content << 4 | channel as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1;
        let mut rest = link;
        for letter in &mut self.codes {
            *letter = Code::ALPHABET[(rest % 56) as usize];
            rest /= 56;
        }
        let is_robot = random.random_ratio(ROBOTS, 100);
        let user_agent = if is_robot {
            self.robots[random.random_range(0..self.robots.len())]
        } else {
            &self.people[self.agents.draw(random)]
        };
        let address = if random.random_ratio(1, 3) {
            IpAddr::V6(Ipv6Addr::from_bits(0x2001 << 112 | u128::from(random.random::<u32>()) << 64 | 1))
        } else {
            IpAddr::V4(Ipv4Addr::from_bits(random.random_range(0x0100_0000..0xdf00_0000)))
        };
        let text = |choices: &[&'static str], random: &mut SmallRng| choices[random.random_range(0..choices.len())];
        let tagged = random.random_ratio(1, 4);
        self.campaign.clear();
        if tagged {
            self.campaign.push_str(["spring-2026", "employer-brand", "jobs-lyon"][random.random_range(0..3)]);
        }
        Click {
            clicked_at_ms,
            utc_offset_minutes: 60,
            space: SpaceId::from_bits(1 + content % 3),
            link: LinkId::from_bits(link),
            content: ContentId::from_bits((content + 1) << 32),
            campaign: CampaignId::from_bits(1 + content % 40),
            advocate: AdvocateId::from_bits((advocate + 1) << 24),
            team: TeamId::from_bits(1 + advocate % 200),
            kind: KINDS[content as usize % KINDS.len()],
            answer: Answer::Content,
            status: 302,
            head: random.random_ratio(1, 100),
            prefetch: random.random_ratio(1, 100),
            own: false,
            strict_privacy: false,
            address: Some(key.seal(address, id.lane, id.segment, id.record)),
            code: std::str::from_utf8(&self.codes).expect("letters"),
            channel: CHANNELS[channel],
            cohort: ["2025-q4", "2026-q1", ""][advocate as usize % 3],
            accept_language: if is_robot { b"" } else { text(&LANGUAGES, random).as_bytes() },
            utm: if tagged {
                Utm { source: b"newsletter", medium: b"email", campaign: self.campaign.as_bytes(), ..Utm::default() }
            } else {
                Utm::default()
            },
            referrer_host: if is_robot { b"" } else { text(&REFERRERS, random).as_bytes() },
            user_agent: user_agent.as_bytes(),
        }
    }
}

/// Another release of the same browser: its last number changed.
fn newer(agent: &str, version: u32) -> String {
    if version == 0 {
        return agent.to_owned();
    }
    let is_digit = |character: char| character.is_ascii_digit();
    let Some(end) = agent.rfind(is_digit) else { return format!("{agent}/{version}") };
    let start = agent[..end].rfind(|character| !is_digit(character)).map_or(0, |at| at + 1);
    format!("{}{version}{}", &agent[..start], &agent[end + 1..])
}

/// Keys of the days from the one of `from_ms` to the one of `to_ms`.
pub(crate) fn keys(from_ms: i64, to_ms: i64) -> DayKeys {
    let days = utc_day(from_ms)..=utc_day(to_ms);
    DayKeys::new(days.map(|day| (day, DayKey::from_secret(&[day as u8; 32]))).collect::<BTreeMap<_, _>>())
}
