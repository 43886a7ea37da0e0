//! Elements whose content a page does not show as text.

use html5ever::Attribute;
use html5ever::tokenizer::Tag;

/// An element whose content is left out.
#[derive(Debug)]
pub(super) struct Hidden {
    name: String,
    /// How often it is open.
    open: usize,
    /// How many elements are open in which SVG or `MathML` holds HTML.
    islands: usize,
}

/// Where a tag stands.
pub(super) enum Reads {
    /// After the element, which the tag ends though it is not its end tag.
    Behind,
    /// It is the element's end tag.
    End,
    Within,
}

impl Hidden {
    /// The element that a start tag begins, if its content is not shown.
    pub(super) fn by(tag: &Tag) -> Option<Self> {
        let name = &*tag.name;
        let begins = is_hidden(name) && !(is_foreign(name) && tag.self_closing);
        begins.then(|| Self { name: name.to_owned(), open: 1, islands: 0 })
    }

    /// Where another tag stands.
    pub(super) fn read(&mut self, tag: &Tag, starts: bool) -> Reads {
        let is_foreign = is_foreign(&self.name);
        if is_foreign && self.islands == 0 && breaks_out(tag, starts) {
            return Reads::Behind;
        }
        if is_foreign && tag.self_closing {
            return Reads::Within;
        }
        let count = if *self.name == *tag.name {
            &mut self.open
        } else if is_foreign && is_island(&tag.name) {
            &mut self.islands
        } else {
            return Reads::Within;
        };
        *count = if starts { *count + 1 } else { count.saturating_sub(1) };
        if self.open == 0 { Reads::End } else { Reads::Within }
    }
}

/// Elements whose content is not shown.
fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "title"
            | "template"
            | "iframe"
            | "noembed"
            | "noframes"
            | "object"
            | "svg"
            | "math"
            | "audio"
            | "video"
            | "canvas"
    )
}

/// Elements that are not HTML's.
fn is_foreign(name: &str) -> bool {
    matches!(name, "math" | "svg")
}

/// Elements of SVG and `MathML` in which HTML may stand.
fn is_island(name: &str) -> bool {
    matches!(
        name,
        "annotation-xml" | "desc" | "foreignobject" | "mi" | "mn" | "mo" | "ms" | "mtext" | "title"
    )
}

/// Whether a tag ends the SVG or `MathML` that it stands in (HTML standard, 13.2.6.5).
fn breaks_out(tag: &Tag, starts: bool) -> bool {
    let attribute = |it: &Attribute| matches!(&*it.name.local, "color" | "face" | "size");
    match &*tag.name {
        "br" | "p" => true,
        "font" => starts && tag.attrs.iter().any(attribute),
        "b" | "big" | "blockquote" | "body" | "center" | "code" | "dd" | "div" | "dl" | "dt"
        | "em" | "embed" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "head" | "hr" | "i"
        | "img" | "li" | "listing" | "menu" | "meta" | "nobr" | "ol" | "pre" | "ruby" | "s"
        | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "table" | "tt" | "u" | "ul"
        | "var" => starts,
        _ => false,
    }
}
