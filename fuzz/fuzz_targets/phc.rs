//! Encoded password hashes, plain and wrapped: reading panics on nothing, accepts one spelling of
//! each hash, keeps to the bounds, and what is cheap enough to be computed verifies without a panic.

#![no_main]

use hauberk::passwords::{
    Encoded, Hasher, Parameters, Peppers, Permit, Ticket, Type, Version, Wrapped,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    match (Encoded::parse(text), Wrapped::parse(text)) {
        (Ok(_), Ok(_)) => panic!("a plain hash that is a wrapped one"),
        (Ok(encoded), Err(_)) => plain(text, &encoded),
        (Err(_), Ok(parsed)) => wrapped(text, &parsed),
        (Err(_), Err(_)) => {}
    }
});

fn plain(text: &[u8], encoded: &Encoded) {
    assert!(text.len() <= 512);
    within_bounds(encoded);

    // Only the version may be left out.
    let written = encoded.text();
    let named =
        encoded.parameters.version == Version::V0x13 || text.windows(3).any(|w| w == b"$v=");
    assert!(!named || written.as_bytes() == text, "a second spelling");
    let again = Encoded::parse(written.as_bytes()).expect("what was written is read");
    assert!(again.parameters == encoded.parameters && again.pepper == encoded.pepper);

    if let Some((hasher, permit)) = if_cheap(encoded) {
        let _ = encoded.verify(text, &Peppers::NONE, &permit);
        let made = hasher.hash(text, Some(&encoded.salt), &permit).expect("a hash");
        let made = Encoded::parse(made.as_bytes()).expect("our own hash");
        assert!(made.verify(text, &Peppers::NONE, &permit).is_ok());
    }
}

fn wrapped(text: &[u8], parsed: &Wrapped) {
    let Wrapped { outer, header } = parsed;
    within_bounds(outer);
    assert!((1..=256).contains(&header.len()));
    assert!(Wrapped::is_one(text));
    assert!((outer.parameters.kind, outer.parameters.version) == (Type::Id, Version::V0x13));
    let inside = outer.text().replacen("$argon2id$", "", 1);
    assert!(format!("$argon2w${inside}${header}").as_bytes() == text, "a second spelling");

    if let Some((hasher, permit)) = if_cheap(outer) {
        let _ = parsed.verify(text, &Peppers::NONE, &permit);
        let made = hasher.wrap(text, header, &permit).expect("a wrapped hash");
        let made = Wrapped::parse(made.as_bytes()).expect("our own wrapped hash");
        assert!(made.header == *header);
        assert!(made.verify(text, &Peppers::NONE, &permit).is_ok());
        // Tags of four bytes meet by chance.
        let alone = made.outer.verify(text, &Peppers::NONE, &permit);
        assert!(alone.is_err() || made.outer.tag.len() < 8, "a digest that logs in");
    }
}

fn within_bounds(encoded: &Encoded) {
    let Parameters { memory_cost, time_cost, parallelism, hash_len, salt_len, .. } =
        encoded.parameters;
    assert!((1..=64).contains(&parallelism) && (1..=64).contains(&time_cost));
    assert!(memory_cost >= 8 * parallelism);
    assert!(u64::from(memory_cost) * u64::from(time_cost) <= 8 << 20);
    assert!(hash_len as usize == encoded.tag.len() && salt_len as usize == encoded.salt.len());
}

/// What to hash with as `encoded` was, if that takes no time worth mentioning.
fn if_cheap(encoded: &Encoded) -> Option<(Hasher, Permit)> {
    let parameters = encoded.parameters;
    if parameters.memory_cost * parameters.time_cost > 512 || encoded.pepper.is_some() {
        return None;
    }
    let permit = Ticket::for_thread(&parameters)
        .and_then(|ticket| ticket.block(|| false))
        .expect("nobody else hashes");
    Some((Hasher::new(parameters, 4096, Peppers::NONE).expect("a hasher"), permit))
}
