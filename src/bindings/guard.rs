//! The wall between a Rust panic and a Python process.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};

use pyo3::prelude::*;

use super::error;

/// Runs a binding's body; a panic inside becomes an `InternalError` that names the place in the
/// source and nothing of the data.
///
/// PyO3 itself would raise `PanicException`, a `BaseException` that `except Exception` does not
/// catch: one bad input would end a worker.
pub(super) fn guard<T>(body: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    // A panic leaves nothing half-changed that is used again: the domains keep no state across
    // calls but atomics and caches that are written last.
    panic::catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        // The payload may quote the input. Dropping it is all that is done with it.
        drop(payload);
        Err(error::internal(PLACE.take().as_deref()))
    })
}

/// Replaces the hook that prints a panic's message, which may quote the input.
///
/// The standard library is linked into this extension, so the hook is ours alone.
pub(super) fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        PLACE.set(
            info.location().map(|place| format!("{}:{}", crate_path(place.file()), place.line())),
        );
    }));
}

/// A source file's path from its crate's folder on: where a machine keeps its crates is nobody's
/// business.
fn crate_path(file: &str) -> &str {
    let crate_folder = file.rfind("/src/").and_then(|source| file.get(..source)?.rfind('/'));
    crate_folder.and_then(|slash| file.get(slash + 1..)).unwrap_or(file)
}

/// Panics with its argument as the message, to show that the message goes nowhere.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (message, /))]
pub(super) fn panic_for_test(message: &str) -> PyResult<()> {
    let message = message.to_owned();
    #[expect(clippy::panic, reason = "panicking is its purpose")]
    guard(|| panic!("{message}"))
}

thread_local! {
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}
