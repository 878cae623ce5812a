//! Why something was not fetched, in words for whoever gave the address.

use super::connection::ConnectError;
use super::destinations::Refused;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address may not be reached.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The other side does not take the connection, or breaks it off.
    #[error("{host} does not answer: try again later")]
    Unreachable {
        /// The name.
        host: String,
    },
    /// The certificate is not one for this name, or TLS fails otherwise.
    #[error("{host} cannot prove who it is (TLS): check its certificate")]
    Tls {
        /// The name.
        host: String,
    },
    /// More than five, in a circle, or to nowhere.
    #[error("the address leads on and on: use the one it ends at")]
    Redirects,
    /// 5 s were not enough.
    #[error("no complete answer within 5 s: try again later")]
    Slow,
    /// The other side refused.
    #[error("the site answered with status {0}")]
    Status(u16),
    /// Compressed in a way that was not asked for, or damaged.
    #[error("the answer is damaged, or compressed in a way that Relais does not read")]
    Encoding,
}

impl From<ConnectError> for FetchError {
    /// What the system said of the connection is no business of whoever gave the address.
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Refused(refused) => Self::Refused(refused),
            ConnectError::Unreachable { host, .. } => Self::Unreachable { host },
            ConnectError::Tls { host, .. } => Self::Tls { host },
        }
    }
}

impl FetchError {
    /// Stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::Unreachable { .. } => "unreachable",
            Self::Tls { .. } => "tls_failed",
            Self::Redirects => "too_many_redirects",
            Self::Slow => "too_slow",
            Self::Status(_) => "refused_by_site",
            Self::Encoding => "unreadable",
        }
    }
}
