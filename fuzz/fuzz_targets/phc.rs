//! Encoded password hashes: reading panics on nothing, accepts one spelling of each hash, keeps to
//! the bounds, and what is cheap enough to be computed verifies without a panic.

#![no_main]

use hauberk::passwords::{Encoded, Hasher, Parameters, Peppers, Ticket, Version};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(encoded) = Encoded::parse(text) else { return };
    let Parameters { memory_cost, time_cost, parallelism, hash_len, salt_len, .. } =
        encoded.parameters;
    assert!(text.len() <= 512);
    assert!((1..=64).contains(&parallelism) && (1..=64).contains(&time_cost));
    assert!(memory_cost >= 8 * parallelism);
    assert!(u64::from(memory_cost) * u64::from(time_cost) <= 8 << 20);
    assert!(hash_len as usize == encoded.tag.len() && salt_len as usize == encoded.salt.len());

    // Only the version may be left out.
    let written = encoded.text();
    let named = encoded.parameters.version == Version::V0x13 || text.windows(3).any(|w| w == b"$v=");
    assert!(!named || written.as_bytes() == text, "a second spelling");
    let again = Encoded::parse(written.as_bytes()).expect("what was written is read");
    assert!(again.parameters == encoded.parameters && again.pepper == encoded.pepper);

    if memory_cost * time_cost <= 512 && encoded.pepper.is_none() {
        let permit = Ticket::for_thread(&encoded.parameters)
            .and_then(|ticket| ticket.block(|| false))
            .expect("nobody else hashes");
        let _ = encoded.verify(text, &Peppers::NONE, &permit);
        let hasher = Hasher::new(encoded.parameters, 4096, Peppers::NONE).expect("a hasher");
        let made = hasher.hash(text, Some(&encoded.salt), &permit).expect("a hash");
        let made = Encoded::parse(made.as_bytes()).expect("our own hash");
        assert!(made.verify(text, &Peppers::NONE, &permit).is_ok());
    }
});
