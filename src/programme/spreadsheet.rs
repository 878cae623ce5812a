//! Lists that people save from a spreadsheet, as it saves them.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// The text of a list: UTF-8, with or without a byte order mark, else Windows-1252, which spreadsheets of Western Europe
/// write unless they are told otherwise. None for a workbook, and for a text of two bytes a character: no list holds a
/// zero byte, and both are full of them.
pub fn text_of(file: &[u8]) -> Option<Cow<'_, str>> {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    if text.contains(&0) {
        return None;
    }
    Some(std::str::from_utf8(text).map_or_else(|_| WINDOWS_1252.decode(text).0, Cow::Borrowed))
}

/// What stands between the cells: a semicolon, a tabulator or a comma, whichever the first line has most of.
pub fn delimiter_of(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    [';', '\t', ','].into_iter().max_by_key(|sign| first.matches(*sign).count()).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_saving_a_list_reads_as_the_same_text_and_a_workbook_as_none() {
        for saved in [&b"Pr\xc3\xa9nom;\xe2\x82\xac"[..], b"\xef\xbb\xbfPr\xc3\xa9nom;\xe2\x82\xac", b"Pr\xe9nom;\x80"]
        {
            assert_eq!(text_of(saved).as_deref(), Some("Prénom;€"), "{saved:?}");
        }
        for none in [&b"PK\x03\x04\x14\x00\x06\x00"[..], b"\xff\xfeP\x00r\x00"] {
            assert_eq!(text_of(none), None, "{none:?}");
        }
        assert_eq!(text_of(b"").as_deref(), Some(""));
    }

    #[test]
    fn the_first_line_says_what_stands_between_cells() {
        for (text, expected) in [("a;b,c;d\n1,2,3,4,5", ';'), ("a\tb", '\t'), ("a,b", ','), ("a", ','), ("", ',')] {
            assert_eq!(delimiter_of(text), expected, "{text}");
        }
    }
}
