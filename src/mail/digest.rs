//! The mail that tells what is new.

use askama::Template;

use super::mime::{Draft, Message};
use super::{TEXTS, Uncomposable};
use crate::model::programme::Language;

/// What the mail says.
#[derive(Debug)]
pub struct DigestMail<'a> {
    /// The person's address.
    pub to: &'a str,
    /// What the person is called.
    pub name: Option<&'a str>,
    /// What the person reads.
    pub language: Language,
    /// The name of the space, as its admins wrote it.
    pub space: &'a str,
    /// What is new, the most fitting first.
    pub contents: Vec<DigestContent<'a>>,
    /// How many more there are.
    pub more: usize,
    /// Where all of it is.
    pub address: &'a str,
    /// What stops these mails: a page with a button, and a POST without one (RFC 8058).
    pub stop: &'a str,
}

/// A content of the mail.
#[derive(Debug)]
pub struct DigestContent<'a> {
    /// Its title.
    pub title: &'a str,
    /// One or two sentences.
    pub summary: Option<&'a str>,
    /// Its page in the portal.
    pub address: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ subject }}</title></head>
<body style="font:16px/1.5 sans-serif;color:#1a1a1a"><p>{{ greeting }}</p><p>{{ lead }}</p>
{% for content in contents %}<p style="margin:24px 0"><a href="{{ content.address }}" style="font-size:18px;font-weight:bold">{{ content.title }}</a>{% if let Some(summary) = content.summary %}<br>{{ summary }}{% endif %}</p>
{% endfor %}<p><a href="{{ address }}">{{ all }}</a></p>
<p style="color:#5d5f63;font-size:14px">{{ why }} <a href="{{ stop }}">{{ stop_text }}</a></p></body></html>
"#
)]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    greeting: &'a str,
    lead: &'a str,
    contents: &'a [DigestContent<'a>],
    address: &'a str,
    all: &'a str,
    why: &'a str,
    stop: &'a str,
    stop_text: &'a str,
}

impl DigestMail<'_> {
    /// The whole message, dated `at_ms`.
    ///
    /// # Errors
    /// [`Uncomposable`].
    pub(super) fn compose(&self, from: &str, at_ms: i64) -> Result<Message, Uncomposable> {
        let texts = TEXTS.of(self.language);
        // Control characters become spaces: names and titles are one line.
        let line = |text: &str| text.replace(char::is_control, " ");
        let (space, name) = (line(self.space), self.name.map(line));
        let contents: Vec<_> = self
            .contents
            .iter()
            .map(|content| (line(content.title), content.summary.map(line), content.address.clone()))
            .collect();
        let contents: Vec<_> = contents
            .iter()
            .map(|(title, summary, address)| DigestContent {
                title,
                summary: summary.as_deref(),
                address: address.clone(),
            })
            .collect();
        let total = contents.len() + self.more;
        let arguments = [
            ("space", (&space).into()),
            ("name", name.as_deref().unwrap_or_default().into()),
            ("count", total.into()),
            ("title", contents.first().map_or("", |content| content.title).into()),
        ];
        let say = |message| texts.say_with(message, &arguments);
        let greeting = if name.is_some() { say("invitation-greeting") } else { say("sign-in-greeting") };
        let (subject, lead, all) = (say("digest-subject"), say("digest-lead"), say("digest-all"));
        let (why, stop_text) = (say("digest-why"), say("digest-stop"));
        let listed: Vec<_> = contents
            .iter()
            .map(|content| {
                let summary = content.summary.map_or_else(String::new, |summary| format!("{summary}\n"));
                format!("{}\n{summary}{}\n", content.title, content.address)
            })
            .collect();
        let plain = format!(
            "{greeting}\n\n{lead}\n\n{}\n{all}\n{}\n\n-- \n{why}\n{stop_text}\n{}\n",
            listed.join("\n"),
            self.address,
            self.stop
        );
        let page = Html {
            language: self.language.as_str(),
            subject: &subject,
            greeting: &greeting,
            lead: &lead,
            contents: &contents,
            address: self.address,
            all: &all,
            why: &why,
            stop: self.stop,
            stop_text: &stop_text,
        };
        let html = page.render().map_err(|error| Uncomposable(error.to_string()))?;
        let (to, subject, stop) = (self.to, subject.as_str(), Some(self.stop));
        Draft { from_name: &space, from, to, subject, plain: &plain, html: &html, at_ms, stop }.message()
    }
}
