//! The Rust core, without Python. `make bench-core`.

use core::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hauberk::html::{self, Policy, UrlRelative};
use hauberk::json::{self, Event, Value, Visitor};
use hauberk::jwt::{
    Algorithm, Expectations, Expiry, Given, Key, KeySet, Required, Settings, Shape, Signer,
    Verifier,
};
use hauberk::passwords::{self, Inputs, Parameters, Type, Version};
use hauberk::{Error, Result, constant_time, random};

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

/// A visitor that is told everything and keeps nothing: what reading alone costs.
struct Nobody;

impl Visitor for Nobody {
    type Error = Error;

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        black_box(event);
        Ok(())
    }
}

fn json_text(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json");
    group.throughput(Throughput::Bytes(CLAIMS.len() as u64));
    group.bench_function("read claims as events", |bencher| {
        bencher.iter(|| json::read(black_box(CLAIMS.as_bytes()), &mut Nobody));
    });
    group.bench_function("read claims as a tree", |bencher| {
        bencher.iter(|| Value::read(black_box(CLAIMS.as_bytes())));
    });
    let claims = Value::read(CLAIMS.as_bytes()).unwrap_or(Value::Null);
    let mut out = Vec::with_capacity(CLAIMS.len());
    group.bench_function("write claims", |bencher| {
        bencher.iter(|| {
            out.clear();
            black_box(&claims).write(&mut out)
        });
    });
}

fn argon2(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("passwords::hash");
    group.sample_size(10);
    for (name, costs) in [
        ("compute, 128 KiB", [128, 2, 1]),
        ("OWASP, 19 MiB", [19_456, 2, 1]),
        ("RFC 9106, 64 MiB", [65_536, 3, 4]),
        ("Django, 100 MiB", [102_400, 2, 8]),
    ] {
        let Ok(parameters) = Parameters::new(Type::Id, Version::V0x13, costs, [32, 16]) else {
            continue;
        };
        let inputs =
            Inputs { password: &[1; 21], salt: &[2; 16], secret: &[], associated_data: &[] };
        group.bench_function(name, |bencher| {
            bencher.iter(|| passwords::hash(black_box(&inputs), &parameters));
        });
    }
}

fn sanitizing(criterion: &mut Criterion) {
    let names = |names: &str| names.split(' ').map(ToOwned::to_owned).collect();
    let settings = html::Settings {
        tags: names("a b em h2 i li ol p strong table tbody td tr ul"),
        attributes: [("a".to_owned(), names("href title"))].into(),
        url_schemes: names("http https mailto"),
        url_relative: UrlRelative::Pass,
        link_rel: Some("noopener noreferrer".to_owned()),
        drop_content: names("script style"),
        comments: false,
        max_input: 1 << 20,
        max_depth: 512,
    };
    let Ok(policy) = Policy::compile(&settings) else { return };
    let sanitizer = html::Sanitizer::new(policy);
    let paragraph = "<p>Some <b>text</b> and <a href=\"https://x.example/\">a link</a>.</p>\n";

    let mut group = criterion.benchmark_group("html::Sanitizer::sanitize");
    for (name, document) in [
        ("text, 100 bytes", "ten bytes ".repeat(10)),
        ("text, 10 KB", "ten bytes ".repeat(1000)),
        ("comment", paragraph.repeat(2)),
        ("article, 20 KB", paragraph.repeat(300)),
    ] {
        group.throughput(Throughput::Bytes(document.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| sanitizer.sanitize(black_box(&document)));
        });
    }
}

criterion_group!(benches, compare, json_text, randomness, tokens, argon2, sanitizing);
criterion_main!(benches);

/// The claims of a typical access token, 326 bytes.
const CLAIMS: &str = concat!(
    r#"{"iss":"https://auth.example.com/","sub":"7b0c5d3e-3f63-4a55-9d0e-1f2a3b4c5d6e","#,
    r#""aud":"https://api.example.com","iat":1700000000,"nbf":1700000000,"exp":1700000600,"#,
    r#""jti":"0f8fad5b-d9cb-469f-a165-70867728950e","scope":["read:orders","write:orders","admin"],"#,
    r#""ctx":{"tenant":"acme-corp","admin":false,"tier":3,"region":"eu-west"}}"#,
);
