//! Hashes for event loops: a place in the queue first, a thread only when it is one's turn.

use core::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;

use super::Hasher;
use crate::bindings::guard::guard;
use crate::bindings::octets::Octets;
use crate::passwords::limiter::Wake;
use crate::passwords::{Encoded, Permit, Ticket, Wrapped};
use crate::{Error, Result};

/// A new hash that waits for its turn.
#[pyclass(frozen, module = "hauberk._rust")]
pub(in crate::bindings) struct PendingHash {
    hasher: Py<Hasher>,
    place: Place,
}

#[pymethods]
impl PendingHash {
    /// `wake` is called, on any thread, when it may be this hash's turn. What no hash can be made
    /// of is refused here: nobody waits for it.
    #[new]
    #[pyo3(signature = (hasher, password, salt, wake, /))]
    fn new(
        hasher: Bound<'_, Hasher>,
        password: Octets<'_>,
        salt: Option<Octets<'_>>,
        wake: Py<PyAny>,
    ) -> PyResult<Self> {
        guard(|| {
            hasher.get().0.check(&password, salt.as_deref())?;
            let place = Place::new(wake, |wake| Ticket::new(hasher.get().0.parameters(), wake))?;
            Ok(Self { hasher: hasher.unbind(), place })
        })
    }

    /// Whether it is this hash's turn.
    fn ready(&self) -> PyResult<bool> {
        guard(|| Ok(self.place.ready()?))
    }

    /// For how many seconds it may still wait.
    fn remaining(&self) -> PyResult<f64> {
        guard(|| Ok(self.place.remaining()))
    }

    /// Gives the place or the turn up, for somebody else. Does nothing once it has run.
    fn leave(&self) -> PyResult<()> {
        guard(|| {
            self.place.leave();
            Ok(())
        })
    }

    /// Computes the hash, once, when it is this hash's turn.
    #[pyo3(signature = (password, salt, /))]
    fn run(
        &self,
        py: Python<'_>,
        password: Octets<'_>,
        salt: Option<Octets<'_>>,
    ) -> PyResult<String> {
        guard(|| {
            let permit = self.place.take()?;
            let hasher = &self.hasher.get().0;
            Ok(py.detach(|| hasher.hash(&password, salt.as_deref(), &permit))?)
        })
    }
}

/// A verification that waits for its turn.
#[pyclass(frozen, module = "hauberk._rust")]
pub(in crate::bindings) struct PendingVerification {
    hasher: Py<Hasher>,
    expected: Expected,
    place: Place,
}

/// What is computed again.
enum Expected {
    /// From a password.
    Plain(Encoded),
    /// From the digest of an older scheme.
    Wrapped(Wrapped),
}

#[pymethods]
impl PendingVerification {
    /// `wake` is called, on any thread, when it may be this verification's turn.
    #[new]
    #[pyo3(signature = (hasher, encoded, password, wake, /))]
    fn new(
        hasher: Bound<'_, Hasher>,
        encoded: Octets<'_>,
        password: Octets<'_>,
        wake: Py<PyAny>,
    ) -> PyResult<Self> {
        guard(|| {
            let expected = Encoded::parse_for(&encoded, &password, hasher.get().0.peppers())?;
            let place = Place::new(wake, |wake| Ticket::new(&expected.parameters, wake))?;
            Ok(Self { hasher: hasher.unbind(), expected: Expected::Plain(expected), place })
        })
    }

    /// The same for a wrapped hash, to be run with the digest of the older scheme.
    #[staticmethod]
    #[pyo3(signature = (hasher, encoded, wake, /))]
    fn wrapped(hasher: Bound<'_, Hasher>, encoded: Octets<'_>, wake: Py<PyAny>) -> PyResult<Self> {
        guard(|| {
            let expected = Wrapped::parse_for(&encoded, hasher.get().0.peppers())?;
            let place = Place::new(wake, |wake| Ticket::new(&expected.outer.parameters, wake))?;
            Ok(Self { hasher: hasher.unbind(), expected: Expected::Wrapped(expected), place })
        })
    }

    /// Whether it is this verification's turn.
    fn ready(&self) -> PyResult<bool> {
        guard(|| Ok(self.place.ready()?))
    }

    /// For how many seconds it may still wait.
    fn remaining(&self) -> PyResult<f64> {
        guard(|| Ok(self.place.remaining()))
    }

    /// Gives the place or the turn up, for somebody else. Does nothing once it has run.
    fn leave(&self) -> PyResult<()> {
        guard(|| {
            self.place.leave();
            Ok(())
        })
    }

    /// Verifies, once, when it is this verification's turn.
    #[pyo3(signature = (password, /))]
    fn run(&self, py: Python<'_>, password: Octets<'_>) -> PyResult<()> {
        guard(|| {
            let permit = self.place.take()?;
            let peppers = self.hasher.get().0.peppers();
            Ok(py.detach(|| match &self.expected {
                Expected::Plain(expected) => expected.verify(&password, peppers, &permit),
                Expected::Wrapped(expected) => expected.verify(&password, peppers, &permit),
            })?)
        })
    }
}

/// What Python computes, in its turn: a scheme of the past.
#[pyclass(frozen, module = "hauberk._rust")]
pub(in crate::bindings) struct PendingWork(Place);

#[pymethods]
impl PendingWork {
    /// `memory` is in bytes; `wake` is called, on any thread, when it may be this work's turn.
    #[new]
    #[pyo3(signature = (memory, wake, /))]
    fn new(memory: usize, wake: Py<PyAny>) -> PyResult<Self> {
        guard(|| Ok(Self(Place::new(wake, |wake| Ticket::of_bytes(memory, wake))?)))
    }

    /// Whether it is this work's turn.
    fn ready(&self) -> PyResult<bool> {
        guard(|| Ok(self.0.ready()?))
    }

    /// For how many seconds it may still wait.
    fn remaining(&self) -> PyResult<f64> {
        guard(|| Ok(self.0.remaining()))
    }

    /// Gives the place or the turn up, for somebody else. Does nothing once it has run.
    fn leave(&self) -> PyResult<()> {
        guard(|| {
            self.0.leave();
            Ok(())
        })
    }

    /// Returns what `work` returns, called once, when it is this work's turn.
    #[pyo3(signature = (work, /))]
    fn run<'py>(&self, work: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let _permit = self.0.take()?;
            work.call0()
        })
    }
}

/// A place in the queue, then a permit, then nothing.
struct Place(Mutex<State>);

enum State {
    Waiting(Ticket),
    Admitted(Permit),
    Done,
}

impl Place {
    fn new(wake: Py<PyAny>, enter: impl FnOnce(Wake) -> Result<Ticket>) -> Result<Self> {
        let call = move || {
            Python::attach(|py| {
                // A turn may be given up while an exception is on its way: that one stays.
                let underway = PyErr::take(py);
                // The loop may be closed by now, and then nobody waits.
                drop(wake.call0(py));
                if let Some(error) = underway {
                    error.restore(py);
                }
            });
        };
        Ok(Self(Mutex::new(State::Waiting(enter(Box::new(call))?))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ready(&self) -> Result<bool> {
        let mut state = self.state();
        if let State::Waiting(ticket) = &mut *state {
            let Some(permit) = ticket.claim()? else { return Ok(false) };
            *state = State::Admitted(permit);
        }
        Ok(true)
    }

    fn remaining(&self) -> f64 {
        match &*self.state() {
            State::Waiting(ticket) => ticket.remaining().as_secs_f64(),
            State::Admitted(_) | State::Done => 0.0,
        }
    }

    fn leave(&self) {
        let left = mem::replace(&mut *self.state(), State::Done);
        // After the lock: dropping a permit wakes whoever is next.
        drop(left);
    }

    fn take(&self) -> Result<Permit> {
        let mut state = self.state();
        match mem::replace(&mut *state, State::Done) {
            State::Admitted(permit) => Ok(permit),
            other => {
                *state = other;
                Err(Error::InvalidInput("it is not this hash's turn, or it has run already"))
            }
        }
    }
}
