//! What a policy does not let through, tag by tag.

use core::ops::Range;
use std::collections::BTreeSet;

use html5ever::tokenizer::{Tag, TagKind, Token};

use super::OnDisallowed;
use super::escape_mode::Kept;
use super::markup::{self, Piece, is_name, write_start};
use super::parse::{self, Judge, Options, Verdict};
use crate::{Error, Result};

/// Something that was not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "read field by field, by the bindings")]
pub struct Removal {
    /// What it was.
    pub kind: RemovalKind,
    /// The name of the tag, attribute or class; empty for comments, declarations and documents.
    pub name: String,
    /// Where its tag begins, in characters.
    pub position: usize,
}

/// What was not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the bindings name each")]
pub enum RemovalKind {
    /// An attribute of a tag that stays.
    Attribute,
    /// A class of a `class` that stays.
    Class,
    /// A comment.
    Comment,
    /// A document type.
    Declaration,
    /// All markup: the document is over a limit, and its text is what is left.
    Document,
    /// An element with its content.
    Element,
    /// A tag; its content stays.
    Tag,
}

impl RemovalKind {
    /// The kind as a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attribute => "attribute",
            Self::Class => "class",
            Self::Comment => "comment",
            Self::Declaration => "declaration",
            Self::Document => "document",
            Self::Element => "element",
            Self::Tag => "tag",
        }
    }
}

/// What does not get through, in the order of the input.
///
/// `sanitize` is asked what becomes of each allowed tag, so there is no second opinion about
/// attributes and URLs. End tags are not listed, nor tags inside a script or style sheet.
pub(super) fn removals(
    html: &str,
    kept: Kept<'_>,
    mode: OnDisallowed,
    options: Options,
    sanitize: &dyn Fn(&str) -> Result<String>,
) -> Result<Vec<Removal>> {
    let list = List { html, kept, mode, sanitize, found: Vec::new(), failure: Ok(()) };
    let list = parse::judge(html, list, options)?;
    list.failure?;
    let mut removals = list.found;
    count_characters(html, &mut removals);
    Ok(removals)
}

struct List<'a> {
    html: &'a str,
    kept: Kept<'a>,
    mode: OnDisallowed,
    sanitize: &'a dyn Fn(&str) -> Result<String>,
    found: Vec<Removal>,
    failure: Result<()>,
}

impl List<'_> {
    fn add(&mut self, kind: RemovalKind, name: &str, position: usize) {
        if self.found.len() == MOST {
            self.failure =
                Err(Error::InputTooLarge("the HTML has more than 65536 things to report"));
            return;
        }
        self.found.push(Removal { kind, name: name.to_owned(), position });
    }

    fn tag(&mut self, tag: &Tag, position: usize) -> Result<()> {
        if tag.kind == TagKind::EndTag {
            return Ok(());
        }
        if self.kept.drop(tag) {
            self.add(RemovalKind::Element, &tag.name, position);
        } else if !self.kept.allow(tag) {
            let with_content = self.mode == OnDisallowed::Drop;
            let kind = if with_content { RemovalKind::Element } else { RemovalKind::Tag };
            self.add(kind, &tag.name, position);
        } else if !tag.attrs.is_empty() {
            self.attributes(tag, position)?;
        }
        Ok(())
    }

    fn attributes(&mut self, tag: &Tag, position: usize) -> Result<()> {
        let written: Vec<_> =
            tag.attrs.iter().map(|it| (it.name.local.to_string(), it.value.to_string())).collect();
        let mut html = context(&tag.name).to_owned();
        let writable: Vec<_> = written.iter().filter(|(name, _)| is_name(name)).cloned().collect();
        write_start(&mut html, &tag.name, &writable);
        let clean = (self.sanitize)(&html)?;
        let start = markup::pieces(&clean).find_map(|piece| match piece {
            Piece::Start(start) if start.name == &*tag.name => Some(start.attributes()),
            _ => None,
        });
        // A tag that means nothing where it stands has no attributes to lose.
        let Some(kept) = start else { return Ok(()) };
        for (name, value) in written {
            match kept.iter().find(|(kept, _)| *kept == name) {
                None => self.add(RemovalKind::Attribute, &name, position),
                Some((_, kept)) if name == "class" => self.classes(&value, kept, position),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn classes(&mut self, written: &str, kept: &str, position: usize) {
        let kept: BTreeSet<_> = kept.split_ascii_whitespace().collect();
        for class in written.split_ascii_whitespace().filter(|class| !kept.contains(class)) {
            self.add(RemovalKind::Class, class, position);
        }
    }
}

impl Judge for List<'_> {
    fn construct(&mut self, token: &Token, source: Range<usize>, _is_foreign: bool) -> Verdict {
        match token {
            Token::TagToken(tag) => {
                let result = self.tag(tag, source.start);
                if self.failure.is_ok() {
                    self.failure = result;
                }
            }
            Token::CommentToken(_) if !self.kept.comments => {
                self.add(RemovalKind::Comment, "", source.start);
            }
            Token::DoctypeToken(_) => self.add(RemovalKind::Declaration, "", source.start),
            _ => {}
        }
        // What became text is neither open nor deep.
        if self.mode == OnDisallowed::Escape && self.kept.escape(token) {
            return Verdict::Text(self.html.get(source).unwrap_or_default().to_owned());
        }
        Verdict::Keep
    }

    fn unfinished(&mut self, source: Range<usize>) -> Option<String> {
        self.add(RemovalKind::Tag, "", source.start);
        None
    }
}

/// What has to stand before a tag for the parser to accept it.
fn context(name: &str) -> &'static str {
    match name {
        "caption" | "colgroup" | "tbody" | "tfoot" | "thead" => "<table>",
        "col" => "<table><colgroup>",
        "tr" => "<table><tbody>",
        "td" | "th" => "<table><tbody><tr>",
        _ => "",
    }
}

/// Makes characters of the positions, which are bytes in their order.
fn count_characters(html: &str, removals: &mut [Removal]) {
    let (mut bytes, mut characters) = (0, 0);
    for removal in removals {
        let between = html.get(bytes..removal.position).unwrap_or_default();
        characters += between.chars().count();
        bytes = bytes.max(removal.position);
        removal.position = characters;
    }
}

/// A report of more would take more memory than its reader has patience.
const MOST: usize = 1 << 16;
