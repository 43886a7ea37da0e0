//! What the tree builder and the serializer do without asking the tree.

use core::cell::Cell;

use html5ever::{QualName, ns};

/// What an input may cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Steps.
    pub(super) work: u64,
    /// Bytes that are made of it.
    pub(super) bytes: u64,
    /// How deep elements may be nested.
    pub(super) depth: usize,
}

impl Budget {
    /// The budget of an input of so many bytes.
    pub(super) const fn new(input: usize, depth: usize) -> Self {
        let input = input as u64;
        // Each element looks through those around it, once or twice.
        let nesting = 2 * (depth as u64).pow(2);
        let least = if nesting > LEAST_WORK { nesting } else { LEAST_WORK };
        Self { bytes: 8 * input + (256 << 10), work: 4 * input + least, depth }
    }
}

/// The formatting elements that the tree builder holds on to. It compares each new one with all of
/// the same name, attribute by attribute, and asks the tree nothing.
#[derive(Debug, Default)]
pub(super) struct Formatting {
    elements: Cell<u64>,
    attributes: Cell<u64>,
}

impl Formatting {
    /// One more; the answer is what comparing it costs.
    pub(super) fn add(&self, attributes: u64) -> u64 {
        let (elements, others) = (self.elements.get(), self.attributes.get());
        self.elements.set(elements + 1);
        self.attributes.set(others + attributes);
        elements + COMPARED_ATTRIBUTE * (elements.min(others) * attributes + others)
    }

    pub(super) fn remove(&self, attributes: u64) {
        self.elements.set(self.elements.get().saturating_sub(1));
        self.attributes.set(self.attributes.get().saturating_sub(attributes));
    }
}

/// A run of text without `<` and `>`. For each `&` and each character that may be a no-break space,
/// html5ever's serializer looks for the next of these through the whole rest of the run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text {
    escaped: u64,
    quoted: bool,
}

impl Text {
    /// The beginning of an attribute's value, where a quotation mark ends a run, too.
    pub(super) const fn in_value() -> Self {
        Self { escaped: 0, quoted: true }
    }

    /// The run with more text; the answer is what escaping it costs.
    pub(super) fn append(&mut self, text: &str) -> u64 {
        let mut looked_through = 0_u64;
        let mut run = 0;
        for byte in text.bytes() {
            run += 1;
            let ends = matches!(byte, b'<' | b'>') || self.quoted && byte == b'"';
            if ends || matches!(byte, b'&' | NO_BREAK_SPACE) {
                looked_through = looked_through.saturating_add(self.escaped * run);
                run = 0;
                self.escaped = if ends { 0 } else { self.escaped + 1 };
            }
        }
        looked_through.saturating_add(self.escaped * run) / ESCAPED_AT_ONCE
    }
}

/// The names of the HTML standard's formatting elements.
pub(super) fn is_formatting(name: &QualName) -> bool {
    name.ns == ns!(html)
        && matches!(
            &*name.local,
            "a" | "b"
                | "big"
                | "code"
                | "em"
                | "font"
                | "i"
                | "nobr"
                | "s"
                | "small"
                | "strike"
                | "strong"
                | "tt"
                | "u"
        )
}

/// Steps that every input may cost. As deep as browsers go, nesting takes no more.
const LEAST_WORK: u64 = 1 << 20;
/// The first byte of U+00A0 in UTF-8, and of 63 characters beside it.
const NO_BREAK_SPACE: u8 = 0xC2;
/// Bytes that are looked through in the time of one step.
const ESCAPED_AT_ONCE: u64 = 256;
/// Steps that sorting and comparing an attribute takes.
pub(super) const COMPARED_ATTRIBUTE: u64 = 8;

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn text_is_looked_through_for_each_reference() {
        let cost = |pieces: &[&str]| {
            let mut run = Text::default();
            pieces.iter().map(|piece| run.append(piece)).sum::<u64>()
        };
        let long = "x".repeat(2560);

        assert_eq!(0, cost(&[&long]));
        assert_eq!(10, cost(&["&", &long]));
        assert_eq!(30, cost(&["&&\u{A0}", &long]));
        assert_eq!(0, cost(&["&&&<", &long]));
    }
}
