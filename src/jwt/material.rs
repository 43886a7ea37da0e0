//! What must not become an HMAC secret: text and bytes that are some other kind of key.
//!
//! A public key is known to everybody. Where it serves as an HMAC secret, everybody can sign
//! (CVE-2017-11424, CVE-2022-29217, CVE-2024-33663, CVE-2026-48526). Keys here are typed, so no
//! verifier mistakes one for the other; this catches the hand that picks the wrong variable.

use base64_simd::forgiving_decode_inplace;
use memchr::memmem;
use zeroize::Zeroizing;

use super::container;

/// Whether bytes are a key or a certificate in PEM, JWK or OpenSSH form, in UTF-8, UTF-16 or
/// UTF-32, or in DER, or the base64 text of one in DER.
pub(super) fn looks_like_another_key(secret: &[u8]) -> bool {
    if container::looks_like_der_key(secret) {
        return true;
    }
    let text = secret.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(secret);
    // It may be a secret after all: one buffer that does not grow, and is wiped.
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    // Of ASCII, the wider encodings are ASCII with zeros between and a mark before.
    plain.extend(text.iter().copied().filter(|byte| !matches!(byte, 0 | 0xFE | 0xFF)));
    PEM.iter().any(|mark| memmem::find(&plain, mark).is_some())
        || looks_like_openssh(&plain)
        || looks_like_jwk(&plain)
        || looks_like_base64_of_der(&mut plain)
}

/// A key's type and then its base64, which begins with the length of that type: alone, after the
/// options of `authorized_keys` or after the hosts of `known_hosts`.
fn looks_like_openssh(text: &[u8]) -> bool {
    let is_type = |word: &[u8]| OPENSSH.iter().any(|prefix| word.starts_with(prefix));
    let words = || text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words().next().is_some_and(is_type)
        || words().zip(words().skip(1)).any(|(one, next)| is_type(one) && next.starts_with(b"AAAA"))
}

/// JSON that has the members of a JWK or of a JWK set (RFC 7517, sections 4.1 and 5.1).
fn looks_like_jwk(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let is_container =
        matches!((text.first(), text.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')));
    // A name may be written with escapes; no secret is JSON with escapes for letters.
    is_container && JWK.iter().any(|name| memmem::find(text, name).is_some())
}

/// The body of a PEM without its first and last line, or a JWK's `x5c` element; in either alphabet,
/// with or without padding.
fn looks_like_base64_of_der(text: &mut [u8]) -> bool {
    for byte in text.iter_mut() {
        match *byte {
            b'-' => *byte = b'+',
            b'_' => *byte = b'/',
            _ => {}
        }
    }
    forgiving_decode_inplace(text).is_ok_and(|bytes| container::looks_like_der_key(bytes))
}

/// What PEM (RFC 7468) and the public keys of RFC 4716 begin with, the one with five strokes and the
/// other with four and a blank, and what hands make of the two.
const PEM: [&[u8]; 2] = [b"--BEGIN ", b"-- BEGIN "];

/// How public keys begin in OpenSSH's `authorized_keys` (RFC 4253, section 6.6, and PROTOCOL).
const OPENSSH: [&[u8]; 5] = [b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-", b"rsa-sha2-"];

/// What the JSON of a JWK or of a set has in it.
const JWK: [&[u8]; 4] = [b"\"kty\"", b"\"keys\"", b"\\u006", b"\\u007"];

#[cfg(test)]
mod tests {
    use super::*;
    use base64_simd::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

    #[test]
    fn random_secrets_are_secrets() {
        let mut secret = [0; 64];
        for _ in 0..10_000 {
            crate::random::fill(&mut secret).unwrap();
            assert!(!looks_like_another_key(&secret));
            assert!(!looks_like_another_key(crate::encoding::hex(&secret).as_bytes()));
            assert!(!looks_like_another_key(STANDARD.encode_to_string(secret).as_bytes()));
        }
    }

    #[test]
    fn keys_of_other_kinds_are_seen() {
        for text in [
            "-----BEGIN PUBLIC KEY-----\nMCow",
            " \n\t-----BEGIN CERTIFICATE-----",
            "\u{FEFF}-----BEGIN RSA PUBLIC KEY-----",
            "Bag Attributes\n-----BEGIN EC PRIVATE KEY-----",
            "---- BEGIN SSH2 PUBLIC KEY ----",
            "----BEGIN PUBLIC KEY----\nMCow",
            "---- BEGIN PUBLIC KEY ----\nMCow\n---- END PUBLIC KEY ----",
            "-\0-\0-\0-\0-\0B\0E\0G\0I\0N\0 \0P\0U\0B\0L\0I\0C\0",
            "ssh-rsa AAAAB3NzaC1yc2E",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
            "ecdsa-sha2-nistp256 AAAA",
            " \n ssh-rsa AAAA",
            "from=\"10.0.0.1\",command=\"echo x\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada@shop",
            "shop.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
            "{\"kty\": \"OKP\", \"crv\": \"Ed25519\"}",
            " {\"keys\": []}\n",
            "[[{\"kty\": \"RSA\"}]]",
            "{\"\\u006bty\": \"RSA\"}",
            "{\0\"\0k\0t\0y\0\"\0:\0\"\0R\0S\0A\0\"\0}\0",
            // RFC 8037, appendix A.2, as SubjectPublicKeyInfo in base64.
            "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQH\nOg7hcvPapiMlrwIaaPcHURo=\n",
        ] {
            assert!(looks_like_another_key(text.as_bytes()), "{text:?}");
        }
        let der = STANDARD
            .decode_to_vec("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
            .unwrap();
        assert!(looks_like_another_key(&der));
        for text in [
            [&der, &b"\n"[..]].concat(),
            [&b" \r\n"[..], &der, b"\r\n"].concat(),
            STANDARD_NO_PAD.encode_to_string(&der).into(),
            URL_SAFE_NO_PAD.encode_to_string(&der).into(),
        ] {
            assert!(looks_like_another_key(&text));
        }
        // The two alphabets differ in these, which the first key's text has none of.
        let other = [&der[..12], &[0xFB; 32]].concat();
        let text = URL_SAFE_NO_PAD.encode_to_string(other);
        assert!(text.contains('-') && looks_like_another_key(text.as_bytes()));
    }
}
