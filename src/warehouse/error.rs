//! Why a call to ClickHouse failed.

/// A statement failed, or nobody knows what became of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// ClickHouse answered with an error of its own.
    #[error("ClickHouse refused the statement (code {code}): {message}")]
    Refused {
        /// ClickHouse's number of the error, such as 60 for an unknown table.
        code: u32,
        /// Its text, cut to 2,000 bytes.
        message: String,
    },
    /// No answer within the bound. The statement may still be running and may still succeed.
    #[error("ClickHouse gave no answer within the time allowed; is it overloaded or stopped?")]
    TimedOut,
    /// The connection could not be made or broke. The statement may or may not have been executed.
    #[error("ClickHouse cannot be reached ({0}): check clickhouse.url and that it is running")]
    Network(String),
    /// Something answered that cannot be understood: a proxy's page, a cut body, a column of another type.
    #[error("an answer that is not ClickHouse's ({0}): check that clickhouse.url is its HTTP port")]
    Answer(String),
    /// A batch whose columns this program does not know; nothing was sent.
    #[error("the batch was encoded with schema {0}, which this program does not know: run the Relais that encoded it")]
    Schema(u16),
}

impl CallError {
    /// ClickHouse's number of the error; none when it is not ClickHouse that said no.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            Self::TimedOut | Self::Network(_) | Self::Answer(_) | Self::Schema(_) => None,
        }
    }

    /// What it means for a question, which changes nothing and may be asked again.
    pub fn unanswered(&self) -> Unanswered {
        match self {
            Self::Refused { code, .. } if TOO_LONG.contains(code) => Unanswered::TooLong,
            Self::TimedOut => Unanswered::TooLong,
            Self::Network(_) => Unanswered::Away,
            Self::Refused { .. } | Self::Answer(_) | Self::Schema(_) => Unanswered::Failed,
        }
    }
}

/// What a question without an answer means to whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// ClickHouse is not there at the moment: ask again later.
    Away,
    /// The question reached its bound: ask for less.
    TooLong,
    /// Asking again would not help.
    Failed,
}

/// ClickHouse's numbers of a query that was ended by its bound: TIMEOUT_EXCEEDED, TOO_SLOW.
const TOO_LONG: [u32; 2] = [159, 160];

/// Longest text of an error that is kept, in bytes.
const MAX_MESSAGE: usize = 2000;

impl From<clickhouse::error::Error> for CallError {
    fn from(error: clickhouse::error::Error) -> Self {
        use clickhouse::error::Error;
        match error {
            Error::BadResponse(text) => match code_of(&text) {
                Some(code) => Self::Refused { code, message: cut(text) },
                None => Self::Answer(cut(text)),
            },
            Error::TimedOut => Self::TimedOut,
            Error::Network(source) => Self::Network(cut(chain(source.as_ref()))),
            other => Self::Answer(cut(chain(&other))),
        }
    }
}

/// The number behind `Code: ` with which every error text of ClickHouse begins. It is looked for at
/// the beginning only: further back it may be a quotation.
fn code_of(text: &str) -> Option<u32> {
    let digits = text.trim_start().strip_prefix("Code: ")?;
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_MESSAGE));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> CallError {
        clickhouse::error::Error::BadResponse(text.to_owned()).into()
    }

    #[test]
    fn the_code_of_an_error_is_read_from_its_text() {
        let text = "Code: 60. DB::Exception: Table relais.clicks does not exist. (UNKNOWN_TABLE)";
        assert_eq!(told(text).code(), Some(60));
        assert_eq!(told("Code: 241").code(), Some(241));
    }

    #[test]
    fn a_text_that_only_quotes_a_code_has_none() {
        for text in ["", "502 Bad Gateway", "upstream said Code: 60. DB::Exception", "Code: many"] {
            assert_eq!(told(text).code(), None, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        let CallError::Refused { message, .. } = told(&format!("Code: 27. {}", "é".repeat(5000))) else {
            panic!("it has a code")
        };
        assert!(message.len() <= MAX_MESSAGE && message.ends_with('é'));
    }
}
