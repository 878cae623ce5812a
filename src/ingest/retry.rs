//! What an error of ClickHouse asks for.

/// What to do after an insert or a question failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Somebody must repair the table or the account: stop sending, raise an alarm, probe slowly.
    Park,
    /// The bytes were refused: halve them until the row that is at fault stands alone.
    Bisect,
    /// Too much at once: halve them, and wait.
    Shrink,
    /// Wait and try again, for ever.
    Retry,
}

/// Sorts ClickHouse's error codes (`src/Common/ErrorCodes.cpp` of ClickHouse); an answer without a
/// code (a lost connection, a proxy's page, a timeout) is retried.
pub(super) fn remedy(code: Option<u32>) -> Remedy {
    match code {
        // NO_SUCH_COLUMN_IN_TABLE, BAD_ARGUMENTS, UNKNOWN_IDENTIFIER, UNKNOWN_TABLE, UNKNOWN_DATABASE: the schema is
        // not this program's. UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, ACCESS_DENIED, AUTHENTICATION_FAILED:
        // the account is not.
        Some(16 | 36 | 47 | 60 | 81 | 192 | 193 | 194 | 497 | 516) => Remedy::Park,
        // CANNOT_PARSE_TEXT, CANNOT_PARSE_INPUT_ASSERTION_FAILED, CANNOT_READ_ALL_DATA, TYPE_MISMATCH, INCORRECT_DATA
        Some(6 | 27 | 33 | 53 | 117) => Remedy::Bisect,
        // TOO_MANY_ROWS, MEMORY_LIMIT_EXCEEDED, TOO_MANY_BYTES
        Some(158 | 241 | 307) => Remedy::Shrink,
        _ => Remedy::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_without_a_code_is_retried() {
        assert_eq!(remedy(None), Remedy::Retry);
    }

    #[test]
    fn a_missing_column_parks_bad_data_bisects_and_too_many_parts_are_waited_for() {
        assert_eq!(remedy(Some(16)), Remedy::Park);
        assert_eq!(remedy(Some(117)), Remedy::Bisect);
        assert_eq!(remedy(Some(241)), Remedy::Shrink);
        assert_eq!(remedy(Some(252)), Remedy::Retry);
    }
}
