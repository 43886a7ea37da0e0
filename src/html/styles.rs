//! The declarations of `style` attributes.
//!
//! ammonia's own filter drops what is inside a function inside a function, and with it the closing
//! parenthesis, and judges no URL inside a function. Here declarations are read whole: what is
//! written is balanced, and one that holds anything doubtful goes.

use std::collections::BTreeSet;

use cssparser::{Delimiter, ParseError, Parser, ToCss, Token};

use super::hosts::Hosts;
use super::rules::{Relative, Rules};
use super::urls;

/// Which declarations stay.
#[derive(Clone, Debug)]
pub(super) struct Styles {
    properties: BTreeSet<String>,
    schemes: BTreeSet<String>,
    relative: Relative,
    hosts: Hosts,
}

impl Styles {
    /// None if the policy does not look at styles.
    pub(super) fn new(rules: &Rules) -> Option<Self> {
        Some(Self {
            properties: rules.styles.clone()?,
            schemes: rules.schemes.clone(),
            relative: rules.relative.clone(),
            hosts: rules.hosts.clone(),
        })
    }

    /// The declarations of allowed properties in which nothing loads what the policy does not
    /// allow, written in one way.
    ///
    /// What is no declaration ends where CSS would end it at the latest: at the next semicolon
    /// that is in no bracket.
    pub(super) fn sanitize(&self, style: &str, tag: &str) -> String {
        let mut input = Parser::new(style);
        let mut kept = String::with_capacity(style.len());
        while !input.is_exhausted() {
            let before = kept.len();
            let declared = input.parse_until_after(Delimiter::Semicolon, |input| {
                if before > 0 {
                    kept.push(';');
                }
                self.declaration(input, tag, &mut kept)
            });
            if declared.is_err() {
                kept.truncate(before);
            }
        }
        kept
    }

    fn declaration(&self, input: &mut Parser<'_>, tag: &str, css: &mut String) -> Sound {
        let (source, written) = (input.position(), css.len());
        let name = input.expect_ident()?.clone();
        input.expect_colon()?;
        if !self.properties.contains(&*name) {
            return doubtful();
        }
        Token::Ident(name).to_css(css).or_else(|_| doubtful())?;
        css.push(':');
        let value = css.len();
        self.value(input, tag, css)?;
        let empty = css.len() == value;
        // What is written must not be doubtful either, or it would go the next time.
        if empty || is_doubtful(input.slice_from(source)) || is_doubtful(&css[written..]) {
            return doubtful();
        }
        Ok(())
    }

    /// A value up to its end, tokens parted by spaces.
    fn value(&self, input: &mut Parser<'_>, tag: &str, css: &mut String) -> Sound {
        let mut is_first = true;
        while let Ok(token) = input.next().cloned() {
            if !is_first {
                css.push(' ');
            }
            is_first = false;
            match token {
                Token::UnquotedUrl(url) => self.url(&url, tag, css)?,
                Token::Function(name) if name.eq_ignore_ascii_case("url") => {
                    let url = input.parse_nested_block(|input| {
                        let url = input.expect_string_cloned()?;
                        input.expect_exhausted()?;
                        Ok::<_, ParseError<()>>(url)
                    })?;
                    self.url(&url, tag, css)?;
                }
                token => write(&token, input, css, MAX_DEPTH)?,
            }
        }
        Ok(())
    }

    fn url(&self, url: &str, tag: &str, css: &mut String) -> Sound {
        if self.hosts.limit(tag) {
            return doubtful();
        }
        let Some(url) = urls::normalized(url, &self.schemes, &self.relative) else {
            return doubtful();
        };
        css.push_str("url(");
        Token::QuotedString(url.into()).to_css(css).or_else(|_| doubtful())?;
        css.push(')');
        Ok(())
    }
}

/// Whether a declaration may stay.
type Sound = Result<(), ParseError<()>>;

fn doubtful() -> Sound {
    Err(ParseError::unexpected_token())
}

/// Writes a token and, if it opens a function or a bracket, what is in there. No URL is.
fn write(token: &Token<'_>, input: &mut Parser<'_>, css: &mut String, depth: usize) -> Sound {
    let (close, with_strings) = match token {
        Token::Function(name) => (")", takes_strings(name)),
        Token::ParenthesisBlock => (")", false),
        Token::SquareBracketBlock => ("]", false),
        Token::AtKeyword(_)
        | Token::BadString(_)
        | Token::BadUrl(_)
        | Token::CDC
        | Token::CDO
        | Token::CloseCurlyBracket
        | Token::CloseParenthesis
        | Token::CloseSquareBracket
        | Token::CurlyBracketBlock
        | Token::Semicolon
        | Token::UnquotedUrl(_) => return doubtful(),
        // There is none, and `e0` would be read as an exponent when it is written.
        Token::Dimension { unit, .. } if !unit.bytes().all(|it| it.is_ascii_alphabetic()) => {
            return doubtful();
        }
        token => return token.to_css(css).or_else(|_| doubtful()),
    };
    if depth == 0 || matches!(token, Token::Function(name) if name.eq_ignore_ascii_case("url")) {
        return doubtful();
    }
    token.to_css(css).or_else(|_| doubtful())?;
    input.parse_nested_block(|input| {
        let mut is_first = true;
        while let Ok(token) = input.next().cloned() {
            if matches!(token, Token::QuotedString(_)) && !with_strings {
                return doubtful();
            }
            if !is_first && token != Token::Comma {
                css.push(' ');
            }
            is_first = false;
            write(&token, input, css, depth - 1)?;
        }
        Ok(())
    })?;
    css.push_str(close);
    Ok(())
}

/// Functions in which a string is text. In others it may be a URL, as in `image-set()`.
fn takes_strings(function: &str) -> bool {
    ["attr", "counter", "counters", "format", "local", "symbols", "var"]
        .iter()
        .any(|name| function.eq_ignore_ascii_case(name))
}

/// Whether anything is in there that loads what nobody looks at, or that some parser may read in
/// another way: an escape may spell any of the words, a comment may part what is one to old ones.
fn is_doubtful(css: &str) -> bool {
    if memchr::memchr3(b'\\', b'@', b'*', css.as_bytes()).is_some()
        && (css.contains(['\\', '@']) || css.contains("/*"))
    {
        return true;
    }
    let css = css.to_ascii_lowercase();
    DOUBTFUL.iter().any(|word| css.contains(word))
}

const DOUBTFUL: &[&str] = &[
    "image-set(",
    "image(",
    "src(",
    "cross-fade(",
    "element(",
    "paint(",
    "expression(",
    "-moz-binding",
    "behavior",
    "javascript:",
];
/// Brackets within each other, which nobody writes deeper.
const MAX_DEPTH: usize = 32;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::policy::tests::{names, settings};
    use super::super::settings::{Settings, UrlRelative};
    use super::*;

    fn styles(change: impl FnOnce(&mut Settings)) -> Styles {
        let mut settings = settings();
        settings.styles = Some(names("color background content font-family width --x top a"));
        change(&mut settings);
        Styles::new(&Rules::new(&settings).unwrap()).unwrap()
    }

    #[test]
    fn declarations_are_written_in_one_way() {
        let styles = styles(|_| {});
        for (style, kept) in [
            ("", ""),
            (";;", ""),
            ("color: red", "color:red"),
            ("color:red;position:fixed;;top : 0 ;", "color:red;top:0"),
            ("color:", ""),
            ("color;top:0", "top:0"),
            ("color:red !important", "color:red ! important"),
            ("width:calc((1px + 2em)*3)", "width:calc((1px + 2em) * 3)"),
            (
                "background:linear-gradient(rgba(0,0,0,.5), red);color:red",
                "background:linear-gradient(rgba(0, 0, 0, 0.5), red);color:red",
            ),
            ("background:rgb(1,2", "background:rgb(1, 2)"),
            ("width:[a b] 1fr", "width:[a b] 1fr"),
            ("font-family:'A B',c;top:0", "font-family:\"A B\" , c;top:0"),
            ("content:counters(x, '.')", "content:counters(x, \".\")"),
            ("content:';color:x';top:0", "content:\";color:x\";top:0"),
            ("--x:{color:red};top:0", "top:0"),
            ("color:red};top:0", "top:0"),
            ("color:rgb(1;2);top:0", "top:0"),
            ("<!-- color:red; top:0", "top:0"),
            ("content:'a\nb;top:0", "top:0"),
        ] {
            assert_eq!(kept, styles.sanitize(style, "p"));
        }
    }

    #[test]
    fn urls_are_the_policys() {
        let styles = styles(|it| it.url_relative = UrlRelative::Deny);
        for (style, kept) in [
            ("background:url(https://x.example/)", "background:url(\"https://x.example/\")"),
            ("background:URL('https://x.example')", "background:url(\"https://x.example/\")"),
            ("background:url(ftp://x.example/);top:0", "top:0"),
            ("background:url('//x.example/');top:0", "top:0"),
            ("background:url('https://x.example/' a);top:0", "top:0"),
        ] {
            assert_eq!(kept, styles.sanitize(style, "p"), "{style}");
        }
        for function in [
            "var(--u,URL)",
            "linear-gradient(red,URL)",
            "light-dark(URL,URL)",
            "calc(URL)",
            "a(b(URL))",
            "if(style(--a):URL;else:URL)",
            "-webkit-cross-fade(URL,URL,50%)",
            "[URL]",
            "(URL)",
            "{URL}",
            "image-set(URL 1x)",
            "url(URL)",
            "a('https://x.example/')",
        ] {
            for url in ["url(https://x.example/)", "URL('https://x.example/')", "url(//x.example)"]
            {
                let style = format!("background:{};top:0", function.replace("URL", url));
                assert_eq!("top:0", styles.sanitize(&style, "p"), "{style}");
            }
        }
    }

    #[test]
    fn what_may_load_unseen_goes() {
        let styles = styles(|_| {});
        for (style, kept) in [
            ("color:red;background:image-set('x.png' 1x);top:0", "color:red;top:0"),
            ("background:-WEBKIT-IMAGE-SET('a;b')", ""),
            ("a:\\75rl(x);top:0", "top:0"),
            ("@import 'x';top:0", "top:0"),
            ("background:u/**/rl(x)", ""),
            ("content:'a\"b';top:0", "top:0"),
        ] {
            assert_eq!(kept, styles.sanitize(style, "p"));
        }
    }

    #[test]
    fn no_urls_where_hosts_are_limited() {
        let hosts = BTreeMap::from([("p".to_owned(), names("x.example"))]);
        let styles = styles(|it| it.url_hosts = hosts);

        assert_eq!("top:0", styles.sanitize("background:URL(x);top:0", "p"));
        assert_eq!("background:url(\"x\")", styles.sanitize("background:url(x)", "b"));
    }

    #[test]
    fn brackets_nest_only_so_deep() {
        let styles = styles(|_| {});
        for open in ["(", "a(", "[", "{", "url("] {
            let style = format!("top:0;width:{}", open.repeat(200_000));
            assert_eq!("top:0", styles.sanitize(&style, "p"));
        }
    }

    proptest! {
        #[test]
        fn what_was_sanitized_stays(
            style in "((color|background|a|--x) ?: ?)?([-+.0-9e]{1,6}(px|%|e)?|[a-z]{1,3}[(]|[)]|\
                      [\\[\\]]|[{};,'\"\\\\!#@/*:<>~|$^]|url[(]|https://a|U[+]1| |\\PC){0,16}",
        ) {
            let styles = styles(|_| {});
            let once = styles.sanitize(&style, "p");
            prop_assert_eq!(&once, &styles.sanitize(&once, "p"));
        }
    }
}
