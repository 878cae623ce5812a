//! Where a link is shared: each network's own share window, and what it takes.
//!
//! The addresses are those that the networks document for links on web pages. Nobody signs in to a
//! network here, and none of them is asked for anything before the person taps.

use url::Url;

use super::super::texts::msg;

/// Where a share ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A window of the network, in a tab of its own.
    Window,
    /// A program of the device, such as the one for mails.
    Program,
    /// The clipboard alone.
    Clipboard,
    /// The device's own share sheet.
    Sheet,
    /// A page with a QR code.
    Code,
}

/// A place to share at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The channel of its links, which is its icon's name too.
    pub(super) channel: &'static str,
    /// How people call it: a name, or a message.
    pub(super) name: Name,
    pub(super) way: Way,
    /// The window takes no text: it is copied beside it.
    pub(super) copies: bool,
}

/// A name that is the same in every language, or a message.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    Own(&'static str),
    Said(&'static str),
}

const fn network(channel: &'static str, name: &'static str) -> Place {
    Place { channel, name: Name::Own(name), way: Way::Window, copies: false }
}

const fn own(channel: &'static str, name: &'static str, way: Way) -> Place {
    Place { channel, name: Name::Said(name), way, copies: matches!(way, Way::Clipboard) }
}

/// All of them, in the order of the page.
pub(super) const PLACES: &[Place] = &[
    Place { channel: "linkedin", name: Name::Own("LinkedIn"), way: Way::Window, copies: true },
    network("whatsapp", "WhatsApp"),
    own("email", msg("place-email"), Way::Program),
    network("teams", "Teams"),
    network("x", "X"),
    network("facebook", "Facebook"),
    network("bluesky", "Bluesky"),
    network("threads", "Threads"),
    network("telegram", "Telegram"),
    own("sheet", msg("place-sheet"), Way::Sheet),
    own("qr", msg("place-qr"), Way::Code),
    own("copy", msg("place-copy"), Way::Clipboard),
];

impl Place {
    /// The place of a channel.
    pub(super) fn of(channel: &str) -> Option<&'static Self> {
        PLACES.iter().find(|place| place.channel == channel)
    }

    /// The icon in the sprite.
    pub(super) fn icon(&self) -> &'static str {
        if self.channel == "sheet" { "share" } else { self.channel }
    }

    /// Whether a tap leads out of the page.
    pub(super) fn opens(&self) -> bool {
        matches!(self.way, Way::Window)
    }

    /// Whether it needs a script.
    pub(super) fn is_sheet(&self) -> bool {
        self.way == Way::Sheet
    }

    /// Whether it leads to a page of its own.
    pub(super) fn is_code(&self) -> bool {
        self.way == Way::Code
    }

    /// The address of its window for a link and a text; none where there is no window.
    pub(super) fn intent(&self, link: &str, text: &str, subject: &str) -> Option<String> {
        let both = || if text.is_empty() { link.to_owned() } else { format!("{text}\n{link}") };
        let (base, parameters): (_, Vec<(&str, String)>) = match self.channel {
            "linkedin" => ("https://www.linkedin.com/sharing/share-offsite/", vec![("url", link.to_owned())]),
            "x" => ("https://x.com/intent/tweet", vec![("text", text.to_owned()), ("url", link.to_owned())]),
            "facebook" => ("https://www.facebook.com/sharer/sharer.php", vec![("u", link.to_owned())]),
            "whatsapp" => ("https://wa.me/", vec![("text", both())]),
            "telegram" => ("https://t.me/share/url", vec![("url", link.to_owned()), ("text", text.to_owned())]),
            "bluesky" => ("https://bsky.app/intent/compose", vec![("text", both())]),
            "threads" => {
                ("https://www.threads.net/intent/post", vec![("text", text.to_owned()), ("url", link.to_owned())])
            }
            "teams" => {
                ("https://teams.microsoft.com/share", vec![("href", link.to_owned()), ("msgText", text.to_owned())])
            }
            "email" => return Some(mailto(subject, &both())),
            _ => return None,
        };
        let mut url = Url::parse(base).expect("a constant");
        url.query_pairs_mut().extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
        // Forms write a space as +, which these pages show as it is.
        Some(url.as_str().replace('+', "%20"))
    }
}

/// RFC 6068: lines end with CRLF.
fn mailto(subject: &str, body: &str) -> String {
    let write = |text: &str| -> String {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    format!("mailto:?subject={}&body={}", write(subject), write(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_gets_the_address_that_it_documents() {
        let link = "https://go.acme.test/k3Xw9Tq2b";
        let said = |channel: &str| Place::of(channel).expect("a place").intent(link, "Vu ? 1+1 & l’été", "Sujet");
        let coded = "https%3A%2F%2Fgo.acme.test%2Fk3Xw9Tq2b";
        let text = "Vu%20%3F%201%2B1%20%26%20l%E2%80%99%C3%A9t%C3%A9";
        for (channel, expected) in [
            ("linkedin", format!("https://www.linkedin.com/sharing/share-offsite/?url={coded}")),
            ("x", format!("https://x.com/intent/tweet?text={text}&url={coded}")),
            ("facebook", format!("https://www.facebook.com/sharer/sharer.php?u={coded}")),
            ("whatsapp", format!("https://wa.me/?text={text}%0A{coded}")),
            ("telegram", format!("https://t.me/share/url?url={coded}&text={text}")),
            ("bluesky", format!("https://bsky.app/intent/compose?text={text}%0A{coded}")),
            ("threads", format!("https://www.threads.net/intent/post?text={text}&url={coded}")),
            ("teams", format!("https://teams.microsoft.com/share?href={coded}&msgText={text}")),
            ("email", format!("mailto:?subject=Sujet&body={text}%0D%0A{coded}")),
        ] {
            assert_eq!(said(channel), Some(expected), "{channel}");
        }
        for channel in ["copy", "qr", "sheet"] {
            assert_eq!(said(channel), None, "{channel}");
        }
        assert!(PLACES.iter().all(|place| place.channel.parse::<crate::model::Channel>().is_ok()));
    }
}
