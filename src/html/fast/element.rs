//! HTML's elements, by what the tree builder does with them.

use super::names::Names;
use crate::platform::fork::PerProcess;

/// What the tree builder does with an element's tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<a>`: formatting that does not nest.
    Anchor,
    /// Closes a paragraph; its end tag closes all within it.
    Block,
    /// `<br>` and others without content that stand in text.
    Break,
    Button,
    Caption,
    Cell,
    Column,
    ColumnGroup,
    /// `<dd>` and `<dt>`.
    Definition,
    /// `<svg>` and `<math>`.
    Foreign,
    Form,
    Formatting,
    Heading,
    /// `<hr>`.
    Rule,
    /// Is ignored: there is a `<body>` already, or no frames.
    Ignored,
    Item,
    /// Formatting does not reach into it.
    Marked,
    /// Without content and without effect on formatting.
    Metadata,
    /// Anything without a rule of its own.
    Ordinary,
    Paragraph,
    /// Loses a newline at its beginning.
    Preformatted,
    /// Its content is no markup, up to its end tag.
    RawText,
    /// Its content is no markup, but may have references.
    ReferenceText,
    Row,
    RubyBase,
    RubyText,
    Table,
    TableSection,
    /// Another parser begins, or what follows is read otherwise.
    Unusual,
}

/// The rows of the standard's table of elements that the tree builder asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits(u8);

impl Traits {
    const NONE: Self = Self(0);
    /// Other elements are not closed across it.
    const SPECIAL: Self = Self(1);
    /// What is outside is not in scope inside.
    const SCOPE: Self = Self(1 << 1 | 1);
    const LIST: Self = Self(1 << 2 | 1);
    const BUTTON: Self = Self(1 << 3 | 1);
    const TABLE: Self = Self(1 << 4 | 1 << 1 | 1);
    /// Closed by the end of what is around it.
    const IMPLIED: Self = Self(1 << 5);
    const IMPLIED_SPECIAL: Self = Self(1 << 5 | 1);
    /// Has no content and no end tag when it is written.
    const VOID: Self = Self(1 << 6);
    const VOID_SPECIAL: Self = Self(1 << 6 | 1);

    pub(super) const fn special(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) const fn scope(self) -> bool {
        self.0 & 1 << 1 != 0
    }

    pub(super) const fn list_scope(self) -> bool {
        self.0 & (1 << 1 | 1 << 2) != 0
    }

    pub(super) const fn button_scope(self) -> bool {
        self.0 & (1 << 1 | 1 << 3) != 0
    }

    pub(super) const fn table_scope(self) -> bool {
        self.0 & 1 << 4 != 0
    }

    pub(super) const fn implied(self) -> bool {
        self.0 & 1 << 5 != 0
    }

    pub(super) const fn void(self) -> bool {
        self.0 & 1 << 6 != 0
    }
}

/// What is known of an element by its name, in any case.
pub(super) fn of(name: &[u8]) -> (Kind, Traits) {
    static KNOWN: PerProcess<Known> = PerProcess::new(Known::new);
    let known = KNOWN.get();
    let place = known.names.as_ref().and_then(|names| names.place(name));
    let known = place.and_then(|place| known.kinds.get(place));
    known.copied().unwrap_or((UNKNOWN.kind, UNKNOWN.traits))
}

struct Known {
    names: Option<Names>,
    kinds: Vec<(Kind, Traits)>,
}

impl Known {
    fn new() -> Self {
        let kinds = ELEMENTS
            .iter()
            .flat_map(|it| it.names.split_whitespace().map(|_| (it.kind, it.traits)))
            .collect();
        Self {
            names: Names::new(ELEMENTS.iter().flat_map(|it| it.names.split_whitespace())),
            kinds,
        }
    }
}

/// Names of one kind.
pub(super) struct Elements {
    pub(super) kind: Kind,
    pub(super) traits: Traits,
    pub(super) names: &'static str,
}

const fn elements(kind: Kind, traits: Traits, names: &'static str) -> Elements {
    Elements { kind, traits, names }
}

/// What is known of unknown elements.
pub(super) const UNKNOWN: Elements = elements(Kind::Ordinary, Traits::NONE, "");

pub(super) const ELEMENTS: &[Elements] = &[
    elements(Kind::Anchor, Traits::NONE, "a"),
    elements(
        Kind::Block,
        Traits::SPECIAL,
        "address article aside blockquote center details dir div dl fieldset figcaption figure \
         footer header hgroup main menu nav section summary",
    ),
    elements(Kind::Block, Traits::NONE, "dialog search"),
    elements(Kind::Block, Traits::LIST, "ol ul"),
    elements(Kind::Break, Traits::VOID_SPECIAL, "area br embed img wbr"),
    elements(Kind::Break, Traits::VOID, "keygen"),
    elements(Kind::Break, Traits::VOID_SPECIAL, "input"),
    elements(Kind::Button, Traits::BUTTON, "button"),
    elements(Kind::Caption, Traits::SCOPE, "caption"),
    elements(Kind::Cell, Traits::SCOPE, "td th"),
    elements(Kind::Column, Traits::VOID_SPECIAL, "col"),
    elements(Kind::ColumnGroup, Traits::SPECIAL, "colgroup"),
    elements(Kind::Definition, Traits::IMPLIED_SPECIAL, "dd dt"),
    elements(Kind::Foreign, Traits::NONE, "math svg"),
    elements(Kind::Form, Traits::SPECIAL, "form"),
    elements(Kind::Formatting, Traits::NONE, "b big code em font i s small strike strong tt u"),
    elements(Kind::Heading, Traits::SPECIAL, "h1 h2 h3 h4 h5 h6"),
    elements(Kind::Rule, Traits::VOID_SPECIAL, "hr"),
    elements(Kind::Ignored, Traits::SPECIAL, "body frameset head html"),
    elements(Kind::Ignored, Traits::VOID_SPECIAL, "frame"),
    elements(Kind::Item, Traits::IMPLIED_SPECIAL, "li"),
    elements(Kind::Marked, Traits::SCOPE, "applet marquee object"),
    elements(
        Kind::Metadata,
        Traits::VOID_SPECIAL,
        "base basefont bgsound link meta param source track",
    ),
    elements(
        Kind::Ordinary,
        Traits::NONE,
        "abbr acronym audio bdi bdo blink canvas cite content data datalist del dfn element ins kbd \
         label legend map mark menuitem meter multicol nextid output picture portal progress q ruby \
         samp slot spacer span sub sup time var video xml",
    ),
    elements(Kind::Paragraph, Traits::IMPLIED_SPECIAL, "p"),
    elements(Kind::Preformatted, Traits::SPECIAL, "listing pre"),
    elements(Kind::RawText, Traits::SPECIAL, "iframe noembed noframes noscript script style"),
    elements(Kind::ReferenceText, Traits::SPECIAL, "title"),
    elements(Kind::Row, Traits::SPECIAL, "tr"),
    elements(Kind::RubyBase, Traits::IMPLIED, "rb rtc"),
    elements(Kind::RubyText, Traits::IMPLIED, "rp rt"),
    elements(Kind::Table, Traits::TABLE, "table"),
    elements(Kind::TableSection, Traits::SPECIAL, "tbody tfoot thead"),
    elements(
        Kind::Unusual,
        Traits::SPECIAL,
        "image isindex nobr optgroup option plaintext select selectedcontent template textarea xmp",
    ),
];
