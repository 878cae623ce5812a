//! The templates of signing in.

use askama::Template;

use super::super::parts::Page;

#[derive(Template)]
#[template(path = "sign_in/sign_in.html")]
pub(super) struct SignIn<'a> {
    pub(super) page: Page,
    pub(super) next: &'a str,
    /// What people call the identity provider.
    pub(super) provider: Option<&'a str>,
    /// The message that says what was wrong.
    pub(super) problem: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "sign_in/code.html")]
pub(super) struct Code {
    pub(super) page: Page,
    pub(super) wrong: bool,
}

#[derive(Template)]
#[template(path = "sign_in/link.html")]
pub(super) struct Link<'a> {
    pub(super) page: Page,
    pub(super) link: &'a str,
}

/// Sends somebody to another site. Not a 303: browsers hold that against `form-action`, which would
/// have to name the provider's hosts.
#[derive(Template)]
#[template(path = "parts/away.html")]
pub(super) struct Away<'a> {
    pub(super) page: Page,
    pub(super) address: &'a str,
}
