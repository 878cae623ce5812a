//! The mail that somebody signs in with.

use askama::Template;

use super::TEXTS;
use super::mime::{Draft, Message};
use crate::model::programme::Language;

/// What the mail says.
#[derive(Debug)]
pub struct SignInMail<'a> {
    /// The person's address.
    pub to: &'a str,
    /// What the person reads.
    pub language: Language,
    /// The name of the space, as its admins wrote it.
    pub space: &'a str,
    /// The code to type, as it is shown.
    pub code: &'a str,
    /// The address to open instead.
    pub address: &'a str,
    /// For how long both work.
    pub minutes: u32,
}

/// The recipient's or the sender's address is one that no mail can have.
#[derive(Debug, thiserror::Error)]
#[error("the mail cannot be written: {0}")]
pub struct Uncomposable(pub(super) String);

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ subject }}</title></head>
<body style="font:16px/1.5 sans-serif;color:#1a1a1a"><p>{{ greeting }}</p><p>{{ lead }}</p>
<p style="font-size:26px;letter-spacing:3px;font-weight:bold">{{ code }}</p>
<p>{{ link }}</p><p><a href="{{ address }}">{{ button }}</a></p>
<p>{{ limits }}</p><p>{{ not_you }}</p></body></html>
"#
)]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    greeting: &'a str,
    lead: &'a str,
    code: &'a str,
    link: &'a str,
    address: &'a str,
    button: &'a str,
    limits: &'a str,
    not_you: &'a str,
}

impl SignInMail<'_> {
    /// The whole message, dated `at_ms`.
    ///
    /// # Errors
    /// [`Uncomposable`].
    pub(super) fn compose(&self, from: &str, at_ms: i64) -> Result<Message, Uncomposable> {
        let texts = TEXTS.of(self.language);
        // Control characters become spaces: a name is one line, in the head and in the texts.
        let space = self.space.replace(char::is_control, " ");
        let arguments = [("space", (&space).into()), ("code", self.code.into()), ("minutes", self.minutes.into())];
        let say = |message| texts.say_with(message, &arguments);
        let (subject, greeting, lead) = (say("sign-in-subject"), say("sign-in-greeting"), say("sign-in-code"));
        let (link, limits, not_you) = (say("sign-in-link"), say("sign-in-limits"), say("sign-in-not-you"));
        let plain = format!(
            "{greeting}\n\n{lead}\n\n    {}\n\n{link}\n\n    {}\n\n{limits}\n\n{not_you}\n",
            self.code, self.address
        );
        let page = Html {
            language: self.language.as_str(),
            subject: &subject,
            greeting: &greeting,
            lead: &lead,
            code: self.code,
            link: &link,
            address: self.address,
            button: &say("sign-in-button"),
            limits: &limits,
            not_you: &not_you,
        };
        let html = page.render().map_err(|error| Uncomposable(error.to_string()))?;
        let (to, subject) = (self.to, subject.as_str());
        Draft { from_name: &space, from, to, subject, plain: &plain, html: &html, at_ms, stop: None }.message()
    }
}
