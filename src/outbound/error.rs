//! Why something was not fetched, in words for whoever gave the address.

/// Why there is no answer. No variant tells what stands behind a name that may not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not an address, or none of `http` or `https` without a user name.
    #[error("only addresses that start with https:// or http://, without user name, can be fetched")]
    Scheme,
    /// Neither 80 nor 443.
    #[error("only the ports 80 and 443 are fetched from")]
    Port,
    /// The name has no address, or cannot be looked up.
    #[error("{host} cannot be found: check the address")]
    Unknown {
        /// The name.
        host: String,
    },
    /// An address of the name is not public.
    #[error("{host} is not on the public internet; an operator can open its network with outbound.allow")]
    Private {
        /// The name or the address that was given.
        host: String,
    },
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

impl FetchError {
    /// Stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scheme => "invalid_url",
            Self::Port => "port_not_allowed",
            Self::Unknown { .. } => "host_unknown",
            Self::Private { .. } => "address_not_public",
            Self::Unreachable { .. } => "unreachable",
            Self::Tls { .. } => "tls_failed",
            Self::Redirects => "too_many_redirects",
            Self::Slow => "too_slow",
            Self::Status(_) => "refused_by_site",
            Self::Encoding => "unreadable",
        }
    }
}
