//! Randomness: the operating system's, and a generator for nonces that survives `fork()`.
//!
//! Keys, tokens and salts come from [`fill`], which asks the operating system each time. Nonces
//! are drawn by the million, so [`nonce`] serves them from a fast-key-erasure generator (D. J.
//! Bernstein, "Fast-key-erasure random-number generators", 2017) over ChaCha20: about 20 ns
//! instead of 600. It is reseeded from the operating system after a fork, after 64 KiB and after a
//! second, whichever comes first, and bytes are wiped as they are handed out.
//!
//! A machine that is restored from a snapshot repeats the generator's state and no process can
//! notice. Where that happens (Lambda SnapStart, Firecracker, CRIU), set `HAUBERK_RNG=os`.

use core::cell::RefCell;
use core::sync::atomic::{AtomicU8, Ordering};

use rand::rngs::ChaCha20Rng;
use rand::{Rng, SeedableRng};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::platform::{clock, fork};
use crate::{Error, Result};

/// Fills `bytes` with randomness of the operating system.
///
/// # Errors
///
/// [`Error::RandomnessUnavailable`] if the operating system gives none. There is no fall-back.
pub fn fill(bytes: &mut [u8]) -> Result<()> {
    Ok(getrandom::fill(bytes)?)
}

/// A fresh nonce of `N` bytes, at most [`MAX_NONCE`].
///
/// # Errors
///
/// [`Error::RandomnessUnavailable`] if the generator has to be reseeded and the operating system
/// gives no randomness.
pub fn nonce<const N: usize>() -> Result<[u8; N]> {
    const { assert!(N <= MAX_NONCE, "a nonce is at most 64 bytes long") };
    let mut bytes = [0; N];
    if nonce_source() == NonceSource::OperatingSystem {
        fill(&mut bytes)?;
        return Ok(bytes);
    }
    match GENERATOR.try_with(|generator| generator.borrow_mut().take(&mut bytes)) {
        Ok(result) => result?,
        // The thread is ending and its generator is gone.
        Err(_) => fill(&mut bytes)?,
    }
    Ok(bytes)
}

/// A string of `length` characters, each drawn from `alphabet` with the same probability.
///
/// # Errors
///
/// [`Error::InvalidInput`] if the alphabet has fewer than 2 or more than 65 536 characters or one
/// of them twice; [`Error::RandomnessUnavailable`] as for [`fill`].
pub fn string(length: usize, alphabet: &str) -> Result<String> {
    let characters: Vec<char> = alphabet.chars().collect();
    let Ok(count @ 2..=0x1_0000) = u32::try_from(characters.len()) else {
        return Err(Error::InvalidInput("an alphabet has 2 to 65536 characters"));
    };
    let mut sorted = characters.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Error::InvalidInput("an alphabet has each of its characters once"));
    }

    // Numbers from the last, incomplete run of `count` are thrown away, so that none is likelier.
    let limit = 0x1_0000 - 0x1_0000 % count;
    let mut text = String::with_capacity(length * 4);
    let mut drawn = 0;
    let mut pool = Zeroizing::new([0_u8; 256]);
    while drawn < length {
        let wanted = (length - drawn).saturating_mul(2).min(pool.len());
        let (bytes, _) = pool.split_at_mut(wanted);
        fill(bytes)?;
        let (pairs, _) = bytes.as_chunks::<2>();
        let accepted = pairs.iter().map(|pair| u32::from(u16::from_le_bytes(*pair)));
        for number in accepted.filter(|number| *number < limit) {
            // The remainder is below the number of characters, so there is always one.
            text.extend(characters.get((number % count) as usize));
            drawn += 1;
        }
    }
    Ok(text)
}

/// Where nonces come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NonceSource {
    /// The fork-safe generator of this module.
    Generator,
    /// The operating system, for each nonce.
    OperatingSystem,
}

impl NonceSource {
    /// The name by which a setting chooses it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generator => "generator",
            Self::OperatingSystem => "os",
        }
    }
}

impl core::str::FromStr for NonceSource {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "generator" => Ok(Self::Generator),
            "os" => Ok(Self::OperatingSystem),
            _ => Err(Error::Configuration("a nonce source is \"generator\" or \"os\"")),
        }
    }
}

/// Where nonces come from at present.
#[must_use]
pub fn nonce_source() -> NonceSource {
    if SOURCE.load(Ordering::Relaxed) == NonceSource::OperatingSystem as u8 {
        NonceSource::OperatingSystem
    } else {
        NonceSource::Generator
    }
}

/// Changes where nonces come from, for the whole process.
pub fn set_nonce_source(source: NonceSource) {
    SOURCE.store(source as u8, Ordering::Relaxed);
}

/// Fast key erasure: the front of each block is the key of the next and never leaves it.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Generator {
    block: [u8; BLOCK],
    position: usize,
    /// Bytes handed out since the last reseeding.
    served: usize,
    reseeded_at: u64,
    generation: u64,
}

impl Generator {
    const fn empty() -> Self {
        // Generation 0 is no process's, so that the first use seeds.
        Self { block: [0; BLOCK], position: BLOCK, served: 0, reseeded_at: 0, generation: 0 }
    }

    fn take<const N: usize>(&mut self, bytes: &mut [u8; N]) -> Result<()> {
        let now = clock::monotonic_seconds();
        let generation = fork::generation();
        if self.generation != generation
            || self.served >= RESEED_AFTER_BYTES
            || now.abs_diff(self.reseeded_at) >= RESEED_AFTER_SECONDS
        {
            self.reseed(generation, now)?;
        } else if BLOCK - self.position < N {
            self.refill();
        }
        // A refill leaves BLOCK - KEY bytes, more than MAX_NONCE. Without as many there is no nonce.
        let fresh = self.block.get_mut(self.position..).and_then(|rest| rest.first_chunk_mut());
        let fresh = fresh.ok_or(Error::RandomnessUnavailable)?;
        *bytes = *fresh;
        // In whole words, and not byte by byte as `zeroize` does: the block is read again, so
        // nobody can leave this out.
        *fresh = [0; N];
        self.position += N;
        self.served += N;
        Ok(())
    }

    fn reseed(&mut self, generation: u64, now: u64) -> Result<()> {
        let (key, _) = self.block.split_at_mut(KEY);
        fill(key)?;
        self.generation = generation;
        self.reseeded_at = now;
        self.served = 0;
        self.refill();
        Ok(())
    }

    fn refill(&mut self) {
        let mut key = Zeroizing::new([0; KEY]);
        key.copy_from_slice(self.block.split_at(KEY).0);
        ChaCha20Rng::from_seed(*key).fill_bytes(&mut self.block);
        self.position = KEY;
    }
}

/// The longest nonce, in bytes.
pub const MAX_NONCE: usize = 64;

const KEY: usize = 32;
const BLOCK: usize = 1024;
const RESEED_AFTER_BYTES: usize = 64 * 1024;
const RESEED_AFTER_SECONDS: u64 = 1;

static SOURCE: AtomicU8 = AtomicU8::new(NonceSource::Generator as u8);

thread_local! {
    static GENERATOR: RefCell<Generator> = const { RefCell::new(Generator::empty()) };
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nonces_do_not_repeat() {
        let mut seen = HashSet::new();
        for _ in 0..100_000 {
            assert!(seen.insert(nonce::<24>().unwrap()));
        }
    }

    #[test]
    fn threads_do_not_share_a_stream() {
        let draw = || (0..1000).map(|_| nonce::<24>().unwrap()).collect::<Vec<_>>();
        let mine = draw();
        let theirs = std::thread::scope(|scope| scope.spawn(draw).join().unwrap());
        assert!(mine.iter().all(|nonce| !theirs.contains(nonce)));
    }

    #[test]
    fn a_changed_generation_reseeds() {
        let mut generator = Generator::empty();
        let mut bytes = [0; 24];
        generator.take(&mut bytes).unwrap();
        // The child's view: the same memory, another generation.
        let mut child = Generator::empty();
        child.block.copy_from_slice(&generator.block);
        child.position = generator.position;
        child.reseeded_at = generator.reseeded_at;
        child.generation = generator.generation + 1;
        let mut in_child = [0; 24];
        generator.take(&mut bytes).unwrap();
        child.take(&mut in_child).unwrap();
        assert_ne!(bytes, in_child);
    }

    #[test]
    fn bytes_handed_out_are_wiped() {
        let mut generator = Generator::empty();
        let mut bytes = [0; 24];
        generator.take(&mut bytes).unwrap();
        assert_eq!([0; 24], generator.block[KEY..KEY + 24]);
        assert!(!generator.block.windows(24).any(|window| window == bytes));
    }

    #[test]
    fn the_key_is_replaced_with_every_block() {
        let mut generator = Generator::empty();
        generator.take(&mut [0; 24]).unwrap();
        let key: [u8; KEY] = generator.block[..KEY].try_into().unwrap();
        generator.refill();
        assert_ne!(key, generator.block[..KEY]);
    }

    #[test]
    fn it_is_reseeded_after_its_share_of_bytes() {
        let mut generator = Generator::empty();
        for _ in 0..RESEED_AFTER_BYTES / MAX_NONCE {
            generator.take(&mut [0; MAX_NONCE]).unwrap();
        }
        let served = generator.served;
        generator.take(&mut [0; MAX_NONCE]).unwrap();
        assert!(generator.served < served);
    }

    #[test]
    fn strings_use_the_whole_alphabet_evenly() {
        let alphabet = "abcdefghijklmnopqrstuvwxyzäöü";
        let text = string(290_000, alphabet).unwrap();
        assert_eq!(290_000, text.chars().count());
        for character in alphabet.chars() {
            let count = text.chars().filter(|c| *c == character).count();
            // 10 000 expected, standard deviation 98: this is ten of them.
            assert!((9_000..11_000).contains(&count), "{character}: {count}");
        }
    }

    #[test]
    fn alphabets_that_would_bias_are_refused() {
        for alphabet in ["", "a", "aba"] {
            assert!(matches!(string(8, alphabet), Err(Error::InvalidInput(_))), "{alphabet:?}");
        }
    }
}
