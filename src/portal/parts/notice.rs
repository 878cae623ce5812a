//! Pages that say one thing, and what to do next.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::super::texts::msg;
use super::{Page, answer};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "parts/notice.html")]
struct NoticePage {
    page: Page,
    notice: Notice,
    detail: Option<String>,
}

/// A page that says one thing.
#[derive(Debug, Clone, Copy)]
pub(in crate::portal) struct Notice {
    title: &'static str,
    text: &'static str,
    icon: &'static str,
    /// Where to go next: path and message.
    next: (&'static str, &'static str),
}

const HOME: (&str, &str) = ("/", msg("notice-back"));
const AGAIN: (&str, &str) = ("/sign-in", msg("notice-sign-in"));

impl Notice {
    pub(in crate::portal) const OVER: Self = Self::new(msg("over-title"), msg("over-text"), "clock", AGAIN);
    pub(in crate::portal) const ELSEWHERE: Self =
        Self::new(msg("elsewhere-title"), msg("elsewhere-text"), "lock", AGAIN);
    pub(in crate::portal) const PROVIDER: Self = Self::new(msg("provider-title"), msg("provider-text"), "lock", AGAIN);
    pub(in crate::portal) const REFUSED: Self = Self::new(msg("refused-title"), msg("refused-text"), "lock", HOME);
    pub(in crate::portal) const SLOW: Self = Self::new(msg("slow-title"), msg("slow-text"), "clock", HOME);
    pub(in crate::portal) const MISSING: Self = Self::new(msg("missing-title"), msg("missing-text"), "search", HOME);
    pub(in crate::portal) const FORBIDDEN: Self =
        Self::new(msg("forbidden-title"), msg("forbidden-text"), "lock", HOME);
    pub(in crate::portal) const MALFORMED: Self =
        Self::new(msg("malformed-title"), msg("malformed-text"), "alert", HOME);
    pub(in crate::portal) const CLOSED: Self = Self::new(msg("closed-title"), msg("closed-text"), "lock", HOME);
    pub(in crate::portal) const CONFLICT: Self = Self::new(msg("conflict-title"), msg("conflict-text"), "alert", HOME);
    pub(in crate::portal) const FAILED: Self = Self::new(msg("failed-title"), msg("failed-text"), "alert", HOME);

    /// Title and text are messages, marked by [`msg`]; `next` is a path and a message.
    pub(in crate::portal) const fn new(
        title: &'static str,
        text: &'static str,
        icon: &'static str,
        next: (&'static str, &'static str),
    ) -> Self {
        Self { title, text, icon, next }
    }

    /// The page for somebody of whom nothing is known but the language.
    pub(in crate::portal) fn answer(self, status: StatusCode, texts: &'static Texts) -> Response {
        self.answer_in(Page::of_nobody(texts, None), status, None)
    }

    /// The page in a frame, with one sentence more.
    pub(in crate::portal) fn answer_in(self, page: Page, status: StatusCode, detail: Option<String>) -> Response {
        answer(status, &NoticePage { page, notice: self, detail })
    }
}
