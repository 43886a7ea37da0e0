//! Names that no policy may allow, and how names are spelled.

use crate::{Error, Result};

/// Refuses a tag that cannot be sanitized.
pub(super) fn check_tag(name: &str) -> Result<()> {
    if !is_name(name, b"-_.:") {
        return Err(Error::Policy("the tags have names in lower case, without \"<\" and \">\""));
    }
    if REFUSED_TAGS.contains(&name) {
        return Err(Error::Policy(
            "the tags hold one that runs code, loads documents or is not parsed as HTML \
             (script, style, iframe, object, svg, math, textarea, template …)",
        ));
    }
    Ok(())
}

/// Refuses an attribute that runs code or carries URLs nobody looks at.
pub(super) fn check_attribute(name: &str) -> Result<()> {
    if !is_name(name, b"-_.:") {
        return Err(Error::Policy("the attributes have names in lower case"));
    }
    if name.starts_with("on") {
        return Err(Error::Policy("the attributes hold an event handler, which runs code"));
    }
    if REFUSED_ATTRIBUTES.contains(&name) {
        return Err(Error::Policy(
            "the attributes hold one whose CSS, markup or URLs are not checked \
             (style, srcdoc, srcset …)",
        ));
    }
    Ok(())
}

/// Refuses a beginning of attributes under which one of the refused could stand.
pub(super) fn check_prefix(prefix: &str) -> Result<()> {
    match prefix.strip_suffix('*') {
        Some(prefix) if prefix.ends_with('-') && is_name(prefix, b"-_.:") => Ok(()),
        _ => Err(Error::Policy(
            "the beginnings of attributes are in lower case and end in \"-*\", like \"data-*\"",
        )),
    }
}

/// Refuses a scheme under which a link runs code.
pub(super) fn check_scheme(name: &str) -> Result<()> {
    if !is_name(name, b"+-.") {
        return Err(Error::Policy("the URL schemes are in lower case, without \":\""));
    }
    if matches!(name, "javascript" | "vbscript") {
        return Err(Error::Policy("the URL schemes hold one under which links run code"));
    }
    Ok(())
}

/// Refuses what would not be one `rel` attribute.
pub(super) fn check_rel(rel: &str) -> Result<()> {
    if rel.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b' ')) {
        Ok(())
    } else {
        Err(Error::Policy("the link_rel is made of words in lower case, or None"))
    }
}

/// Refuses what would not be one `target` attribute.
pub(super) fn check_target(target: &str) -> Result<()> {
    if is_word(target) {
        Ok(())
    } else {
        Err(Error::Policy("the link_target is \"_blank\" or another word, or None"))
    }
}

/// Refuses what makes no `id` of its own.
pub(super) fn check_id_prefix(prefix: &str) -> Result<()> {
    if is_word(prefix) { Ok(()) } else { Err(Error::Policy("the id_prefix is a word, or None")) }
}

fn is_word(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether a name can be met: the parser writes names in lower case.
fn is_name(name: &str, punctuation: &[u8]) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || punctuation.contains(&byte)
        })
}

/// Elements that run code or load documents, whose content is not parsed as HTML (which is how
/// sanitized markup comes to mean another thing when it is read again), or that are foreign
/// (RUSTSEC-2025-0071, RUSTSEC-2026-0193).
const REFUSED_TAGS: &[&str] = &[
    "applet",
    "base",
    "body",
    "embed",
    "frame",
    "frameset",
    "head",
    "html",
    "iframe",
    "link",
    "math",
    "meta",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "param",
    "plaintext",
    "script",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Attributes that ammonia passes unread, or takes for one URL where they are several (`ping`).
const REFUSED_ATTRIBUTES: &[&str] = &[
    "attributionsrc",
    "background",
    "dynsrc",
    "imagesrcset",
    "longdesc",
    "lowsrc",
    "ping",
    "srcdoc",
    "srcset",
    "style",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_html_are_allowed() {
        for tag in ["a", "h1", "my-element", "select"] {
            assert_eq!(Ok(()), check_tag(tag));
        }
        for attribute in ["href", "data-id", "aria-label", "xml:lang"] {
            assert_eq!(Ok(()), check_attribute(attribute));
        }
        for scheme in ["https", "svn+ssh", "openpgp4fpr", "data"] {
            assert_eq!(Ok(()), check_scheme(scheme));
        }
        assert_eq!(Ok(()), check_rel("noopener noreferrer"));
    }

    #[test]
    fn what_cannot_be_met_or_made_safe_is_refused() {
        for tag in ["", "B", "<b>", "b ", "é", "1", "script", "svg", "textarea"] {
            assert!(matches!(check_tag(tag), Err(Error::Policy(_))), "{tag:?}");
        }
        for attribute in ["", "onclick", "onx", "HREF", "a b", "a=b", "*"] {
            assert!(matches!(check_attribute(attribute), Err(Error::Policy(_))), "{attribute:?}");
        }
        for attribute in REFUSED_ATTRIBUTES {
            assert!(matches!(check_attribute(attribute), Err(Error::Policy(_))), "{attribute:?}");
        }
        for scheme in ["", "https:", "HTTP", "javascript", "vbscript", "java script"] {
            assert!(matches!(check_scheme(scheme), Err(Error::Policy(_))), "{scheme:?}");
        }
        assert!(check_rel("\"><script>").is_err());
    }
}
