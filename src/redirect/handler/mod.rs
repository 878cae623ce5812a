//! From a parsed request to an answer.

mod answers;
mod observe;
pub(super) mod query;
mod route;

use std::net::IpAddr;
use std::time::Instant;

use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};

pub(super) use answers::Answer;
use query::{Observed, extended};
use route::Route;

use super::click_log::ClickLog;
use super::link_table::{Destination, Directory, Found, Reader};
use super::pages::{Card, Dressed, Info, Standing, preferred, render};
use super::preview::PreviewAgents;
use super::recorder::{Recorder, Request};
use super::tally::{Outcome, Tally};
use super::worker::Shared;
use crate::look::qr;
use crate::model::host_proof;
use crate::model::programme::{Language, PrivacyMode};
use crate::model::{self, PictureKey, click_id};
use crate::net::MAX_HEADERS;
use crate::net::limits::Client;
use crate::spool::{Acknowledge, RecordId, WhenFull};

/// Longest path with query, in bytes; longer ones are answered 414.
const MAX_TARGET: usize = 8 * 1024;
/// When to come back after the spool would not take a click, in seconds.
const RETRY_AFTER_S: u64 = 5;

/// Everything that one worker answers with. Behind a lock that nobody else ever waits for: the
/// worker's connections all live on its thread.
pub(super) struct Handler<L> {
    pub(super) reader: Reader,
    pub(super) recorder: Recorder<L>,
    pub(super) tally: Tally,
    pub(super) previews: PreviewAgents,
    pub(super) observed: Observed,
    pub(super) clock: WallClock,
}

/// The wall clock, read once a second and carried on by the monotonic one, which times requests
/// anyway: a request reads two clocks, not three.
#[derive(Debug, Clone, Copy)]
pub(super) struct WallClock {
    at: Instant,
    unix_ms: i64,
}

/// An answer, and what it waits for before it may leave.
pub(super) struct Ready<L: ClickLog> {
    pub(super) answer: Answer,
    pub(super) waiting: Option<Waiting<L>>,
}

/// The sync that an answer waits for.
pub(super) struct Waiting<L: ClickLog> {
    pub(super) synced: L::Durable,
    /// What is answered when the disk fails; none: the same, because the record may still be read
    /// back, and the spool's ledger names it if not.
    pub(super) otherwise: Option<Answer>,
}

/// A request that is to be answered with a link.
struct Asked<'r> {
    client: IpAddr,
    buckets: &'r Client,
    started: Instant,
    head: bool,
    host: &'r [u8],
    query: Option<&'r str>,
    headers: &'r HeaderMap,
}

/// What was decided, owning nothing of the request.
enum Verdict {
    Redirect(HeaderValue, Outcome),
    Other(Answer, Outcome),
}

impl WallClock {
    pub(super) fn now() -> Self {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self { at: Instant::now(), unix_ms: i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX) }
    }

    fn unix_ms(&self, at: Instant) -> i64 {
        let later = at.saturating_duration_since(self.at).as_millis();
        self.unix_ms.saturating_add(i64::try_from(later).unwrap_or(i64::MAX))
    }
}

impl<L: ClickLog> Handler<L> {
    /// Answers a request of `client`, whose buckets are `buckets`.
    pub(super) fn answer(
        &mut self,
        shared: &Shared,
        parts: Parts,
        client: IpAddr,
        buckets: &Client,
        started: Instant,
    ) -> Ready<L> {
        let Parts { method, uri, headers, .. } = parts;
        let host = observe::host(&uri, &headers);
        let head = method == Method::HEAD;
        let asked = Asked { client, buckets, started, head, host, query: uri.query(), headers: &headers };
        let mut waiting = None;
        let verdict = if headers.len() > MAX_HEADERS {
            Verdict::Other(answers::too_many_headers(), Outcome::Malformed)
        } else if !head && method != Method::GET {
            Verdict::Other(answers::not_allowed(), Outcome::Method)
        } else if let Err(too_many) = shared.port.limits.request(buckets, started) {
            let page = later(shared, self.reader.directory(), &asked, Standing::Limited, too_many.retry_after_s);
            Verdict::Other(page, Outcome::Limited)
        } else if uri.path_and_query().is_some_and(|target| target.as_str().len() > MAX_TARGET) {
            let page = standing(shared, self.reader.directory(), &asked, StatusCode::URI_TOO_LONG, Standing::Long);
            Verdict::Other(page, Outcome::Malformed)
        } else {
            match Route::of(uri.path()) {
                Route::Link(code) => self.link(shared, &asked, code, &mut waiting),
                Route::Info(code) => self.info(shared, &asked, code),
                Route::QrSvg(code) => self.qr(shared, &asked, code, "image/svg+xml", qr::svg),
                Route::QrPng(code) => self.qr(shared, &asked, code, "image/png", qr::png),
                Route::Robots => Verdict::Other(answers::robots(), Outcome::Page),
                Route::Favicon => Verdict::Other(answers::no_icon(), Outcome::Page),
                Route::Proof(nonce) => self.proof(shared, &asked, nonce),
                Route::Nothing => Verdict::Other(inactive(shared, self.reader.directory(), &asked), Outcome::Unknown),
            }
        };
        let (answer, outcome) = match verdict {
            Verdict::Redirect(location, outcome) => (answers::redirect(location, headers), outcome),
            Verdict::Other(answer, outcome) => (answer, outcome),
        };
        self.tally.answered(outcome, started.elapsed());
        Ready { answer, waiting }
    }

    fn link(&mut self, shared: &Shared, asked: &Asked<'_>, code: &str, waiting: &mut Option<Waiting<L>>) -> Verdict {
        let now_ms = self.clock.unix_ms(asked.started);
        let Self { reader, recorder, tally, previews, observed, .. } = self;
        let Some(found) = reader.resolve(asked.host, code.as_bytes(), now_ms) else {
            return self.unknown(shared, asked);
        };
        observed.read(asked.query);
        let headers = observe::Headers::of(asked.headers);
        let (status, answer) = match &found.destination {
            Destination::Content(_) if previews.contains(headers.user_agent) => (StatusCode::OK, model::Answer::Card),
            Destination::Content(_) => (StatusCode::FOUND, model::Answer::Content),
            Destination::Fallback(_) => (StatusCode::FOUND, model::Answer::Fallback),
            Destination::Gone => (StatusCode::GONE, model::Answer::Gone),
        };
        let request = Request {
            clicked_at_ms: now_ms,
            client: asked.client,
            code,
            head: asked.head,
            prefetch: headers.prefetch,
            own: observed.own,
            accept_language: headers.accept_language,
            utm: observed.utm(),
            referrer_host: headers.referrer_host(),
            user_agent: headers.user_agent,
        };
        let identity = match recorder.record(&shared.keys, &request, &found, status.as_u16(), answer) {
            Ok((identity, ticket)) => {
                if shared.policy.acknowledge == Acknowledge::Disk {
                    let refuses = shared.policy.when_full == WhenFull::Refuse;
                    let otherwise =
                        refuses.then(|| later(shared, found.directory, asked, Standing::Unavailable, RETRY_AFTER_S));
                    *waiting = Some(Waiting { synced: recorder.durable(ticket), otherwise });
                }
                Some(identity)
            }
            Err(_) if shared.policy.when_full == WhenFull::Refuse => {
                let page = later(shared, found.directory, asked, Standing::Unavailable, RETRY_AFTER_S);
                return Verdict::Other(page, Outcome::Refused);
            }
            Err(error) => {
                recorder.unrecorded(error.reason());
                tally.unrecorded(error.reason());
                None
            }
        };
        match &found.destination {
            Destination::Content(_) if answer == model::Answer::Card => {
                Verdict::Other(card(shared, &found, code), Outcome::Card)
            }
            Destination::Content(location) => {
                let location = to_content(location, &found, asked.query, identity, now_ms);
                Verdict::Redirect(location, Outcome::Content)
            }
            Destination::Fallback(location) => Verdict::Redirect(HeaderValue::clone(location), Outcome::Fallback),
            Destination::Gone => {
                Verdict::Other(standing(shared, found.directory, asked, status, Standing::Inactive), Outcome::Gone)
            }
        }
    }

    fn info(&mut self, shared: &Shared, asked: &Asked<'_>, code: &str) -> Verdict {
        let now_ms = self.clock.unix_ms(asked.started);
        let Some(found) = self.reader.resolve(asked.host, code.as_bytes(), now_ms) else {
            return self.unknown(shared, asked);
        };
        let (destination, is_fallback) = match &found.destination {
            Destination::Content(location) => (location.to_str().ok(), false),
            Destination::Fallback(location) => (location.to_str().ok(), true),
            Destination::Gone => (None, false),
        };
        let info = Info { space: &found.space.entity, destination, is_fallback, code };
        let accepted = asked.headers.get(ACCEPT_LANGUAGE).map(HeaderValue::as_bytes);
        let (body, policy) = shared.pages.info(&info, preferred(accepted, found.space.entity.language));
        Verdict::Other(answers::page(StatusCode::OK, body, &policy), Outcome::Page)
    }

    fn qr(
        &mut self,
        shared: &Shared,
        asked: &Asked<'_>,
        code: &str,
        kind: &'static str,
        draw: fn(&str) -> Option<bytes::Bytes>,
    ) -> Verdict {
        let now_ms = self.clock.unix_ms(asked.started);
        let shown = self.reader.qr_code(code.as_bytes());
        let Some(found) = self.reader.resolve(asked.host, code.as_bytes(), now_ms) else {
            return self.unknown(shared, asked);
        };
        let picture = draw(&short_url(shared, &found, shown.as_deref().unwrap_or(code)));
        match picture {
            Some(picture) => Verdict::Other(answers::picture(picture, kind, &shared.pages.policy), Outcome::Page),
            // An address of more than two thousand characters fits no QR code.
            None => Verdict::Other(inactive(shared, found.directory, asked), Outcome::Unknown),
        }
    }

    /// Says whose host was asked. A host of nobody's is answered like a path of nothing.
    fn proof(&mut self, shared: &Shared, asked: &Asked<'_>, nonce: &str) -> Verdict {
        let directory = self.reader.directory();
        match directory.space_of_host(asked.host) {
            Some(space) => Verdict::Other(answers::text(host_proof(space.entity.id, nonce)), Outcome::Page),
            None => Verdict::Other(inactive(shared, directory, asked), Outcome::Unknown),
        }
    }

    fn unknown(&mut self, shared: &Shared, asked: &Asked<'_>) -> Verdict {
        let directory = self.reader.directory();
        if !*shared.complete.borrow() {
            // Without a snapshot and without the control node, "unknown" would be a guess.
            let page = later(shared, directory, asked, Standing::Unavailable, RETRY_AFTER_S);
            return Verdict::Other(page, Outcome::Refused);
        }
        shared.port.limits.miss(asked.buckets, asked.started);
        Verdict::Other(inactive(shared, directory, asked), Outcome::Unknown)
    }
}

fn inactive(shared: &Shared, directory: &Directory, asked: &Asked<'_>) -> Answer {
    standing(shared, directory, asked, StatusCode::NOT_FOUND, Standing::Inactive)
}

fn standing(shared: &Shared, directory: &Directory, asked: &Asked<'_>, status: StatusCode, page: Standing) -> Answer {
    let (body, policy) = standing_page(shared, directory, asked, page);
    answers::page(status, body, &policy)
}

fn later(shared: &Shared, directory: &Directory, asked: &Asked<'_>, page: Standing, after_s: u64) -> Answer {
    let status = match page {
        Standing::Limited => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    let (body, policy) = standing_page(shared, directory, asked, page);
    answers::later(status, body, &policy, after_s)
}

/// A page that says nothing of its link. The host's space may decide how it looks and speaks, the
/// link's may not: that would tell codes that existed from codes that never did.
fn standing_page(shared: &Shared, directory: &Directory, asked: &Asked<'_>, page: Standing) -> Dressed {
    let space = directory.space_of_host(asked.host).map(|space| &space.entity);
    let otherwise = space.map_or(Language::English, |space| space.language);
    let language = preferred(asked.headers.get(ACCEPT_LANGUAGE).map(HeaderValue::as_bytes), otherwise);
    shared.pages.standing(page, language, space)
}

/// The prebuilt location, with what only this request can add.
fn to_content(
    location: &HeaderValue,
    found: &Found<'_>,
    query: Option<&str>,
    identity: Option<RecordId>,
    now_ms: i64,
) -> HeaderValue {
    let content = &found.content.entity;
    let forwarded = query.filter(|_| content.forward_query);
    let tracked = content.tracks_conversions && found.space.entity.privacy_mode != PrivacyMode::Strict;
    // An unrecorded click has no id: a conversion could never be joined to it.
    let id = identity.filter(|_| tracked).map(|id| click_id(id.spool_id, id.lane, id.segment, id.record, now_ms));
    if forwarded.is_none() && id.is_none() { location.clone() } else { extended(location, forwarded, id) }
}

fn card(shared: &Shared, found: &Found<'_>, code: &str) -> Answer {
    let content = &found.content.entity;
    let own = |base: &String, url| format!("{base}/{}", PictureKey::new(content.space, url));
    let picture = content.image_url.as_deref().map(|url| match &shared.pictures_url {
        Some(base) => own(base, url),
        None => url.to_owned(),
    });
    let card = Card {
        language: found.space.entity.language.as_str(),
        title: &content.title,
        space: &found.space.entity.name,
        summary: content.summary.as_deref(),
        image: picture.as_deref(),
        url: &short_url(shared, found, code),
    };
    answers::page(StatusCode::OK, render(&card), &shared.pages.policy)
}

/// The address of a link as people see it.
fn short_url(shared: &Shared, found: &Found<'_>, code: &str) -> String {
    match found.space.entity.hosts.first() {
        Some(host) => format!("https://{host}/{code}"),
        None => format!("{}/{code}", shared.config.base_url.trim_end_matches('/')),
    }
}
