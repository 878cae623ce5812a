//! The `[mail]` section.

use std::fmt;

use serde::Deserialize;

/// How mails leave.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `smtps://user:password@mail.example.com` (TLS from the start), or
    /// `smtp://…?tls=required` (STARTTLS); empty: one .eml file each in `data_dir/outbox`.
    pub smtp_url: String,
    /// The sender's address; people see the space's name before it.
    pub from: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { smtp_url: String::new(), from: "relais@localhost".to_owned() }
    }
}

impl fmt::Debug for Config {
    /// Shows only what stands before the colon: the rest may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.smtp_url.split(':').next().unwrap_or_default();
        f.debug_struct("Config").field("smtp_url", &format_args!("{scheme}:…")).field("from", &self.from).finish()
    }
}
