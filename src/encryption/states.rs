//! What may become of a key's state, and what must hold of a keyring as a whole.

use super::entry::{Entry, KeyState};
use super::key::{Key, KeyId};
use super::timestamp::Timestamp;
use crate::{Error, Result};

/// Adds a key that decrypts and does not write yet.
///
/// A ciphertext is bound to its key's id by nothing but the key.
pub(super) fn add(entries: &mut Vec<Entry>, key: Key) -> Result<()> {
    if entries.iter().any(|entry| entry.id == key.id()) {
        return Err(Error::Keyring("the keyring has a key of this id already"));
    }
    let keys = entries.iter().filter_map(|entry| entry.key.as_ref());
    if keys.fold(false, |seen, other| seen | other.same_material(&key)) {
        return Err(SAME_KEY);
    }
    entries.push(Entry {
        id: key.id(),
        state: KeyState::Active,
        index_state: KeyState::Active,
        created: Timestamp::now(),
        key: Some(key),
    });
    Ok(())
}

/// Makes an active key the primary one; the one before stays active.
pub(super) fn promote(
    entries: &mut [Entry],
    id: KeyId,
    state: impl Fn(&mut Entry) -> &mut KeyState,
) -> Result<()> {
    match *state(find(entries, id)?) {
        KeyState::Active | KeyState::Primary => {}
        KeyState::Destroyed => return Err(DESTROYED),
        KeyState::Disabled => {
            return Err(Error::Keyring("the key is disabled: enable it first"));
        }
    }
    for entry in entries {
        let is_it = entry.id == id;
        match state(entry) {
            state if is_it => *state = KeyState::Primary,
            state if *state == KeyState::Primary => *state = KeyState::Active,
            _ => {}
        }
    }
    Ok(())
}

/// Stops an active key.
pub(super) fn disable(state: &mut KeyState) -> Result<()> {
    match *state {
        KeyState::Active | KeyState::Disabled => *state = KeyState::Disabled,
        KeyState::Destroyed => return Err(DESTROYED),
        KeyState::Primary => return Err(PRIMARY),
    }
    Ok(())
}

/// Lets a disabled key serve again.
pub(super) fn enable(state: &mut KeyState) -> Result<()> {
    match *state {
        KeyState::Active | KeyState::Disabled => *state = KeyState::Active,
        KeyState::Destroyed => return Err(DESTROYED),
        KeyState::Primary => {}
    }
    Ok(())
}

/// Wipes a key for good; its id stays.
pub(super) fn destroy(entry: &mut Entry) -> Result<()> {
    if entry.state == KeyState::Primary {
        return Err(PRIMARY);
    }
    if entry.index_state == KeyState::Primary {
        return Err(Error::Keyring(
            "the key is primary for blind indexes: promote another with promote_index()",
        ));
    }
    entry.state = KeyState::Destroyed;
    entry.index_state = KeyState::Destroyed;
    entry.key = None;
    Ok(())
}

pub(super) fn find(entries: &mut [Entry], id: KeyId) -> Result<&mut Entry> {
    entries.iter_mut().find(|entry| entry.id == id).ok_or(Error::UnknownKey(id.number()))
}

/// What must hold of a keyring that comes from outside.
pub(super) fn check(entries: &[Entry]) -> Result<()> {
    let count = |wanted: fn(&Entry) -> bool| entries.iter().filter(|entry| wanted(entry)).count();
    if count(|entry| entry.state == KeyState::Primary) != 1 {
        return Err(NO_PRIMARY);
    }
    if count(|entry| entry.index_state == KeyState::Primary) > 1 {
        return Err(Error::Keyring("a keyring has at most one primary key for blind indexes"));
    }
    for (position, entry) in entries.iter().enumerate() {
        let destroyed = entry.state == KeyState::Destroyed;
        if destroyed != entry.key.is_none()
            || (destroyed && entry.index_state != KeyState::Destroyed)
        {
            return Err(Error::Keyring("a key is null exactly when it is destroyed"));
        }
        for other in entries.iter().take(position) {
            if other.id == entry.id {
                return Err(Error::Keyring("a keyring has each id once"));
            }
            if let (Some(key), Some(other)) = (&entry.key, &other.key)
                && key.same_material(other)
            {
                return Err(SAME_KEY);
            }
        }
    }
    Ok(())
}

const DESTROYED: Error = Error::Keyring("the key has been destroyed");
pub(super) const NO_PRIMARY: Error = Error::Keyring("a keyring has exactly one primary key");
const PRIMARY: Error = Error::Keyring("the key is primary: promote another first");
const SAME_KEY: Error = Error::Keyring("the keyring has the same key under another id");
