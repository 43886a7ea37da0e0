//! Whether sanitizing the output again would change it.
//!
//! It would where an element that went held apart two that stay: `<h1><main><h2>` without the
//! `<main>` is no document, and the parser ends the first heading before the second. Whatever is not
//! known to stay counts as doubtful; then the output is looked at once more, which is all it costs.

use memchr::memmem;

use super::element::Kind;
use super::stack::{Open, Start, Tree};

/// What was noticed.
#[derive(Debug, Default)]
pub(super) struct Settling {
    pub(super) is_doubtful: bool,
    of_tables: Parts,
    /// Whether there is an element that loses a newline at its beginning.
    preformatted: bool,
    /// How many open elements are not kept.
    pub(super) dropped: usize,
}

/// What becomes of the elements of tables: what is left of a table without one is no table.
#[derive(Debug, Default)]
struct Parts {
    went: bool,
    stay: bool,
}

impl Settling {
    /// Whether the output may change.
    pub(super) fn is_doubtful(&self, output: &str) -> bool {
        self.is_doubtful
            || self.of_tables.went && self.of_tables.stay
            || output.starts_with('\u{FEFF}')
            // Written as a reference it stays, and as itself it is a newline.
            || memchr::memchr(b'\r', output.as_bytes()).is_some()
            || self.preformatted && begins_with_newline(output)
    }
}

impl Tree<'_> {
    /// Looks at an element that is about to be opened below those that are open.
    pub(super) fn watch(&mut self, start: Start<'_>) {
        let kind = start.entry.kind;
        if self.output.muted {
            return;
        }
        if is_of_table(kind) {
            let goes = start.entry.tags.is_none() || start.entry.drop;
            self.settling.of_tables.went |= goes;
            self.settling.of_tables.stay |= !goes;
        }
        if start.entry.tags.is_none() {
            return;
        }
        self.settling.preformatted |= kind == Kind::Preformatted;
        self.settling.is_doubtful |=
            start.entry.reorders || self.settling.dropped > 0 && self.would_close(kind);
    }

    /// Whether the start tag would close anything if only those elements were open that stay.
    fn would_close(&self, kind: Kind) -> bool {
        let kept = || self.open.iter().rev().filter(|it| it.entry.tags.is_some());
        let is = |wanted: Kind| move |it: &&Open<'_>| it.entry.kind == wanted;
        let paragraph = || {
            self.paragraphs > 0
                && kept()
                    .take_while(|it| !it.entry.traits.button_scope())
                    .any(|it| is(Kind::Paragraph)(&it))
        };
        match kind {
            Kind::Anchor => kept()
                .take_while(|it| {
                    !matches!(it.entry.kind, Kind::Caption | Kind::Cell | Kind::Marked)
                })
                .any(|it| is(Kind::Anchor)(&it)),
            Kind::Button => {
                kept().take_while(|it| !it.entry.traits.scope()).any(|it| is(Kind::Button)(&it))
            }
            Kind::Definition | Kind::Item => {
                let passed = |it: &&Open<'_>| {
                    !it.entry.traits.special() || matches!(it.entry.name, "address" | "div" | "p")
                };
                kept().find(|it| !passed(it)).is_some_and(|it| it.entry.kind == kind) || paragraph()
            }
            Kind::Heading => kept().next().is_some_and(|it| it.entry.kind == kind) || paragraph(),
            Kind::Block
            | Kind::Form
            | Kind::Paragraph
            | Kind::Preformatted
            | Kind::Rule
            | Kind::Table => paragraph(),
            Kind::RubyBase | Kind::RubyText => {
                kept().next().is_some_and(|it| it.entry.traits.implied())
            }
            Kind::Break
            | Kind::Caption
            | Kind::Cell
            | Kind::Column
            | Kind::ColumnGroup
            | Kind::Foreign
            | Kind::Formatting
            | Kind::Ignored
            | Kind::Marked
            | Kind::Metadata
            | Kind::Ordinary
            | Kind::RawText
            | Kind::ReferenceText
            | Kind::Row
            | Kind::TableSection
            | Kind::Unusual => false,
        }
    }
}

const fn is_of_table(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Caption
            | Kind::Cell
            | Kind::Column
            | Kind::ColumnGroup
            | Kind::Row
            | Kind::Table
            | Kind::TableSection
    )
}

/// Whether a newline follows a `<pre>` or `<listing>`.
fn begins_with_newline(output: &str) -> bool {
    // Values have no `>` of their own, so what stands before one is a tag.
    memmem::find_iter(output.as_bytes(), b">\n").any(|end| {
        let before = output.get(..end).unwrap_or_default();
        let tag = before.rfind('<').and_then(|start| before.get(start + 1..));
        tag.is_some_and(|tag| {
            ["pre", "listing"].iter().any(|name| {
                tag.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::begins_with_newline;

    #[test]
    fn newlines_are_found() {
        for (output, expected) in [
            ("<pre>\nx</pre>", true),
            ("<p>\n<listing title=\"a b\">\nx</listing>", true),
            ("<pre>x</pre>\n<b>\n", false),
            ("<pre-x>\nx", false),
        ] {
            assert_eq!(expected, begins_with_newline(output), "{output}");
        }
    }
}
