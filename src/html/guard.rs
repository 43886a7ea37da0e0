//! Bounds on what one input may cost, checked before ammonia sees it: its parser cannot be stopped.
//!
//! The HTML standard's parser amplifies (whatwg/html#10772): formatting elements left open are
//! opened again in each paragraph, and several of its steps walk through all open elements. So the
//! input is looked at first ([`fast::is_cheap`]), and where that leaves a doubt it
//! is parsed twice, the first time by html5ever's own tree builder into a [`Meter`] that
//! builds nothing and counts what is asked of it. It is fed piece by piece, none holding more than
//! one tag, and stopped as soon as a budget is spent; and what it counts is exact by construction.
//! Inputs so small that nothing in them can amount to much are spared this.

use core::cell::Cell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, create_element};
use html5ever::{QualName, TokenizerResult, local_name, ns};

use super::cost::Budget;
use super::fast;
use super::limits::Limits;
use super::meter::{Element, Meter};
use super::tag::Tag;
use crate::{Error, Result};

/// Refuses an input that is over a limit or that would cost more than its size warrants.
///
/// Up to `read`, no tag has more attributes than it may have.
pub(super) fn inspect(html: &str, read: usize, limits: &Limits) -> Result<()> {
    let tags = memchr::memchr_iter(b'<', html.as_bytes()).count();
    // An attribute takes two bytes.
    let small = html.len() <= SMALL
        && html.len() - read <= 2 * limits.attributes
        && tags <= limits.depth
        && tags * html.len() <= SMALL_OUTPUT;
    if tags == 0 || small || fast::is_cheap(html, limits) {
        return Ok(());
    }
    Inspection::new().run(html, limits)
}

/// A parser that stands before the meter and notices where tags begin and end.
struct Inspection {
    tokenizer: Tokenizer<Watched>,
    input: BufferQueue,
    construct: Construct,
}

impl Inspection {
    fn new() -> Self {
        // As ammonia's: the content of a `<div>`, without scripting.
        let meter = Meter::default();
        let context =
            create_element(&meter, QualName::new(None, ns!(html), local_name!("div")), Vec::new());
        let builder =
            TreeBuilder::new_for_fragment(meter, context, None, TreeBuilderOpts::default());
        let options = TokenizerOpts { initial_state: Some(states::Data), ..Default::default() };
        Self {
            tokenizer: Tokenizer::new(Watched { builder, last: Cell::new(Last::Nothing) }, options),
            input: BufferQueue::default(),
            construct: Construct::None,
        }
    }

    fn run(mut self, html: &str, limits: &Limits) -> Result<()> {
        self.read(html, limits, &Budget::new(html.len(), limits.depth))
    }

    fn read(&mut self, html: &str, limits: &Limits, budget: &Budget) -> Result<()> {
        for piece in Pieces(html) {
            self.count_attributes(piece, limits)?;
            self.feed(piece);
            self.tokenizer.sink.builder.sink.check(budget)?;
        }
        // The end of the input closes what is open, which costs what is open.
        self.tokenizer.end();
        self.tokenizer.sink.builder.sink.check(budget)
    }

    /// Refuses a piece that gives a tag too many attributes, before the tokenizer compares them.
    fn count_attributes(&mut self, piece: &str, limits: &Limits) -> Result<()> {
        let tag = match self.construct {
            Construct::Tag(tag) => tag.read(piece.as_bytes()),
            // In a comment this is no tag, and nobody writes one of 256 attributes there.
            Construct::Comment | Construct::None if starts_tag(piece) => {
                Tag::new().read(piece.as_bytes())
            }
            Construct::Comment | Construct::None => return Ok(()),
        };
        if tag.attributes > limits.attributes {
            return Err(Error::InputTooLarge("the HTML has a tag of more than max_attributes"));
        }
        let before = match self.construct {
            Construct::Comment => return Ok(()),
            Construct::None => 0,
            Construct::Tag(begun) => {
                self.construct = Construct::Tag(tag);
                begun.attributes
            }
        };
        // Each is compared with all before it.
        let compared = (tag.attributes - before) * tag.attributes;
        self.tokenizer.sink.builder.sink.work(compared as u64 / 2);
        Ok(())
    }

    fn feed(&mut self, piece: &str) {
        let watched = &self.tokenizer.sink;
        watched.last.set(Last::Nothing);
        self.input.push_back(StrTendril::from_slice(piece));
        while !matches!(self.tokenizer.feed(&self.input), TokenizerResult::Done) {}
        self.construct = match (self.tokenizer.sink.last.get(), self.construct) {
            // Text that reaches to the end of the piece, or a whole tag or comment.
            (Last::Whole, _) => Construct::None,
            (Last::Character(last), _) if piece.ends_with(last) => Construct::None,
            // A reference, of which no character is the text's last, or is not known yet.
            (_, Construct::None) if !piece.starts_with('<') => Construct::None,
            // Nothing is made of the one, and of the other text, for another `<` follows.
            (Last::Nothing, Construct::None) if matches!(piece, "</>" | "<") => Construct::None,
            // Still inside what the piece before began.
            (Last::Nothing, Construct::Comment) => Construct::Comment,
            (Last::Nothing, Construct::Tag(tag)) => Construct::Tag(tag),
            // Something was begun in this piece.
            _ if piece.starts_with("<!") || piece.starts_with("<?") => Construct::Comment,
            _ => Construct::Tag(Tag::new().read(piece.as_bytes())),
        };
    }
}

/// What the tokenizer is inside of between two pieces.
#[derive(Clone, Copy)]
enum Construct {
    /// Text, or nothing.
    None,
    /// A comment or a declaration, which has no attributes.
    Comment,
    /// A tag, or what may be one.
    Tag(Tag),
}

/// Input cut before each `<` and after each `>`, so that no piece ends more than one tag.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.0.as_bytes();
        let first = bytes.first()?;
        let rest = usize::from(*first != b'>');
        let end = memchr::memchr2(b'<', b'>', bytes.get(rest..)?).map_or(bytes.len(), |found| {
            let at = rest + found;
            if bytes.get(at) == Some(&b'>') { at + 1 } else { at }
        });
        // Neither character occurs inside another in UTF-8.
        let (piece, rest) = self.0.split_at_checked(end.max(1))?;
        self.0 = rest;
        Some(piece)
    }
}

/// The tree builder, and what it was last given.
struct Watched {
    builder: TreeBuilder<Element, Meter>,
    last: Cell<Last>,
}

#[derive(Clone, Copy)]
enum Last {
    Nothing,
    Whole,
    Character(char),
}

impl TokenSink for Watched {
    type Handle = Element;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Element> {
        match &token {
            Token::ParseError(_) => {}
            Token::CharacterTokens(text) => {
                self.last.set(text.chars().next_back().map_or(Last::Nothing, Last::Character));
            }
            Token::NullCharacterToken => self.last.set(Last::Character('\0')),
            Token::DoctypeToken(_)
            | Token::TagToken(_)
            | Token::CommentToken(_)
            | Token::EOFToken => self.last.set(Last::Whole),
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn starts_tag(piece: &str) -> bool {
    match piece.as_bytes() {
        [b'<', b'/', next, ..] | [b'<', next, ..] => next.is_ascii_alphabetic(),
        _ => false,
    }
}

/// The longest input of which even the worst tag costs little.
const SMALL: usize = 4096;
/// What an input can become at most is each of its bytes once for each of its tags.
const SMALL_OUTPUT: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::random_markup;

    fn inspect(html: &str) -> Result<()> {
        super::inspect(html, 0, &Limits::default())
    }

    #[test]
    fn the_bound_is_one() {
        const NONE: Budget = Budget { work: u64::MAX, bytes: u64::MAX, depth: usize::MAX };
        let mut bounded = 0;
        for seed in 1..1000 {
            let mut random = random_markup::Random::new(seed);
            let document = random_markup::document(&mut random).concat();
            for html in [document.repeat(30), document] {
                let limits = Limits::default();
                let Some(bound) = fast::at_most(&html, &limits, NONE) else { continue };
                let mut inspection = Inspection::new();
                inspection.read(&html, &limits, &NONE).unwrap();
                let cost = inspection.tokenizer.sink.builder.sink.cost();

                assert!(cost.depth <= bound.depth, "{cost:?} {bound:?} {html:?}");
                assert!(cost.bytes <= bound.bytes, "{cost:?} {bound:?} {html:?}");
                assert!(cost.work <= bound.work, "{cost:?} {bound:?} {html:?}");
                bounded += 1;
            }
        }
        assert!(bounded > 1000, "{bounded}");
    }

    #[test]
    fn pieces_make_up_the_input() {
        for (html, pieces) in [
            ("", vec![]),
            ("ä", vec!["ä"]),
            ("<b>x</b>", vec!["<b>", "x", "</b>"]),
            (">><<", vec![">", ">", "<", "<"]),
            ("a<b title='>'>c", vec!["a", "<b title='>", "'>", "c"]),
        ] {
            assert_eq!(pieces, Pieces(html).collect::<Vec<_>>(), "{html}");
        }
    }

    #[test]
    fn documents_pass() {
        let table = "<table><tr><td>a<td>b</table>";
        let list = "<ul><li><b>x</b> <a href='https://x.example/?a=b&c=d'>y</a></ul><p>z";
        let comment = "<!--[if gte mso 9]><xml> <w:View>Normal</w:View> </xml><![endif]-->";
        let script = "<script>for (i=0;i<n;i++) { a < b && c > d }</script>";
        let markup = [table, list, comment, script].concat().repeat(1000);
        let prose = "word \"quoted\" it's a/b & c &nbsp; ".repeat(10_000);
        let image =
            format!("<img alt='{}' src='data:image/png;base64,{}'>", prose, "a/b+".repeat(50_000));
        for html in [markup, prose, image.replace("it's", "its"), "<p>x</p>\n".repeat(50_000)] {
            assert_eq!(Ok(()), inspect(&html), "{}", &html[..60]);
        }
    }

    #[test]
    fn words_in_a_comment_are_no_attributes() {
        let comment = format!("<!--{}-->", " word".repeat(1000));
        for before in ["&nbsp;", "</>", "x &copy", "<b>&#0;", "a <"] {
            let html = format!("{before}{comment}");
            let limits = Limits::default();

            assert_eq!(Ok(()), Inspection::new().run(&html, &limits), "{before}");
        }
    }

    #[test]
    fn many_attributes_are_refused_wherever_they_hide() {
        let numbers = (10_000..30_000).map(|number| number.to_string()).collect::<Vec<_>>();
        let attributes = format!(" a{}", numbers.join(" a"));
        for html in [
            format!("<a{attributes}>"),
            format!("<a{attributes}"),
            format!("</a{attributes}>"),
            format!("<a title='>'{attributes}>"),
            format!("<a {}>", attributes.replace("00 ", "00='>' ")),
            format!("<a {}>", attributes.replace("00 ", "00<b ")),
            format!("<textarea><a title='</textarea><b{attributes}>"),
            format!("<title><!-- </title><b{attributes}>"),
            format!("<svg><style><a title='</style><b title='{attributes}>"),
            format!("<!-- x --><<<a{attributes}>"),
            format!("<<a title='>'{attributes}>"),
            format!("&lt;<a title='>'{attributes}>"),
            format!("<!x><!DOCTYPE a><a title='>'{attributes}>"),
        ] {
            assert!(matches!(inspect(&html), Err(Error::InputTooLarge(_))), "{}", &html[..40]);
        }
    }
}
