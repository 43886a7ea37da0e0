//! The Rust core, without Python. `make bench-core`.

use core::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hauberk::html::{self, Policy, Settings, UrlRelative};
use hauberk::passwords::{self, Inputs, Parameters, Type, Version};
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
    let settings = Settings {
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

criterion_group!(benches, compare, randomness, argon2, sanitizing);
criterion_main!(benches);
