//! Sanitizing HTML.

use core::hint::black_box;

use criterion::{Criterion, Throughput};
use hauberk::html::{self, Policy, UrlRelative};

pub(crate) fn sanitizing(criterion: &mut Criterion) {
    let names = |names: &str| names.split(' ').map(ToOwned::to_owned).collect();
    let settings = html::Settings {
        tags: names("a b em h2 i li ol p strong table tbody td tr ul"),
        attributes: [("a".to_owned(), names("href title"))].into(),
        url_schemes: names("http https mailto"),
        url_relative: UrlRelative::Pass,
        link_rel: Some("noopener noreferrer".to_owned()),
        drop_content: names("script style"),
        ..html::Settings::default()
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
