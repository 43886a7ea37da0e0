//! Sealing, beside the primitive under it.

use core::hint::black_box;

use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit};
use criterion::{Criterion, Throughput};
use hauberk::encryption::{Cipher, Keyring};

/// Sealing, against the bare primitive with a key that is set up and a nonce that is given.
pub(crate) fn sealing(criterion: &mut Criterion) {
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
        let mut sealed = vec![0; <Cipher>::FORMAT.ciphertext_length(length)];
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
