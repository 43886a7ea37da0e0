//! Names in any case, looked up without a copy.

/// Places of names in a list.
#[derive(Debug)]
pub(super) struct Names {
    names: Vec<Name>,
    /// Places, by a hash of the names.
    slots: Box<[u16; SLOTS]>,
}

#[derive(Debug)]
struct Name {
    key: u64,
    text: &'static str,
}

impl Names {
    /// Takes names in lower case. None if there are more than a table holds.
    pub(super) fn new(names: impl Iterator<Item = &'static str>) -> Option<Self> {
        let names: Vec<_> = names.map(|text| Name { key: key(text.as_bytes()), text }).collect();
        let mut slots = Box::new([NONE; SLOTS]);
        if names.len() > SLOTS / 2 {
            return None;
        }
        for (place, name) in names.iter().enumerate() {
            let mut slot = hash(name.key);
            while slots.get(slot) != Some(&NONE) {
                slot = (slot + 1) % SLOTS;
            }
            *slots.get_mut(slot)? = u16::try_from(place).ok()?;
        }
        Some(Self { names, slots })
    }

    /// The place of a name in any case.
    #[inline]
    pub(super) fn place(&self, name: &[u8]) -> Option<usize> {
        let key = key(name);
        let mut slot = hash(key);
        loop {
            let place = usize::from(*self.slots.get(slot)?);
            let known = self.names.get(place)?;
            if known.key == key
                && known.text.len() == name.len()
                && (name.len() <= 8 || name.eq_ignore_ascii_case(known.text.as_bytes()))
            {
                return Some(place);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// The first eight bytes of a name in lower case, and of a longer one its length.
#[inline]
fn key(name: &[u8]) -> u64 {
    let bytes = name.iter().take(8);
    let key = bytes.fold(0, |key, byte| key << 8 | u64::from(byte.to_ascii_lowercase()));
    if name.len() > 8 { key ^ (name.len() as u64) << 56 } else { key }
}

#[inline]
fn hash(key: u64) -> usize {
    // The upper nine bits of a product that all bits of the key had part in.
    usize::try_from(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 55).unwrap_or_default()
}

const SLOTS: usize = 512;
const NONE: u16 = u16::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        let list = ["a", "b", "blockquote", "figcaption", "my-element"];
        let names = Names::new(list.into_iter()).unwrap();
        for (place, name) in list.into_iter().enumerate() {
            assert_eq!(Some(place), names.place(name.as_bytes()));
            assert_eq!(Some(place), names.place(name.to_ascii_uppercase().as_bytes()));
        }
        for name in ["", "bb", "blockquotf", "blockquot", "figcaptiox", "\0b", "b\0", "@", "é"] {
            assert_eq!(None, names.place(name.as_bytes()), "{name:?}");
        }
        assert!(Names::new(core::iter::repeat_n("a", SLOTS)).is_none());
    }
}
