//! Why the programme refuses, in words for whoever asked.

use crate::store::StoreError;

/// One field that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Its name as the API and the exchange bundle spell it; `captions[2].text` inside a list.
    pub field: String,
    /// Stable word for programs: `required`, `too_long`, `invalid`, …
    pub code: &'static str,
    /// What to do about it.
    pub message: String,
}

/// Why an operation was refused. Nothing of its transaction should be committed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was given breaks rules that need no look at anything else; every field at fault is
    /// named.
    #[error("{}", summary(.0))]
    Invalid(Vec<FieldProblem>),
    /// There is no such thing in the caller's space. Says the same of another space's.
    #[error("there is no such {what} in this space: check the id")]
    NotFound {
        /// `advocate`, `content`, `link`, `campaign`, `team`, `share`, `token`, `space`, `feed`, `proposal`.
        what: &'static str,
        /// The field that named it, unless the address did.
        field: Option<&'static str>,
    },
    /// It would be right at another time or with another value: something is taken, over or gone.
    #[error("{message}")]
    Conflict {
        /// Stable word for programs.
        code: &'static str,
        /// The field at fault, when there is one.
        field: Option<&'static str>,
        /// What to do about it.
        message: String,
    },
    /// The space is closed: nothing of it changes until it is opened again.
    #[error("this space is closed: open it again (closed: false) before anything in it is changed")]
    Closed,
    /// The store could not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Error {
    /// A single field at fault.
    pub(super) fn field(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.to_owned(), code, message: message.into() }])
    }
}

fn summary(problems: &[FieldProblem]) -> String {
    let each: Vec<_> = problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    each.join("; ")
}
