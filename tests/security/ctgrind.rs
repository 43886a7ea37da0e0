//! Runs the comparison of secrets under valgrind with the secrets marked as undefined.
//!
//! memcheck then reports every branch and every address that depends on them (A. Langley,
//! "ctgrind", 2010). Prints one line a case, `name: reports`; `test_ctgrind.py` reads them. The
//! early-exit loop is the control: it must be reported, or the test notices nothing.

#![expect(clippy::print_stdout, reason = "its output is what the test reads")]

use core::hint::black_box;

use hauberk::constant_time;

fn main() {
    println!("valgrind: {}", valgrind::request(valgrind::RUNNING_ON_VALGRIND, &[]));
    for length in [1, 7, 16, 32, 64, 100, 4096] {
        watch(&format!("equal {length}"), length, constant_time::equal);
    }
    watch("control 64", 64, early_exit);
}

/// Compares two undefined buffers and prints how many new reports valgrind has.
fn watch(name: &str, length: usize, compare: fn(&[u8], &[u8]) -> bool) {
    let left = black_box(vec![7_u8; length]);
    let right = black_box(vec![7_u8; length]);
    let before = valgrind::request(valgrind::COUNT_ERRORS, &[]);
    valgrind::request(valgrind::MAKE_MEM_UNDEFINED, &left);
    valgrind::request(valgrind::MAKE_MEM_UNDEFINED, &right);
    let answer = [u8::from(compare(&left, &right))];
    // The answer is public.
    valgrind::request(valgrind::MAKE_MEM_DEFINED, &answer);
    black_box(answer);
    println!("{name}: {}", valgrind::request(valgrind::COUNT_ERRORS, &[]) - before);
}

#[inline(never)]
fn early_exit(left: &[u8], right: &[u8]) -> bool {
    left.iter().zip(right).all(|(l, r)| l == r)
}

/// Client requests, without valgrind's C header: a sequence of instructions that does nothing on
/// a processor and is noticed by valgrind ("Valgrind: the client request mechanism").
mod valgrind {
    pub(super) const RUNNING_ON_VALGRIND: u64 = 0x1001;
    pub(super) const COUNT_ERRORS: u64 = 0x1201;
    pub(super) const MAKE_MEM_UNDEFINED: u64 = 0x4D43_0001;
    pub(super) const MAKE_MEM_DEFINED: u64 = 0x4D43_0002;

    #[cfg(target_arch = "x86_64")]
    pub(super) fn request(code: u64, memory: &[u8]) -> u64 {
        let arguments = [code, memory.as_ptr() as u64, memory.len() as u64, 0, 0, 0];
        let answer: u64;
        // SAFETY: four rotations by 128 bits in all leave rdi as it was, and exchanging rbx with
        // itself does nothing; valgrind reads `arguments` through rax and writes rdx alone.
        #[expect(unsafe_code, reason = "the request is a sequence of instructions")]
        unsafe {
            core::arch::asm!(
                "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
                inout("rdx") 0_u64 => answer,
                in("rax") arguments.as_ptr(),
            );
        }
        answer
    }

    #[cfg(not(target_arch = "x86_64"))]
    pub(super) fn request(_code: u64, _memory: &[u8]) -> u64 {
        0
    }
}
