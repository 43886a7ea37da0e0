//! The elements of sanitized markup, changed by whoever asks.

use super::markup::{self, Piece, is_name, is_void, write_end, write_start};
use crate::Error;

/// A tag's name and its attributes, in their order.
pub type Element = (String, Vec<(String, String)>);

/// `html` with what `change` makes of each element; of those it makes None the content stays.
///
/// What comes out is no more trustworthy than `change`: the sanitizer has to have the last word.
pub(super) fn rewrite<E: From<Error>>(
    html: &str,
    mut change: impl FnMut(Element) -> Result<Option<Element>, E>,
) -> Result<String, E> {
    let mut changed = String::with_capacity(html.len() + html.len() / 8);
    let mut open: Vec<(&str, Option<String>)> = Vec::new();
    for piece in markup::pieces(html) {
        match piece {
            Piece::Comment(text) => {
                changed.push_str("<!--");
                changed.push_str(text);
                changed.push_str("-->");
            }
            Piece::End(name) => {
                // In what a sanitizer wrote they match.
                if open.last().is_some_and(|(started, _)| *started == name)
                    && let Some((_, Some(name))) = open.pop()
                {
                    write_end(&mut changed, &name);
                }
            }
            Piece::Start(start) => {
                let element = change((start.name.to_owned(), start.attributes()))?;
                if let Some((name, attributes)) = &element {
                    check_names(name, attributes)?;
                    write_start(&mut changed, name, attributes);
                }
                let name = element.map(|(name, _)| name);
                if !is_void(start.name) {
                    open.push((start.name, name));
                } else if let Some(name) = name.filter(|name| !is_void(name)) {
                    write_end(&mut changed, &name);
                }
            }
            Piece::Text(text) => changed.push_str(text),
        }
    }
    Ok(changed)
}

pub(super) fn check_names(name: &str, attributes: &[(String, String)]) -> Result<(), Error> {
    if is_name(name) && attributes.iter().all(|(name, _)| is_name(name)) {
        Ok(())
    } else {
        Err(Error::InvalidInput("a callback returned what is no name of a tag or an attribute"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewrite(html: &str, change: fn(Element) -> Option<Element>) -> Result<String, Error> {
        super::rewrite(html, |element| Ok::<_, Error>(change(element)))
    }

    #[test]
    fn elements_are_changed() {
        let html = "<h1 title=\"&lt;\">a<b>b</b></h1><img src=\"x\"> c";
        let change = |(name, attributes): Element| match name.as_str() {
            "h1" => Some(("h2".to_owned(), attributes)),
            "b" => None,
            _ => Some((name, vec![("src".to_owned(), "\"><script>".to_owned())])),
        };
        assert_eq!(
            Ok("<h2 title=\"&lt;\">ab</h2><img src=\"&quot;&gt;&lt;script&gt;\"> c".to_owned()),
            rewrite(html, change)
        );
    }

    #[test]
    fn names_are_names() {
        for name in ["", "b onclick=x", "b>", "1", "<"] {
            let mut change = |(_, attributes): Element| Ok(Some((name.to_owned(), attributes)));
            assert!(matches!(super::rewrite("<b>x</b>", &mut change), Err(Error::InvalidInput(_))));
            let mut change =
                |(tag, _): Element| Ok(Some((tag, vec![(name.to_owned(), "x".to_owned())])));
            assert!(matches!(super::rewrite("<b>x</b>", &mut change), Err(Error::InvalidInput(_))));
        }
    }

    #[test]
    fn void_elements_may_become_others() {
        let change = |(name, attributes): Element| {
            let name = if name == "br" { "b" } else { "br" };
            Some((name.to_owned(), attributes))
        };
        assert_eq!(Ok("x<b></b><br>y</br>".to_owned()), rewrite("x<br><i>y</i>", change));
    }
}
