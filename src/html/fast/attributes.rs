//! Attributes and text, as the policy wants them.

use std::borrow::Cow;

use super::output::Output;
use super::tables::{Entry, Filter, Rule, Urls, reference};
use super::tag::{Attribute, Attributes};
use super::{Result, Unusual, reference as references, scan};

/// Writes the allowed attributes of a tag, from `at` to its `>`. The answer is what follows it.
pub(super) fn write<'a>(
    output: &mut Output<'a>,
    source: &'a str,
    entry: &Entry,
    urls: &Urls,
    mut attributes: Attributes<'a>,
) -> Result<usize> {
    if output.muted || entry.tags.is_none() {
        return skip(attributes);
    }
    let mut seen = 0_u64;
    let mut written = 0_u64;
    let mut prefixed: Vec<&[u8]> = Vec::new();
    while let Some(attribute) = attributes.next()? {
        let name = source.as_bytes().get(attribute.name.0..attribute.name.1).ok_or(Unusual)?;
        let found = entry.attributes.iter().enumerate().find(|(_, rule)| {
            rule.name.len() == name.len() && name.eq_ignore_ascii_case(rule.name.as_bytes())
        });
        if let Some((place, rule)) = found {
            let bit = 1_u64.checked_shl(u32::try_from(place).unwrap_or(64)).ok_or(Unusual)?;
            if seen & bit == 0 {
                seen |= bit;
                if write_one(output, source, entry, rule, urls, attribute)? {
                    written |= bit;
                }
            }
        } else if let Some(prefix) = entry.prefixes.iter().find(|prefix| {
            name.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix.as_bytes()))
        }) {
            if prefixed.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                continue;
            }
            if prefixed.len() == PREFIXED || prefix.is_empty() || name.contains(&0) {
                return Err(Unusual);
            }
            prefixed.push(name);
            let name = str::from_utf8(name).map_err(|_| Unusual)?;
            output.push(&format!(" {}=\"", name.to_ascii_lowercase()));
            write_value(output, source, attribute.value)?;
            output.push("\"");
        }
    }
    for (place, text) in &entry.set {
        if place.is_none_or(|place| written >> place & 1 == 0) {
            output.push(text);
        }
    }
    output.push(&entry.ending);
    Ok(attributes.end())
}

/// What follows a tag whose attributes nobody wants.
pub(super) fn skip(mut attributes: Attributes<'_>) -> Result<usize> {
    while attributes.next()?.is_some() {}
    Ok(attributes.end())
}

/// Writes one attribute, unless its value is not allowed.
fn write_one<'a>(
    output: &mut Output<'a>,
    source: &'a str,
    entry: &Entry,
    rule: &Rule,
    urls: &Urls,
    attribute: Attribute,
) -> Result<bool> {
    let value = || decoded(source, attribute.value);
    let replaced = match &rule.kind {
        Filter::Any => None,
        // ammonia drops it late, as `check_host` says.
        Filter::Cite => match urls.judge(entry.name, &value()?)?.ok_or(Unusual)? {
            Cow::Borrowed(_) => None,
            Cow::Owned(url) => Some(url),
        },
        Filter::Styles(styles) => Some(styles.sanitize(&value()?, entry.name)),
        Filter::Classes(classes) => {
            let value = value()?;
            let kept: Vec<_> =
                value.split_ascii_whitespace().filter(|class| classes.contains(*class)).collect();
            Some(kept.join(" "))
        }
        Filter::Id(prefix) => {
            let value = value()?;
            (!value.starts_with(prefix)).then(|| format!("{prefix}{value}"))
        }
        Filter::OneOf(values) => {
            if !values.contains(&value()?.to_lowercase()) {
                return Ok(false);
            }
            None
        }
        Filter::Url => {
            let value = value()?;
            match urls.judge(entry.name, &value)? {
                None => return Ok(false),
                Some(Cow::Borrowed(_)) => None,
                Some(Cow::Owned(url)) => Some(url),
            }
        }
    };
    output.push(&rule.text);
    match (&rule.set, &replaced) {
        (Some(value), _) => output.push(value),
        (None, Some(value)) => value.chars().for_each(|it| write_character(output, it, true)),
        (None, None) => write_value(output, source, attribute.value)?,
    }
    output.push("\"");
    Ok(true)
}

/// Writes a value from the source.
fn write_value<'a>(output: &mut Output<'a>, source: &'a str, value: (usize, usize)) -> Result<()> {
    let (mut at, end) = value;
    let bytes = source.as_bytes().get(..end).ok_or(Unusual)?;
    loop {
        let special = scan::value(bytes, at);
        output.keep(at, special);
        let Some(byte) = bytes.get(special) else {
            return Ok(());
        };
        at = write_special(output, source, special, *byte, true)?.min(end);
    }
}

/// Writes what stands at a special byte and answers what follows it.
pub(super) fn write_special<'a>(
    output: &mut Output<'a>,
    source: &'a str,
    at: usize,
    byte: u8,
    in_value: bool,
) -> Result<usize> {
    match byte {
        b'&' => {
            // Values end with a byte that no reference has, so none reaches beyond.
            let Some(((first, second), end)) = references::read(source, at + 1, in_value) else {
                output.push("&amp;");
                return Ok(at + 1);
            };
            write_character(output, first, in_value);
            if let Some(second) = second {
                write_character(output, second, in_value);
            }
            return Ok(end);
        }
        b'\r' => {
            output.push("\n");
            return Ok(at + 1 + usize::from(source.as_bytes().get(at + 1) == Some(&b'\n')));
        }
        scan::NO_BREAK_SPACE => {
            if source.as_bytes().get(at + 1) == Some(&0xA0) {
                output.push("&nbsp;");
            } else {
                output.keep(at, at + 2);
            }
            return Ok(at + 2);
        }
        0 => return Err(Unusual),
        byte => write_character(output, char::from(byte), in_value),
    }
    Ok(at + 1)
}

fn write_character(output: &mut Output<'_>, character: char, in_value: bool) {
    match reference(character, in_value) {
        Some(reference) => output.push(reference),
        None => output.push(character.encode_utf8(&mut [0; 4])),
    }
}

/// A value as the parser gives it to ammonia.
fn decoded(source: &str, (mut at, end): (usize, usize)) -> Result<Cow<'_, str>> {
    let value = source.get(at..end).ok_or(Unusual)?;
    if !value.bytes().any(|byte| matches!(byte, b'&' | b'\r' | 0)) {
        return Ok(Cow::Borrowed(value));
    }
    let mut decoded = String::with_capacity(value.len());
    while let Some(rest) = source.get(at..end) {
        let Some(special) = rest.find(['&', '\r', '\0']) else {
            decoded.push_str(rest);
            break;
        };
        decoded.push_str(rest.get(..special).ok_or(Unusual)?);
        at += special;
        match source.as_bytes().get(at) {
            Some(b'&') => {
                let read = references::read(source, at + 1, true);
                let ((first, second), next) = read.unwrap_or((('&', None), at + 1));
                decoded.push(first);
                decoded.extend(second);
                at = next;
            }
            Some(b'\r') => {
                decoded.push('\n');
                at += 1;
                at += usize::from(at < end && source.as_bytes().get(at) == Some(&b'\n'));
            }
            _ => return Err(Unusual),
        }
    }
    Ok(Cow::Owned(decoded))
}

/// More attributes than these that only share a beginning are not compared.
const PREFIXED: usize = 16;
