//! Where URLs and mail addresses stand in text.

use linkify::{LinkFinder, LinkKind};
use memchr::{memchr2, memchr3};

/// Finds what may become a link.
///
/// The crate `linkify` decides. It looks at each `.`, `:` and `@`, and from some of them it reads
/// on to the end of a name in vain, and from the next one again: 1 MiB of `a.a_` takes it minutes.
/// So it gets only words that have such a character where an address has it, and no names of so
/// many parts that this becomes noticeable.
pub(super) struct Addresses {
    finder: LinkFinder,
    email: bool,
}

/// What may become a link.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) is_email: bool,
}

impl Addresses {
    pub(super) fn new(email: bool) -> Self {
        let mut finder = LinkFinder::new();
        finder.url_must_have_scheme(false);
        if !email {
            finder.kinds(&[LinkKind::Url]);
        }
        Self { finder, email }
    }

    /// What is found, in its order.
    pub(super) fn of<'t>(&self, text: &'t str) -> impl Iterator<Item = Found<'t>> {
        Words { text, at: 0, email: self.email }.filter(|(_, word)| is_soon_read(word)).flat_map(
            |(start, word)| {
                self.finder.links(word).map(move |link| Found {
                    text: link.as_str(),
                    start: start + link.start(),
                    is_email: *link.kind() == LinkKind::Email,
                })
            },
        )
    }
}

/// Words in which there may be an address, and where they begin.
struct Words<'t> {
    text: &'t str,
    at: usize,
    email: bool,
}

impl<'t> Iterator for Words<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<(usize, &'t str)> {
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        loop {
            let rest = bytes.get(from..)?;
            let found = if self.email {
                memchr3(b'.', b':', b'@', rest)
            } else {
                memchr2(b'.', b':', rest)
            };
            let sign = from + found?;
            from = sign + 1;
            if !is_within_address(bytes.get(sign..)?) {
                continue;
            }
            let before = bytes.get(self.at..sign)?;
            let start = before
                .iter()
                .rposition(|byte| is_between_words(*byte))
                .map_or(self.at, |place| self.at + place + 1);
            let behind = bytes.get(from..)?;
            let end = behind
                .iter()
                .position(|byte| is_between_words(*byte))
                .map_or(bytes.len(), |place| from + place);
            self.at = end;
            // Neither cuts a character.
            return Some((start, self.text.get(start..end)?));
        }
    }
}

/// Whether what begins with one of the three signs goes on as in an address.
fn is_within_address(text: &[u8]) -> bool {
    match text {
        [b':', rest @ ..] => rest.starts_with(b"//"),
        [_, next, ..] => next.is_ascii_alphanumeric() || !next.is_ascii(),
        _ => false,
    }
}

/// Spaces and control characters, which no address has.
const fn is_between_words(byte: u8) -> bool {
    byte <= b' '
}

/// Whether reading from each dot to the end of the name takes a time that does not matter.
fn is_soon_read(word: &str) -> bool {
    let length = word.len();
    length.saturating_mul(length) / 2 <= STEPS
        || word.as_bytes().split(|byte| !is_in_name(*byte)).all(|name| {
            let dots = memchr::memchr_iter(b'.', name).count();
            dots.saturating_mul(name.len()) <= STEPS
        })
}

/// Whether what reads a name reads on.
const fn is_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(byte, b'-' | b'.' | b':' | b'_' | b'~')
}

/// A name of 253 bytes, the longest in the DNS, may have 32 dots.
const STEPS: usize = 8192;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plainly(text: &str, email: bool) -> Vec<Found<'_>> {
        let found = |link: linkify::Link<'_>| {
            let (start, is_email) = (link.start(), *link.kind() == LinkKind::Email);
            Found { text: text.get(start..link.end()).unwrap(), start, is_email }
        };
        Addresses::new(email).finder.links(text).map(found).collect()
    }

    #[test]
    fn names_of_many_parts_take_no_time() {
        for part in ["a.a_", "a.a:", "a.a~", "ä.ä_", "a@a.a_", "http://a.a_a.a_", "_.a", "a."] {
            let text = part.repeat((1 << 20) / part.len());
            assert_eq!(0, Addresses::new(true).of(&text).count(), "{part}");
        }
    }

    #[test]
    fn long_addresses_are_found() {
        let path = "https://example.org/".to_owned() + &"a/b?c=d".repeat(1000);
        let name = format!("https://{}.example/", "a.b".repeat(40));
        let text = format!("{} {path} {name}", "ä".repeat(10_000));
        let found: Vec<_> = Addresses::new(true).of(&text).map(|found| found.text).collect();

        assert_eq!([&path, &name].map(String::as_str).as_slice(), found);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn words_are_enough(
            text in "([a-c.:/@ \n_~(),'\"<-]|\\.com|://|https|1|ä|\u{A0}|\u{7F}|\u{85}){0,60}",
            email in any::<bool>(),
        ) {
            let found: Vec<_> = Addresses::new(email).of(&text).collect();
            prop_assert_eq!(plainly(&text, email), found);
        }
    }
}
