//! JSON Web Tokens. The classes here are the bases of those in `hauberk.jwt`.

mod arguments;
mod batch;
mod keys;
mod signed_bytes;
mod signer;
mod tokens;
mod verifier;

pub(super) use keys::{
    JwtKey, JwtKeySet, jwt_algorithms, jwt_generate, jwt_hmac_key, jwt_hmac_key_from_jwk,
    jwt_key_set, jwt_key_set_from_jwks, jwt_private_key, jwt_private_key_from_jwk, jwt_public_key,
    jwt_public_key_from_jwk,
};
#[cfg(feature = "test-hooks")]
pub(super) use keys::{jwt_sign_for_bench, jwt_verify_for_bench};
pub(super) use signed_bytes::{SignedBytes, jwt_sign_bytes, jwt_verify_signature};
pub(super) use signer::JwtSigner;
pub(super) use tokens::{Token, UnverifiedToken, jwt_unverified};
pub(super) use verifier::JwtVerifier;
