//! Which registers the blocks are compressed in.

use zeroize::Zeroizing;

use super::block::Block;
use super::{compress, compress512};
use crate::passwords::variants::variant;

/// A compression function of this processor's, and the order of words in a block that suits it.
///
/// There is one only where the processor has AVX2, and a wide one only where it has AVX-512: they
/// are made by asking it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kernel {
    wide: bool,
}

impl Kernel {
    /// The fastest one, if there is any.
    pub(super) fn best() -> Option<Self> {
        let wide = if variant().wide { Self::wide() } else { None };
        wide.or_else(Self::narrow)
    }

    /// Registers of 256 bits.
    pub(super) fn narrow() -> Option<Self> {
        std::arch::is_x86_feature_detected!("avx2").then_some(Self { wide: false })
    }

    /// Registers of 512 bits. Not on the first processors that had them, which lower their clock
    /// for it; VBMI2 came with the second.
    pub(super) fn wide() -> Option<Self> {
        let found = std::arch::is_x86_feature_detected!("avx512f")
            && std::arch::is_x86_feature_detected!("avx512vbmi2");
        if found { Self::narrow().map(|_| Self { wide: true }) } else { None }
    }

    /// G, as [`compress::compress`] describes it, on blocks in this kernel's order.
    #[expect(unsafe_code, reason = "what was compiled for AVX-512 is called once it is known")]
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(super) fn compress<const XOR: bool>(
        self,
        state: &mut Block,
        reference: &Block,
        target: &mut Block,
        first_word: impl FnOnce(u64),
    ) {
        if self.wide {
            // SAFETY: a wide kernel is made only where the processor has said that it has AVX-512.
            unsafe { compress512::compress::<XOR>(state, reference, target, first_word) }
        } else {
            compress::compress::<XOR>(state, reference, target, first_word);
        }
    }

    /// Where a word of the standard's order stands in a block; the first one stands first.
    pub(super) const fn place(self, word: usize) -> usize {
        if self.wide { compress512::place(word) } else { word }
    }

    /// Puts the words of a block from the standard's order into this kernel's.
    pub(super) fn arrange(self, block: &mut Block) {
        let standard = Zeroizing::new(*block);
        for word in 0..Block::WORDS {
            block[self.place(word)] = standard[word];
        }
    }

    /// And back.
    pub(super) fn restore(self, block: &mut Block) {
        let arranged = Zeroizing::new(*block);
        for word in 0..Block::WORDS {
            block[word] = arranged[self.place(word)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_a_place_and_finds_back() {
        for kernel in [Kernel { wide: false }, Kernel { wide: true }] {
            let mut block = Block::ZERO;
            for word in 0..Block::WORDS {
                block[word] = word as u64;
            }
            let standard = block;
            kernel.arrange(&mut block);
            assert_eq!(kernel.wide, standard.bytes() != block.bytes());
            assert_eq!(0, block[0]);
            assert_eq!(77, block[kernel.place(77)]);
            kernel.restore(&mut block);
            assert_eq!(standard.bytes(), block.bytes());
        }
    }
}
