//! What is told of a space: tables of texts and of tempers, one TOML file each in `stories/`.
//!
//! Everything that somebody may want to reword or to tune stands there; the code draws from it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{AdvocateKind, Channel, ContentKind, Role};

/// A space and its half year, as `stories/*.toml` tells it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Slug of the space.
    pub slug: String,
    /// The brand's name.
    pub name: String,
    /// `fr` or `en`.
    pub language: String,
    /// Of the people's addresses and of the contents' pages; below `.example`.
    pub domain: String,
    /// `standard`, or `strict`: what a works council may ask for.
    pub privacy_mode: String,
    /// The brand's colour, in degrees of the colour wheel.
    pub hue: f64,
    /// Weight of each language among the contents.
    pub languages: BTreeMap<String, f64>,
    /// Who can be signed in from the command line.
    pub players: Vec<Player>,
    /// The people's teams.
    pub teams: Vec<TeamTable>,
    /// How they came in.
    pub waves: Vec<Wave>,
    /// What it publishes and how that is shared.
    pub temper: Temper,
    /// Weight of each network among the shares, by name.
    pub channels: BTreeMap<String, Habit>,
    /// Weight of each country among people who click.
    pub countries: BTreeMap<String, f64>,
    /// Weight of each device among them.
    pub devices: BTreeMap<String, f64>,
    /// What contents are about.
    pub subjects: Vec<Subject>,
    /// What is said about it.
    pub formats: Vec<Format>,
    /// Brackets around contents.
    #[serde(default)]
    pub campaigns: Vec<CampaignTable>,
    /// What it aims at in every quarter.
    pub objectives: Vec<ObjectiveTable>,
    /// Feeds of its own site.
    pub feeds: Vec<FeedTable>,
    /// Suggested texts.
    pub captions: Vec<CaptionPattern>,
}

/// A feed of the brand's site, with what it proposed lately.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedTable {
    /// Where it is on the site.
    pub path: String,
    /// Its name.
    pub title: String,
    /// What its entries are.
    pub content_kind: ContentKind,
    /// What waits for somebody to decide on it.
    pub entries: Vec<EntryTable>,
}

/// An entry of a feed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryTable {
    /// Its title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Where it is on the site.
    pub path: String,
    /// Days before today on which it was published.
    pub days_ago: u32,
    /// Where the work is, for a job.
    #[serde(default)]
    pub place: Option<String>,
}

/// A person with a name, a part in the demo, and a way in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Player {
    /// What it is in the space.
    pub role: Role,
    /// First name and family name.
    pub name: String,
    /// Name of its team.
    pub team: String,
    /// Where it works.
    pub place: String,
    /// The language it reads.
    pub language: String,
}

/// A team.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamTable {
    /// Its name.
    pub name: String,
    /// The team above it.
    pub parent: Option<String>,
    /// Where its people work; none for a team that only stands above others.
    #[serde(default)]
    pub places: Vec<String>,
    /// What its people read.
    #[serde(default)]
    pub language: Option<String>,
    /// What some of them know about.
    #[serde(default)]
    pub skills: Vec<String>,
}

/// People who were invited together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wave {
    /// Its name; `{month}` is that of its training, else of its invitation, as `2026-09`.
    pub cohort: String,
    /// What its people are.
    pub kind: AdvocateKind,
    /// How many.
    pub people: u32,
    /// Names of the teams that they belong to, in turn.
    pub teams: Vec<String>,
    /// Days after the beginning on which they are invited.
    pub invited_day: i32,
    /// Part of them that registers without being asked twice.
    pub registers: f64,
    /// Mean days that they take for it.
    pub within_days: f64,
    /// Days after the beginning on which their managers, or they, are trained.
    pub trained_day: Option<i32>,
    /// Part of those who had not registered and do after the training.
    #[serde(default)]
    pub trained_registers: f64,
    /// Part of the registered who share.
    pub sharers: f64,
    /// What one of these shares in a week at its best.
    pub weekly_shares: f64,
    /// Days after which half of the zeal that fades has faded.
    pub half_life_days: f64,
    /// Part of the zeal that stays.
    pub floor: f64,
}

/// What the space publishes and how that is shared and read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Temper {
    /// Contents of a working day.
    pub contents_per_weekday: f64,
    /// Contents of a Saturday, as a part of that.
    pub saturday: f64,
    /// Part of the contents that nobody feels like sharing.
    pub dull: f64,
    /// Clicks by people on a share, in the mean.
    pub clicks_per_share: f64,
    /// How unlike shares are: the standard deviation of the logarithm of their expected clicks.
    pub spread: f64,
    /// Part of the shares that are repeated on a second network at once.
    pub second_network: f64,
    /// How much is shared on each day of the week, Monday first; 1 in the mean of working days.
    pub week: [f64; 7],
    /// How much is shared in each month, January first.
    pub months: [f64; 12],
    /// Part of the clicks on a job that become applications.
    pub applies: f64,
    /// Part of these that end in a contract, sooner or later.
    pub hired: f64,
    /// Mean days from the application to the contract.
    pub hire_days: f64,
}

/// What a network is to this space's people.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habit {
    /// Weight among the shares.
    pub weight: f64,
    /// Clicks on a share, as a multiple of the space's mean.
    pub reach: f64,
    /// Requests of mail and link scanners on a share.
    #[serde(default)]
    pub scanners: f64,
}

/// What contents can be about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Part of its addresses, and the name of its picture.
    pub key: String,
    /// Which formats it goes with.
    pub group: String,
    /// Word behind a `#`.
    pub tag: String,
    /// In French.
    pub fr: Option<About>,
    /// In English.
    pub en: Option<About>,
    /// Months in which it is spoken of; empty: all.
    #[serde(default)]
    pub months: Vec<i8>,
    /// Teams that it is for; empty: all.
    #[serde(default)]
    pub teams: Vec<String>,
    /// What its readers know about.
    #[serde(default)]
    pub skills: Vec<String>,
}

/// A subject in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Begins a title.
    pub name: String,
    /// A sentence.
    pub about: String,
}

/// What can be said about a subject.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// What such a content is.
    pub kind: ContentKind,
    /// Of which subjects; empty: it speaks for itself.
    #[serde(default)]
    pub group: String,
    /// How often it is taken.
    #[serde(default = "one")]
    pub weight: f64,
    /// How much it is shared and clicked, as a multiple.
    #[serde(default = "one")]
    pub appeal: f64,
    /// Days after which it is over.
    pub life_days: Option<f64>,
    /// Months in which it is used; empty: all.
    #[serde(default)]
    pub months: Vec<i8>,
    /// It is for people of one place, which the texts call `{city}`.
    #[serde(default)]
    pub local: bool,
    /// In French.
    pub fr: Option<Words>,
    /// In English.
    pub en: Option<Words>,
}

/// Texts of a content in one language; `{subject}`, `{about}` and `{city}` are filled in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// What a person would say about it.
    pub hook: String,
}

/// A bracket around contents: in a season of each year, or once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignTable {
    /// For `utm_campaign`.
    pub slug: String,
    /// For people; `{year}` is that of its start.
    pub name: String,
    /// First day of the season, `MM-DD`.
    pub from: Option<String>,
    /// Or the day after the beginning.
    pub day: Option<i32>,
    /// How long it lasts.
    pub days: i32,
    /// What it aims at.
    pub objective: Option<ObjectiveTable>,
    /// Appeal of its contents, as a multiple.
    #[serde(default = "one")]
    pub appeal: f64,
    /// Word behind a `#`.
    pub tag: String,
    /// Its contents, spread evenly over its days, in this order.
    pub contents: Vec<Format>,
}

/// What a campaign, the whole programme or a team aims at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveTable {
    /// A KPI's name.
    pub kpi: String,
    /// In its unit.
    pub target: f64,
    /// Name of the team; none for all of them.
    pub team: Option<String>,
}

/// A suggested text; `{hook}`, `{title}`, `{about}` and `{tag}` are filled in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionPattern {
    /// Its language.
    pub language: String,
    /// The network that it is for.
    pub channel: String,
    /// The text.
    pub text: String,
}

fn one() -> f64 {
    1.0
}

/// How a network behaves, whoever shares there, and the names that people have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// By channel.
    pub networks: BTreeMap<String, Network>,
    /// Low, middle and high price of a click in EUR, by channel.
    pub click_rates: BTreeMap<String, [f64; 3]>,
    /// Given names in French.
    pub first_names: Vec<String>,
    /// Family names in French.
    pub last_names: Vec<String>,
    /// Given names in English.
    pub first_names_en: Vec<String>,
    /// Family names in English.
    pub last_names_en: Vec<String>,
}

/// What happens to a link on a network.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Hours in which half of the clicks on a share have come.
    pub half_life_hours: f64,
    /// Robots that unfurl a share.
    pub previews: f64,
    /// Crawlers and monitors that follow it.
    pub bots: f64,
}

/// The spaces of the demo, in the order in which they are filled; the first one is shown first.
///
/// # Panics
/// Never: the tables are compiled in, and a test reads them.
pub fn stories() -> Vec<Story> {
    let read = |text: &str| toml::from_str(text).expect("the tables of stories/ are read by a test");
    [include_str!("stories/software.toml"), include_str!("stories/bank.toml"), include_str!("stories/retailer.toml")]
        .map(read)
        .into()
}

/// What all stories share.
///
/// # Panics
/// Never, as [`stories`].
pub fn common() -> Common {
    toml::from_str(include_str!("stories/common.toml")).expect("the tables of stories/ are read by a test")
}

impl Format {
    /// Its words in a language.
    pub fn words(&self, language: &str) -> Option<&Words> {
        if language == "fr" { self.fr.as_ref() } else { self.en.as_ref() }
    }
}

impl Subject {
    /// The subject in a language.
    pub fn about(&self, language: &str) -> Option<&About> {
        if language == "fr" { self.fr.as_ref() } else { self.en.as_ref() }
    }
}

impl Story {
    /// The address of somebody of this name, if it is the first one.
    pub fn address(&self, name: &str) -> String {
        let plain: String = name.to_lowercase().chars().filter_map(plain).collect();
        format!("{plain}@{}", self.domain)
    }

    /// The networks of its people, in a fixed order.
    ///
    /// # Panics
    /// Never, as [`stories`].
    pub fn networks(&self) -> Vec<(Channel, &Habit)> {
        let channel = |name: &String| name.parse().expect("the tables of stories/ are read by a test");
        self.channels.iter().map(|(name, habit)| (channel(name), habit)).collect()
    }
}

/// The letter without what stands above or below it; a dot between names.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        'a'..='z' | '-' => letter,
        ' ' => '.',
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        _ => return None,
    })
}
