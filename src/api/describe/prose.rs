//! Running texts of the description as HTML: paragraphs, lists, and code between backticks.
//!
//! They are our own doc comments, written in the little Markdown that they use; everything else is shown as it is.

use askama::Template;

#[derive(Template)]
#[template(
    ext = "html",
    source = "{% for block in blocks %}{% if block.is_list %}<ul>{% for line in block.lines %}<li>\
{% for piece in line %}{% if piece.is_code %}<code>{{ piece.text }}</code>{% else %}{{ piece.text }}{% endif %}{% endfor %}\
</li>{% endfor %}</ul>{% else %}<p>{% for line in block.lines %}\
{% for piece in line %}{% if piece.is_code %}<code>{{ piece.text }}</code>{% else %}{{ piece.text }}{% endif %}{% endfor %}\
{% endfor %}</p>{% endif %}{% endfor %}"
)]
struct Blocks<'t> {
    blocks: Vec<Block<'t>>,
}

/// A paragraph, whose lines are joined to one, or a list.
struct Block<'t> {
    is_list: bool,
    lines: Vec<Vec<Piece<'t>>>,
}

struct Piece<'t> {
    is_code: bool,
    text: &'t str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = "{% for piece in pieces %}{% if piece.is_code %}<code>{{ piece.text }}</code>{% else %}{{ piece.text }}\
{% endif %}{% endfor %}"
)]
struct Line<'t> {
    pieces: Vec<Piece<'t>>,
}

/// A text of several paragraphs.
pub(super) fn prose(text: &str) -> String {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut ended = true;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            ended = true;
            continue;
        }
        let (is_list, shown) = match trimmed.strip_prefix("- ") {
            Some(entry) => (true, entry),
            None => (false, trimmed),
        };
        match blocks.last_mut().filter(|block| !ended && block.is_list == is_list) {
            Some(block) => {
                // The lines of a paragraph are one line of text, broken where the source was.
                if !is_list {
                    block.lines.push(vec![Piece { is_code: false, text: " " }]);
                }
                block.lines.push(pieces(shown));
            }
            None => blocks.push(Block { is_list, lines: vec![pieces(shown)] }),
        }
        ended = false;
    }
    Blocks { blocks }.render().expect("texts can be written into a text")
}

/// A text of one line, without a paragraph around it.
pub(super) fn line(text: &str) -> String {
    Line { pieces: pieces(text) }.render().expect("texts can be written into a text")
}

/// What stands between two backticks is code; a last one alone is a backtick.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('`') {
        let Some((code, after)) = behind.split_once('`') else { break };
        pieces.push(Piece { is_code: false, text: before });
        pieces.push(Piece { is_code: true, text: code });
        rest = after;
    }
    pieces.push(Piece { is_code: false, text: rest });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(line("Take `a<b` or `c`, not <d>"), "Take <code>a&#60;b</code> or <code>c</code>, not &#60;d&#62;");
        assert_eq!(line("one ` alone"), "one ` alone");
        assert_eq!(line(""), "");
    }

    #[test]
    fn paragraphs_and_lists_are_what_they_look_like() {
        let text = "First\nline `x`.\n\nSecond:\n- `one`: 1\n- two\n";
        let expected =
            "<p>First line <code>x</code>.</p><p>Second:</p><ul><li><code>one</code>: 1</li><li>two</li></ul>";
        assert_eq!(prose(text), expected);
        assert_eq!(prose(""), "");
    }
}
