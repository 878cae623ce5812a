//! A message's bytes: RFC 5322 head, RFC 2047 words, and two quoted-printable parts (RFC 2045).
//!
//! Written here because lettre's own builder brings a crate whose licence `deny.toml` does not
//! allow; lettre still hands messages over.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use lettre::Address;
use lettre::address::Envelope;

use super::Uncomposable;

/// Longest line of a quoted-printable part, without its soft end.
const LINE: usize = 75;
/// Bytes of one encoded word: 60 characters of base64, 72 with what stands around them (at most 75).
const WORD: usize = 45;

/// A message and whom it goes to.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// What a message is made of.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) from_name: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) subject: &'a str,
    pub(super) plain: &'a str,
    pub(super) html: &'a str,
    /// Milliseconds since 1970.
    pub(super) at_ms: i64,
    /// The address that stops mails of this kind, for a mail program's own button (RFC 2369, RFC 8058).
    pub(super) stop: Option<&'a str>,
}

impl Draft<'_> {
    /// # Errors
    /// [`Uncomposable`] when an address is none: one that holds a line end, for example.
    pub(super) fn message(&self) -> Result<Message, Uncomposable> {
        let address = |text: &str| text.parse::<Address>().map_err(|error| Uncomposable(error.to_string()));
        let (from, to) = (address(self.from)?, address(self.to)?);
        let date = Timestamp::from_millisecond(self.at_ms).map_err(|error| Uncomposable(error.to_string()))?;
        let date = rfc2822::to_string(&date.to_zoned(jiff::tz::TimeZone::UTC));
        let date = date.map_err(|error| Uncomposable(error.to_string()))?;
        let (id, boundary) = (rand::random::<u128>(), format!("{:032x}", rand::random::<u128>()));
        let mut head = vec![
            ("From", format!("{} <{from}>", words(self.from_name))),
            ("To", to.to_string()),
            ("Subject", words(self.subject)),
            ("Date", date),
            ("Message-ID", format!("<{id:032x}@{}>", from.domain())),
            // RFC 3834: no holiday notices in answer.
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("MIME-Version", "1.0".to_owned()),
            ("Content-Type", format!("multipart/alternative; boundary=\"{boundary}\"")),
        ];
        // One of our own addresses; what is none could only come from a mistake, and does not go out.
        if let Some(stop) = self.stop.filter(|stop| stop.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'>')) {
            head.push(("List-Unsubscribe", format!("<{stop}>")));
            head.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        let mut text = String::new();
        for (name, value) in head {
            // Writing into a text cannot fail.
            let _written = write!(text, "{name}: {value}\r\n");
        }
        for (kind, part) in [("plain", self.plain), ("html", self.html)] {
            let _written = write!(
                text,
                "\r\n--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n\
                 Content-Transfer-Encoding: quoted-printable\r\n\r\n{}",
                quoted_printable(part)
            );
        }
        let _written = write!(text, "\r\n--{boundary}--\r\n");
        let envelope = Envelope::new(Some(from), vec![to]).map_err(|error| Uncomposable(error.to_string()))?;
        Ok(Message { envelope, bytes: text.into_bytes() })
    }
}

/// A text as an unstructured header or a name takes it: plain when every character is harmless in
/// both and the line stays short, else as encoded words, which hold no character of the text itself.
fn words(text: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_');
    if !text.trim().is_empty() && text.len() <= 60 && text.bytes().all(harmless) {
        return text.trim().to_owned();
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for character in text.chars() {
        if word.len() + character.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(character);
    }
    words.push(word);
    let encoded: Vec<_> = words.iter().map(|word| format!("=?utf-8?B?{}?=", BASE64.encode(word))).collect();
    encoded.join("\r\n ")
}

/// RFC 2045, 6.7, of a text with LF or CRLF line ends.
fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for line in text.lines() {
        let mut width = 0;
        let bytes = line.as_bytes();
        for (position, byte) in bytes.iter().copied().enumerate() {
            let is_last = position + 1 == bytes.len();
            let plain = match byte {
                b'=' => false,
                // Spaces at the end of a line get lost on the way.
                b' ' => !is_last,
                _ => byte.is_ascii_graphic(),
            };
            let piece = if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if width + piece.len() > LINE {
                out.push_str("=\r\n");
                width = 0;
            }
            out.push_str(&piece);
            width += piece.len();
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_not_plain_are_encoded_and_short() {
        assert_eq!(words("Maison Verdier"), "Maison Verdier");
        assert_eq!(words("Été"), "=?utf-8?B?w4l0w6k=?=");
        for hostile in ["a\r\nBcc: b", "\"a\" <b@c>", "=?utf-8?B?YQ==?=", "a, b", "", " "] {
            let encoded = words(hostile);
            assert!(encoded.starts_with("=?utf-8?B?") && !encoded.contains("\r\nB"), "{encoded}");
        }
        let long = words(&"é".repeat(300));
        assert!(long.split("\r\n ").all(|word| word.len() <= 75 && word.ends_with("?=")), "{long}");
    }

    #[test]
    fn parts_are_ascii_of_short_lines_that_read_back() {
        let text = format!("a=b \n\n.\n{}\u{1F600} {}", "é".repeat(100), "x".repeat(200));
        let encoded = quoted_printable(&text);
        assert!(encoded.is_ascii() && encoded.split("\r\n").all(|line| line.len() <= 76), "{encoded}");
        let joined = encoded.replace("=\r\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let [first, tail @ ..] = rest {
            if *first == b'=' {
                let digits = std::str::from_utf8(&tail[..2]).expect("ASCII");
                bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
                rest = &tail[2..];
            } else {
                bytes.push(*first);
                rest = tail;
            }
        }
        assert_eq!(String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n"), format!("{text}\n"));
    }
}
