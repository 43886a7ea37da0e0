//! The only files that say `use pyo3`: one a domain, no decisions.
//!
//! A function here takes Python's arguments, calls one function of the domain, and returns. Each
//! runs inside [`guard::guard`], so that a bug in Rust is an `InternalError` and never a dead
//! worker.

#![expect(clippy::needless_pass_by_value, reason = "what PyO3 extracts is passed by value")]

mod constant_time;
mod encryption;
mod error;
mod guard;
mod html;
mod json;
mod jwt;
mod octets;
mod passwords;
mod random;
mod signing;

use pyo3::prelude::*;

use crate::platform::fork;

/// The compiled half of hauberk. Private: use the modules of the package.
#[pymodule]
mod _rust {
    #[pymodule_export]
    use super::constant_time::compare_digest;
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use super::constant_time::empty_call_for_bench;
    #[pymodule_export]
    use super::encryption::{
        BlindIndex, Cipher, DeterministicCipher, ForeignReader, KeyCore, KeyringCore,
    };
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use super::encryption::{gcm_open_for_test, gcm_seal_for_test, xaes_seal_for_test};
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use super::guard::panic_for_test;
    #[pymodule_export]
    use super::html::features::{
        escape_but_references, html_removals, html_text, is_html, is_url_attribute, join_url,
        linkify_html, literal_html, report_unraisable, resolve_references, rewrite_html,
        sanitize_html_as, strictly_escape_html, truncate_html,
    };
    #[pymodule_export]
    use super::html::{Sanitizer, escape_html};
    #[pymodule_export]
    use super::json::{json_dumps, json_loads};
    #[pymodule_export]
    use super::jwt::{
        JwtKey, JwtKeySet, JwtSigner, JwtVerifier, SignedBytes, Token, UnverifiedToken,
        jwt_algorithms, jwt_generate, jwt_hmac_key, jwt_hmac_key_from_jwk, jwt_key_set,
        jwt_key_set_from_jwks, jwt_private_key, jwt_private_key_from_jwk, jwt_public_key,
        jwt_public_key_from_jwk, jwt_sign_bytes, jwt_unverified, jwt_verify_signature,
    };
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use super::jwt::{jwt_sign_for_bench, jwt_verify_for_bench};
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use super::passwords::set_hash_variant_for_bench;
    #[pymodule_export]
    use super::passwords::{
        Hasher, PendingHash, PendingVerification, PendingWork, bcrypt_digest, hash_limits,
        hash_parameters, hash_pepper, hash_stats, set_hash_limits, verify_password, work_in_turn,
        wrapped_hash,
    };
    #[pymodule_export]
    use super::random::{
        nonce, nonce_source, random_string, set_nonce_source, token_bytes, token_hex, token_urlsafe,
    };

    #[pymodule_export]
    use super::signing::{Serializer, SessionSigner, Signer, TimestampSigner};

    use super::{Bound, PyModule, PyResult, fork, guard, random};

    #[pymodule_init]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        guard::install_panic_hook();
        // While there is one thread: what is set up lazily could be half done at a fork.
        fork::generation();
        random::configure_from_environment()
    }
}
