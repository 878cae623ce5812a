//! What everybody does: find something worth sharing, share it, see what came of it.
//!
//! | route | calls |
//! | --- | --- |
//! | `/` | GET `?q=&kind=&page=`: what is worth sharing |
//! | `/contents/{id}` | GET: one content, its texts and where to share it |
//! | `/contents/{id}/share` | POST `{channel, text}`: makes the personal link and notes the share; JSON for a script, else a page |
//! | `/links/{id}/qr`, `/links/{id}/qr.svg` | GET: an own link as a QR code, for the screen and for print |
//! | `/figures` | GET `?days=`: what came of the own links |
//! | `/referrals`, `/referrals/{id}` | GET: what became of those who applied through them |
//! | `/charter` | GET `?next=`; POST `{version, next}`: accepts it |
//! | `/account/leave` | GET; POST: leaves the programme |

mod channels;
mod charter;
mod content;
mod feed;
mod figures;
mod leave;
mod qr;
mod referrals;
mod share;

use axum::Router;
use axum::routing::{get, post};

use super::PortalState;
use super::account;
use super::parts::{Entry, Page};
use super::texts::msg;

/// Its places.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { path: feed::PATH, name: msg("nav-feed"), icon: "share" },
    Entry { path: figures::PATH, name: msg("nav-figures"), icon: "chart" },
    Entry { path: referrals::PATH, name: msg("nav-referrals"), icon: "handshake" },
    Entry { path: account::PATH, name: msg("nav-account"), icon: "person" },
];

/// The channels that links are shared on, each with how people call it.
pub(super) fn channels(page: &Page) -> Vec<(String, String)> {
    let places = channels::PLACES.iter().filter(|place| !place.is_sheet());
    places.map(|place| (place.channel.to_owned(), content::name(page, place))).collect()
}

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(feed::PATH, get(feed::feed))
        .route("/contents/{id}", get(content::content))
        .route("/contents/{id}/share", post(share::share))
        .route("/links/{id}/qr", get(qr::page))
        .route("/links/{id}/qr.svg", get(qr::svg))
        .route(figures::PATH, get(figures::figures))
        .route(referrals::PATH, get(referrals::list))
        .route("/referrals/{id}", get(referrals::one))
        .route(charter::PATH, get(charter::read).post(charter::accept))
        .route("/account/leave", get(leave::ask).post(leave::leave))
}

/// How people call a channel.
pub(super) fn channel_name(page: &Page, channel: &str) -> String {
    match channels::Place::of(channel) {
        Some(place) => content::name(page, place),
        // A channel of the space's own, or one that nobody shares on from here: as a name is written.
        None => channel
            .chars()
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(channel.chars().skip(1)).collect()),
    }
}
