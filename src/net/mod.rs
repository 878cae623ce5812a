//! Sockets: who may connect, how long a client may take, and how a port says good-bye.
//!
//! Every port of Relais (redirects, portal and API, operations) is served by the same accept loop,
//! [`serve`], because each needs the same promises and `axum::serve` gives none of them:
//!
//! * a request head is complete within 5 s, has at most 64 headers and 16 KiB, or the connection
//!   is closed; a client that does not read its answer for 30 s loses it;
//! * connections are bounded in number, over all and per address ([`limits`]);
//! * a client's address is believed only from trusted proxies ([`client`]);
//! * running out of descriptors slows accepting down and stops nothing else;
//! * a drain finishes what was asked and no more ([`serve::Drained`]).
//!
//! Reading order: [`bind`] opens listeners, [`serve`] runs them, `watch` is the timer underneath,
//! [`limits`] and [`client`] decide about addresses, [`router`] hands connections to axum.
//!
//! Deliberately absent: TLS (a proxy's matter), HTTP/2 (a short link is one request), and any
//! knowledge of what a request means.

pub mod bind;
pub mod serve;

mod clock;
mod stream;
mod watch;

pub mod client;
pub mod limits;

pub mod router;

pub use bind::{BindError, bind};
pub use client::TrustedProxies;
pub use limits::{Limits, LimitsConfig};
pub use router::{ClientAddress, serve_router};
pub use serve::{Arrival, Drained, MAX_HEADERS, Port, serve};
