//! A message under its key: counter mode, and the tag.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_set_epi32, _mm_set_epi64x, _mm_setzero_si128, _mm_xor_si128,
};

use bytemuck::must_cast;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::aes::RoundKeys;
use super::ghash::{self, Powers};
use super::wide::{self, WidePowers};
use super::{Processor, bytes};
use crate::constant_time;
use crate::encryption::gcm::{KEY, NONCE, TAG};

/// A key for messages, and what is derived from it.
pub(in crate::encryption::gcm) struct MessageKey {
    processor: Processor,
    round_keys: RoundKeys,
    powers: Powers,
}

impl MessageKey {
    /// Boxed: it is wiped where it lies, not where it was moved from.
    pub(in crate::encryption::gcm) fn new(processor: Processor, key: &[u8; KEY]) -> Box<Self> {
        let mut made = Box::new(Self::empty(processor));
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        drop(unsafe { made.expand(key, &[0; NONCE]) });
        made
    }

    /// As [`Processor::seal`], under this key.
    pub(in crate::encryption::gcm) fn seal(
        &self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        text: &mut [u8],
    ) -> [u8; TAG] {
        #[target_feature(enable = "aes,avx,pclmulqdq")]
        fn seal(
            key: &MessageKey,
            nonce: &[u8; NONCE],
            associated_data: &[u8],
            text: &mut [u8],
        ) -> [u8; TAG] {
            let start = key.start(nonce);
            key.seal_from(&start, associated_data, text)
        }
        // SAFETY: there is a key only where there was a `Processor`.
        unsafe { seal(self, nonce, associated_data, text) }
    }

    /// As [`Processor::open`], under this key.
    pub(in crate::encryption::gcm) fn open(
        &self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG],
        text: &mut [u8],
    ) -> bool {
        #[target_feature(enable = "aes,avx,pclmulqdq")]
        fn open(
            key: &MessageKey,
            nonce: &[u8; NONCE],
            associated_data: &[u8],
            ciphertext: &[u8],
            tag: &[u8; TAG],
            text: &mut [u8],
        ) -> bool {
            let start = key.start(nonce);
            key.open_from(&start, associated_data, Some(ciphertext), tag, text)
        }
        // SAFETY: there is a key only where there was a `Processor`.
        unsafe { open(self, nonce, associated_data, ciphertext, tag, text) }
    }

    pub(super) fn empty(processor: Processor) -> Self {
        Self { processor, round_keys: RoundKeys::empty(), powers: Powers::empty() }
    }

    /// Makes everything of the key, and what a message begins with meanwhile.
    #[target_feature(enable = "aes,avx,pclmulqdq")]
    #[inline]
    pub(super) fn expand(&mut self, key: &[u8; KEY], nonce: &[u8; NONCE]) -> Start {
        let origin = origin(nonce);
        let mut blocks = [_mm_setzero_si128(); 2 + STREAM];
        let [_, rest @ ..] = &mut blocks;
        number(origin, 1, rest);
        self.round_keys.expand(key, &mut blocks);
        let [hash_key, mask, stream @ ..] = blocks;
        self.powers.derive(hash_key);
        Start { origin, mask, stream }
    }

    /// What a message begins with.
    #[target_feature(enable = "aes,avx")]
    #[inline]
    fn start(&self, nonce: &[u8; NONCE]) -> Start {
        let origin = origin(nonce);
        let mut blocks = [_mm_setzero_si128(); 1 + STREAM];
        number(origin, 1, &mut blocks);
        self.round_keys.encrypt(&mut blocks);
        let [mask, stream @ ..] = blocks;
        Start { origin, mask, stream }
    }

    #[target_feature(enable = "aes,avx,pclmulqdq")]
    #[inline]
    pub(super) fn seal_from(
        &self,
        start: &Start,
        associated_data: &[u8],
        text: &mut [u8],
    ) -> [u8; TAG] {
        self.add_keystream(start, text);
        self.tag(start, associated_data, text)
    }

    #[target_feature(enable = "aes,avx,pclmulqdq")]
    #[inline]
    pub(super) fn open_from(
        &self,
        start: &Start,
        associated_data: &[u8],
        ciphertext: Option<&[u8]>,
        tag: &[u8; TAG],
        text: &mut [u8],
    ) -> bool {
        let expected = self.tag(start, associated_data, ciphertext.unwrap_or(text));
        if !constant_time::equal(&expected, tag) {
            return false;
        }
        if let Some(ciphertext) = ciphertext {
            text.copy_from_slice(ciphertext);
        }
        self.add_keystream(start, text);
        true
    }

    #[target_feature(enable = "aes,avx,pclmulqdq")]
    #[inline]
    fn tag(&self, start: &Start, associated_data: &[u8], mut ciphertext: &[u8]) -> [u8; TAG] {
        let bits = |bytes: &[u8]| (bytes.len() as u64).wrapping_mul(8).cast_signed();
        let lengths = _mm_set_epi64x(bits(associated_data), bits(ciphertext));
        let mut hash = self.powers.absorb(_mm_setzero_si128(), associated_data);
        if self.processor.wide && ciphertext.len() >= WIDE_HASH {
            let (chunks, rest) = ciphertext.as_chunks();
            // SAFETY: the processor has said that it is wide.
            hash = unsafe {
                // Derived where they stay: nothing is moved.
                let mut powers = WidePowers::empty();
                powers.derive(&self.powers);
                powers.absorb(hash, chunks)
            };
            ciphertext = rest;
        }
        hash = self.powers.finish(hash, ciphertext, lengths);
        must_cast(_mm_xor_si128(ghash::reversed(hash), start.mask))
    }

    #[target_feature(enable = "aes,avx")]
    #[inline]
    fn add_keystream(&self, start: &Start, text: &mut [u8]) {
        let (front, mut rest) = text.split_at_mut(text.len().min(16 * STREAM));
        add(&start.stream, front);
        let mut next = 2 + STREAM;
        if self.processor.wide && rest.len() >= wide::CHUNK {
            let (chunks, tail) = rest.as_chunks_mut();
            let first = numbered(start.origin, next);
            next += chunks.len() * (wide::CHUNK / 16);
            // SAFETY: the processor has said that it is wide.
            unsafe { wide::encrypt(&self.round_keys, first, chunks) };
            rest = tail;
        }
        for text in rest.chunks_mut(16 * NARROW) {
            let mut blocks = [_mm_setzero_si128(); NARROW];
            number(start.origin, next, &mut blocks);
            self.round_keys.encrypt(&mut blocks);
            add(&blocks, text);
            next += NARROW;
        }
    }
}

/// What a message begins with: the mask of its tag and the front of its keystream.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Start {
    /// The block of counter 0, its bytes reversed.
    origin: __m128i,
    mask: __m128i,
    stream: [__m128i; STREAM],
}

#[target_feature(enable = "avx")]
#[inline]
fn origin(nonce: &[u8; NONCE]) -> __m128i {
    let mut block = [0; 16];
    block.split_at_mut(NONCE).0.copy_from_slice(nonce);
    ghash::reversed(must_cast(block))
}

/// The blocks whose counters are `first` and those that follow.
#[target_feature(enable = "avx")]
#[inline]
fn number(origin: __m128i, first: usize, blocks: &mut [__m128i]) {
    for (block, counter) in blocks.iter_mut().zip(first..) {
        *block = ghash::reversed(numbered(origin, counter));
    }
}

/// The block of a counter, its bytes reversed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a counter has 32 bits, and short messages have few blocks"
)]
#[target_feature(enable = "avx")]
#[inline]
fn numbered(origin: __m128i, counter: usize) -> __m128i {
    _mm_add_epi32(origin, _mm_set_epi32(0, 0, 0, counter as i32))
}

/// Adds a keystream to as much text, or less.
#[target_feature(enable = "avx")]
#[inline]
fn add(stream: &[__m128i], text: &mut [u8]) {
    let (blocks, rest) = text.as_chunks_mut::<16>();
    let mut stream = stream.iter();
    for (block, key) in blocks.iter_mut().zip(&mut stream) {
        *block = must_cast(_mm_xor_si128(must_cast(*block), *key));
    }
    if let Some(key) = stream.next()
        && !rest.is_empty()
    {
        bytes::add(*key, rest);
    }
}

/// Blocks of keystream that are encrypted beside the round keys: with the hash key and the mask,
/// eight blocks, as many as the registers hold.
const STREAM: usize = 6;

/// Blocks that are encrypted side by side behind them.
const NARROW: usize = 8;

/// Bytes from which on it pays to derive the other powers of the hash key.
const WIDE_HASH: usize = 256;
