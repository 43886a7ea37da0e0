//! Keysets of Tink, in its JSON without encryption.
//!
//! A keyset covers one context: its keys are the sub-keys, and with them Tink, in any language,
//! opens the bytes form and writes what opens here.

use zeroize::{Zeroize, Zeroizing};

use super::entry::{Entry, KeyState};
use super::key::{Key, KeyId, MATERIAL};
use super::siv;
use super::subkey::{self, Purpose};
use super::timestamp::Timestamp;
use crate::json::Value;
use crate::secret::Secret;
use crate::{Error, Result, encoding};

/// The sub-keys of a context that may be used.
pub(super) fn export(entries: &[Entry], context: &str, kind: Kind) -> Result<Zeroizing<String>> {
    // Never grown, so that no piece of it stays behind in memory.
    let mut text = Zeroizing::new(String::with_capacity(64 + 512 * entries.len()));
    let primary = entries.iter().find(|entry| entry.state == KeyState::Primary);
    let primary = primary.map_or(0, |entry| entry.id.number());
    text.push_str(r#"{"primaryKeyId":"#);
    text.push_str(&primary.to_string());
    text.push_str(r#","key":["#);
    let mut first = true;
    for entry in entries {
        let (KeyState::Active | KeyState::Primary, Some(key)) = (entry.state, &entry.key) else {
            continue;
        };
        if !first {
            text.push(',');
        }
        first = false;
        text.push_str(r#"{"keyData":{"typeUrl":""#);
        text.push_str(kind.type_url());
        text.push_str(r#"","value":""#);
        encoding::base64_append(&kind.message(key, context)?, &mut text);
        text.push_str(r#"","keyMaterialType":"SYMMETRIC"},"status":"ENABLED","keyId":"#);
        text.push_str(&entry.id.number().to_string());
        text.push_str(r#","outputPrefixType":"TINK"}"#);
    }
    text.push_str("]}");
    Ok(text)
}

/// The keys of a keyset, as the keys of a keyring from which nothing is derived.
pub(super) fn import(text: &[u8]) -> Result<Vec<Entry>> {
    let mut document =
        Value::read(text).map_err(|_| Error::Keyring("the keyset is not valid JSON"))?;
    let entries = entries(&document);
    wipe(&mut document);
    entries.ok_or(NOT_A_KEYSET)
}

fn entries(document: &Value) -> Option<Vec<Entry>> {
    let primary = number(document.get("primaryKeyId")?)?;
    let Value::Array(keys) = document.get("key")? else { return None };
    let created = Timestamp::now();
    let entry = |key: &Value| {
        let data = key.get("keyData")?;
        let is =
            |value: &Value, name, expected| value.get(name)?.as_str()?.eq(expected).then_some(());
        is(data, "typeUrl", Kind::Random.type_url())?;
        is(data, "keyMaterialType", "SYMMETRIC")?;
        is(key, "outputPrefixType", "TINK")?;
        let id = KeyId::new(number(key.get("keyId")?)?)?;
        let message = encoding::base64_decode(data.get("value")?.as_str()?.as_bytes()).ok()?;
        let message = Zeroizing::new(message);
        let material = message.strip_prefix(XAES_HEADER)?;
        let material = <&[u8; MATERIAL]>::try_from(material).ok()?;
        let state = match key.get("status")?.as_str()? {
            "ENABLED" if id.number() == primary => KeyState::Primary,
            "ENABLED" => KeyState::Active,
            "DISABLED" => KeyState::Disabled,
            _ => return None,
        };
        let material = Secret::boxed(|bytes: &mut [u8; MATERIAL]| {
            bytes.copy_from_slice(material);
            Ok(())
        });
        let key = Key::new(id, material.ok()?);
        // There are no blind indexes under them.
        Some(Entry { id, state, index_state: KeyState::Disabled, created, key: Some(key) })
    };
    keys.iter().map(entry).collect()
}

/// Tink writes numbers of keys as numbers; others write them as strings.
fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Integer(number) => u32::try_from(*number).ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.iter_mut().for_each(|(_, value)| wipe(value)),
        _ => {}
    }
}

/// Which ciphertexts a keyset is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Those of [`DeterministicCipher`](super::DeterministicCipher).
    Deterministic,
    /// Those of [`Cipher`](super::Cipher).
    Random,
}

impl Kind {
    const fn type_url(self) -> &'static str {
        match self {
            Self::Deterministic => "type.googleapis.com/google.crypto.tink.AesSivKey",
            Self::Random => "type.googleapis.com/google.crypto.tink.XAesGcmKey",
        }
    }

    /// The protocol buffer of a sub-key.
    fn message(self, key: &Key, context: &str) -> Result<Zeroizing<Vec<u8>>> {
        let (key, context) = (key.material(), context.as_bytes());
        let mut message = Zeroizing::new(Vec::with_capacity(XAES_HEADER.len() + siv::KEY));
        match self {
            Self::Deterministic => {
                let sub_key = subkey::derive::<{ siv::KEY }>(key, Purpose::Siv, context, b"", b"")?;
                message.extend_from_slice(SIV_HEADER);
                message.extend_from_slice(sub_key.expose());
            }
            Self::Random => {
                let sub_key = subkey::derive::<MATERIAL>(key, Purpose::Aead, context, b"", b"")?;
                message.extend_from_slice(XAES_HEADER);
                message.extend_from_slice(sub_key.expose());
            }
        }
        Ok(message)
    }
}

/// Field 2, parameters: field 1, a salt of 12 bytes; then field 3, 32 bytes of key.
const XAES_HEADER: &[u8] = &[0x12, 2, 0x08, 12, 0x1a, 32];
/// Field 2, 64 bytes of key.
const SIV_HEADER: &[u8] = &[0x12, 64];

const NOT_A_KEYSET: Error = Error::Keyring(
    "not a keyset of Tink's XAES_256_GCM_192_BIT_NONCE keys with TINK prefixes, in cleartext",
);
