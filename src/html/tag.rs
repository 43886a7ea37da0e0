//! The inside of a tag, as the tokenizer reads it.

/// Follows a tag from its `<` and counts its attributes: html5ever compares each with all before
/// it, so 16 000 on one tag take most of a second.
///
/// The states are those of the HTML standard, section 13.2.5, from the tag open state on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    state: State,
    /// Attributes begun so far, repeated names included.
    pub(super) attributes: usize,
}

impl Tag {
    /// A tag of which nothing has been read, not even its `<`.
    pub(super) const fn new() -> Self {
        Self { state: State::Open, attributes: 0 }
    }

    /// The tag after more of its bytes.
    pub(super) fn read(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |tag, byte| tag.step(*byte))
    }

    fn step(mut self, byte: u8) -> Self {
        let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C');
        let begin = match self.state {
            State::BeforeAttribute => !space && !matches!(byte, b'/' | b'>'),
            State::AfterAttribute => !space && !matches!(byte, b'/' | b'='),
            _ => false,
        };
        self.attributes += usize::from(begin);
        self.state = match self.state {
            _ if begin => State::Attribute,
            State::Open if matches!(byte, b'<' | b'/') => State::Open,
            State::Open | State::Name if space || byte == b'/' => State::BeforeAttribute,
            State::Open | State::Name => State::Name,
            State::Attribute | State::AfterAttribute if space => State::AfterAttribute,
            State::Attribute | State::AfterAttribute if byte == b'=' => State::BeforeValue,
            State::Attribute if byte != b'/' => State::Attribute,
            State::BeforeAttribute | State::Attribute | State::AfterAttribute => {
                State::BeforeAttribute
            }
            State::BeforeValue if space => State::BeforeValue,
            State::BeforeValue if matches!(byte, b'"' | b'\'') => State::Quoted(byte),
            State::Quoted(quote) if byte != quote => State::Quoted(quote),
            State::Unquoted | State::BeforeValue if !space => State::Unquoted,
            State::Quoted(_) | State::Unquoted | State::BeforeValue => State::BeforeAttribute,
        };
        self
    }
}

#[derive(Clone, Copy, Debug)]
enum State {
    Open,
    Name,
    BeforeAttribute,
    Attribute,
    AfterAttribute,
    BeforeValue,
    Quoted(u8),
    Unquoted,
}

#[cfg(test)]
mod tests {
    use super::Tag;

    #[test]
    fn attributes_are_counted() {
        for (tag, attributes) in [
            ("<a", 0),
            ("<a>", 0),
            ("<br/>", 0),
            ("<br />", 0),
            ("<a href=x>", 1),
            ("<a href=x/y/z>", 1),
            ("<a href='x y z' title=\"> a b c\">", 2),
            ("<a href = x  title>", 2),
            ("<a a b c = d e/f/g=\"h\"i='j'k>", 8),
            ("<a =x>", 1),
            ("<a href=\"a/b c>d\"", 1),
            ("</a b c>", 2),
        ] {
            assert_eq!(attributes, Tag::new().read(tag.as_bytes()).attributes, "{tag}");
        }
    }
}
