//! HTML as plain text.

use core::ops::Range;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSinkResult};

use super::hidden::{Hidden, Reads};
use super::limits::{Constructs, Limits};
use super::tokens::{self, Reader};
use crate::Result;
use crate::platform::fork_gate;

/// The text of `html`, at most `max_length` characters of it.
///
/// Runs of white space become one space, as in a browser, except inside `<pre>`. Paragraphs, list
/// items and other blocks, and `<br>`, become lines, table cells are parted by a tab. What is cut
/// off ends in `…`. The content of scripts, style sheets and the like is no text.
///
/// The result is text: it has to be escaped before it stands in HTML.
///
/// # Errors
///
/// [`crate::Error::InputTooLarge`] if a tag has more than 256 attributes, or if there are more than
/// 65 536 tags and references and one in 16 bytes.
pub fn text(html: &str, max_length: Option<usize>) -> Result<String> {
    Constructs::READ.check(html)?;
    let attributes = Limits::default().attributes;
    let reader = fork_gate::undisturbed(|| tokens::read(html, attributes, Text::default()))?;
    let text = reader.written.trim_end();
    Ok(max_length.map_or_else(|| text.to_owned(), |length| cut(text, length)))
}

#[derive(Debug, Default)]
struct Text {
    written: String,
    /// White space before what comes next, not yet written.
    pending: Option<char>,
    preformatted: usize,
    /// The element whose content is left out.
    hidden: Option<Hidden>,
}

impl Text {
    fn append(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.separate();
            self.written.push_str(text);
            return;
        }
        for (number, word) in text.split(|it: char| it.is_ascii_whitespace()).enumerate() {
            if number > 0 {
                self.pending = self.pending.or(Some(' '));
            }
            if !word.is_empty() {
                self.separate();
                self.written.push_str(word);
            }
        }
    }

    /// Writes the white space that was put off, unless a line begins.
    fn separate(&mut self) {
        if let Some(space) = self.pending.take()
            && !self.written.is_empty()
            && !(space == ' ' && self.written.ends_with(['\n', '\t']))
        {
            self.written.push(space);
        }
    }

    /// Puts off a line break; it goes before a tab, and both before a space.
    fn separate_by(&mut self, space: char) {
        if self.pending != Some('\n') {
            self.pending = Some(space);
        }
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        match name {
            "br" => {
                self.pending = None;
                self.written.push('\n');
            }
            "td" | "th" => self.separate_by('\t'),
            name if is_block(name) => self.separate_by('\n'),
            _ => {}
        }
        if name == "pre" {
            self.preformatted += 1;
        }
        self.hidden = Hidden::by(tag);
        match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn end_tag(&mut self, name: &str) {
        if is_block(name) {
            self.separate_by('\n');
        }
        if name == "pre" {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
    }
}

impl Reader for Text {
    type Handle = ();

    fn characters(&mut self, token: Token, _literal: bool) {
        if let Token::CharacterTokens(text) = token
            && self.hidden.is_none()
        {
            self.append(&text);
        }
    }

    fn construct(&mut self, token: Token, _source: Range<usize>) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        let starts = tag.kind == TagKind::StartTag;
        if let Some(hidden) = &mut self.hidden {
            match hidden.read(&tag, starts) {
                Reads::Within => return TokenSinkResult::Continue,
                Reads::End => {
                    self.hidden = None;
                    return TokenSinkResult::Continue;
                }
                Reads::Behind => self.hidden = None,
            }
        }
        if starts {
            return self.start(&tag);
        }
        self.end_tag(&tag.name);
        TokenSinkResult::Continue
    }

    fn end(&mut self, _unfinished: Option<Range<usize>>) {}
}

/// At most `length` characters of `text`, cut between words where one is near.
fn cut(text: &str, length: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(length) else {
        return text.to_owned();
    };
    if length == 0 {
        return String::new();
    }
    let kept = text.get(..end).unwrap_or_default();
    // The ellipsis is one character.
    let kept = kept.get(..kept.len() - kept.chars().next_back().map_or(0, char::len_utf8));
    let kept = kept.unwrap_or_default();
    let word = kept.rfind(char::is_whitespace).filter(|at| 2 * at >= kept.len());
    let kept = word.and_then(|at| kept.get(..at)).unwrap_or(kept);
    format!("{}…", kept.trim_end())
}

/// Elements before and behind which lines end.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "textarea"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
            | "xmp"
    )
}

#[cfg(test)]
mod tests {
    fn text(html: &str) -> String {
        super::text(html, None).unwrap()
    }

    #[test]
    fn blocks_become_lines() {
        for (html, expected) in [
            ("", ""),
            ("a &amp; <b>b</b>\n c &lt;i&gt;", "a & b c <i>"),
            (" <p>one</p>\n<p> two <i> three</i></p> ", "one\ntwo three"),
            ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
            ("a<br>b<br/> c", "a\nb\nc"),
            ("<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\nc"),
            ("<div>x <pre>a\n  b</pre> y</div>", "x\na\n  b\ny"),
            ("x<script>alert('<b>')</script><style>y</style>z", "xz"),
            ("<title>x</title><textarea>&lt;y></textarea>", "<y>"),
            ("<template>a<template>b</template>c</template>d", "d"),
            ("a<!-- b -->c<!doctype html>&nbsp;d", "ac\u{A0}d"),
            ("a < b <c", "a < b"),
        ] {
            assert_eq!(expected, text(html), "{html}");
        }
    }

    #[test]
    fn long_text_is_cut_between_words() {
        for (html, length, expected) in [
            ("one two", 7, "one two"),
            ("one two three", 9, "one two…"),
            ("one two three", 8, "one two…"),
            ("one two three", 7, "one…"),
            ("abcdefghijk", 5, "abcd…"),
            ("ä&lt;öü", 3, "ä<…"),
            ("one", 0, ""),
            ("one", 1, "…"),
        ] {
            let cut = super::text(html, Some(length)).unwrap();
            assert_eq!(expected, cut, "{html} {length}");
            assert!(cut.chars().count() <= length);
        }
    }

    #[test]
    fn what_a_page_shows_is_not_hidden() {
        for (html, expected) in [
            ("<p>a<svg/>b</p><p>c", "ab\nc"),
            ("a<math/>b", "ab"),
            ("a<svg>b<p>visible", "a\nvisible"),
            ("a<svg>b</p>c", "a\nc"),
            ("a<svg>b<font>c</font><font size=1>d", "ad"),
            ("a<svg><svg/>b</svg>c", "ac"),
            ("a<svg><svg>b</svg>c</svg>d", "ad"),
            ("a<svg><desc><p>b</desc>c</svg>d", "ad"),
            ("a<svg><desc/>b<p>c", "a\nc"),
            ("a<math><mi><b>b</b></mi><b>c</b>d", "acd"),
            ("a<svg>b<svg>c<div>d", "a\nd"),
            ("a<video src=x>b<p>c</video>d", "ad"),
            ("a<object/>b</object>c", "ac"),
        ] {
            assert_eq!(expected, text(html), "{html}");
        }
    }

    #[test]
    fn tags_without_end_are_refused() {
        assert!(super::text(&"<b>x</b>".repeat(1 << 17), None).is_err());
        assert!(super::text(&"<b>some words</b>".repeat(1 << 15), None).is_ok());
    }

    #[test]
    fn depth_does_not_matter() {
        let html = format!("{}x{}", "<div><b>".repeat(20_000), "</b>".repeat(20_000));
        assert_eq!("x", text(&html));
    }
}
