//! What is published: subjects in formats, day after day, and campaigns in their seasons.

use std::collections::HashSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::calendar::{Calendar, DAY_MS, DAYS};
use super::chance::Chance;
use super::{Bracket, Proposal};
use crate::demo::story::{About, CampaignTable, Format, Story, Subject};
use crate::model::ContentKind;
use crate::programme::{Audience, Caption};

/// Spread of how much contents are liked.
const UNLIKE: f64 = 0.45;
/// How much a dull content is liked.
const DULL: f64 = 0.004;
/// Other texts are tried this often before one is used twice.
const TRIES: usize = 40;
/// Contents of a public holiday, as a part of a working day's.
const ON_HOLIDAY: f64 = 0.1;

pub(super) fn draw(story: &Story, calendar: &Calendar, scale: f64) -> (Vec<Bracket>, Vec<Proposal>) {
    let mut desk = Desk {
        story,
        calendar,
        cities: cities(story),
        chance: Chance::of(&story.slug, "contents"),
        titles: HashSet::new(),
        contents: Vec::new(),
    };
    let mut campaigns: Vec<(&CampaignTable, Date)> = story
        .campaigns
        .iter()
        .flat_map(|campaign| starts(campaign, calendar).into_iter().map(move |start| (campaign, start)))
        .collect();
    campaigns.sort_by_key(|(_, start)| *start);
    let mut brackets = Vec::new();
    for (campaign, start) in campaigns {
        desk.campaign(campaign, start, brackets.len(), scale);
        brackets.push(bracket(campaign, start));
    }
    desk.everyday(scale);
    let mut contents = desk.contents;
    contents.sort_by_key(|content| content.published_at_ms);
    for (number, content) in contents.iter_mut().enumerate() {
        content.key = format!("C{:05}", number + 1);
        content.url = format!("{}-{}", content.url, number + 1);
    }
    (brackets, contents)
}

/// Where the story's people work.
fn cities(story: &Story) -> Vec<String> {
    let mut cities: Vec<String> = story.teams.iter().flat_map(|team| team.places.clone()).collect();
    cities.sort();
    cities.dedup();
    cities
}

/// The first days of a campaign that touch the story.
fn starts(campaign: &CampaignTable, calendar: &Calendar) -> Vec<Date> {
    let last = calendar.number(calendar.date_of(calendar.until_ms));
    let touches = |start: &Date| {
        let day = calendar.number(*start);
        day <= last && day + campaign.days > 0
    };
    let seasons = campaign.from.as_deref().into_iter().flat_map(|from| {
        let year = calendar.date(0).year();
        (year - 1..=year + 1).filter_map(move |year| format!("{year}-{from}").parse::<Date>().ok())
    });
    let once = campaign.day.into_iter().map(|day| calendar.date(day));
    seasons.chain(once).filter(touches).collect()
}

fn bracket(campaign: &CampaignTable, start: Date) -> Bracket {
    let year = start.year().to_string();
    let objective = campaign.objective.as_ref().map(|objective| (objective.kpi.clone(), objective.target));
    Bracket {
        key: format!("{}-{year}", campaign.slug),
        slug: format!("{}-{year}", campaign.slug),
        name: campaign.name.replace("{year}", &year),
        starts_on: start,
        ends_on: start.saturating_add((campaign.days - 1).days()),
        objective,
    }
}

/// Where contents are made.
struct Desk<'s> {
    story: &'s Story,
    calendar: &'s Calendar,
    cities: Vec<String>,
    chance: Chance,
    titles: HashSet<String>,
    contents: Vec<Proposal>,
}

impl Desk<'_> {
    /// The contents of a campaign, evenly over its days.
    fn campaign(&mut self, campaign: &CampaignTable, start: Date, number: usize, scale: f64) {
        let wanted = ((campaign.contents.len() as f64 * scale).round() as usize).max(1);
        let subject = Subject {
            key: campaign.slug.clone(),
            group: String::new(),
            tag: campaign.tag.clone(),
            fr: None,
            en: None,
            months: Vec::new(),
            teams: Vec::new(),
            skills: Vec::new(),
        };
        for (place, format) in campaign.contents.iter().take(wanted).enumerate() {
            let day = self.calendar.number(start)
                + campaign.days * i32::try_from(place).unwrap_or(0) / i32::try_from(wanted).unwrap_or(1);
            if !(0..=DAYS).contains(&day) {
                continue;
            }
            let published_at_ms = self.calendar.at_work(day, &mut self.chance);
            if let Some(mut content) = self.write(format, Some(&subject), published_at_ms) {
                content.campaign = Some(number);
                content.appeal *= campaign.appeal;
                self.contents.push(content);
            }
        }
    }

    /// What is published day after day, campaigns included in the count.
    fn everyday(&mut self, scale: f64) {
        let temper = &self.story.temper;
        let holidays: HashSet<Date> = self.calendar.holidays().into_iter().collect();
        let mut due = 0.0;
        for (day, date) in self.calendar.days() {
            let planned = self.contents.iter().filter(|one| self.calendar.date_of(one.published_at_ms) == date).count();
            let part = match date.weekday().to_monday_one_offset() {
                6 => temper.saturday,
                7 => 0.0,
                _ if holidays.contains(&date) => ON_HOLIDAY,
                _ => 1.0,
            };
            due += temper.contents_per_weekday * scale * part - planned as f64;
            while due >= 1.0 {
                due -= 1.0;
                let published_at_ms = self.calendar.at_work(day, &mut self.chance);
                if let Some(content) = self.any(date, published_at_ms) {
                    self.contents.push(content);
                }
            }
        }
    }

    /// A content that fits the month, and whose title is new, if there is one.
    fn any(&mut self, date: Date, published_at_ms: i64) -> Option<Proposal> {
        let story = self.story;
        let fits = |months: &[i8]| months.is_empty() || months.contains(&date.month());
        let formats: Vec<&Format> = story.formats.iter().filter(|format| fits(&format.months)).collect();
        let weights: Vec<f64> = formats.iter().map(|format| format.weight).collect();
        let mut last = None;
        for _ in 0..TRIES {
            let format = formats[self.chance.pick(&weights)?];
            let subjects: Vec<&Subject> =
                story.subjects.iter().filter(|one| one.group == format.group && fits(&one.months)).collect();
            let Some(subject) = subjects.get(self.chance.below(subjects.len().max(1))) else { continue };
            let Some(content) = self.write(format, Some(subject), published_at_ms) else { continue };
            if self.titles.insert(content.title.clone()) {
                return Some(content);
            }
            last = Some(content);
        }
        last
    }

    fn write(&mut self, format: &Format, subject: Option<&Subject>, published_at_ms: i64) -> Option<Proposal> {
        if published_at_ms >= self.calendar.until_ms {
            return None;
        }
        let story = self.story;
        let city = self.cities[self.chance.below(self.cities.len())].clone();
        let fill = Fill { format, subject, city: &city };
        let language = self.language(&fill)?;
        let (title, summary, _) = fill.words(&language)?;
        let key = subject.map_or("", |subject| subject.key.as_str());
        let mut audience = Audience::default();
        if format.local {
            audience.locations.push(city.clone());
        }
        if let Some(subject) = subject {
            audience.teams.clone_from(&subject.teams);
            audience.skills.clone_from(&subject.skills);
        }
        let dull = self.chance.happens(story.temper.dull);
        let liked = if dull { DULL } else { self.chance.factor(UNLIKE) };
        Some(Proposal {
            key: String::new(),
            kind: format.kind,
            url: format!("https://www.{}/{}/{key}", story.domain, folder(format.kind)),
            image_url: format!("https://images.{}/{key}.png", story.domain),
            captions: captions(story, &fill),
            title,
            summary,
            audience,
            campaign: None,
            published_at_ms,
            expires_at_ms: format.life_days.map(|days| published_at_ms + (days * DAY_MS) as i64),
            closed_at_ms: None,
            appeal: format.appeal * liked,
        })
    }

    /// One of the languages that the texts are there in.
    fn language(&mut self, fill: &Fill<'_>) -> Option<String> {
        let there = self.story.languages.iter().filter(|(language, _)| fill.words(language).is_some());
        let (languages, weights): (Vec<&String>, Vec<f64>) =
            there.map(|(language, weight)| (language, *weight)).unzip();
        self.chance.pick(&weights).map(|index| languages[index].clone())
    }
}

/// Texts with their blanks.
struct Fill<'a> {
    format: &'a Format,
    subject: Option<&'a Subject>,
    city: &'a str,
}

impl Fill<'_> {
    /// Title, summary and hook in a language.
    fn words(&self, language: &str) -> Option<(String, String, String)> {
        let words = self.format.words(language)?;
        let about = self.subject.and_then(|subject| subject.about(language));
        if about.is_none() && words.title.contains("{subject}") {
            return None;
        }
        let fill = |text: &str| self.blanks(text, about);
        Some((fill(&words.title), fill(&words.summary), fill(&words.hook)))
    }

    fn blanks(&self, text: &str, about: Option<&About>) -> String {
        let (name, sentence) = about.map_or(("", ""), |about| (&about.name, &about.about));
        text.replace("{subject}", name).replace("{about}", sentence).replace("{city}", self.city)
    }
}

/// The suggested texts, in every language that the content can be told in.
fn captions(story: &Story, fill: &Fill<'_>) -> Vec<Caption> {
    let patterns = story.captions.iter().filter_map(|pattern| {
        let (title, summary, hook) = fill.words(&pattern.language)?;
        let tag = fill.subject.map_or("", |subject| subject.tag.as_str());
        let text = pattern.text.replace("{hook}", &hook).replace("{title}", &title);
        let text = text.replace("{summary}", &summary).replace("{tag}", tag);
        let (language, channel) = (Some(pattern.language.clone()), Some(pattern.channel.clone()));
        Some(Caption { language, channel, text })
    });
    patterns.collect()
}

fn folder(kind: ContentKind) -> &'static str {
    match kind {
        ContentKind::Article => "journal",
        ContentKind::Campaign => "offres",
        ContentKind::Job => "emplois",
        ContentKind::Video => "films",
        ContentKind::Event => "agenda",
    }
}
