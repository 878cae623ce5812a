//! The form of a content: what it offers to choose from, what it is read as, and what stands in it.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _};
use sha2::{Digest as _, Sha256};

use super::super::super::PortalState;
use super::super::super::employee::channels;
use super::super::super::parts::aim::Cell;
use super::super::super::parts::{FormData, FormState, Outcome, Page, Person, Sent};
use super::super::super::texts::msg;
use super::super::local_time;
use super::may_publish;
use crate::model::{Content, ContentKind, ContentState, TeamId, hex};
use crate::programme::audiences::People;
use crate::programme::people::Branch;
use crate::programme::times::format_instant;
use crate::programme::{Audience, Caption, ContentFields, Error, Field};

/// Empty rows for texts that a form always has.
const EMPTY_ROWS: usize = 2;

/// The page with the form of a content.
#[derive(Template)]
#[template(path = "marketing/content_form.html")]
pub(in crate::portal::marketing) struct ContentForm {
    pub(in crate::portal::marketing) page: Page,
    pub(in crate::portal::marketing) heading: String,
    /// The form's address.
    pub(in crate::portal::marketing) path: String,
    pub(in crate::portal::marketing) form: FormState,
    pub(in crate::portal::marketing) choices: Choices,
    pub(in crate::portal::marketing) rows: Vec<TextRow>,
    /// What there is to say before the form.
    pub(in crate::portal::marketing) notes: Vec<Note>,
    /// The content as it stands; none for one that is to be made.
    pub(in crate::portal::marketing) standing: Option<super::edit::Standing>,
}

/// Something to say before the form.
pub(in crate::portal::marketing) struct Note {
    /// Class of the note: what it weighs.
    pub(in crate::portal::marketing) class: &'static str,
    pub(in crate::portal::marketing) icon: &'static str,
    pub(in crate::portal::marketing) text: String,
    /// Where to look: address and text.
    pub(in crate::portal::marketing) link: Option<(String, String)>,
}

impl ContentForm {
    /// Whether the form still decides when the content is proposed.
    fn can_be_published(&self) -> bool {
        let state = self.standing.as_ref().map(|standing| standing.state);
        matches!(state, None | Some(ContentState::Draft | ContentState::Scheduled))
    }

    fn picture(&self) -> Option<&str> {
        self.standing.as_ref()?.picture.as_deref()
    }
}

/// A suggested text in the form.
pub(in crate::portal::marketing) struct TextRow {
    language: String,
    channel: String,
    text: String,
}

/// What the fields choose from.
pub(in crate::portal::marketing) struct Choices {
    kinds: Vec<(String, String)>,
    /// Where somebody goes on who leaves the form.
    home: &'static str,
    campaigns: Vec<(String, String)>,
    languages: Vec<(String, String)>,
    channels: Vec<(String, String)>,
    audience: Vec<List>,
    reach: Reach,
}

/// One of the lists that an audience consists of.
struct List {
    name: &'static str,
    label: String,
    /// Value, text, and how many people that is where it is known.
    entries: Vec<(String, String, Option<u64>)>,
    ticked: usize,
}

/// How many people an audience names.
#[derive(Template)]
#[template(path = "marketing/content_reach.html")]
struct Reach {
    page: Page,
    reached: u64,
    of: u64,
}

impl Choices {
    /// What the fields choose from, with everything that `form` has chosen.
    pub(in crate::portal::marketing) async fn of(
        state: &PortalState,
        person: &Person,
        page: &Page,
        form: &FormData,
    ) -> Result<Self, Error> {
        let space = person.space_id();
        let people = state.programme.people(space).await?;
        let teams = state.programme.team_tree(space).await?;
        let campaigns = state.programme.campaigns_with_contents(space).await?;
        let none = |name| (String::new(), page.say(name));
        let kind = |kind: &ContentKind| (kind.as_str().to_owned(), page.word("kind", kind.as_str()));
        let campaigns = campaigns.into_iter().map(|(campaign, _)| (campaign.id.to_string(), campaign.name));
        let language =
            |tag: &str| (tag.to_owned(), page.word_if_known("language", tag).unwrap_or_else(|| tag.to_owned()));
        let mut languages: Vec<_> = ["fr", "en"].map(language).into();
        let others = people.languages.iter().map(|(tag, _)| tag.as_str()).chain(form.all("caption_language"));
        for tag in others.filter(|tag| !tag.is_empty()) {
            if !languages.iter().any(|(known, _)| known == tag) {
                languages.push(language(tag));
            }
        }
        let mut places = channels(page);
        for channel in form.all("caption_channel").into_iter().filter(|channel| !channel.is_empty()) {
            if !places.iter().any(|(known, _)| known == channel) {
                places.push((channel.to_owned(), channel.to_owned()));
            }
        }
        Ok(Self {
            kinds: ContentKind::ALL.iter().filter(|kind| super::publishes(person, **kind)).map(kind).collect(),
            home: super::home(person),
            campaigns: std::iter::once(none(msg("content-campaign-none"))).chain(campaigns).collect(),
            languages: std::iter::once(none(msg("content-text-any-language"))).chain(languages).collect(),
            channels: std::iter::once(none(msg("content-text-any-channel"))).chain(places).collect(),
            audience: lists(page, &people, &teams, form),
            reach: Reach { page: page.clone(), reached: people.reached_by(&audience(form)), of: people.count() },
        })
    }
}

fn lists(page: &Page, people: &People, teams: &[Branch], form: &FormData) -> Vec<List> {
    let named = |found: &[(String, u64)]| -> Vec<_> {
        found.iter().map(|(name, count)| (name.clone(), name.clone(), Some(*count))).collect()
    };
    let teams = teams.iter().map(|branch| {
        let name = format!("{}{}", "\u{2003}".repeat(branch.depth), branch.record.team.name);
        (branch.record.team.id.to_string(), name, Some(branch.people_below))
    });
    let languages = people.languages.iter().map(|(tag, count)| {
        let word = page.word_if_known("language", tag).unwrap_or_else(|| tag.clone());
        (tag.clone(), word, Some(*count))
    });
    let kinds = people
        .kinds
        .iter()
        .map(|(kind, count)| (kind.as_str().to_owned(), page.word("advocate-kind", kind.as_str()), Some(*count)));
    [
        ("teams", page.say("content-teams"), teams.collect()),
        ("locations", page.say("content-locations"), named(&people.locations)),
        ("languages", page.say("content-languages"), languages.collect()),
        ("kinds", page.say("content-kinds"), kinds.collect()),
        ("skills", page.say("content-skills"), named(&people.skills)),
    ]
    .into_iter()
    .map(|(name, label, mut entries): (_, _, Vec<(String, String, Option<u64>)>)| {
        let ticked = form.all(name);
        // What nobody is any more, or not yet, can still be taken away.
        for value in &ticked {
            if !entries.iter().any(|(known, _, _)| known == value) {
                entries.push(((*value).to_owned(), (*value).to_owned(), None));
            }
        }
        List { name, label, entries, ticked: ticked.len() }
    })
    .filter(|list| !list.entries.is_empty())
    .collect()
}

/// `/marketing/contents/reach`: how many people the audience of a form names, as a part of its page.
pub(super) async fn reach(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_publish(&sent.person)?;
    let people = state.programme.people(sent.person.space_id()).await?;
    let page = super::frame(&sent.person);
    let reach = Reach { page, reached: people.reached_by(&audience(&sent.form)), of: people.count() };
    Ok(Html(reach.render().unwrap_or_default()).into_response())
}

fn audience(form: &FormData) -> Audience {
    let list = |name| form.all(name).into_iter().map(str::to_owned).collect();
    Audience {
        teams: list("teams"),
        locations: list("locations"),
        languages: list("languages"),
        kinds: list("kinds"),
        skills: list("skills"),
    }
}

/// The rows of suggested texts: those that were given, and some for more.
pub(in crate::portal::marketing) fn rows(form: &FormData) -> Vec<TextRow> {
    let given = captions(form).into_iter().map(|caption| TextRow {
        language: caption.language.unwrap_or_default(),
        channel: caption.channel.unwrap_or_default(),
        text: caption.text,
    });
    let empty = || TextRow { language: String::new(), channel: String::new(), text: String::new() };
    given.chain(std::iter::repeat_with(empty).take(EMPTY_ROWS)).collect()
}

fn captions(form: &FormData) -> Vec<Caption> {
    let (languages, channels) = (form.all("caption_language"), form.all("caption_channel"));
    let chosen = |list: &[&str], index: usize| {
        list.get(index).filter(|value| !value.is_empty()).map(|value| (*value).to_owned())
    };
    let texts = form.all("caption_text").into_iter().enumerate();
    let row = |(index, text): (usize, &str)| Caption {
        language: chosen(&languages, index),
        channel: chosen(&channels, index),
        text: text.replace("\r\n", "\n"),
    };
    texts.filter(|(_, text)| !text.trim().is_empty()).map(row).collect()
}

/// A form as the programme takes it; `now_ms` is when it is published if its button says so.
pub(in crate::portal::marketing) fn fields(
    form: &FormData,
    zone: &str,
    standing: Option<&Content>,
    now_ms: i64,
) -> ContentFields {
    let stood = |at_ms: fn(&Content) -> Option<i64>| standing.and_then(at_ms);
    let published_at = if form.has("do", "publish") {
        format_instant(now_ms).into()
    } else {
        local_time::read(zone, form.text("published_at"), stood(|content| content.published_at_ms))
    };
    ContentFields {
        kind: form.field("kind"),
        title: form.field("title"),
        url: Field::Value(form.text("url").trim().to_owned()),
        summary: form.field("summary"),
        image_url: form.field("image_url"),
        campaign_id: form.field("campaign_id"),
        audience: Field::Value(audience(form)),
        captions: Field::Value(captions(form)),
        published_at,
        expires_at: local_time::read(zone, form.text("expires_at"), stood(|content| content.expires_at_ms)),
        closed_at: Field::Absent,
        fallback_url: form.field("fallback_url"),
        tracks_conversions: Field::Value(form.has("tracks_conversions", "yes")),
        forward_query: Field::Value(form.has("forward_query", "yes")),
        external_id: form.field("external_id"),
    }
}

/// The kind that a form says.
pub(in crate::portal::marketing) fn kind_of(form: &FormData) -> ContentKind {
    // What is no kind is refused by the programme; whoever may write articles may be told that.
    form.parsed("kind").unwrap_or(ContentKind::Article)
}

/// What stands, as the form begins with it.
pub(in crate::portal::marketing) fn standing(content: &Content, zone: &str, teams: &[Branch]) -> FormData {
    // What the programme has written reads back.
    let captions: Vec<Caption> = serde_json::from_value(content.captions.clone()).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let form = FormData::default()
        .with("version", version_of(content))
        .with("kind", content.kind.as_str())
        .with("title", &content.title)
        .with("url", &content.url)
        .with("summary", text(&content.summary))
        .with("image_url", text(&content.image_url))
        .with("campaign_id", content.campaign.known().map(|id| id.to_string()).unwrap_or_default())
        .with("published_at", local_time::written(zone, content.published_at_ms))
        .with("expires_at", local_time::written(zone, content.expires_at_ms))
        .with("fallback_url", text(&content.fallback_url))
        .with("external_id", text(&content.external_id))
        .with("tracks_conversions", if content.tracks_conversions { "yes" } else { "" })
        .with("forward_query", if content.forward_query { "yes" } else { "" });
    captions.into_iter().fold(aimed(form, &content.audience, teams), |form, caption| {
        form.with("caption_language", caption.language.unwrap_or_default())
            .with("caption_channel", caption.channel.unwrap_or_default())
            .with("caption_text", caption.text)
    })
}

/// The form with an audience in it, as contents and feeds keep one.
pub(in crate::portal::marketing) fn aimed(
    mut form: FormData,
    audience: &serde_json::Value,
    teams: &[Branch],
) -> FormData {
    // What the programme has written reads back.
    let audience: Audience = serde_json::from_value(audience.clone()).unwrap_or_default();
    for (name, values) in [
        ("teams", audience.teams.iter().map(|team| team_value(team, teams)).collect()),
        ("locations", audience.locations),
        ("languages", audience.languages),
        ("kinds", audience.kinds),
        ("skills", audience.skills),
    ] {
        for value in values {
            form = form.with(name, value);
        }
    }
    form
}

/// An audience names a team by its id, or by its name, which may come before the team.
fn team_value(team: &str, teams: &[Branch]) -> String {
    if team.parse::<TeamId>().is_ok() {
        return team.to_owned();
    }
    let known = teams.iter().find(|branch| branch.record.team.name.to_lowercase() == team.to_lowercase());
    known.map_or_else(|| team.to_owned(), |branch| branch.record.team.id.to_string())
}

/// A digest of all that a form shows of a content: another one, and somebody has changed it since. What the programme
/// computes by itself is no part of it.
pub(super) fn version_of(content: &Content) -> String {
    let shown = Content { similar: Vec::new(), ..content.clone() };
    let json = serde_json::to_string(&shown).expect("the model's types have string keys only");
    hex(&Sha256::digest(json)[..16])
}
