//! Handing messages over.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::mime::Message;
use super::{Config, DigestMail, InvitationMail, SignInMail, Uncomposable};

/// How long the mail server may take for each step.
const WITHIN: Duration = Duration::from_secs(15);

/// Where messages go.
#[derive(Clone)]
pub struct Post {
    from: String,
    way: Way,
}

/// What is handed over.
#[derive(Debug, Clone, Copy)]
pub enum Mail<'a> {
    /// Signs somebody in.
    SignIn(&'a SignInMail<'a>),
    /// Invites somebody.
    Invitation(&'a InvitationMail<'a>),
    /// Tells somebody what is new.
    Digest(&'a DigestMail<'a>),
}

impl<'a> From<&'a SignInMail<'a>> for Mail<'a> {
    fn from(mail: &'a SignInMail<'a>) -> Self {
        Self::SignIn(mail)
    }
}

impl<'a> From<&'a InvitationMail<'a>> for Mail<'a> {
    fn from(mail: &'a InvitationMail<'a>) -> Self {
        Self::Invitation(mail)
    }
}

impl<'a> From<&'a DigestMail<'a>> for Mail<'a> {
    fn from(mail: &'a DigestMail<'a>) -> Self {
        Self::Digest(mail)
    }
}

#[derive(Clone)]
enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Outbox(PathBuf),
}

/// The `[mail]` section cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidMail {
    /// No address of a mail server.
    #[error(
        "mail.smtp_url cannot be used: {0}; expected smtps://user:password@mail.example.com or smtp://…?tls=required"
    )]
    Server(String),
    /// No address of a sender.
    #[error("mail.from must be an e-mail address, such as relais@example.com: {0}")]
    From(String),
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// Nobody will ever take it.
    #[error(transparent)]
    Uncomposable(#[from] Uncomposable),
    /// The server refused it for good, with this code of SMTP. Its words are left out here and below: they often
    /// repeat the address.
    #[error("the mail server refuses the mail for good: {0}")]
    Refused(u16),
    /// The server wants to be asked again later, with this code.
    #[error("the mail server does not take the mail for now: {0}")]
    Later(u16),
    /// The server says what is no SMTP.
    #[error("the mail server's answer cannot be read")]
    Unreadable,
    /// The server cannot be talked to.
    #[error("the mail server cannot be talked to: {0}")]
    Away(String),
    /// The outbox cannot be written.
    #[error("the outbox cannot be written: {0}")]
    Outbox(#[from] std::io::Error),
}

impl Undelivered {
    /// Whether trying again may help.
    pub fn is_for_now(&self) -> bool {
        !matches!(self, Self::Uncomposable(_) | Self::Refused(_))
    }
}

impl From<smtp::Error> for Undelivered {
    fn from(error: smtp::Error) -> Self {
        match error.status().map(u16::from) {
            Some(code) if error.is_permanent() => Self::Refused(code),
            Some(code) => Self::Later(code),
            // It would be shown as far as it was understood.
            None if error.is_response() => Self::Unreadable,
            None => Self::Away(error.to_string()),
        }
    }
}

impl Post {
    /// The mail server of `config`, or the folder `outbox` when it names none.
    ///
    /// # Errors
    /// [`InvalidMail`].
    pub fn new(config: &Config, outbox: PathBuf) -> Result<Self, InvalidMail> {
        let from: Result<Address, _> = config.from.parse();
        from.map_err(|error| InvalidMail::From(error.to_string()))?;
        let way = if config.smtp_url.is_empty() {
            Way::Outbox(outbox)
        } else {
            let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp_url);
            let builder = builder.map_err(|error| InvalidMail::Server(error.to_string()))?;
            Way::Server(builder.timeout(Some(WITHIN)).build())
        };
        Ok(Self { from: config.from.clone(), way })
    }

    /// Hands a mail over, dated `at_ms`, which also names its file in the outbox: files sort by time.
    ///
    /// # Errors
    /// [`Undelivered`]; a mail may have gone out nevertheless when the server's answer was lost.
    pub async fn send(&self, mail: impl Into<Mail<'_>>, at_ms: i64) -> Result<(), Undelivered> {
        let message = match mail.into() {
            Mail::SignIn(mail) => mail.compose(&self.from, at_ms),
            Mail::Invitation(mail) => mail.compose(&self.from, at_ms),
            Mail::Digest(mail) => mail.compose(&self.from, at_ms),
        }?;
        match &self.way {
            Way::Outbox(folder) => Ok(write(folder, &message, at_ms)?),
            Way::Server(server) => {
                server.send_raw(&message.envelope, &message.bytes).await?;
                Ok(())
            }
        }
    }
}

/// One file, whole or not there, readable by its owner alone: it signs somebody in.
fn write(folder: &Path, message: &Message, at_ms: i64) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let name = format!("{at_ms:014}-{:08x}", rand::random::<u32>());
    let draft = folder.join(format!(".{name}"));
    let mut file = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(&message.bytes)?;
    std::fs::rename(draft, folder.join(format!("{name}.eml")))
}
