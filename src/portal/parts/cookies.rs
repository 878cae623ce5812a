//! The cookies. `__Host-` binds them to this very host, on every path, under TLS; browsers count
//! `localhost` as TLS, so that an installation can be tried without any.

use http::HeaderValue;

use super::Flash;
use crate::auth::Secret;
use crate::auth::session::{BROWSER_COOKIE, SESSION_COOKIE};

/// The cookie of a sentence for the next page.
pub(super) const FLASH_COOKIE: &str = "__Host-relais-flash";
/// How long that page may take.
const FLASH_S: i64 = 60;
/// How long a browser that asked is recognised: longer than a mail may wait.
const BROWSER_S: i64 = 86_400;

/// Signs a browser in for at most `max_age_ms`.
pub(in crate::portal) fn session(secret: &Secret, max_age_ms: i64) -> HeaderValue {
    line(SESSION_COOKIE, secret.expose(), max_age_ms / 1000)
}

/// Signs it out.
pub(in crate::portal) fn no_session() -> HeaderValue {
    line(SESSION_COOKIE, "", 0)
}

/// Lets a browser that asks be recognised.
pub(in crate::portal) fn browser(secret: &Secret) -> HeaderValue {
    line(BROWSER_COOKIE, secret.expose(), BROWSER_S)
}

/// Nothing that it asked for is open any more.
pub(in crate::portal) fn no_browser() -> HeaderValue {
    line(BROWSER_COOKIE, "", 0)
}

/// A sentence for the next page.
pub(super) fn flash(flash: &Flash) -> HeaderValue {
    line(FLASH_COOKIE, &flash.written(), FLASH_S)
}

/// It was said.
pub(super) fn no_flash() -> HeaderValue {
    line(FLASH_COOKIE, "", 0)
}

fn line(name: &str, value: &str, max_age_s: i64) -> HeaderValue {
    // Lax: a link in a mail opens the portal signed in; a form of another site does not.
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age_s}");
    HeaderValue::try_from(text).expect("secrets and written sentences are ASCII")
}
