//! Splits a file of SQL into its statements.

/// The statements of `sql` without the semicolons between them, without what holds nothing but comments.
/// Semicolons in texts, quoted names and comments do not end a statement.
pub(super) fn split(sql: &str) -> Vec<&str> {
    let bytes = sql.as_bytes();
    let mut statements = Vec::new();
    let (mut start, mut at, mut holds_something) = (0, 0, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        match rest[0] {
            b'-' if rest.starts_with(b"--") => at += find(rest, b"\n"),
            b'/' if rest.starts_with(b"/*") => at += 2 + find(&rest[2..], b"*/"),
            quote @ (b'\'' | b'"' | b'`') => {
                at += quoted(rest, quote);
                holds_something = true;
            }
            b';' => {
                if holds_something {
                    statements.push(sql[start..at].trim());
                }
                at += 1;
                (start, holds_something) = (at, false);
            }
            byte => {
                at += 1;
                holds_something |= !byte.is_ascii_whitespace();
            }
        }
    }
    if holds_something {
        statements.push(sql[start..].trim());
    }
    statements
}

/// Bytes up to the end of the first `mark`, or all.
fn find(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).position(|window| window == mark).map_or(bytes.len(), |at| at + mark.len())
}

/// Bytes of a quoted text with both quotes. A doubled quote ends one text and begins the next, which
/// comes to the same.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_its_statements_in_order() {
        assert_eq!(split("SELECT 1;\n\nSELECT 2\n;"), ["SELECT 1", "SELECT 2"]);
        assert_eq!(split("SELECT 1"), ["SELECT 1"]);
        assert!(split(" \n;;-- nothing; at all\n/* ; */").is_empty());
    }

    #[test]
    fn a_semicolon_inside_something_ends_nothing() {
        for whole in
            ["SELECT ';'", "SELECT 'it''s; \\'; ok'", "SELECT 1 AS `a;b`, 2 AS \"c;d\"", "SELECT /* ; */ 1 -- ;"]
        {
            assert_eq!(split(whole), [whole]);
        }
    }

    #[test]
    fn what_is_not_closed_ends_with_the_file() {
        for open in ["SELECT 'x;", "SELECT 1 /* ;", "SELECT 'x\\"] {
            assert_eq!(split(open), [open]);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_split_without_a_panic_and_in_order(text in ".{0,60}[;'\"`/*\\-\\\\\n]{0,20}.{0,20}") {
            let mut from = 0;
            for statement in split(&text) {
                let at = text[from..].find(statement);
                proptest::prop_assert!(at.is_some());
                from += at.unwrap_or_default() + statement.len();
            }
        }
    }
}
