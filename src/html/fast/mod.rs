//! A single pass over the HTML that people and editors really write.
//!
//! The tree builder of the HTML standard mostly appends: an element is opened below the current
//! one, text is added, elements are closed. While it does, no tree is needed to know what would be
//! serialized, only the stack of open elements and the list of active formatting elements. This
//! module follows the standard's rules (section 13.2.6) with these two and writes the sanitized
//! markup as it goes. Where the standard would move what is already written (content misplaced in
//! tables, formatting that crosses blocks), enter SVG or `MathML`, or do anything else that is not
//! followed here, it gives up, and ammonia does the document from its beginning.
//!
//! What it writes is safe whatever it takes for the tree: names out of the policy's tables, quoted
//! and escaped values, escaped text, and never an element whose content is not plain markup.

mod attributes;
mod body;
mod bound;
mod characters;
mod element;
mod formatting;
mod names;
mod output;
mod reference;
mod scan;
mod settling;
mod stack;
mod table;
mod tables;
mod tag;
mod text;
mod url;

use super::limits::Limits;
#[cfg(test)]
pub(super) use bound::at_most;
pub(super) use bound::is_cheap;
use output::Output;
use stack::Tree;
pub(super) use tables::Tables;
pub(super) use text::text_only;

/// What became of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is what it was.
    Same,
    /// It was sanitized.
    Changed(String),
    /// It was sanitized, and sanitizing it again may change it once more.
    Unsettled(String),
    /// It is for ammonia. Up to here, no tag has more attributes than it may have.
    Unusual(usize),
}

/// Sanitizes a document, if it is of the usual kind.
pub(super) fn sanitize(html: &str, tables: &Tables, limits: &Limits) -> Outcome {
    let mut tree = Tree::new(html, tables, limits);
    match tree.run() {
        Ok(()) => match core::mem::replace(&mut tree.output, Output::new("")).finish() {
            None => Outcome::Same,
            Some(clean) if clean.len() > limits.output => Outcome::Unusual(html.len()),
            Some(clean) if tree.settling.is_doubtful(&clean) => Outcome::Unsettled(clean),
            Some(clean) => Outcome::Changed(clean),
        },
        Err(Unusual) => Outcome::Unusual(tree.at),
    }
}

/// Something that only a tree can tell.
#[derive(Debug)]
struct Unusual;

type Result<T> = core::result::Result<T, Unusual>;
