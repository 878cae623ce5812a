//! One sentence for the page after a redirect.

use http::HeaderMap;

use super::cookies::FLASH_COOKIE;
use crate::auth::session::cookie;
use crate::texts::Texts;

/// Longest value that a sentence is about, in bytes.
const MAX_VALUE: usize = 200;

/// A message whose name begins with `flash-`, and what it is about. It travels in a cookie that the
/// next page takes away: an address that somebody passes on says nothing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::portal) struct Flash {
    message: String,
    value: String,
}

impl Flash {
    /// The message, such as `flash-saved`.
    pub(in crate::portal) fn new(message: &'static str) -> Self {
        Self::about(message, "")
    }

    /// The message about something, which it calls `$what`.
    pub(in crate::portal) fn about(message: &'static str, value: &str) -> Self {
        let end = value.floor_char_boundary(MAX_VALUE);
        Self { message: message.to_owned(), value: value[..end].to_owned() }
    }

    /// As the cookie holds it.
    pub(super) fn written(&self) -> String {
        let value: String = url::form_urlencoded::byte_serialize(self.value.as_bytes()).collect();
        format!("{}.{value}", self.message)
    }

    /// What a request brought along.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let (message, value) = cookie(headers, FLASH_COOKIE)?.split_once('.')?;
        let pair = format!("v={value}");
        let value = url::form_urlencoded::parse(pair.as_bytes()).next()?.1.into_owned();
        let clean = message.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let is_flash = clean && message.starts_with("flash-") && value.len() <= MAX_VALUE;
        is_flash.then(|| Self { message: message.to_owned(), value })
    }

    /// The sentence, if there is such a message.
    pub(in crate::portal) fn say(&self, texts: &Texts) -> Option<String> {
        texts.find(&self.message, &[("what", self.value.as_str().into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_comes_back_from_its_cookie_and_no_other_message_does() {
        let read = |value: &str| {
            let line = format!("{FLASH_COOKIE}={value}");
            Flash::read(&[(http::header::COOKIE, line.parse().expect("a header"))].into_iter().collect())
        };
        let flash = Flash::about("flash-saved", "Équipe; a=b & c.d");
        assert_eq!(read(&flash.written()), Some(flash));
        assert_eq!(read("missing-title."), None);
        assert_eq!(read("flash-saved"), None);
    }
}
