//! AES-256-GCM for short messages, with the processor's instructions for it.
//!
//! What costs time in a message of a field's size is not its bytes but its key. So the round keys
//! are expanded while the hash key, the mask of the tag and the first blocks of the keystream are
//! encrypted with them, which fills the gaps between one round key and the next.
//!
//! Constant in time: there is no table, and no branch or address depends on anything but lengths
//! and on whether the tag was right.

#![expect(unsafe_code, reason = "what was compiled for instructions that a processor may not have")]

mod aes;
mod bytes;
mod ghash;
mod wide;

use core::arch::x86_64::{
    __m128i, __m256i, _mm_add_epi32, _mm_set_epi32, _mm_set_epi64x, _mm_setzero_si128,
    _mm_xor_si128,
};
use core::hint::black_box;

use bytemuck::{Zeroable, must_cast};
use zeroize::{Zeroize, ZeroizeOnDrop};

use self::aes::RoundKeys;
use self::ghash::Powers;
use self::wide::WidePowers;
use super::{KEY, NONCE, TAG};
use crate::constant_time;

/// A processor with the instructions: there is a value only where it has said so.
#[derive(Clone, Copy, Debug)]
pub(in crate::encryption) struct Processor {
    wide: bool,
}

impl Processor {
    /// This one, if it has them.
    #[inline]
    pub(in crate::encryption) fn detect() -> Option<Self> {
        let narrow = std::arch::is_x86_feature_detected!("avx")
            && std::arch::is_x86_feature_detected!("aes")
            && std::arch::is_x86_feature_detected!("pclmulqdq");
        narrow.then(Self::detect_wide)
    }

    #[inline]
    fn detect_wide() -> Self {
        let wide = std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("vaes")
            && std::arch::is_x86_feature_detected!("vpclmulqdq");
        Self { wide }
    }

    /// The same without the wide registers.
    #[cfg(test)]
    pub(super) fn narrow(mut self) -> Self {
        self.wide = false;
        self
    }

    /// Encrypts `text` where it lies and returns the tag.
    pub(super) fn seal(
        self,
        key: &[u8; KEY],
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        text: &mut [u8],
    ) -> [u8; TAG] {
        #[target_feature(enable = "aes,avx,pclmulqdq")]
        fn seal(
            processor: Processor,
            key: &[u8; KEY],
            nonce: &[u8; NONCE],
            associated_data: &[u8],
            text: &mut [u8],
        ) -> [u8; TAG] {
            let mut message_key = MessageKey::empty(processor);
            let start = message_key.expand(key, nonce);
            message_key.seal_from(&start, associated_data, text)
        }
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        unsafe { seal(self, key, nonce, associated_data, text) }
    }

    /// Checks the tag of `ciphertext`, or of `text` if there is none, and only if it is right
    /// decrypts into `text`, which is as long.
    pub(super) fn open(
        self,
        key: &[u8; KEY],
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        ciphertext: Option<&[u8]>,
        tag: &[u8; TAG],
        text: &mut [u8],
    ) -> bool {
        #[target_feature(enable = "aes,avx,pclmulqdq")]
        fn open(
            processor: Processor,
            key: &[u8; KEY],
            nonce: &[u8; NONCE],
            associated_data: &[u8],
            ciphertext: Option<&[u8]>,
            tag: &[u8; TAG],
            text: &mut [u8],
        ) -> bool {
            let mut message_key = MessageKey::empty(processor);
            let start = message_key.expand(key, nonce);
            message_key.open_from(&start, associated_data, ciphertext, tag, text)
        }
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        unsafe { open(self, key, nonce, associated_data, ciphertext, tag, text) }
    }
}

/// A key for single blocks, expanded.
pub(in crate::encryption) struct BlockKey(RoundKeys);

impl BlockKey {
    /// Boxed: it is wiped where it lies, not where it was moved from.
    pub(in crate::encryption) fn new(_: Processor, key: &[u8; KEY]) -> Box<Self> {
        let mut made = Box::new(Self(RoundKeys::empty()));
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        unsafe { made.0.expand(key, &mut []) };
        made
    }

    /// Encrypts blocks side by side.
    #[inline]
    pub(in crate::encryption) fn encrypt<const N: usize>(&self, blocks: &mut [[u8; 16]; N]) {
        #[target_feature(enable = "aes,avx")]
        fn encrypt<const N: usize>(round_keys: &RoundKeys, blocks: &mut [[u8; 16]; N]) {
            // Not `map`, which would leave a copy in memory.
            let mut state = [_mm_setzero_si128(); N];
            for (state, block) in state.iter_mut().zip(&*blocks) {
                *state = must_cast(*block);
            }
            round_keys.encrypt(&mut state);
            for (state, block) in state.iter().zip(blocks) {
                *block = must_cast(*state);
            }
        }
        // SAFETY: there is a key only where there was a `Processor`.
        unsafe { encrypt(&self.0, blocks) }
    }

    /// Overwrites what a message under a key that this one derived has left on the stack: there
    /// are more round keys than registers, and the compiler keeps what it runs out of them for
    /// where nothing is dropped.
    #[expect(clippy::unused_self, reason = "there is a key only where the instructions are")]
    #[inline]
    pub(in crate::encryption) fn wipe_stack(&self) {
        #[target_feature(enable = "avx")]
        #[inline(never)]
        fn wipe_stack() {
            // Written once: that somebody may look at it keeps it from being left out.
            let frames: [__m256i; FRAMES / 32] = Zeroable::zeroed();
            black_box(&frames);
        }
        // SAFETY: there is a key only where there was a `Processor`.
        unsafe { wipe_stack() };
    }
}

/// A key for messages, and what is derived from it.
pub(super) struct MessageKey {
    processor: Processor,
    round_keys: RoundKeys,
    powers: Powers,
}

impl MessageKey {
    /// Boxed: it is wiped where it lies, not where it was moved from.
    pub(super) fn new(processor: Processor, key: &[u8; KEY]) -> Box<Self> {
        let mut made = Box::new(Self::empty(processor));
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        drop(unsafe { made.expand(key, &[0; NONCE]) });
        made
    }

    /// As [`Processor::seal`], under this key.
    pub(super) fn seal(
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
    pub(super) fn open(
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

    fn empty(processor: Processor) -> Self {
        Self { processor, round_keys: RoundKeys::empty(), powers: Powers::empty() }
    }

    /// Makes everything of the key, and what a message begins with meanwhile.
    #[target_feature(enable = "aes,avx,pclmulqdq")]
    #[inline]
    fn expand(&mut self, key: &[u8; KEY], nonce: &[u8; NONCE]) -> Start {
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
    fn seal_from(&self, start: &Start, associated_data: &[u8], text: &mut [u8]) -> [u8; TAG] {
        self.add_keystream(start, text);
        self.tag(start, associated_data, text)
    }

    #[target_feature(enable = "aes,avx,pclmulqdq")]
    #[inline]
    fn open_from(
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
struct Start {
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

/// Bytes of the stack that a message takes at most, and some more.
const FRAMES: usize = 2048;

/// Bytes from which on it pays to derive the other powers of the hash key.
const WIDE_HASH: usize = 256;
