//! What commands print: results on standard output; errors, in one line, and how far long work is on standard error.

use std::io::Write;

/// One line on standard output. A reader that went away (`| head`) is no error.
pub(super) fn line(text: &str) {
    let _reader_gone = writeln!(std::io::stdout().lock(), "{text}");
}

/// One line on standard error, of no interest to whoever reads the result.
pub(super) fn aside(text: &str) {
    let _reader_gone = writeln!(std::io::stderr().lock(), "{text}");
}

/// One line on standard error: the error with its causes, white space folded.
pub(super) fn error(error: &anyhow::Error) {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        // Many errors repeat their source in their own text.
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    let _reader_gone = writeln!(std::io::stderr().lock(), "relais: {}", parts.join(": "));
}
