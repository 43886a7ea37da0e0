//! Large regions of memory, mapped directly.

pub(crate) use imp::Region;

#[cfg(unix)]
mod imp {
    use core::hint::black_box;
    use core::ptr::{self, NonNull};
    use core::slice;

    /// Memory of its own mapping: zero at first, page-aligned, not inherited by forked children,
    /// left out of core dumps, and in huge pages where the system grants them.
    #[derive(Debug)]
    pub(crate) struct Region {
        start: NonNull<u8>,
        length: usize,
    }

    // SAFETY: a region owns its mapping as a Box owns its allocation.
    #[expect(unsafe_code, reason = "a raw pointer makes the type neither Send nor Sync")]
    unsafe impl Send for Region {}

    impl Region {
        /// Maps at least `length` bytes, or none if the system refuses.
        pub(crate) fn map(length: usize) -> Option<Self> {
            if length < HUGE_PAGE {
                let region = Self::map_exactly(length.checked_next_multiple_of(PAGE)?)?;
                region.keep_private();
                return Some(region);
            }
            // A huge page begins at a multiple of its size, so map one more and trim.
            let length = length.checked_next_multiple_of(HUGE_PAGE)?;
            let mut region = Self::map_exactly(length.checked_add(HUGE_PAGE)?)?;
            region.trim(length);
            region.keep_private();
            region.ask_for_huge_pages();
            Some(region)
        }

        /// How many bytes there are.
        pub(crate) fn length(&self) -> usize {
            self.length
        }

        pub(crate) fn bytes(&mut self) -> &mut [u8] {
            // SAFETY: the mapping is readable and writable, `length` bytes long, was zeroed by the
            // kernel, lives as long as `self`, and `&mut self` makes this the only reference.
            #[expect(unsafe_code, reason = "a slice over a mapping")]
            unsafe {
                slice::from_raw_parts_mut(self.start.as_ptr(), self.length)
            }
        }

        /// Overwrites the first `length` bytes with zeros, whatever the compiler thinks of it.
        pub(crate) fn wipe(&mut self, length: usize) {
            let bytes = self.bytes().get_mut(..length).unwrap_or_default();
            zero(bytes);
            // The memory is read again before it is freed, as far as the compiler can tell.
            black_box(bytes);
        }

        #[expect(unsafe_code, reason = "std has no mmap")]
        fn map_exactly(length: usize) -> Option<Self> {
            // SAFETY: an anonymous private mapping at an address of the kernel's choosing touches
            // no memory of ours.
            let start = unsafe {
                libc::mmap(
                    ptr::null_mut(),
                    length,
                    libc::PROT_READ | libc::PROT_WRITE,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                    -1,
                    0,
                )
            };
            if start == libc::MAP_FAILED {
                return None;
            }
            Some(Self { start: NonNull::new(start.cast())?, length })
        }

        /// Gives back what lies before the first huge page and behind `length` bytes of them.
        #[expect(unsafe_code, reason = "std has no munmap")]
        fn trim(&mut self, length: usize) {
            let before = self.start.as_ptr().align_offset(HUGE_PAGE);
            let behind = self.length - length - before;
            // SAFETY: `before` and `behind` are what the mapping has beyond `length` bytes at the
            // aligned address, multiples of the page size because both addresses are; nothing
            // refers to them yet.
            unsafe {
                let start = self.start.add(before);
                if before > 0 {
                    libc::munmap(self.start.as_ptr().cast(), before);
                }
                if behind > 0 {
                    libc::munmap(start.add(length).as_ptr().cast(), behind);
                }
                self.start = start;
            }
            self.length = length;
        }

        /// Password material belongs neither in children nor in core dumps.
        fn keep_private(&self) {
            #[cfg(target_os = "linux")]
            {
                self.advise(libc::MADV_DONTFORK);
                self.advise(libc::MADV_DONTDUMP);
            }
        }

        fn ask_for_huge_pages(&self) {
            #[cfg(target_os = "linux")]
            self.advise(libc::MADV_HUGEPAGE);
        }

        /// Advice that a kernel may refuse: ordinary pages do as well, only slower.
        #[cfg(target_os = "linux")]
        #[expect(unsafe_code, reason = "std has no madvise")]
        fn advise(&self, advice: libc::c_int) {
            // SAFETY: the range is the mapping's own, and none of the advice used here takes
            // contents away from this process.
            let _ = unsafe { libc::madvise(self.start.as_ptr().cast(), self.length, advice) };
        }
    }

    impl Drop for Region {
        #[expect(unsafe_code, reason = "std has no munmap")]
        fn drop(&mut self) {
            // SAFETY: the mapping is ours and nothing refers to it any more.
            unsafe { libc::munmap(self.start.as_ptr().cast(), self.length) };
        }
    }

    /// Zeros past the cache where it could not hold them anyway: memory need not be read before it
    /// is overwritten, and 100 MiB take 5 ms instead of 10 (2026-11-25, Sapphire Rapids).
    #[cfg(target_arch = "x86_64")]
    fn zero(bytes: &mut [u8]) {
        use core::arch::x86_64::{__m128i, _mm_setzero_si128, _mm_sfence, _mm_stream_si128};

        if bytes.len() < LARGER_THAN_CACHES {
            return bytes.fill(0);
        }
        // SAFETY: any bytes make a vector.
        #[expect(unsafe_code, reason = "streaming stores want aligned addresses")]
        let (before, lines, behind) = unsafe { bytes.align_to_mut::<[__m128i; 4]>() };
        before.fill(0);
        behind.fill(0);
        for vector in lines.as_flattened_mut() {
            // SAFETY: a mutable reference to what is written, aligned by its type.
            #[expect(unsafe_code, reason = "the intrinsic takes a raw pointer")]
            unsafe {
                _mm_stream_si128(vector, _mm_setzero_si128());
            }
        }
        // Before anybody else is given the memory: streaming stores are not ordered.
        // SAFETY: a fence has no preconditions.
        #[expect(unsafe_code, reason = "an intrinsic")]
        unsafe {
            _mm_sfence();
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn zero(bytes: &mut [u8]) {
        bytes.fill(0);
    }

    /// The part of a shared cache that one process may hope for; 19 MiB are faster cached.
    #[cfg(target_arch = "x86_64")]
    const LARGER_THAN_CACHES: usize = 32 * 1024 * 1024;
    /// A multiple of every page size in use (4, 16 and 64 KiB).
    const PAGE: usize = 64 * 1024;
    const HUGE_PAGE: usize = 2 * 1024 * 1024;

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn regions_are_zeroed_writable_and_aligned() {
            for length in [1, PAGE, HUGE_PAGE - 1, HUGE_PAGE, 3 * HUGE_PAGE + 1] {
                let mut region = Region::map(length).unwrap();
                let align = if length < HUGE_PAGE { 4096 } else { HUGE_PAGE };
                assert!(region.length() >= length);
                let bytes = region.bytes();
                assert_eq!(0, bytes.as_ptr().align_offset(align));
                assert!(bytes.iter().all(|byte| *byte == 0));
                bytes.fill(7);
            }
        }

        #[test]
        fn wiping_reaches_every_byte_and_no_other() {
            for length in [0, 1, 100, HUGE_PAGE, 33 * 1024 * 1024 + 17] {
                let mut region = Region::map(length + 1).unwrap();
                region.bytes().fill(7);
                region.wipe(length);
                let (wiped, rest) = region.bytes().split_at(length);
                assert!(wiped.iter().all(|byte| *byte == 0));
                assert!(rest.iter().all(|byte| *byte == 7));
            }
        }

        #[test]
        fn what_cannot_be_had_is_none() {
            assert!(Region::map(usize::MAX).is_none());
            assert!(Region::map(1 << 55).is_none());
        }
    }
}

#[cfg(not(unix))]
mod imp {
    /// Memory from the allocator, zero at first and aligned to 64 bytes.
    #[derive(Debug)]
    pub(crate) struct Region(Vec<Line>);

    #[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
    #[repr(C, align(64))]
    struct Line([u8; 64]);

    impl Region {
        pub(crate) fn map(length: usize) -> Option<Self> {
            let lines = length.div_ceil(64);
            let mut memory = Vec::new();
            memory.try_reserve_exact(lines).ok()?;
            memory.resize(lines, Line([0; 64]));
            Some(Self(memory))
        }

        pub(crate) fn length(&self) -> usize {
            self.0.len() * 64
        }

        pub(crate) fn wipe(&mut self, length: usize) {
            let bytes = self.bytes().get_mut(..length).unwrap_or_default();
            bytes.fill(0);
            core::hint::black_box(bytes);
        }

        pub(crate) fn bytes(&mut self) -> &mut [u8] {
            bytemuck::cast_slice_mut(&mut self.0)
        }
    }
}
