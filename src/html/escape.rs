//! Text as HTML.

/// `text` such that HTML shows it as it is, between tags and in quoted attributes: `&`, `<`, `>`,
/// `"` and `'` become references, as with `html.escape` in Python.
///
/// Not for `<script>`, `<style>`, unquoted attributes or URLs.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for piece in text.split_inclusive(['&', '<', '>', '"', '\'']) {
        let mut characters = piece.chars();
        let reference = match characters.next_back() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            Some('\'') => "&#x27;",
            _ => {
                escaped.push_str(piece);
                continue;
            }
        };
        escaped.push_str(characters.as_str());
        escaped.push_str(reference);
    }
    escaped
}

/// `text` as HTML with every character escaped that means anything to HTML anywhere, white space and
/// slashes among them.
#[must_use]
pub fn escape_strictly(text: &str) -> String {
    ammonia::clean_text(text)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_html_reads_becomes_references() {
        assert_eq!("", escape(""));
        assert_eq!("ä &lt;b&gt; &amp;amp; &quot;&#x27;", escape("ä <b> &amp; \"'"));
        assert_eq!("&lt;&lt;x", escape("<<x"));
    }
}
