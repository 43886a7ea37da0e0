//! Parsing in which somebody judges each tag before the tree builder sees it.

use core::ops::Range;

use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink as _, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, create_element};
use html5ever::{QualName, local_name, ns};

use super::cost::Budget;
use super::fragment::Fragment;
use super::meter::Meter;
use super::metered::{Metered, MeteredFragment};
use super::tokens::{self, Reader};
use crate::Result;

/// Who judges.
pub(super) trait Judge {
    /// What becomes of a tag, comment or declaration.
    ///
    /// `is_foreign` says whether it stands inside SVG or `MathML`.
    fn construct(&mut self, token: &Token, source: Range<usize>, is_foreign: bool) -> Verdict;

    /// What was begun when the input ended; the answer is text in its place.
    fn unfinished(&mut self, _source: Range<usize>) -> Option<String> {
        None
    }

    /// Text on its way to the tree builder; `literal` if its references are not resolved.
    fn text(&mut self, text: StrTendril, _literal: bool) -> StrTendril {
        text
    }
}

/// What becomes of a tag.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The tree builder gets it.
    Keep,
    /// The tree builder gets something else.
    Instead(Token),
    /// The tree builder gets text.
    Text(String),
    /// The tree builder gets text, and the input is read once more from a place behind the tag's.
    TextUntil(String, usize),
}

/// Who lets the tree builder have everything.
pub(super) struct Everything;

impl Judge for Everything {
    fn construct(&mut self, _token: &Token, _source: Range<usize>, _is_foreign: bool) -> Verdict {
        Verdict::Keep
    }
}

/// How to parse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) attributes: usize,
    pub(super) depth: usize,
    pub(super) scripting: bool,
}

/// Parses `html` into a tree, as the content of a `<div>`, within the budget of an input of its
/// size.
pub(super) fn parse<J: Judge>(html: &str, judge: J, options: Options) -> Result<(Fragment, J)> {
    let (tree, judge) = run(html, MeteredFragment::new(), judge, options)?;
    Ok((tree.into_tree(), judge))
}

/// The same for the sake of the judge; there is no tree.
pub(super) fn judge<J: Judge>(html: &str, judge: J, options: Options) -> Result<J> {
    Ok(run(html, Meter::default(), judge, options)?.1)
}

fn run<S: Metered, J: Judge>(html: &str, tree: S, judge: J, options: Options) -> Result<(S, J)> {
    let budget = Budget::new(html.len(), options.depth);
    run_within(html, tree, judge, options, budget)
}

/// The same within any budget.
pub(super) fn run_within<S: Metered, J: Judge>(
    html: &str,
    tree: S,
    judge: J,
    options: Options,
    budget: Budget,
) -> Result<(S, J)> {
    let reader = Built::new(tree, judge, options.scripting, budget);
    let reader = tokens::read(html, options.attributes, reader)?;
    Ok((reader.builder.sink, reader.judge))
}

struct Built<S: TreeSink, J> {
    builder: TreeBuilder<S::Handle, S>,
    judge: J,
    budget: Budget,
    again: Option<usize>,
}

impl<S: Metered, J: Judge> Built<S, J> {
    fn new(tree: S, judge: J, scripting: bool, budget: Budget) -> Self {
        let div = QualName::new(None, ns!(html), local_name!("div"));
        let context = create_element(&tree, div, Vec::new());
        let options = TreeBuilderOpts { scripting_enabled: scripting, ..Default::default() };
        Self {
            builder: TreeBuilder::new_for_fragment(tree, context, None, options),
            judge,
            budget,
            again: None,
        }
    }

    fn give(&mut self, token: Token) -> TokenSinkResult<S::Handle> {
        self.builder.process_token(token, 1)
    }

    fn give_text(&mut self, text: &str) {
        if !text.is_empty() {
            // No text moves the tokenizer into another state.
            let _ = self.give(Token::CharacterTokens(StrTendril::from_slice(text)));
        }
    }
}

impl<S: Metered, J: Judge> Reader for Built<S, J> {
    type Handle = S::Handle;

    fn characters(&mut self, token: Token, literal: bool) {
        let token = match token {
            Token::CharacterTokens(text) => Token::CharacterTokens(self.judge.text(text, literal)),
            token => token,
        };
        let _ = self.give(token);
    }

    fn construct(&mut self, token: Token, source: Range<usize>) -> TokenSinkResult<S::Handle> {
        let is_foreign = self.is_foreign();
        match self.judge.construct(&token, source, is_foreign) {
            Verdict::Keep => self.give(token),
            Verdict::Instead(token) => self.give(token),
            Verdict::Text(text) => {
                self.give_text(&text);
                TokenSinkResult::Continue
            }
            Verdict::TextUntil(text, place) => {
                self.give_text(&text);
                self.again = Some(place);
                TokenSinkResult::Continue
            }
        }
    }

    fn end(&mut self, unfinished: Option<Range<usize>>) {
        if let Some(text) = unfinished.and_then(|source| self.judge.unfinished(source)) {
            self.give_text(&text);
        }
        let _ = self.give(Token::EOFToken);
        self.builder.end();
    }

    fn is_foreign(&self) -> bool {
        let builder = &self.builder;
        builder
            .sink
            .meter()
            .aside(|| builder.adjusted_current_node_present_but_not_in_html_namespace())
    }

    fn again(&mut self) -> Option<usize> {
        self.again.take()
    }
    fn compare(&mut self, comparisons: usize) {
        self.builder.sink.meter().work(comparisons as u64);
    }

    fn check(&self) -> Result<()> {
        self.builder.sink.meter().check(&self.budget)
    }
}
