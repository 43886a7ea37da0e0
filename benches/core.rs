//! The Rust core, without Python. `make bench-core`.

use core::hint::black_box;

use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hauberk::encryption::{Keyring, ciphertext_length};
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

/// Sealing, against the bare primitive with a key that is set up and a nonce that is given.
fn encryption(criterion: &mut Criterion) {
    let cipher = Keyring::generate().and_then(|ring| ring.cipher("shop.Order.address"));
    let Ok(cipher) = cipher else { return };
    let primitive = Aes256Gcm::new(&[7; 32].into());
    for length in [64, 1024] {
        let mut group = criterion.benchmark_group(format!("encryption of {length} bytes"));
        group.throughput(Throughput::Bytes(length as u64));
        let plaintext = vec![7; length];
        let mut ciphertext = vec![0; length];
        group.bench_function("aes-gcm", |bencher| {
            bencher.iter(|| {
                let buffer = InOutBuf::new(black_box(&plaintext), &mut ciphertext).ok()?;
                primitive.encrypt_inout_detached(&[0; 12].into(), b"", buffer).ok()
            });
        });
        let mut sealed = vec![0; ciphertext_length(length)];
        group.bench_function("seal", |bencher| {
            bencher.iter(|| cipher.session()?.seal(black_box(&plaintext), b"", &mut sealed));
        });
        let mut opened = vec![0; length];
        group.bench_function("open", |bencher| {
            bencher.iter(|| cipher.session()?.find(black_box(&sealed))?.open(b"", &mut opened));
        });
        let text = "x".repeat(length);
        group.bench_function("seal text", |bencher| {
            bencher.iter(|| cipher.session()?.seal_text(black_box(&text), b""));
        });
    }
}

criterion_group!(benches, compare, randomness, encryption);
criterion_main!(benches);
