//! What JSON-LD says in the words of schema.org.

use serde_json::Value;
use url::Url;

use super::{absolute, text, times};
use crate::model::{ContentKind, Draft};

/// How deep lists and objects are looked into.
const MAX_DEPTH: usize = 8;
/// Things that are kept, at most.
const MAX_THINGS: usize = 1000;

/// Everything in these blocks that could be a content, in the order in which it stands.
pub(super) fn things(blocks: &[String], base: &Url) -> Vec<Draft> {
    let mut found = Vec::new();
    for block in blocks {
        // A block that is no JSON says nothing; serde_json bounds its depth.
        if let Ok(value) = serde_json::from_str::<Value>(block.trim()) {
            walk(&value, base, 0, &mut found);
        }
    }
    found
}

/// The thing that says best what the page is: a job before an event, an article before the video
/// in it.
pub(super) fn foremost(things: &[Draft]) -> Option<&Draft> {
    let rank = |thing: &&Draft| match thing.kind {
        Some(ContentKind::Job) => 0,
        Some(ContentKind::Event) => 1,
        Some(ContentKind::Article) => 2,
        _ => 3,
    };
    things.iter().min_by_key(rank)
}

fn walk(value: &Value, base: &Url, depth: usize, found: &mut Vec<Draft>) {
    if depth > MAX_DEPTH || found.len() >= MAX_THINGS {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| walk(value, base, depth + 1, found)),
        Value::Object(fields) => {
            if let Some(kind) = kind(value) {
                found.push(draft(value, kind, base));
            } else {
                // `@graph`, `itemListElement`, `mainEntity` and whatever else holds things.
                fields.values().filter(|value| !value.is_string()).for_each(|value| {
                    walk(value, base, depth + 1, found);
                });
            }
        }
        _ => {}
    }
}

fn kind(thing: &Value) -> Option<ContentKind> {
    let types = match &thing["@type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    types.into_iter().find_map(|name| {
        // With or without the vocabulary in front.
        match name.rsplit(['/', ':', '#']).next().unwrap_or(name) {
            "JobPosting" => Some(ContentKind::Job),
            "VideoObject" => Some(ContentKind::Video),
            "Event" => Some(ContentKind::Event),
            name if name.ends_with("Event") => Some(ContentKind::Event),
            name if name.ends_with("Article") || name.ends_with("BlogPosting") => Some(ContentKind::Article),
            _ => None,
        }
    })
}

fn draft(thing: &Value, kind: ContentKind, base: &Url) -> Draft {
    let title = first_text(thing, &["title", "headline", "name"]).map(|title| text::line(title, text::TITLE));
    let reference = identifier(&thing["identifier"]);
    let url = first_text(thing, &["url", "@id", "mainEntityOfPage"]).and_then(|url| absolute(base, url));
    let site = ["hiringOrganization", "publisher", "organizer", "author"]
        .iter()
        .find_map(|name| name_of(&thing[*name]))
        .and_then(|name| text::optional_line(name, text::NAME));
    let instant = |names: &[&str]| first_text(thing, names).and_then(times::instant_ms);
    Draft {
        key: String::new(),
        reference,
        url: url.unwrap_or_default(),
        kind: Some(kind),
        title: title.unwrap_or_default(),
        summary: first_text(thing, &["description", "abstract"])
            .and_then(|summary| text::optional_line_of_markup(summary, text::SUMMARY)),
        image_url: ["image", "thumbnailUrl", "thumbnail"]
            .iter()
            .find_map(|name| picture(&thing[*name]))
            .and_then(|url| absolute(base, url)),
        site,
        place: place(&thing[if kind == ContentKind::Job { "jobLocation" } else { "location" }]),
        published_at_ms: instant(&["datePosted", "datePublished", "uploadDate"]),
        expires_at_ms: instant(match kind {
            ContentKind::Job => &["validThrough"],
            ContentKind::Event => &["endDate", "startDate"],
            _ => &["expires"],
        }),
    }
}

fn first(value: &Value) -> &Value {
    value.as_array().and_then(|several| several.first()).unwrap_or(value)
}

fn first_text<'t>(thing: &'t Value, names: &[&str]) -> Option<&'t str> {
    names.iter().filter_map(|name| first(&thing[*name]).as_str()).find(|text| !text.trim().is_empty())
}

fn identifier(value: &Value) -> Option<String> {
    let value = first(value);
    let value = if value.is_object() { &value["value"] } else { value };
    match value {
        Value::String(text) => text::optional_line(text, text::NAME),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn name_of(value: &Value) -> Option<&str> {
    let value = first(value);
    value.as_str().or_else(|| value["name"].as_str()).filter(|name| !name.trim().is_empty())
}

fn picture(value: &Value) -> Option<&str> {
    let value = first(value);
    value.as_str().or_else(|| first(&value["url"]).as_str()).or_else(|| value["contentUrl"].as_str())
}

fn place(value: &Value) -> Option<String> {
    let value = first(value);
    let address = &value["address"];
    let found = first(&address["addressLocality"])
        .as_str()
        .or_else(|| address.as_str())
        .or_else(|| value["name"].as_str())
        .or_else(|| value.as_str())?;
    text::optional_line(found, text::NAME)
}
