//! A strict JSON reader and writer (RFC 8259), for what has been signed or will be.
//!
//! Two readers of one text must not see two values, so everything on which JSON readers are known
//! to differ is refused: duplicate keys, lone surrogates, a byte order mark, `NaN` and
//! `Infinity`, numbers beyond a float, text after the value, and other encodings than UTF-8.
//! Depth and the length of integers are bounded, because the text may be an attacker's.
//!
//! [`read`] tells a [`Visitor`] what it reads, and two visitors can listen to one pass: the one
//! that checks claims and the one that builds the caller's objects.
//!
//! ```
//! use hauberk::json::Value;
//!
//! let claims = Value::read(br#"{"sub": "ada", "admin": false}"#)?;
//! assert_eq!(Some(&Value::String("ada".into())), claims.get("sub"));
//! assert!(Value::read(br#"{"admin": false, "admin": true}"#).is_err());
//! # Ok::<(), hauberk::Error>(())
//! ```

mod cursor;
mod float;
mod keys;
mod members;
mod number;
mod reader;
mod scan;
mod string;
mod value;
mod visitor;
mod writer;

pub use members::{Members, TopLevel};
pub use reader::{read, read_str};
pub use value::Value;
pub use visitor::{Event, Visitor};
pub use writer::{Writer, write_float, write_integer, write_string};

/// How many arrays and objects may stand inside each other, when reading and when writing.
pub const MAX_DEPTH: usize = 64;

/// How many digits an integer may have: Python's own default, beyond which turning text into a
/// number takes time that grows with the square of the length (CVE-2020-10735).
pub const MAX_INTEGER_DIGITS: usize = 4300;
