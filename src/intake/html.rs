//! What a page says of itself, token by token.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

/// Elements of each kind that are kept, at most.
const MAX_KEPT: usize = 200;
/// Blocks of JSON-LD that are kept, at most.
const MAX_BLOCKS: usize = 20;
/// Longest title or attribute that is kept, in bytes.
const MAX_TEXT: usize = 16 * 1024;

/// What stands in the elements that describe a page.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// Of the first `<title>`.
    pub(super) title: String,
    /// `name` or `property` of `<meta>` in lower case, and its content; not empty.
    metas: Vec<(String, String)>,
    /// Of each `<link>`.
    pub(super) links: Vec<LinkTag>,
    /// The text of each `<script type="application/ld+json">`.
    pub(super) json_ld: Vec<String>,
    /// `href` of the first `<base>`.
    pub(super) base: Option<String>,
}

/// A `<link>`.
#[derive(Debug, Default)]
pub(super) struct LinkTag {
    pub(super) rel: String,
    pub(super) media_type: String,
    pub(super) href: String,
}

impl Described {
    /// The content of the first of these metas that the page has.
    pub(super) fn meta(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(known, _)| known == name).map(|(_, content)| content.as_str()))
    }
}

/// Where the next text belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Title,
    JsonLd,
}

/// Reads a page.
pub(super) fn described(page: &str) -> Described {
    let mut found = Described::default();
    let (mut inside, mut has_title) = (Inside::Nothing, false);
    for token in tokens(page) {
        match token {
            Token::StartTag(tag) => {
                inside = Inside::Nothing;
                match tag.name.as_slice() {
                    b"title" if !has_title => (inside, has_title) = (Inside::Title, true),
                    b"script" if is_json_ld(&tag) && found.json_ld.len() < MAX_BLOCKS => {
                        found.json_ld.push(String::new());
                        inside = Inside::JsonLd;
                    }
                    b"meta" => keep_meta(&mut found, &tag),
                    b"link" if found.links.len() < MAX_KEPT => found.links.push(LinkTag {
                        rel: attribute(&tag, "rel").to_ascii_lowercase(),
                        media_type: attribute(&tag, "type").to_ascii_lowercase(),
                        href: attribute(&tag, "href"),
                    }),
                    b"base" if found.base.is_none() => found.base = Some(attribute(&tag, "href")),
                    _ => {}
                }
            }
            Token::EndTag(_) => inside = Inside::Nothing,
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text.value);
                match inside {
                    Inside::Title if found.title.len() < MAX_TEXT => found.title.push_str(&text),
                    Inside::JsonLd => {
                        if let Some(block) = found.json_ld.last_mut() {
                            block.push_str(&text);
                        }
                    }
                    Inside::Title | Inside::Nothing => {}
                }
            }
            _ => {}
        }
    }
    found
}

fn is_json_ld(tag: &StartTag<()>) -> bool {
    attribute(tag, "type").eq_ignore_ascii_case("application/ld+json")
}

fn keep_meta(found: &mut Described, tag: &StartTag<()>) {
    let content = attribute(tag, "content");
    if content.trim().is_empty() || found.metas.len() >= MAX_KEPT {
        return;
    }
    for name in ["property", "name", "itemprop"] {
        let name = attribute(tag, name).trim().to_ascii_lowercase();
        if !name.is_empty() {
            return found.metas.push((name, content));
        }
    }
}

/// The text of markup: what stands in scripts and styles is none, and where an element begins or
/// ends a word does, unless it only changes how words look.
pub(super) fn text(markup: &str) -> String {
    let mut out = String::new();
    let mut skipped = false;
    for token in tokens(markup) {
        match token {
            Token::StartTag(tag) => {
                skipped = matches!(tag.name.as_slice(), b"script" | b"style" | b"template" | b"noscript" | b"iframe");
                if !is_inline(&tag.name) {
                    out.push(' ');
                }
            }
            Token::EndTag(tag) => {
                skipped = false;
                if !is_inline(&tag.name) {
                    out.push(' ');
                }
            }
            Token::String(text) if !skipped => out.push_str(&String::from_utf8_lossy(&text.value)),
            _ => {}
        }
    }
    out
}

/// `src` of the first picture in markup.
pub(super) fn first_picture(markup: &str) -> Option<String> {
    tokens(markup).find_map(|token| match token {
        Token::StartTag(tag) if tag.name.as_slice() == b"img" => {
            Some(attribute(&tag, "src")).filter(|source| !source.is_empty())
        }
        _ => None,
    })
}

fn is_inline(name: &[u8]) -> bool {
    matches!(name, b"a" | b"abbr" | b"b" | b"code" | b"em" | b"i" | b"mark" | b"small" | b"span" | b"strong" | b"u")
}

fn tokens(markup: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::default();
    // Scripts, styles and titles hold text, whatever looks like a tag in them.
    emitter.naively_switch_states(true);
    // A text in memory is always readable.
    Tokenizer::new_with_emitter(markup, emitter).map_while(Result::ok)
}

fn attribute(tag: &StartTag<()>, name: &str) -> String {
    let value = tag.attributes.get(name.as_bytes()).filter(|value| value.value.len() <= MAX_TEXT);
    value.map(|value| String::from_utf8_lossy(&value.value).trim().to_owned()).unwrap_or_default()
}
