//! Feeds of jobs as job boards take them: `<source><job><title>…<referencenumber>…</job>…`.
//!
//! There is no standard; these are the names that boards and applicant systems share.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use url::Url;

use super::feed::{Entries, MAX_ENTRIES};
use super::{absolute, text, times};
use crate::model::{ContentKind, Draft};

/// Longest text of a field that is kept, in bytes.
const MAX_FIELD: usize = 64 * 1024;

/// The fields of one job by their names in lower case.
type Fields = BTreeMap<String, String>;

/// None when it is no XML to its end.
pub(super) fn entries(document: &str, url: &Url) -> Option<Entries> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().allow_dangling_amp = true;
    let mut entries = Entries::default();
    // Depth of the document, and at which the open job began.
    let (mut depth, mut job): (usize, Option<(usize, Fields)>) = (0, None);
    let mut field: Option<String> = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                depth += 1;
                let name = name(tag.local_name().as_ref());
                match &job {
                    None if name == "job" => job = Some((depth, Fields::new())),
                    Some((began, _)) if depth == began + 1 => field = Some(name),
                    None if depth == 2 && matches!(name.as_str(), "publisher" | "company") => field = Some(name),
                    _ => {}
                }
            }
            Event::End(_) => {
                match job.take() {
                    Some((began, fields)) if depth == began => entries.drafts.extend(draft(&fields, url)),
                    open => {
                        if open.as_ref().is_none_or(|(began, _)| depth == began + 1) {
                            field = None;
                        }
                        job = open;
                    }
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(piece) => keep(&mut job, field.as_deref(), &piece.xml10_content(), &mut entries),
            Event::CData(piece) => keep(&mut job, field.as_deref(), &piece.xml10_content(), &mut entries),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten().map(String::from);
                let named = || resolve_predefined_entity(&reference).map(str::to_owned);
                keep(&mut job, field.as_deref(), &character.or_else(named).unwrap_or_default(), &mut entries);
            }
            Event::Eof if depth == 0 => break,
            // Cut off: half a feed would close the jobs of the other half.
            Event::Eof => return None,
            _ => {}
        }
        if entries.drafts.len() >= MAX_ENTRIES {
            break;
        }
    }
    entries.title = entries.title.and_then(|title| text::optional_line(&title, text::NAME));
    Some(entries)
}

fn name(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-'], "")
}

fn keep(job: &mut Option<(usize, Fields)>, field: Option<&str>, piece: &str, entries: &mut Entries) {
    let Some(field) = field else { return };
    let slot = match job {
        Some((_, fields)) => fields.entry(field.to_owned()).or_default(),
        None => entries.title.get_or_insert_default(),
    };
    if slot.len() + piece.len() <= MAX_FIELD {
        slot.push_str(piece);
    }
}

fn draft(fields: &Fields, base: &Url) -> Option<Draft> {
    let field = |names: &[&str]| {
        names.iter().filter_map(|name| fields.get(*name)).map(|text| text.trim()).find(|text| !text.is_empty())
    };
    let short = |names: &[&str]| field(names).and_then(|text| text::optional_line_of_markup(text, text::NAME));
    let reference = field(&["referencenumber", "reference", "requisitionid", "jobid", "id", "guid"])
        .and_then(|text| text::optional_line(text, text::TITLE));
    let title = text::optional_line_of_markup(field(&["title", "jobtitle", "position", "name"])?, text::TITLE)?;
    let url = absolute(base, field(&["url", "link", "joburl", "applyurl"])?)?;
    let (company, city) = (short(&["company", "employer", "companyname"]), short(&["city", "location", "place"]));
    let description =
        field(&["description", "body", "summary"]).and_then(|text| text::optional_line_of_markup(text, text::SUMMARY));
    // Where and with whom is what a job's card is read for.
    let whereabouts: Vec<&str> = [&company, &city].into_iter().flatten().map(String::as_str).collect();
    let summary = [Some(whereabouts.join(", ")).filter(|text| !text.is_empty()), description];
    let summary: Vec<String> = summary.into_iter().flatten().collect();
    Some(Draft {
        key: reference.clone().unwrap_or_default(),
        reference,
        url,
        kind: Some(ContentKind::Job),
        title,
        summary: text::optional_line(&summary.join(". "), text::SUMMARY),
        image_url: field(&["image", "logo", "companylogo"]).and_then(|url| absolute(base, url)),
        site: company,
        place: city,
        published_at_ms: field(&["date", "dateposted", "pubdate", "published", "publishdate"])
            .and_then(times::instant_ms),
        expires_at_ms: field(&["expirationdate", "expires", "validthrough", "closingdate", "enddate"])
            .and_then(times::instant_ms),
    })
}
