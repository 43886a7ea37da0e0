//! The Rust core, without Python. `make bench-core`.

use core::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hauberk::jwt::{
    Algorithm, Expectations, Expiry, Given, Key, KeySet, Required, Settings, Shape, Signer,
    Verifier,
};
use hauberk::{constant_time, random};

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

/// 314 bytes of claims, as most tokens of an identity provider carry.
#[expect(clippy::expect_used, reason = "what cannot be set up cannot be measured")]
fn tokens(criterion: &mut Criterion) {
    for algorithm in [Algorithm::HS256, Algorithm::EdDSA, Algorithm::ES256] {
        let mut group = criterion.benchmark_group(format!("jwt::{algorithm}"));
        let key = Arc::new(Key::generate(algorithm, None).expect("the system has randomness"));
        let signer = Signer::new(Arc::clone(&key), "JWT", None, Settings::default());
        let signer = signer.expect("the key signs");
        let given = Given { exp: Shape::Number(2e9), ..Given::default() };
        let sign = || {
            let message = signer.prepare(CLAIMS.to_vec(), given, Expiry::Default, None, 1e9)?;
            signer.sign(message)
        };
        let token = sign().expect("the claims are an object");
        let expectations = Expectations {
            issuer: Some(["https://issuer.example".into()].into()),
            audience: Some(["https://api.example".into()].into()),
            subject: None,
            required: Required::new(["exp"]).expect("exp is a name"),
            leeway: 0.0,
            max_age: None,
        };
        let keys = KeySet::new([key]).expect("one key is a set");
        let verifier = Verifier::new(keys, expectations, "JWT", 16_384).expect("all is in range");
        assert!(verifier.verify(token.as_bytes(), 1e9).is_ok());

        group.bench_function("sign", |bencher| bencher.iter(sign));
        group.bench_function("verify", |bencher| {
            bencher.iter(|| verifier.verify(black_box(token.as_bytes()), 1e9));
        });
    }
}

const CLAIMS: &[u8] = br#"{"iss":"https://issuer.example","sub":"3f0c7a5e-0000-4000-8000-00805f9b34fb","aud":"https://api.example","iat":1000000000,"nbf":1000000000,"exp":2000000000,"jti":"7c9e6679-7425-40de-944b-e07fc1f90ae7","scope":["read","write","admin"],"ctx":{"tenant":"acme","region":"eu-west-1","beta":true,"level":3}}"#;

criterion_group!(benches, compare, randomness, tokens);
criterion_main!(benches);
