//! Bounds on what one input may cost, checked before ammonia sees it: its parser cannot be stopped.
//!
//! The HTML standard's parser amplifies (whatwg/html#10772): formatting elements left open are
//! opened again in each paragraph, and several of its steps walk through all open elements. So the
//! input is looked at first ([`fast::is_cheap`]), and where that leaves a doubt it
//! is parsed twice, the first time by html5ever's own tree builder into a [`Meter`] that
//! builds nothing and counts what is asked of it. It is fed piece by piece, none holding more than
//! one tag, and stopped as soon as a budget is spent; and what it counts is exact by construction.
//! Inputs so small that nothing in them can amount to much are spared this.

use super::fast;
use super::limits::Limits;
use super::parse::{self, Everything};
use crate::{Error, Result};

/// Refuses an input that is over a limit or that would cost more than its size warrants.
///
/// Up to `read`, no tag has more attributes than it may have.
pub(super) fn inspect(html: &str, read: usize, limits: &Limits) -> Result<()> {
    // ammonia keeps a note of each, and then another one.
    if memchr::memchr_iter(0, html.as_bytes()).count() > MOST_NULS {
        return Err(Error::InputTooLarge("the HTML has more than 65536 NULs"));
    }
    let tags = memchr::memchr_iter(b'<', html.as_bytes()).count();
    // An attribute takes two bytes.
    let small = html.len() <= SMALL
        && html.len() - read <= 2 * limits.attributes
        && tags <= limits.depth
        && tags * html.len() <= SMALL_OUTPUT;
    if tags == 0 || small || fast::is_cheap(html, limits) {
        return Ok(());
    }
    parse::judge(html, Everything, limits.parsing()).map(|Everything| ())
}

const MOST_NULS: usize = 1 << 16;
/// The longest input of which even the worst tag costs little.
const SMALL: usize = 4096;
/// What an input can become at most is each of its bytes once for each of its tags.
const SMALL_OUTPUT: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::cost::Budget;
    use crate::html::meter::Meter;
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
                let tree = Meter::default();
                let (meter, Everything) =
                    parse::run_within(&html, tree, Everything, limits.parsing(), NONE).unwrap();
                let cost = meter.cost();

                assert!(cost.depth <= bound.depth, "{cost:?} {bound:?} {html:?}");
                assert!(cost.bytes <= bound.bytes, "{cost:?} {bound:?} {html:?}");
                assert!(cost.work <= bound.work, "{cost:?} {bound:?} {html:?}");
                bounded += 1;
            }
        }
        assert!(bounded > 1000, "{bounded}");
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
    fn nuls_are_few() {
        assert!(matches!(inspect(&"\0".repeat(MOST_NULS + 1)), Err(Error::InputTooLarge(_))));
        assert_eq!(Ok(()), inspect(&"\0".repeat(MOST_NULS)));
    }

    #[test]
    fn words_in_a_comment_are_no_attributes() {
        let comment = format!("<!--{}-->", " word".repeat(1000));
        for before in ["&nbsp;", "</>", "x &copy", "<b>&#0;", "a <"] {
            let html = format!("{before}{comment}");
            let parsing = Limits::default().parsing();

            assert!(parse::judge(&html, Everything, parsing).is_ok(), "{before}");
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
