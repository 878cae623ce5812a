//! The links that a run asks for.

use std::path::{Path, PathBuf};

/// A link as a client names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// The path behind the slash.
    pub(crate) code: String,
    /// The `Host` header; the target's own when absent.
    pub(crate) host: Option<String>,
}

/// Why a file of codes cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CodesError {
    /// The file system refused.
    #[error("cannot read the codes in {0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
    /// A line is neither `code` nor `code,host`.
    #[error("{0}:{1}: `{2}` is no code; write one `code` or `code,host` a line, of letters, digits, `-` and `.`")]
    Line(PathBuf, usize, String),
    /// Nothing to ask for.
    #[error("{0} holds no code; write one `code` or `code,host` a line")]
    Empty(PathBuf),
}

/// Reads one code a line, most popular first. Empty lines are passed over.
pub(crate) fn read_codes(path: &Path) -> Result<Vec<Code>, CodesError> {
    let text = std::fs::read_to_string(path).map_err(|error| CodesError::Io(path.to_owned(), error))?;
    let mut codes = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        let code = parse(line).ok_or_else(|| CodesError::Line(path.to_owned(), index + 1, line.to_owned()))?;
        codes.push(code);
    }
    if codes.is_empty() { Err(CodesError::Empty(path.to_owned())) } else { Ok(codes) }
}

/// Refuses whatever would break a request line or a header: what is measured are links, not the
/// parser of the server.
fn parse(line: &str) -> Option<Code> {
    let (code, host) = match line.split_once(',') {
        Some((code, host)) => (code.trim(), Some(host.trim())),
        None => (line, None),
    };
    let clean = |text: &str, also: &[u8]| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
    };
    let sound = clean(code, b"-") && host.is_none_or(|host| clean(host, b"-.:[]"));
    sound.then(|| Code { code: code.to_owned(), host: host.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Code>, CodesError> {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("codes");
        std::fs::write(&path, text).expect("written");
        read_codes(&path)
    }

    #[test]
    fn codes_come_with_or_without_a_host() {
        let codes = read("aB3dE5gH7\n\njobs-2026, go.example.org:8080 \r\n").expect("codes");
        assert_eq!(codes[0], Code { code: "aB3dE5gH7".into(), host: None });
        assert_eq!(codes[1], Code { code: "jobs-2026".into(), host: Some("go.example.org:8080".into()) });
    }

    #[test]
    fn a_line_that_would_break_the_request_is_named() {
        let error = read("abc\na b\n").expect_err("a bad line");
        assert!(error.to_string().contains(":2: `a b`"), "{error}");
        assert!(matches!(read("abc,\n"), Err(CodesError::Line(_, 1, _))));
        assert!(matches!(read("\n \n"), Err(CodesError::Empty(_))));
    }
}
