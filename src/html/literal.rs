//! HTML as a stream of tags and text in which character references stay as they are written.
//!
//! That is how bleach reads HTML, on html5lib: what is not allowed becomes text or nothing before
//! the tree is built, and `&eacute;` comes out as `&eacute;`. Here html5ever does the parsing. Its
//! tokenizer would resolve the references; so each `&` is `&amp;` on the way in, and `&` again
//! wherever the tokenizer does not resolve that.

use core::ops::Range;
use std::borrow::Cow;
use std::collections::BTreeSet;

use html5ever::interface::Attribute;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token};
use html5ever::{Namespace, ns};

use super::fragment::{Data, Visit};
use super::limits::{Constructs, Limits};
use super::markup::is_void;
use super::parse::{self, Judge, Options, Verdict};
use crate::platform::fork_gate;
use crate::{Error, Result};

/// What is taken for a tag, and what becomes of the rest.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made field by field, by the bindings")]
pub struct Literal {
    /// The names of tags.
    pub tags: BTreeSet<String>,
    /// Whether the other tags go; else they become text.
    pub strip: bool,
}

/// A part of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the bindings write each")]
pub enum Item {
    /// Text, with its references as they were written.
    Characters(String),
    /// A comment.
    Comment(String),
    /// An end tag and its namespace, none for HTML.
    End(String, Option<String>),
    /// A start tag, or an element that has no end tag.
    Start {
        /// The tag's name.
        name: String,
        /// Its namespace, none for HTML.
        namespace: Option<String>,
        /// Namespace, name and value of each attribute.
        attributes: Vec<(Option<String>, String, String)>,
        /// Whether there is no end tag.
        is_void: bool,
    },
}

impl Literal {
    /// Parses `html`.
    ///
    /// # Errors
    ///
    /// [`Error::InputTooLarge`] and [`Error::InputTooDeep`], under limits that are wider than a
    /// policy's.
    pub fn read(&self, html: &str) -> Result<Vec<Item>> {
        if html.len() > MAX_INPUT {
            return Err(Error::InputTooLarge("the HTML is longer than 4 MiB"));
        }
        CONSTRUCTS.check(html)?;
        fork_gate::undisturbed(|| self.parse(html))
    }

    fn parse(&self, html: &str) -> Result<Vec<Item>> {
        // bleach parses `<noscript>` as a browser with scripting does.
        let attributes = Limits::default().attributes;
        let options = Options { attributes, depth: MAX_DEPTH, scripting: true };
        let doubled = html.replace('&', "&amp;");
        let reading = Reading { html: &doubled, literal: self, any_tag: false };
        let (tree, _) = parse::parse(&doubled, reading, options)?;
        let mut items = Vec::new();
        tree.walk(|visit| add(&mut items, visit));
        Ok(items)
    }

    fn knows(&self, name: &str) -> bool {
        self.tags.contains(name)
    }
}

struct Reading<'a> {
    html: &'a str,
    literal: &'a Literal,
    /// Whether there was a tag before.
    any_tag: bool,
}

impl Reading<'_> {
    fn source(&self, range: Range<usize>) -> String {
        restore(self.html.get(range).unwrap_or_default()).into_owned()
    }

    fn tag(&mut self, tag: &Tag, source: Range<usize>, is_foreign: bool) -> Verdict {
        let any_tag = core::mem::replace(&mut self.any_tag, true);
        if self.literal.knows(&tag.name) {
            return match (&*tag.name, tag.kind) {
                // html5lib knows no rule by which these leave SVG and MathML.
                (name @ ("p" | "br"), TagKind::EndTag) if is_foreign => Verdict::Instead(
                    Token::CommentToken(StrTendril::from_slice(&format!("{ELEMENT}{name}"))),
                ),
                _ => Verdict::Keep,
            };
        }
        if self.literal.strip {
            let breaks = any_tag && tag.kind == TagKind::StartTag && is_block(&tag.name);
            return Verdict::Text(if breaks { "\n" } else { "" }.to_owned());
        }
        self.until_known_tag(source)
    }

    /// The text of what is no tag: up to a tag that was swallowed as an attribute, or all of it.
    fn until_known_tag(&self, source: Range<usize>) -> Verdict {
        let whole = self.html.get(source.clone()).unwrap_or_default();
        let mut from = 0;
        while let Some(space) = whole.get(from..).and_then(|rest| rest.find(' ')) {
            let behind = from + space + 1;
            let rest = whole.get(behind..).unwrap_or_default();
            let inner = rest.trim_start();
            let Some(name) = inner.strip_prefix('<') else { break };
            let name = name.strip_prefix('/').unwrap_or(name);
            let end = name.find(|it: char| it.is_ascii_whitespace() || matches!(it, '/' | '>'));
            let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
            if self.literal.knows(&name.to_ascii_lowercase()) {
                let text = restore(whole.get(..behind).unwrap_or_default()).into_owned();
                return Verdict::TextUntil(text, source.start + behind);
            }
            from = behind + (rest.len() - inner.len());
        }
        Verdict::Text(self.source(source))
    }
}

impl Judge for Reading<'_> {
    fn construct(&mut self, token: &Token, source: Range<usize>, is_foreign: bool) -> Verdict {
        match token {
            Token::TagToken(tag) => self.tag(tag, source, is_foreign),
            Token::CommentToken(text) => {
                let written = self.html.get(source.clone()).unwrap_or_default();
                // `</ b>` and `</3>` are no comments to whoever wrote them.
                if written.starts_with("</")
                    && !self.literal.knows(text.to_ascii_lowercase().trim())
                {
                    return Verdict::Text(self.source(source));
                }
                let text = StrTendril::from_slice(&restore(text));
                Verdict::Instead(Token::CommentToken(text))
            }
            _ => Verdict::Keep,
        }
    }

    fn unfinished(&mut self, source: Range<usize>) -> Option<String> {
        Some(self.source(source))
    }

    fn text(&mut self, text: StrTendril, literal: bool) -> StrTendril {
        if !literal {
            return text;
        }
        match restore(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(restored) => StrTendril::from_slice(&restored),
        }
    }
}

fn restore(text: &str) -> Cow<'_, str> {
    if text.contains("&amp;") {
        Cow::Owned(text.replace("&amp;", "&"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Adds a node; the answer is whether to add what is in it.
fn add(items: &mut Vec<Item>, visit: Visit<'_>) -> bool {
    let node = match visit {
        Visit::Enter(node) => node,
        Visit::Leave(node) => {
            let (name, namespace) = (node.name().local.to_string(), named(&node.name().ns));
            if namespace.is_some() || !is_void(&name) {
                items.push(Item::End(name, namespace));
            }
            return false;
        }
    };
    match node.data() {
        Data::Comment(text) => match text.strip_prefix(ELEMENT) {
            Some(name) => {
                let (name, is_void) = (name.to_owned(), is_void(name));
                items.push(Item::Start {
                    name: name.clone(),
                    namespace: None,
                    attributes: Vec::new(),
                    is_void,
                });
                if !is_void {
                    items.push(Item::End(name, None));
                }
            }
            None => items.push(Item::Comment(text.to_string())),
        },
        Data::Document => {}
        Data::Element { attributes, .. } => {
            let name = node.name().local.to_string();
            let namespace = named(&node.name().ns);
            let is_void = namespace.is_none() && is_void(&name);
            let attributes = attributes.borrow().iter().map(attribute).collect();
            items.push(Item::Start { name, namespace, attributes, is_void });
            return true;
        }
        Data::Text(text) => items.push(Item::Characters(text.borrow().to_string())),
    }
    false
}

fn attribute(attribute: &Attribute) -> (Option<String>, String, String) {
    let name = restore(&attribute.name.local).into_owned();
    (named(&attribute.name.ns), name, attribute.value.to_string())
}

fn named(namespace: &Namespace) -> Option<String> {
    (*namespace != ns!() && *namespace != ns!(html)).then(|| namespace.to_string())
}

/// Tags that part lines, so that a line break takes their place.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "dd"
            | "details"
            | "dialog"
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
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "ul"
    )
}

/// What no comment begins with: the tokenizer replaces it.
const ELEMENT: char = '\0';
/// Whoever reads the stream does so in Python, in some 5 µs for each tag.
const CONSTRUCTS: Constructs = Constructs { least: 1 << 14, bytes: 32 };
const MAX_DEPTH: usize = 1024;
const MAX_INPUT: usize = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str, strip: bool) -> String {
        let tags = ["a", "b", "p", "style", "textarea", "math"].map(str::to_owned).into();
        let mut written = String::new();
        for item in (Literal { tags, strip }).read(html).unwrap() {
            match item {
                Item::Characters(text) => written.push_str(&text.replace('<', "{")),
                Item::Comment(text) => written.extend(["<!--", &text, "-->"]),
                Item::End(name, _) => written.extend(["</", &name, ">"]),
                Item::Start { name, attributes, .. } => {
                    written.extend(["<", &name]);
                    for (_, name, value) in &attributes {
                        written.extend([" ", name, "=", value]);
                    }
                    written.push('>');
                }
            }
        }
        written
    }

    #[test]
    fn references_stay() {
        for (html, expected) in [
            ("a & &amp; &eacute; &#39; &amp", "a & &amp; &eacute; &#39; &amp"),
            ("<a href='?a&amp;b&c=&lt;'>x", "<a href=?a&amp;b&c=&lt;>x</a>"),
            ("<!-- & &amp; -->", "<!-- & &amp; -->"),
            ("<style>& &amp;</style>", "<style>& &amp;</style>"),
            ("<textarea>& &amp;lt;</textarea>", "<textarea>& &amp;lt;</textarea>"),
            ("<u title='&amp;'>", "{u title='&amp;'>"),
        ] {
            assert_eq!(expected, read(html, false), "{html}");
        }
    }

    #[test]
    fn what_is_not_known_is_text() {
        for (html, escaped, stripped) in [
            ("<i>x</i>", "{i>x{/i>", "x"),
            ("<b>x<h1>y</h1>", "<b>x{h1>y{/h1></b>", "<b>x\ny</b>"),
            ("<x <b>y</b>", "{x <b>y</b>", "y"),
            ("<x  <y z <b>w", "{x  {y z {b>w", "w"),
            ("<x <y <b>w", "{x {y <b>w</b>", "w"),
            ("</ x></3", "{/ x>{/3", "{/ x>{/3"),
            ("</ b>x", "<!-- b-->x", "<!-- b-->x"),
            ("x <b y", "x {b y", "x {b y"),
            ("<math></p>x", "<math><p></p>x</math>", "<math><p></p>x</math>"),
        ] {
            assert_eq!(escaped, read(html, false), "{html}");
            assert_eq!(stripped, read(html, true), "{html}");
        }
    }

    #[test]
    fn much_is_read_in_time() {
        let literal = Literal { tags: ["b".to_owned()].into(), strip: false };
        for piece in ["<x ", "<x <b>", "<b ", "</", "&", "<!--", "<x y='"] {
            let html = piece.repeat((1 << 18) / piece.len());
            let read = literal.read(&html);
            assert!(matches!(read, Ok(_) | Err(Error::InputTooLarge(_) | Error::InputTooDeep)));
        }
    }

    #[test]
    fn what_python_would_read_for_long_is_refused() {
        let literal = Literal { tags: ["b".to_owned()].into(), strip: false };
        for (html, is_read) in [
            ("<b>x</b>".repeat(10_000), false),
            ("<b>x</b>".repeat(8_000), true),
            ("<b>a word or two, and some more of them</b>".repeat(12_000), true),
            ("&amp;".repeat(40_000), false),
            ("x".repeat(MAX_INPUT + 1), false),
        ] {
            assert_eq!(is_read, literal.read(&html).is_ok(), "{}", &html[..20]);
        }
    }
}
