//! What programs may do and are told: tokens and webhooks share their tabs.

use super::super::parts::Page;
use super::{Tab, tokens, webhooks};

/// The tabs of both.
pub(super) fn tabs(page: &Page, here: &'static str) -> Vec<Tab> {
    let tab = |path, name| Tab { path, name, here: path == here };
    vec![tab(tokens::PATH, page.say("access-tab-tokens")), tab(webhooks::PATH, page.say("access-tab-webhooks"))]
}
