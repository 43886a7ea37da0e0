//! HTML's tokens, each with its place in the source.
//!
//! html5ever's tokenizer says nothing of places. So it is fed piece by piece, no piece ending more
//! than one tag: a tag, comment or declaration ends where the piece ends in which it is emitted,
//! and it began with the last `<` that did not turn out to be text. A piece is text up to what may
//! begin a tag, or what may be a tag up to the next `>`.

use core::cell::{Cell, RefCell};
use core::ops::Range;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::tag::Tag;
use crate::{Error, Result};

/// Who is told of tokens.
pub(super) trait Reader {
    type Handle;

    /// Text, with its references resolved unless they are literal, or a NUL.
    fn characters(&mut self, token: Token, literal: bool);

    /// A tag, comment or declaration.
    fn construct(&mut self, token: Token, source: Range<usize>) -> TokenSinkResult<Self::Handle>;

    /// The end of the input, and what was begun and not ended before it.
    fn end(&mut self, unfinished: Option<Range<usize>>);

    /// Whether the tokenizer is inside SVG or `MathML`.
    fn is_foreign(&self) -> bool {
        false
    }

    /// From where to read once more, asked after each piece.
    fn again(&mut self) -> Option<usize> {
        None
    }

    /// So many comparisons of attributes are about to be made.
    fn compare(&mut self, _comparisons: usize) {}

    /// Whether to go on, asked after each piece.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// Reads all of `html`, as the content of a `<div>`.
///
/// No tag may have more than `attributes`: html5ever compares each with all before it.
pub(super) fn read<R: Reader>(html: &str, attributes: usize, reader: R) -> Result<R> {
    let options = TokenizerOpts { initial_state: Some(states::Data), ..Default::default() };
    let tokenizer = Tokenizer::new(Watched::new(reader), options);
    let input = BufferQueue::default();
    let watched = &tokenizer.sink;
    let mut tag = None;
    let mut start = 0;
    while let Some(piece) = watched.next_piece(html, start) {
        let before = watched.begin(piece, start);
        let known = tag.filter(|_| before).map_or(0, |tag: Tag| tag.attributes);
        tag = match tag {
            Some(tag) if before => Some(Tag::read(tag, piece.as_bytes())),
            _ if !before && starts_tag(piece) => Some(Tag::new().read(piece.as_bytes())),
            _ => None,
        };
        let count = tag.map_or(0, |tag| tag.attributes);
        if count > attributes {
            return Err(Error::InputTooLarge("the HTML has a tag of more than max_attributes"));
        }
        // Each is compared with all before it.
        watched.reader.borrow_mut().compare((count - known) * count / 2);
        input.push_back(StrTendril::from_slice(piece));
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        watched.finish(piece);
        watched.reader.borrow().check()?;
        start = watched.reader.borrow_mut().again().unwrap_or(start + piece.len());
    }
    tokenizer.sink.begin("", html.len());
    tokenizer.end();
    let reader = tokenizer.sink.reader.into_inner();
    reader.check()?;
    Ok(reader)
}

/// What stands between the tokenizer and a reader, and keeps account of places.
struct Watched<R> {
    reader: RefCell<R>,
    /// Where the piece stands that is being read.
    piece: Cell<(usize, usize)>,
    /// Where the construct began that is being read.
    open: Cell<Option<usize>>,
    /// Whether this piece gave text, or a construct.
    text: Cell<bool>,
    construct: Cell<bool>,
    /// Inside `<style>` and the like, where only an end tag is a tag.
    raw: Cell<bool>,
    /// Where references are not resolved: there, but for `<title>` and `<textarea>`.
    literal: Cell<bool>,
}

impl<R: Reader> Watched<R> {
    fn new(reader: R) -> Self {
        Self {
            reader: RefCell::new(reader),
            piece: Cell::new((0, 0)),
            open: Cell::new(None),
            text: Cell::new(false),
            construct: Cell::new(false),
            raw: Cell::new(false),
            literal: Cell::new(false),
        }
    }

    /// The input from `start` on, up to where the next construct may begin or this one may end.
    fn next_piece<'h>(&self, html: &'h str, start: usize) -> Option<&'h str> {
        let rest = html.get(start..).filter(|rest| !rest.is_empty())?;
        let bytes = rest.as_bytes();
        let end = if self.raw.get() || self.reader.borrow().is_foreign() {
            // What looks like a tag may be text, in a script or a CDATA section.
            let behind = bytes.get(1..).unwrap_or_default();
            match memchr::memchr2(b'<', b'>', behind) {
                _ if bytes.first() == Some(&b'>') => Some(1),
                Some(at) => Some(1 + at + usize::from(behind.get(at) == Some(&b'>'))),
                None => None,
            }
        } else if self.open.get().is_some() || starts_construct(bytes) {
            memchr::memchr(b'>', bytes).map(|at| at + 1)
        } else {
            construct_from(rest)
        };
        // Neither character occurs inside another in UTF-8.
        rest.get(..end.unwrap_or(rest.len()))
    }

    /// Begins a piece; the answer is whether it is inside a construct.
    fn begin(&self, piece: &str, start: usize) -> bool {
        self.piece.set((start, start + piece.len()));
        self.text.set(false);
        self.construct.set(false);
        self.open.get().is_some()
    }

    fn finish(&self, piece: &str) {
        if self.construct.get() {
            self.open.set(None);
        } else if self.open.get().is_none() || self.text.get() {
            // Text in a piece is what was pending before its `<`, or the `<` itself.
            let data = piece.starts_with("<![CDATA[") && self.reader.borrow().is_foreign();
            let begins = if self.raw.get() {
                piece.starts_with("</")
            } else {
                starts_construct(piece.as_bytes()) && !data
            };
            self.open.set(begins.then_some(self.piece.get().0));
        }
    }
}

impl<R: Reader> TokenSink for Watched<R> {
    type Handle = R::Handle;

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<R::Handle> {
        let mut reader = self.reader.borrow_mut();
        let (start, end) = self.piece.get();
        match token {
            Token::ParseError(_) => TokenSinkResult::Continue,
            Token::CharacterTokens(_) | Token::NullCharacterToken => {
                self.text.set(true);
                reader.characters(token, self.literal.get());
                TokenSinkResult::Continue
            }
            Token::EOFToken => {
                let open = self.open.get().filter(|_| !self.text.get() && !self.construct.get());
                reader.end(open.map(|open| open..end));
                TokenSinkResult::Continue
            }
            Token::DoctypeToken(_) | Token::TagToken(_) | Token::CommentToken(_) => {
                let open = self.open.get().filter(|_| !self.text.get());
                self.construct.set(true);
                let result = reader.construct(token, open.unwrap_or(start)..end);
                self.raw.set(matches!(
                    result,
                    TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext
                ));
                let decoded = matches!(result, TokenSinkResult::RawData(states::RawKind::Rcdata));
                self.literal.set(self.raw.get() && !decoded);
                result
            }
        }
    }

    fn end(&self) {}

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.reader.borrow().is_foreign()
    }
}

/// Where what may be a tag, a comment or a declaration begins, not at once.
fn construct_from(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes)
        .find(|at| *at > 0 && bytes.get(*at..).is_some_and(starts_construct))
}

fn starts_tag(piece: &str) -> bool {
    match piece.as_bytes() {
        [b'<', b'/', next, ..] | [b'<', next, ..] => next.is_ascii_alphabetic(),
        _ => false,
    }
}

/// Whether a `<` in the data state begins more than text (HTML standard, 13.2.5.6 and 13.2.5.7).
fn starts_construct(text: &[u8]) -> bool {
    match text {
        [b'<', b'/', b'>', ..] => false,
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use html5ever::tokenizer::TagKind;
    use html5ever::tokenizer::states::RawKind;

    use super::*;

    #[derive(Default)]
    struct Notes {
        constructs: Vec<Range<usize>>,
        unfinished: Option<Range<usize>>,
    }

    impl Reader for Notes {
        type Handle = ();

        fn characters(&mut self, _: Token, _: bool) {}

        fn construct(&mut self, token: Token, source: Range<usize>) -> TokenSinkResult<()> {
            self.constructs.push(source);
            match token {
                Token::TagToken(tag) if tag.kind == TagKind::StartTag && &*tag.name == "style" => {
                    TokenSinkResult::RawData(RawKind::Rawtext)
                }
                _ => TokenSinkResult::Continue,
            }
        }

        fn end(&mut self, unfinished: Option<Range<usize>>) {
            self.unfinished = unfinished;
        }
    }

    fn constructs(html: &str) -> Vec<&str> {
        let notes = read(html, 256, Notes::default()).unwrap();
        notes.constructs.into_iter().chain(notes.unfinished).map(|at| &html[at]).collect()
    }

    #[test]
    fn constructs_have_their_places() {
        for (html, expected) in [
            ("", vec![]),
            ("ä < b & c > d <3 <> </> &am", vec![]),
            ("x<b>y</b >", vec!["<b>", "</b >"]),
            ("<<b>", vec!["<b>"]),
            ("x\r<b>", vec!["<b>"]),
            ("&am<b>&lt<i>&<u>", vec!["<b>", "<i>", "<u>"]),
            ("<b title='>'>x<a b=\"<i>\"c>", vec!["<b title='>'>", "<a b=\"<i>\"c>"]),
            ("<b <i>x", vec!["<b <i>"]),
            ("<!-- <b> -- > -->x<!>y<?z>", vec!["<!-- <b> -- > -->", "<!>", "<?z>"]),
            ("<!doctype html></ b></<b>", vec!["<!doctype html>", "</ b>", "</<b>"]),
            ("<!-- <b>", vec!["<!-- <b>"]),
            ("x<b y='", vec!["<b y='"]),
            ("x</b", vec!["</b"]),
            ("x</", vec![]),
            ("&lt;<![CDATA[", vec!["<![CDATA["]),
            ("<style><b></sty</style x='<b>'><i>", vec!["<style>", "</style x='<b>'>", "<i>"]),
            ("<style></style", vec!["<style>"]),
        ] {
            assert_eq!(expected, constructs(html), "{html}");
        }
    }

    #[test]
    fn tags_of_too_many_attributes_are_refused() {
        for end in ["", ">"] {
            let html = format!("<b title='>' {}{end}", "x ".repeat(300));
            assert!(matches!(read(&html, 256, Notes::default()), Err(Error::InputTooLarge(_))));
        }
    }
}
