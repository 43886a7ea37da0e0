//! Inputs that take a parser minutes or gigabytes.

use hauberk::html::{Policy, Sanitizer, Settings};
use hauberk::{Error, Result};

/// Shapes that take a parser minutes or gigabytes, at a size that would still end.
#[test]
fn attacks_are_refused_or_done_at_once() {
    let sanitizer = sanitizer().unwrap();
    let long = "A".repeat(10_000);
    let attributes = numbered(" a#", 200);
    for (name, html) in [
        ("b in p", format!("<p>{}{}", numbered("<b id=#>", 500), "<p>x".repeat(500))),
        ("b in p", format!("<p>{}{}", numbered("<b id=#>", 60), "<p>x".repeat(5000))),
        ("long link", format!("<p><a href={long}>{}", "<p>a".repeat(2500))),
        ("long link in div", format!("<a href={long}>{}", "<div></a>x".repeat(2500))),
        ("div", "<div>".repeat(10_000)),
        ("div and p", format!("{}{}", "<div>".repeat(500), "<p></p>".repeat(80_000))),
        ("ul and li", "<ul><li>".repeat(4000)),
        ("foster parents", format!("<table>{}", "<b>x</b>".repeat(32_000))),
        (
            "foster parents of text",
            format!("{}<table>{}", "<br>".repeat(50_000), "<tr>x".repeat(20_000)),
        ),
        ("selectedcontent", "<div><selectedcontent>".repeat(4000)),
        ("misnested", numbered("<a id=#><div>", 4000) + &"</a>".repeat(4000)),
        ("svg", "<svg><desc>".repeat(4000)),
        ("raw text in svg", "<svg><style>".repeat(4000)),
        ("templates", "<template>".repeat(4000)),
        ("hidden by a table", "<div><table><td></div></td></table>".repeat(4000)),
        ("buttons", numbered("<p><b id=#></b><button></p></button>", 4000) + &"<i>".repeat(600)),
        ("ampersands", format!("{}<b>", "&".repeat(200_000))),
        ("ampersands", "&</x>".repeat(100_000)),
        ("ampersands in a table", format!("<table>{}", "&</x>".repeat(100_000))),
        ("no-break spaces", format!("{}<b>", "«».".repeat(200_000))),
        ("ampersands in a title", format!("<b title='{}'>", "&".repeat(200_000))),
        ("attributes of html", numbered("<html a#>", 50_000)),
        ("many formatting attributes", numbered(&format!("<b z=#{attributes}>"), 500)),
        ("fonts", numbered("<p><font size=#>x</p>", 4000)),
    ] {
        match sanitizer.sanitize_unusual(&html) {
            Err(Error::InputTooDeep | Error::InputTooLarge(_)) => {}
            answer => panic!("{name}: {:?}", answer.map(|html| html.len())),
        }
        // What needs no tree costs what it is long.
        if let Some(clean) = sanitizer.sanitize_usual(&html) {
            assert!(clean.len() <= 6 * html.len(), "{name}: {}", clean.len());
        }
    }
}

fn sanitizer() -> Result<Sanitizer> {
    Ok(Sanitizer::new(Policy::compile(&Settings {
        tags: ["a", "b", "div", "p", "table", "td", "tr"].map(ToOwned::to_owned).into(),
        url_schemes: ["https".to_owned()].into(),
        drop_content: ["script".to_owned()].into(),
        ..Settings::default()
    })?))
}

/// `text` so many times, each time with another number for `#`.
fn numbered(text: &str, count: usize) -> String {
    (0..count).map(|number| text.replace('#', &number.to_string())).collect()
}
