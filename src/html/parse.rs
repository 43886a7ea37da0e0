//! Parsing in which somebody judges each tag before the tree builder sees it.

use core::ops::Range;

use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink as _, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, create_element};
use html5ever::{QualName, local_name, ns};

use super::cost::Budget;
use super::meter::Meter;
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

/// How to parse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) attributes: usize,
    pub(super) scripting: bool,
}

/// Parses `html` into `tree`, as the content of a `<div>`.
pub(super) fn parse<S: TreeSink, J: Judge>(
    html: &str,
    tree: S,
    judge: J,
    options: Options,
) -> Result<(S, J)> {
    let reader = tokens::read(html, options.attributes, Built::new(tree, judge, options))?;
    Ok((reader.builder.sink, reader.judge))
}

/// Reads `html` for the sake of the judge, within the budget of an input of its size.
pub(super) fn judge<J: Judge>(html: &str, judge: J, depth: usize, options: Options) -> Result<J> {
    let budget = Budget::new(html.len(), depth);
    let reader = Metered { built: Built::new(Meter::default(), judge, options), budget };
    Ok(tokens::read(html, options.attributes, reader)?.built.judge)
}

struct Built<S: TreeSink, J> {
    builder: TreeBuilder<S::Handle, S>,
    judge: J,
    again: Option<usize>,
}

impl<S: TreeSink, J: Judge> Built<S, J> {
    fn new(tree: S, judge: J, options: Options) -> Self {
        let div = QualName::new(None, ns!(html), local_name!("div"));
        let context = create_element(&tree, div, Vec::new());
        let options =
            TreeBuilderOpts { scripting_enabled: options.scripting, ..Default::default() };
        Self {
            builder: TreeBuilder::new_for_fragment(tree, context, None, options),
            judge,
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

impl<S: TreeSink, J: Judge> Reader for Built<S, J> {
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
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }

    fn again(&mut self) -> Option<usize> {
        self.again.take()
    }
}

/// A tree that is not built, and what building it may cost.
struct Metered<J> {
    built: Built<Meter, J>,
    budget: Budget,
}

impl<J: Judge> Reader for Metered<J> {
    type Handle = <Meter as TreeSink>::Handle;

    fn characters(&mut self, token: Token, literal: bool) {
        self.built.characters(token, literal);
    }

    fn construct(&mut self, token: Token, source: Range<usize>) -> TokenSinkResult<Self::Handle> {
        self.built.construct(token, source)
    }

    fn end(&mut self, unfinished: Option<Range<usize>>) {
        self.built.end(unfinished);
    }

    fn is_foreign(&self) -> bool {
        self.built.is_foreign()
    }

    fn again(&mut self) -> Option<usize> {
        self.built.again()
    }

    fn check(&self) -> Result<()> {
        self.built.builder.sink.check(&self.budget)
    }
}
