//! The beginning of sanitized markup, well-formed.

use super::markup::{self, Piece, Units, is_void, write_end, write_text};

/// The markup around the first `length` characters of text, the ellipsis among them if anything is
/// cut off. A reference is one character. Elements that are open where the text ends are closed.
pub(super) fn truncate(html: &str, length: usize, ellipsis: &str) -> String {
    let mut whole = 0;
    for piece in markup::pieces(html) {
        if let Piece::Text(text) = piece {
            whole += characters(text);
        }
    }
    if whole <= length {
        return html.to_owned();
    }
    let mut left = length.saturating_sub(ellipsis.chars().count());
    let mut short = String::with_capacity(html.len().min(8 * length));
    let mut open = Vec::new();
    let mut any_text = false;
    for piece in markup::pieces(html) {
        match piece {
            Piece::Comment(_) => {}
            // What follows the last character that is kept goes: all but the ends of elements.
            Piece::End(_) | Piece::Start(_) if left == 0 && any_text => break,
            Piece::End(name) => {
                if open.last() == Some(&name) {
                    open.pop();
                }
                write_end(&mut short, name);
            }
            Piece::Start(start) => {
                if !is_void(start.name) {
                    open.push(start.name);
                }
                short.push_str(start.source);
            }
            Piece::Text(text) => {
                let count = characters(text);
                if count > left {
                    let kept = beginning(text, left);
                    short.push_str(kept);
                    break;
                }
                any_text |= count > 0;
                left -= count;
                short.push_str(text);
            }
        }
    }
    // Tags do not end in white space.
    short.truncate(short.trim_end().len());
    let length = ellipsis.char_indices().nth(length).map_or(ellipsis.len(), |(at, _)| at);
    write_text(&mut short, ellipsis.get(..length).unwrap_or(ellipsis));
    open.iter().rev().for_each(|name| write_end(&mut short, name));
    short
}

fn characters(text: &str) -> usize {
    Units(text).map(|unit| unit.plain().chars().count()).sum()
}

/// The first `count` characters, references whole.
fn beginning(text: &str, count: usize) -> &str {
    let mut left = count;
    let mut end = 0;
    for unit in Units(text) {
        let characters = unit.plain().chars().count();
        if characters > left {
            // More than one character is text without references.
            end += unit.source.char_indices().nth(left).map_or(0, |(at, _)| at);
            break;
        }
        left -= characters;
        end += unit.source.len();
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::truncate;

    #[test]
    fn what_is_open_is_closed() {
        let html = "<p>one <b>two</b> three</p><p>four</p>";
        for (length, expected) in [
            (17, html),
            (16, "<p>one <b>two</b> three</p><p>fo…</p>"),
            (14, "<p>one <b>two</b> three…</p>"),
            (6, "<p>one <b>t…</b></p>"),
            (5, "<p>one…</p>"),
            (4, "<p>one…</p>"),
            (1, "<p>…</p>"),
            (0, "<p></p>"),
        ] {
            assert_eq!(expected, truncate(html, length, "…"), "{length}");
        }
    }

    #[test]
    fn a_reference_is_one_character() {
        let html = "&lt;&amp;<br>&nbsp;äö";

        assert_eq!("&lt;…", truncate(html, 2, "…"));
        assert_eq!("&lt;&amp;…", truncate(html, 3, "…"));
        assert_eq!("&lt;&amp;<br>&nbsp;…", truncate(html, 4, "…"));
        assert_eq!(html, truncate(html, 5, "…"));
    }

    #[test]
    fn nothing_stays_behind_the_cut() {
        let html = "<p>abc</p><img src=\"/1.png\"><img src=\"/2.png\"><p>def</p>";

        assert_eq!("<p>abc…</p>", truncate(html, 4, "…"));
        assert_eq!("<ul><li>…</li></ul>", truncate("<ul><li>ab</li></ul>", 1, "…"));
    }

    #[test]
    fn the_ellipsis_is_text() {
        assert_eq!("a&lt;b&gt;", truncate("abcde", 4, "<b>"));
    }
}
