//! The Rust core, without Python. `make bench-core`.

use core::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

criterion_group!(benches, compare, randomness);
criterion_main!(benches);
