//! From bytes to text, whatever they are written in.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How far into a document its own word about its encoding is looked for (HTML says 1,024 bytes).
const LOOKED_AT: usize = 1024;

/// The text of a document: the byte order mark decides, then the header, then what the document
/// says, then whether it is UTF-8; windows-1252 otherwise, as browsers do. Never fails: what is no
/// text becomes replacement characters.
pub(super) fn decode<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Cow<'b, str> {
    let said = content_type.and_then(of_header).or_else(|| of_document(bytes));
    let encoding = said.unwrap_or_else(|| if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 });
    // Looks for a byte order mark first.
    encoding.decode(bytes).0
}

fn of_header(content_type: &str) -> Option<&'static Encoding> {
    let at = content_type.to_ascii_lowercase().find("charset=")? + "charset=".len();
    label(content_type.get(at..)?.as_bytes())
}

/// `<?xml … encoding="…"?>`, `<meta charset="…">` or `<meta … content="…; charset=…">`.
fn of_document(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(LOOKED_AT)].to_ascii_lowercase();
    let behind = |mark: &[u8]| head.windows(mark.len()).position(|part| part == mark).map(|at| at + mark.len());
    let at = if head.starts_with(b"<?xml") { behind(b"encoding=") } else { None };
    let encoding = label(&head[at.or_else(|| behind(b"charset="))?..])?;
    // Who could write this in UTF-16 was understood as ASCII just now.
    Some(if matches!(encoding.name(), "UTF-16LE" | "UTF-16BE") { UTF_8 } else { encoding })
}

/// The encoding of a label that may stand in quotes.
fn label(text: &[u8]) -> Option<&'static Encoding> {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix(b"\"").or_else(|| text.strip_prefix(b"'")).unwrap_or(text);
    let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_.:".contains(byte));
    Encoding::for_label(&text[..end.unwrap_or(text.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_document_and_bytes_tell_the_encoding_in_this_order() {
        let latin = b"<meta charset=utf-8>caf\xe9";
        assert_eq!(decode(latin, Some("text/html; charset=\"ISO-8859-1\"")), "<meta charset=utf-8>café");
        assert_eq!(decode(b"<?xml version='1.0' encoding='iso-8859-15'?>\xa4", None).chars().last(), Some('€'));
        assert_eq!(
            decode(b"<meta http-equiv=x content='text/html; charset=Shift_JIS'>\x93\xfa", None).chars().last(),
            Some('日')
        );
        assert_eq!(decode("café".as_bytes(), Some("text/html")), "café");
        assert_eq!(decode(b"caf\xe9", None), "café");
        assert_eq!(decode(b"\xff\xfec\0a\0", Some("text/html; charset=utf-8")), "ca");
        assert_eq!(decode(b"\xef\xbb\xbfcaf\xc3\xa9", None), "café");
        assert_eq!(decode(b"a", Some("text/html; charset=nonsense")), "a");
        assert_eq!(decode(b"", None), "");
    }
}
