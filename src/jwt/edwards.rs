//! Points that Ed25519 takes for public keys although they are nobody's.
//!
//! Verification multiplies the public key's point by a number made of the message. If the point's
//! order divides 8, there are no more than eight results, and under the neutral point one signature
//! fits every message. RFC 8032 does not ask anybody to look, and AWS-LC does not.

/// Whether 32 bytes are a point (RFC 8032, section 5.1.2) with more than eight multiples, in the one
/// way that it is written. That it lies on the curve is AWS-LC's to check.
pub(super) fn is_somebodys_key(point: &[u8; 32]) -> bool {
    let mut y = *point;
    // The highest bit is the sign of the other coordinate.
    if let Some(last) = y.last_mut() {
        *last &= 0x7F;
    }
    let is_below_p = y.iter().rev().lt(P.iter().rev());
    is_below_p && !SMALL_ORDER.contains(&y)
}

/// 2^255 - 19, little-endian. A number from there on is another name for one below.
const P: [u8; 32] = {
    let mut p = [0xFF; 32];
    p[0] = 0xED;
    p[31] = 0x7F;
    p
};

/// The y of the eight points whose order divides 8, little-endian; those of order 4 and 8 stand
/// with either sign.
const SMALL_ORDER: [[u8; 32]; 5] = [
    // Order 1.
    [
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0,
    ],
    // Order 2: p - 1.
    {
        let mut y = P;
        y[0] -= 1;
        y
    },
    // Order 4.
    [0; 32],
    // Order 8.
    [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98,
        0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53,
        0xFC, 0x05,
    ],
    [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67,
        0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC,
        0x03, 0x7A,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_points_are_seen_with_either_sign() {
        for y in SMALL_ORDER.into_iter().chain([P]) {
            let mut signed = y;
            signed[31] |= 0x80;
            assert!(!is_somebodys_key(&y) && !is_somebodys_key(&signed));
        }
        let mut above = P;
        for first in 0xED..=0xFF {
            above[0] = first;
            assert!(!is_somebodys_key(&above));
        }
    }

    #[test]
    fn other_points_are_somebodys() {
        // RFC 8032, section 7.1, the first public key; and one next to each edge.
        let key = crate::encoding::hex_decode_array(
            b"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        );
        assert!(is_somebodys_key(&key.unwrap()));
        let mut near = [0; 32];
        near[0] = 2;
        assert!(is_somebodys_key(&near));
        let mut below = P;
        below[0] = 0xEB;
        assert!(is_somebodys_key(&below));
        below[0] = 0xFF;
        below[1] = 0xFE;
        assert!(is_somebodys_key(&below));
    }
}
