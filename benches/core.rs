//! The Rust core, without Python. `make bench-core`.

#[path = "core/encryption.rs"]
mod encryption;
#[path = "core/html.rs"]
mod html;
#[path = "core/json.rs"]
mod json;
#[path = "core/jwt.rs"]
mod jwt;
#[path = "core/passwords.rs"]
mod passwords;

use core::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hauberk::{constant_time, random};

criterion_group!(
    benches,
    compare,
    randomness,
    encryption::sealing,
    html::sanitizing,
    json::text,
    jwt::tokens,
    passwords::argon2,
);
criterion_main!(benches);

fn compare(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("constant_time::equal");
    for length in [16_usize, 64, 4096] {
        let left = vec![7_u8; length];
        let right = left.clone();
        group.throughput(Throughput::Bytes(length as u64));
        group.bench_function(length.to_string(), |bencher| {
            bencher.iter(|| constant_time::equal(black_box(&left), black_box(&right)));
        });
    }
}

fn randomness(criterion: &mut Criterion) {
    criterion.bench_function("random::nonce of 24 bytes", |bencher| {
        bencher.iter(random::nonce::<24>);
    });
    criterion.bench_function("random::fill of 24 bytes", |bencher| {
        let mut bytes = [0; 24];
        bencher.iter(|| random::fill(black_box(&mut bytes)));
    });
}

/// The claims of a typical access token, 326 bytes.
const CLAIMS: &str = concat!(
    r#"{"iss":"https://auth.example.com/","sub":"7b0c5d3e-3f63-4a55-9d0e-1f2a3b4c5d6e","#,
    r#""aud":"https://api.example.com","iat":1700000000,"nbf":1700000000,"exp":1700000600,"#,
    r#""jti":"0f8fad5b-d9cb-469f-a165-70867728950e","scope":["read:orders","write:orders","admin"],"#,
    r#""ctx":{"tenant":"acme-corp","admin":false,"tier":3,"region":"eu-west"}}"#,
);
