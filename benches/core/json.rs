//! The JSON reader and writer.

use core::hint::black_box;

use criterion::{Criterion, Throughput};
use hauberk::json::{self, Event, Value, Visitor};
use hauberk::{Error, Result};

use crate::CLAIMS;

/// A visitor that is told everything and keeps nothing: what reading alone costs.
struct Nobody;

impl Visitor for Nobody {
    type Error = Error;

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        black_box(event);
        Ok(())
    }
}

pub(crate) fn text(criterion: &mut Criterion) {
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
