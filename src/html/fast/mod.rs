//! A single pass over the HTML that people and editors really write.
//!
//! The tree builder of the HTML standard mostly appends: an element is opened below the current
//! one, text is added, elements are closed. While it does, no tree is needed to know what would be
//! serialized, only the stack of open elements and the list of active formatting elements. This
//! module follows the standard's rules (section 13.2.6) with these two and writes the sanitized
//! markup as it goes. Where the standard does what is not followed here (formatting that crosses
//! more than a block, a part of a table that ends what is misplaced in it), it gives up, and ammonia
//! does the document from the last place on at which nothing was open.
//!
//! What it writes is safe whatever it takes for the tree: names out of the policy's tables, quoted
//! and escaped values, escaped text, and never an element whose content is not plain markup.

mod adoption;
mod attributes;
mod body;
mod bound;
mod characters;
mod element;
mod foreign;
mod formatting;
mod foster;
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
    /// It is for ammonia, from a place on.
    Unusual(Rest),
}

/// What is left of a document that is not of the usual kind.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rest {
    /// Where it begins. Nothing is open there, so that it means the same alone.
    pub(super) start: usize,
    /// What was made of all before it.
    pub(super) before: String,
    /// Whether sanitizing that again is known to change nothing.
    pub(super) is_settled: bool,
    /// Up to here, no tag has more attributes than it may have.
    pub(super) read: usize,
}

/// Sanitizes a document, if it is of the usual kind.
pub(super) fn sanitize(html: &str, tables: &Tables, limits: &Limits) -> Outcome {
    let mut tree = Tree::new(html, tables, limits);
    match tree.run() {
        Ok(()) => match core::mem::replace(&mut tree.output, Output::new("")).finish() {
            None => Outcome::Same,
            Some(clean) if clean.len() > limits.output => {
                Outcome::Unusual(Rest { read: html.len(), ..Rest::default() })
            }
            Some(clean) if tree.settling.is_doubtful(&clean) => Outcome::Unsettled(clean),
            Some(clean) => Outcome::Changed(clean),
        },
        Err(Unusual) => Outcome::Unusual(tree.rest()),
    }
}

/// Something that only a tree can tell.
#[derive(Debug)]
struct Unusual;

type Result<T> = core::result::Result<T, Unusual>;
