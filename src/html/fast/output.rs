//! What was written so far, without writing it before it differs from what was read.

/// The sanitized document. While it equals a part of the source, it is only a range of it; the
/// whole source, once everything was read, is a document that did not change.
#[derive(Debug)]
pub(super) struct Output<'a> {
    source: &'a str,
    /// The part of the source that is the end of what was written.
    start: usize,
    end: usize,
    /// What was written before it.
    written: String,
    /// Nothing is written while it is set: the content of an element that goes.
    pub(super) muted: bool,
}

/// How much was written, and which part of the source comes after it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Written {
    length: usize,
    start: usize,
    end: usize,
}

impl<'a> Output<'a> {
    pub(super) const fn new(source: &'a str) -> Self {
        Self { source, start: 0, end: 0, written: String::new(), muted: false }
    }

    /// Adds a part of the source.
    #[inline]
    pub(super) fn keep(&mut self, from: usize, to: usize) {
        if self.muted {
            return;
        }
        if from != self.end {
            self.flush();
            self.start = from;
        }
        self.end = to;
    }

    /// Adds any text, which may be what the source has next.
    #[inline]
    pub(super) fn push(&mut self, text: &str) {
        if self.muted {
            return;
        }
        let next = self.source.as_bytes().get(self.end..).unwrap_or_default();
        // For what is short, calling a function would take longer than to compare it.
        let is_next = if text.len() <= SHORT {
            next.len() >= text.len() && next.iter().zip(text.as_bytes()).all(|(a, b)| a == b)
        } else {
            next.starts_with(text.as_bytes())
        };
        if is_next {
            self.end += text.len();
        } else {
            self.flush();
            self.written.push_str(text);
        }
    }

    /// Writes everything, and says how much that is.
    pub(super) fn write(&mut self) -> usize {
        self.flush();
        self.written.len()
    }

    /// Takes away what was written after so much.
    pub(super) fn take(&mut self, length: usize) -> String {
        self.flush();
        self.written.split_off(length)
    }

    /// What was written from so much to so much.
    pub(super) fn part(&mut self, from: usize, to: usize) -> String {
        self.flush();
        self.written.get(from..to).unwrap_or_default().to_owned()
    }

    /// Puts something in after so much.
    pub(super) fn insert(&mut self, length: usize, text: &str) {
        self.flush();
        self.written.insert_str(length, text);
    }

    /// How much was written.
    pub(super) fn len(&self) -> usize {
        self.written.len() + (self.end - self.start)
    }

    /// What was written so far, to come back to.
    #[inline]
    pub(super) fn written(&self) -> Written {
        Written { length: self.written.len(), start: self.start, end: self.end }
    }

    /// What was written up to a moment since which nothing before was changed.
    pub(super) fn restore(mut self, Written { length, start, end }: Written) -> String {
        self.written.truncate(length);
        (self.start, self.end) = (start, end);
        self.flush();
        self.written
    }

    /// What was written, if it is not the source.
    pub(super) fn finish(mut self) -> Option<String> {
        if self.written.is_empty() && self.start == 0 && self.end == self.source.len() {
            return None;
        }
        self.flush();
        Some(self.written)
    }

    fn flush(&mut self) {
        if self.start == self.end {
            return;
        }
        if self.written.is_empty() {
            self.written.reserve(self.source.len() + self.source.len() / 8);
        }
        // Both ends stand beside ASCII.
        self.written.push_str(self.source.get(self.start..self.end).unwrap_or_default());
        self.start = self.end;
    }
}

/// Bytes.
const SHORT: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_differ_is_not_written() {
        let mut output = Output::new("<b>x</b>");
        output.push("<b>");
        output.keep(3, 4);
        output.push("</b>");

        assert_eq!(8, output.len());
        assert_eq!(None, output.finish());
    }

    #[test]
    fn what_differs_is_written() {
        let mut output = Output::new("<B>x</b>y");
        output.push("<b>");
        output.keep(3, 4);
        output.muted = true;
        output.push("z");
        output.keep(0, 9);
        output.muted = false;
        output.push("</b>");
        output.keep(8, 9);

        assert_eq!(9, output.len());
        assert_eq!(Some("<b>x</b>y".to_owned()), output.finish());
        assert_eq!(Some(String::new()), Output::new("x").finish());
        assert_eq!(None, Output::new("").finish());
    }
}
