//! The fast path gives what ammonia gives.

#![expect(clippy::panic, clippy::unwrap_used, reason = "for tests only")]

use hauberk::html::{Policy, Sanitizer, Settings};

use crate::markup::{Random, document};
use crate::profiles;

/// Documents for each of the shipped profiles, and as many for policies drawn at random. Another
/// number, and another beginning of the sequence, can be given by environment variables: `make test`
/// compares 100 000 each, with optimised code.
const DOCUMENTS: u64 = 2_000;

#[test]
fn shipped_profiles_have_their_fast_path() {
    for (name, settings) in profiles::shipped() {
        let usual = sanitizer(&settings).sanitize_usual("<p>x</p>").is_some();
        assert!(usual, "{name}");
    }
}

/// One test each, so that they share the cores.
macro_rules! equals_ammonia {
    ($($test:ident: $profile:literal),*) => {$(
        #[test]
        fn $test() {
            let profile = profiles::shipped().into_iter().find(|(name, _)| name == $profile);
            equals_ammonia($profile, &profile.unwrap().1);
        }
    )*};
}

equals_ammonia! {
    article_equals_ammonia: "ARTICLE",
    bleach_equals_ammonia: "BLEACH",
    comment_equals_ammonia: "COMMENT",
    nh3_equals_ammonia: "NH3",
    text_only_equals_ammonia: "TEXT_ONLY"
}

fn equals_ammonia(name: &str, settings: &Settings) {
    let sanitizer = sanitizer(settings);
    let taken = sequence().filter(|seed| compare(&sanitizer, *seed, name)).count();
    // A comparison with nothing would show nothing.
    assert!(taken as u64 > documents() / 3, "{name}: {taken}");
}

#[test]
fn random_policies_equal_ammonia() {
    let mut sanitizers = Vec::new();
    for seed in sequence() {
        if seed % 50 == 0 {
            let settings = profiles::random(&mut Random::new(seed));
            sanitizers = vec![(sanitizer(&settings), format!("{settings:?}"))];
        }
        for (sanitizer, name) in &sanitizers {
            compare(sanitizer, seed, name);
        }
    }
}

/// What was sanitized stays, whatever went.
#[test]
fn sanitized_twice_is_sanitized_once() {
    let shipped = profiles::shipped();
    let mut policy = None;
    for seed in sequence() {
        if seed % 50 == 0 {
            let mut settings = profiles::random(&mut Random::new(seed));
            // A lenient one does what ammonia does.
            settings.lenient = false;
            settings.tags.remove("object");
            settings.attributes.remove("object");
            policy = Policy::compile(&settings).ok().map(|it| (Sanitizer::new(it), settings));
        }
        let html = document(&mut Random::new(seed)).concat();
        let (_, settings) = &shipped[usize::try_from(seed).unwrap() % shipped.len()];
        let profile = (sanitizer(settings), settings.clone());
        for (sanitizer, settings) in policy.iter().chain([&profile]) {
            let Ok(once) = sanitizer.sanitize(&html) else { continue };
            let twice = sanitizer.sanitize(&once);
            assert_eq!(Ok(&*once), twice.as_deref(), "seed {seed}: {html:?}\n{settings:?}");
        }
    }
}

/// What is misplaced in tables, and SVG and `MathML`, in all orders.
#[test]
fn misplaced_and_foreign_content_equals_ammonia() {
    let words = "<table> <tr> <td> </td> </tr> </table> <tbody> x &amp; &#32; <!----> <b> </b> <p> \
                 </p> <br> <i> </i> <li> <a> </a> <h1> </h1> <button> <div> </div> <pre> \
                 <svg> </svg> <svg/> <g> </g> <g/> <math> </math> <mi> </mi> <title> </title> \
                 <svg><g d=/> <g><svg> <del> </del> <input> <style> <span/> &#10;";
    pieces_equal_ammonia(["<table>", "<svg>", "<b><table><tr>", "<table><td><table>"], words);
}

/// Formatting that ends where it does not belong.
#[test]
fn formatting_across_blocks_equals_ammonia() {
    let words = "<b> </b> </b> <i> </i> <a> <a> </a> <p> </p> <div> </div> <ul> <li> </ul> <h1> </h1> \
                 x x &lt; <br> <x-y> </x-y> <table> <td> </table> <pre> &#10; <button> </button> <svg> \
                 <del> </del> <section> </section> <font> </font> <!----> <b> </b> <p> <td><b><p>";
    pieces_equal_ammonia(["<b>", "<b><p>", "<p><a href=/>x<div>", "<div><i title=x><b>"], words);
}

fn pieces_equal_ammonia(beginnings: [&str; 4], words: &str) {
    let shipped: Vec<_> =
        profiles::shipped().iter().map(|(name, it)| (name.clone(), sanitizer(it))).collect();
    let mut taken = 0;
    for seed in sequence() {
        let mut random = Random::new(seed);
        let (name, sanitizer) = shipped.get(random.below(shipped.len())).unwrap();
        let before = (*beginnings.get(random.below(4)).unwrap()).to_owned();
        let count = random.below(12);
        let drawn = (0..count).map(|_| match random.below(8) {
            0 => " ".to_owned(),
            _ => random.one(words).to_owned(),
        });
        let pieces: Vec<_> = core::iter::once(before).chain(drawn).collect();
        let html = pieces.concat();
        taken += u64::from(compare_pieces(sanitizer, seed, pieces, name));
        let once = sanitizer.sanitize(&html).unwrap();
        assert_eq!(once, sanitizer.sanitize(&once).unwrap(), "seed {seed}: {html:?} {name}");
    }
    assert!(taken > documents() / 3, "{taken}");
}

/// Whether the fast path took a document; if it did, it gave what ammonia gives.
fn compare(sanitizer: &Sanitizer, seed: u64, policy: &str) -> bool {
    compare_pieces(sanitizer, seed, document(&mut Random::new(seed)), policy)
}

fn compare_pieces(sanitizer: &Sanitizer, seed: u64, pieces: Vec<String>, policy: &str) -> bool {
    let equal = is_equal(sanitizer, &pieces);
    if equal == Some(false) {
        let shortest = shortened(sanitizer, pieces).concat();
        let usual = sanitizer.sanitize_usual(&shortest);
        let ammonia = sanitizer.sanitize_unusual(&shortest);
        panic!("seed {seed}: {shortest:?}\nfast    {usual:?}\nammonia {ammonia:?}\n{policy}");
    }
    equal.is_some()
}

fn is_equal(sanitizer: &Sanitizer, pieces: &[String]) -> Option<bool> {
    let html = pieces.concat();
    let ammonia = sanitizer.sanitize_unusual(&html);
    let Some(usual) = sanitizer.sanitize_usual(&html) else {
        // ammonia gets only the end of it, and what it makes of that is looked at once more.
        let (Ok(clean), Ok(ammonia)) = (sanitizer.sanitize(&html), ammonia) else { return None };
        let twice = sanitizer.sanitize(&ammonia);
        return (clean != ammonia && twice != Ok(clean)).then_some(false);
    };
    Some(ammonia.as_deref() == Ok(&*usual))
}

/// A document that still differs, without what does not matter.
fn shortened(sanitizer: &Sanitizer, mut pieces: Vec<String>) -> Vec<String> {
    let mut place = pieces.len();
    while place > 0 {
        place -= 1;
        let removed = pieces.remove(place);
        if is_equal(sanitizer, &pieces) == Some(false) {
            place = pieces.len();
        } else {
            pieces.insert(place, removed);
        }
    }
    pieces
}

fn sanitizer(settings: &Settings) -> Sanitizer {
    Sanitizer::new(Policy::compile(settings).unwrap())
}

fn sequence() -> impl Iterator<Item = u64> {
    let first = from_environment("HAUBERK_TEST_SEED").unwrap_or(1);
    first..first + documents()
}

fn documents() -> u64 {
    from_environment("HAUBERK_TEST_DOCUMENTS").unwrap_or(DOCUMENTS)
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
