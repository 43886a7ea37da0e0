//! Worse ways to the same tag, so that a benchmark can show by how much they differ.
//!
//! They exist with the feature `test-hooks` alone, which no wheel has.

/// What a hash does that one could leave out.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "test-hooks"),
    expect(unreachable_pub, reason = "exported with the hooks")
)]
pub struct Variant {
    /// Memory is wiped before it is given back.
    pub wiping: bool,
    /// Memory is kept for the next hash.
    pub pooling: bool,
    /// Registers of 512 bits are used where there are any.
    pub wide: bool,
}

#[cfg(not(feature = "test-hooks"))]
pub(super) const fn variant() -> Variant {
    Variant { wiping: true, pooling: true, wide: true }
}

#[cfg(feature = "test-hooks")]
pub(super) fn variant() -> Variant {
    Variant {
        wiping: WIPING.load(Ordering::Relaxed),
        pooling: POOLING.load(Ordering::Relaxed),
        wide: WIDE.load(Ordering::Relaxed),
    }
}

/// Chooses what hashes do from now on.
#[cfg(feature = "test-hooks")]
pub fn set_variant(variant: Variant) {
    WIPING.store(variant.wiping, Ordering::Relaxed);
    POOLING.store(variant.pooling, Ordering::Relaxed);
    WIDE.store(variant.wide, Ordering::Relaxed);
}

#[cfg(feature = "test-hooks")]
use core::sync::atomic::{AtomicBool, Ordering};

#[cfg(feature = "test-hooks")]
static WIPING: AtomicBool = AtomicBool::new(true);
#[cfg(feature = "test-hooks")]
static POOLING: AtomicBool = AtomicBool::new(true);
#[cfg(feature = "test-hooks")]
static WIDE: AtomicBool = AtomicBool::new(true);
