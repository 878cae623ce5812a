//! The mail that invites somebody.

use askama::Template;

use super::mime::{Draft, Message};
use super::{TEXTS, Uncomposable};
use crate::model::programme::Language;

/// What the mail says.
#[derive(Debug)]
pub struct InvitationMail<'a> {
    /// The person's address.
    pub to: &'a str,
    /// What the person is called.
    pub name: Option<&'a str>,
    /// What the person reads.
    pub language: Language,
    /// The name of the space, as its admins wrote it.
    pub space: &'a str,
    /// Where the person signs in.
    pub address: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ subject }}</title></head>
<body style="font:16px/1.5 sans-serif;color:#1a1a1a"><p>{{ greeting }}</p><p>{{ lead }}</p><p>{{ how }}</p>
<p><a href="{{ address }}">{{ button }}</a></p><p>{{ free }}</p></body></html>
"#
)]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    greeting: &'a str,
    lead: &'a str,
    how: &'a str,
    address: &'a str,
    button: &'a str,
    free: &'a str,
}

impl InvitationMail<'_> {
    /// The whole message, dated `at_ms`.
    ///
    /// # Errors
    /// [`Uncomposable`].
    pub(super) fn compose(&self, from: &str, at_ms: i64) -> Result<Message, Uncomposable> {
        let texts = TEXTS.of(self.language);
        // Control characters become spaces: a name is one line, in the head and in the texts.
        let line = |text: &str| text.replace(char::is_control, " ");
        let (space, name) = (line(self.space), self.name.map(line));
        let greeting = match &name {
            Some(name) => texts.say_of("invitation-greeting", "name", name),
            None => texts.say("sign-in-greeting"),
        };
        let subject = texts.say_of("invitation-subject", "space", &space);
        let lead = texts.say_of("invitation-lead", "space", &space);
        let (how, free) = (texts.say("invitation-how"), texts.say("invitation-free"));
        let plain = format!("{greeting}\n\n{lead}\n\n{how}\n\n    {}\n\n{free}\n", self.address);
        let page = Html {
            language: self.language.as_str(),
            subject: &subject,
            greeting: &greeting,
            lead: &lead,
            how: &how,
            address: self.address,
            button: &texts.say("invitation-button"),
            free: &free,
        };
        let html = page.render().map_err(|error| Uncomposable(error.to_string()))?;
        let (to, subject) = (self.to, subject.as_str());
        Draft { from_name: &space, from, to, subject, plain: &plain, html: &html, at_ms, stop: None }.message()
    }
}
