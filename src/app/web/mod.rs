//! The world outside, as the programme asks for it: fetched by `outbound`, read by `intake`.

use std::sync::Arc;

use url::Url;

use crate::config::Settings;
use crate::intake::{self, Entries, Found, MAX_ENTRIES};
use crate::model::{Draft, Picture};
use crate::outbound::{Answer, Ask, Destinations, FetchError, Fetched, Fetcher, Refused};
use crate::programme::{AskedFeed, FeedAnswer, FeedEntries, Outside, Programme, Web, WebError};
use crate::telemetry::Metrics;

const PAGES: &str = "text/html, application/xhtml+xml;q=0.9";
const FEEDS: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";
/// Longest text that is read as one.
const MAX_TEXT_BYTES: usize = 1 << 10;
const PICTURES: &str = "image/png, image/jpeg, image/webp, image/gif";

/// The programme, able to fetch.
pub(super) fn reaching_out(programme: &Programme, settings: &Settings, metrics: &Arc<Metrics>) -> Programme {
    let fetcher = Fetcher::new(settings.outbound.clone(), Arc::clone(metrics));
    let destinations = Destinations::new(&settings.outbound);
    programme.clone().with_web(Arc::new(Outbound { fetcher, destinations }))
}

/// Fetches and reads.
#[derive(Debug)]
pub(super) struct Outbound {
    pub(super) fetcher: Fetcher,
    pub(super) destinations: Destinations,
}

impl Web for Outbound {
    fn page<'w>(&'w self, url: &'w str) -> Outside<'w, Draft> {
        Box::pin(async move {
            let page = self.found(url, PAGES).await?;
            let named = page.content_type.as_deref().unwrap_or("text/html").to_ascii_lowercase();
            if !["text/html", "application/xhtml+xml"].iter().any(|html| named.starts_with(html)) {
                return Err(refused(
                    "not_a_page",
                    "there is no page at this address, but a file: fill the fields in by hand",
                ));
            }
            // A page that is too long is read as far as it came: it describes itself at its beginning.
            apart(move || intake::page(&page.body, page.content_type.as_deref(), &page.url)).await
        })
    }

    fn feed<'w>(&'w self, asked: &'w AskedFeed) -> Outside<'w, FeedAnswer> {
        Box::pin(async move {
            let ask = Ask {
                url: intake::address(asked.kind, &asked.url),
                accept: FEEDS,
                etag: asked.etag.clone(),
                last_modified: asked.last_modified.clone(),
            };
            let Answer::Found(fetched) = self.fetcher.fetch(&ask).await.map_err(|error| outside(&error))? else {
                return Ok(FeedAnswer::Unchanged);
            };
            let validators = (fetched.etag.clone(), fetched.last_modified.clone());
            match read(asked, fetched).await? {
                Found::Entries(entries) => Ok(answer(entries, None, validators)),
                Found::Elsewhere(url) => {
                    let fetched = self.found(&url, FEEDS).await?;
                    let validators = (fetched.etag.clone(), fetched.last_modified.clone());
                    match read(asked, fetched).await? {
                        Found::Entries(entries) => Ok(answer(entries, Some(url), validators)),
                        Found::Elsewhere(_) => Err(unreadable("the page names another page as its feed".to_owned())),
                    }
                }
            }
        })
    }

    fn picture<'w>(&'w self, url: &'w str) -> Outside<'w, Picture> {
        Box::pin(async move {
            let fetched = self.found(url, PICTURES).await?;
            if !fetched.whole {
                return Err(refused("too_large", "the picture has more than 1 MiB"));
            }
            Picture::new(fetched.body).ok_or_else(|| refused("not_a_picture", "it is no PNG, JPEG, GIF or WebP"))
        })
    }

    fn text<'w>(&'w self, url: &'w str) -> Outside<'w, String> {
        Box::pin(async move {
            let fetched = self.found(url, "text/plain").await?;
            let text = String::from_utf8(fetched.body).ok().filter(|text| text.len() <= MAX_TEXT_BYTES);
            text.ok_or_else(|| refused("not_a_text", "there is no short text at this address"))
        })
    }

    fn may_post<'w>(&'w self, url: &'w Url) -> Outside<'w, ()> {
        Box::pin(async move {
            let resolved = self.destinations.resolve(url).await;
            resolved.map(drop).map_err(|refused| WebError {
                code: refused.code(),
                message: refused.to_string(),
                passes: matches!(refused, Refused::Unknown(_)),
            })
        })
    }
}

impl Outbound {
    async fn found(&self, url: &str, accept: &'static str) -> Result<Fetched, WebError> {
        let ask = Ask { url: url.to_owned(), accept, ..Ask::default() };
        match self.fetcher.fetch(&ask).await.map_err(|error| outside(&error))? {
            Answer::Found(fetched) => Ok(fetched),
            Answer::Unchanged => Err(unreadable("the site answers what was not asked".to_owned())),
        }
    }
}

async fn read(asked: &AskedFeed, fetched: Fetched) -> Result<Found, WebError> {
    let kind = asked.kind;
    let found = apart(move || {
        let Fetched { url, content_type, body, whole, .. } = fetched;
        (whole, intake::feed(kind, &body, content_type.as_deref(), &url))
    });
    match found.await? {
        // Half a page may name its feed; half a feed is none.
        (_, Ok(elsewhere @ Found::Elsewhere(_))) => Ok(elsewhere),
        (false, _) => Err(refused("too_large", "the feed has more than 1 MiB: use one with fewer entries")),
        (true, found) => found.map_err(|error| unreadable(error.to_string())),
    }
}

/// `ETag` and `Last-Modified`.
type Validators = (Option<String>, Option<String>);

fn answer(entries: Entries, found_at: Option<String>, (etag, last_modified): Validators) -> FeedAnswer {
    let whole = entries.drafts.len() < MAX_ENTRIES;
    let Entries { title, drafts } = entries;
    FeedAnswer::Entries(FeedEntries { title, found_at, drafts, whole, etag, last_modified })
}

/// Reads on a thread of its own: a mebibyte of text takes milliseconds that no request should wait
/// for, and a reader that panics fails alone.
async fn apart<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Result<T, WebError> {
    tokio::task::spawn_blocking(read).await.map_err(|error| {
        tracing::error!(%error, "a page or a feed could not be read");
        unreadable("Relais cannot read what stands there".to_owned())
    })
}

fn outside(error: &FetchError) -> WebError {
    let passes = match error {
        FetchError::Refused(Refused::Unknown(_))
        | FetchError::Unreachable { .. }
        | FetchError::Slow
        | FetchError::Tls { .. } => true,
        FetchError::Status(status) => matches!(status, 408 | 425 | 429 | 500..),
        FetchError::Refused(Refused::Form | Refused::Private(_) | Refused::Port)
        | FetchError::Redirects
        | FetchError::Encoding => false,
    };
    WebError { code: error.code(), message: error.to_string(), passes }
}

fn refused(code: &'static str, message: &str) -> WebError {
    WebError { code, message: message.to_owned(), passes: false }
}

fn unreadable(message: String) -> WebError {
    WebError { code: "unreadable", message, passes: false }
}

#[cfg(test)]
mod tests;
