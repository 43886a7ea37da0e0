//! One flat error for the whole crate.
//!
//! A variant exists for each answer a caller could act on, and no variant carries a secret, a
//! token, a password, a hash or a plaintext. `bindings/error.rs` turns each into its Python
//! exception in one `match` without a wildcard.

use core::fmt;

/// The result of everything in this crate that can fail.
pub type Result<T> = core::result::Result<T, Error>;

/// What went wrong. Messages are lower case, without a full stop, and never quote the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A signature or a message authentication code did not verify.
    BadSignature,
    /// A setting contradicts another or names something that does not exist.
    Configuration(&'static str),
    /// A ciphertext did not authenticate: wrong key, wrong context, or altered bytes.
    Decryption,
    /// The key that sealed a value has been destroyed; the number is its id.
    DestroyedKey(u32),
    /// The key that sealed a value is disabled; the number is its id.
    DisabledKey(u32),
    /// A token's `exp` lies in the past.
    ExpiredToken,
    /// An encoded hash asks for more memory, time or lanes than allowed, or parameters are out of
    /// range.
    HashParameters(&'static str),
    /// Too many hashes run or wait already.
    HashingBusy {
        /// Seconds after which another attempt may succeed.
        retry_after_seconds: u32,
    },
    /// The memory for a hash could not be allocated.
    HashMemory,
    /// The caller was asked to stop while it waited.
    Interrupted,
    /// A claim has the wrong type or an unacceptable value; the text is the claim's name.
    InvalidClaim(&'static str),
    /// An encoded password hash is malformed or of an unknown scheme.
    InvalidHash,
    /// HTML whose elements are nested above the bound.
    InputTooDeep,
    /// HTML above a bound on its size or on what it would become; the text says which.
    InputTooLarge(&'static str),
    /// An argument is outside what is accepted.
    InvalidInput(&'static str),
    /// JSON text that a strict reader refuses, with the reason and the byte it was noticed at.
    InvalidJson {
        /// Why, in the words of RFC 8259.
        reason: &'static str,
        /// Zero-based offset into the input.
        offset: usize,
    },
    /// Key material of the wrong kind, length or strength.
    InvalidKey(&'static str),
    /// A keyring that is malformed, or an operation it does not allow in its present state.
    Keyring(&'static str),
    /// A file of keys that cannot be read or written, and what the operating system said.
    KeyringFile(std::io::ErrorKind),
    /// A token that is not a well-formed JWS; the text says which rule it breaks.
    MalformedToken(&'static str),
    /// A required claim is absent; the text is the claim's name.
    MissingClaim(&'static str),
    /// A value read as a ciphertext does not look like one.
    NotEncrypted,
    /// A token's `nbf` or `iat` lies in the future.
    NotYetValid(&'static str),
    /// A sanitizing policy that contradicts itself.
    Policy(&'static str),
    /// The operating system gave no randomness. There is no fall-back.
    RandomnessUnavailable,
    /// A hash and a password were given in the wrong order.
    SwappedArguments,
    /// A signature is right and older than allowed; the number is when it was made, in seconds
    /// since 1970.
    SignatureExpired(u64),
    /// A signature is right and dated further ahead than clocks differ; the number is its date,
    /// in seconds since 1970.
    SignatureInTheFuture(u64),
    /// A token's signature did not verify.
    TokenSignature,
    /// No key of the keyring has the id a ciphertext names.
    UnknownKey(u32),
    /// A ciphertext in a format that is reserved or belongs to another kind of cipher.
    UnsupportedFormat(&'static str),
    /// An encoded hash names a pepper that is not configured.
    UnknownPepper,
    /// The password does not match the hash.
    VerifyMismatch,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadSignature => f.write_str("the signature does not match"),
            Self::Configuration(reason)
            | Self::HashParameters(reason)
            | Self::InputTooLarge(reason)
            | Self::InvalidInput(reason)
            | Self::InvalidKey(reason)
            | Self::Keyring(reason)
            | Self::MalformedToken(reason)
            | Self::Policy(reason)
            | Self::UnsupportedFormat(reason) => f.write_str(reason),
            Self::Decryption => f.write_str("the value could not be decrypted"),
            Self::DestroyedKey(id) => write!(f, "the key {id:08x} has been destroyed"),
            Self::DisabledKey(id) => write!(f, "the key {id:08x} is disabled"),
            Self::ExpiredToken => f.write_str("the token has expired"),
            Self::HashingBusy { .. } => f.write_str("too many passwords are being hashed"),
            Self::HashMemory => f.write_str("the memory for the hash could not be allocated"),
            Self::Interrupted => f.write_str("interrupted while waiting"),
            Self::InvalidClaim(claim) => write!(f, "the claim {claim:?} is not acceptable"),
            Self::InvalidHash => {
                f.write_str("the encoded hash is malformed or of an unknown scheme")
            }
            Self::InputTooDeep => {
                f.write_str("the elements of the HTML are nested deeper than max_depth")
            }
            Self::InvalidJson { reason, offset } => write!(f, "{reason} (at byte {offset})"),
            Self::KeyringFile(kind) => write!(f, "a file of keys could not be used: {kind}"),
            Self::MissingClaim(claim) => write!(f, "the token has no claim {claim:?}"),
            Self::NotEncrypted => f.write_str("the value is not a hauberk ciphertext"),
            Self::NotYetValid(claim) => write!(f, "the token's {claim:?} lies in the future"),
            Self::RandomnessUnavailable => f.write_str("the operating system gave no randomness"),
            Self::SwappedArguments => {
                f.write_str("expected (hash, password), in this order: they seem to be swapped")
            }
            Self::SignatureExpired(_) => f.write_str("the signature is older than allowed"),
            Self::SignatureInTheFuture(_) => f.write_str("the signature is dated in the future"),
            Self::TokenSignature => f.write_str("the token's signature does not match"),
            Self::UnknownKey(id) => write!(f, "the keyring has no key {id:08x}"),
            Self::UnknownPepper => f.write_str("the hash names a pepper that is not configured"),
            Self::VerifyMismatch => f.write_str("the password does not match the hash"),
        }
    }
}

impl core::error::Error for Error {}

impl From<getrandom::Error> for Error {
    fn from(_: getrandom::Error) -> Self {
        Self::RandomnessUnavailable
    }
}
