//! JSON Web Tokens.

use core::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use hauberk::jwt::{
    Algorithm, Expectations, Expiry, Given, Key, KeySet, Required, Settings, Shape, Signer,
    Verifier,
};

use crate::CLAIMS;

/// 314 bytes of claims, as most tokens of an identity provider carry.
#[expect(clippy::expect_used, reason = "what cannot be set up cannot be measured")]
pub(crate) fn tokens(criterion: &mut Criterion) {
    for algorithm in [Algorithm::HS256, Algorithm::EdDSA, Algorithm::ES256] {
        let mut group = criterion.benchmark_group(format!("jwt::{algorithm}"));
        let key = Arc::new(Key::generate(algorithm, None).expect("the system has randomness"));
        let signer = Signer::new(Arc::clone(&key), "JWT", None, Settings::default());
        let signer = signer.expect("the key signs");
        let given = Given { exp: Shape::Number(2e9), ..Given::default() };
        let sign = || {
            let message =
                signer.prepare(CLAIMS.as_bytes().to_vec(), given, Expiry::Default, None, 1e9)?;
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
