//! Argon2, on one thread.

use core::hint::black_box;

use criterion::Criterion;
use hauberk::passwords::{self, Inputs, Parameters, Type, Version};

pub(crate) fn argon2(criterion: &mut Criterion) {
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
            bencher.iter(|| passwords::hash(black_box(&inputs), &parameters, 1));
        });
    }
}
