//! A keyring as JSON, the same in a file and in the environment.
//!
//! ```text
//! {"version":1,"keys":[{"id":"7014e411","state":"PRIMARY","created":"2026-11-23T22:43:07Z",
//!   "key":"<base64url, or null when destroyed>","index_state":"PRIMARY"}]}
//! ```
//!
//! Members that are not known are refused: they may decide what a key may be used for.

use zeroize::Zeroizing;

use super::entry::{Entry, KeyState};
use super::key::{Key, KeyId, Material, material_from_text};
use super::timestamp::Timestamp;
use crate::json::{self, Event, Visitor};
use crate::{Error, Result, encoding};

/// The entries of a keyring's document; whether they agree with each other is not looked at.
pub(super) fn parse(text: &[u8]) -> Result<Vec<Entry>> {
    let mut document = Document::default();
    match json::read(text, &mut document) {
        Ok(()) if document.versioned => Ok(document.entries),
        Ok(()) => Err(MALFORMED),
        Err(Error::InvalidJson { .. }) => Err(Error::Keyring("the keyring is not valid JSON")),
        Err(error) => Err(error),
    }
}

/// The document of these entries.
pub(super) fn write(entries: &[Entry]) -> Zeroizing<String> {
    // Never grown, so that no piece of it stays behind in memory.
    let mut text = Zeroizing::new(String::with_capacity(64 + 256 * entries.len()));
    text.push_str(r#"{"version":1,"keys":["#);
    for (position, entry) in entries.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        text.push_str(r#"{"id":""#);
        text.push_str(&entry.id.to_string());
        text.push_str(r#"","state":""#);
        text.push_str(entry.state.name());
        text.push_str(r#"","created":""#);
        text.push_str(&entry.created.to_string());
        text.push_str(r#"","key":"#);
        match &entry.key {
            Some(key) => {
                text.push('"');
                encoding::base64url_append(key.material(), &mut text);
                text.push('"');
            }
            None => text.push_str("null"),
        }
        text.push_str(r#","index_state":""#);
        text.push_str(entry.index_state.name());
        text.push_str(r#""}"#);
    }
    text.push_str("]}");
    text
}

/// Listens to the reader; key material goes from the text to its own memory without a copy.
#[derive(Default)]
struct Document {
    place: Place,
    versioned: bool,
    entries: Vec<Entry>,
    partial: Partial,
}

/// Where in the document the reader is.
#[derive(Clone, Copy, Default)]
enum Place {
    #[default]
    Outside,
    Document,
    Version,
    BeforeKeys,
    Keys,
    Key,
    Member(Member),
}

#[derive(Clone, Copy)]
enum Member {
    Created,
    Id,
    IndexState,
    Key,
    State,
}

/// The members of the key that is being read.
#[derive(Default)]
struct Partial {
    created: Option<Timestamp>,
    id: Option<KeyId>,
    index_state: Option<KeyState>,
    /// Nothing yet, no material (`null`), or some.
    key: MaterialMember,
    state: Option<KeyState>,
}

#[derive(Default)]
enum MaterialMember {
    #[default]
    Missing,
    Null,
    There(Material),
}

impl Visitor for Document {
    type Error = Error;

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        self.place = match (self.place, event) {
            (Place::Outside, Event::BeginObject) | (Place::Keys, Event::EndArray(_)) => {
                Place::Document
            }
            (Place::Document, Event::Key("version")) => Place::Version,
            (Place::Document, Event::Key("keys")) => Place::BeforeKeys,
            (Place::Document, Event::EndObject(_)) => Place::Outside,
            (Place::Version, Event::Integer(1)) => {
                self.versioned = true;
                Place::Document
            }
            (Place::Version, _) => {
                return Err(Error::Keyring("a keyring of another version than 1"));
            }
            (Place::BeforeKeys, Event::BeginArray) => Place::Keys,
            (Place::Keys, Event::BeginObject) => Place::Key,
            (Place::Key, Event::Key(name)) => Place::Member(Member::from_name(name)?),
            (Place::Key, Event::EndObject(_)) => {
                let partial = core::mem::take(&mut self.partial);
                self.entries.push(partial.entry().ok_or(MALFORMED)?);
                Place::Keys
            }
            (Place::Member(member), event) => {
                self.partial.set(member, event).ok_or(MALFORMED)?;
                Place::Key
            }
            _ => return Err(MALFORMED),
        };
        Ok(())
    }
}

impl Member {
    fn from_name(name: &str) -> Result<Self> {
        match name {
            "created" => Ok(Self::Created),
            "id" => Ok(Self::Id),
            "index_state" => Ok(Self::IndexState),
            "key" => Ok(Self::Key),
            "state" => Ok(Self::State),
            _ => Err(MALFORMED),
        }
    }
}

impl Partial {
    fn set(&mut self, member: Member, event: Event<'_>) -> Option<()> {
        match (member, event) {
            (Member::Created, Event::String(text)) => self.created = Some(Timestamp::parse(text)?),
            (Member::Id, Event::String(text)) => self.id = Some(KeyId::from_text(text.as_bytes())?),
            (Member::IndexState, Event::String(text)) => {
                self.index_state = Some(KeyState::from_name(text)?);
            }
            (Member::Key, Event::String(text)) => {
                self.key = MaterialMember::There(material_from_text(text.as_bytes())?);
            }
            (Member::Key, Event::Null) => self.key = MaterialMember::Null,
            (Member::State, Event::String(text)) => self.state = Some(KeyState::from_name(text)?),
            _ => return None,
        }
        Some(())
    }

    fn entry(self) -> Option<Entry> {
        let id = self.id?;
        Some(Entry {
            id,
            state: self.state?,
            index_state: self.index_state?,
            created: self.created?,
            key: match self.key {
                MaterialMember::Missing => return None,
                MaterialMember::Null => None,
                MaterialMember::There(material) => Some(Key::new(id, material)),
            },
        })
    }
}

const MALFORMED: Error = Error::Keyring(
    "not a keyring: {\"version\": 1, \"keys\": [{\"id\", \"state\", \"created\", \"key\", \"index_state\"}]}",
);
