//! Names that are kept for the life of the process.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::platform::fork::PerProcess;

/// Keeps names, each once however many policies use it; the answer is whether there is room.
///
/// The names of policies that an application writes are few. But it may also put what a request
/// says into one (an `id_prefix`, the value of an attribute), and that must not fill the memory.
pub(super) fn keep<'a>(names: impl Iterator<Item = &'a str> + Clone) -> bool {
    kept().keep(names, MOST)
}

/// The one copy of a name.
pub(super) fn intern(name: &str) -> &'static str {
    kept().intern(name)
}

fn kept() -> MutexGuard<'static, Names> {
    // A child forked while another thread holds the lock has a lock of its own.
    static NAMES: PerProcess<Mutex<Names>> = PerProcess::new(Mutex::default);
    NAMES.get().lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug, Default)]
struct Names {
    names: HashSet<&'static str>,
    bytes: usize,
}

impl Names {
    /// Keeps all names or none of them, and no more than so many bytes in all.
    fn keep<'a>(&mut self, names: impl Iterator<Item = &'a str> + Clone, most: usize) -> bool {
        let new = names.clone().filter(|name| !self.names.contains(name));
        let room = new.map(size).fold(self.bytes, usize::saturating_add) <= most;
        if room {
            names.for_each(|name| _ = self.intern(name));
        }
        room
    }

    fn intern(&mut self, name: &str) -> &'static str {
        self.names.get(name).copied().unwrap_or_else(|| {
            let name: &'static str = name.to_owned().leak();
            self.names.insert(name);
            self.bytes += size(name);
            name
        })
    }
}

/// Bytes that a name takes, the place in the set included.
const fn size(name: &str) -> usize {
    name.len() + 48
}

/// 1 MiB, some ten thousand names. HTML has a few hundred.
const MOST: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_once() {
        assert!(core::ptr::eq(intern("name-of-a-test"), intern(&String::from("name-of-a-test"))));
    }

    #[test]
    fn names_without_end_do_not_fill_the_memory() {
        let mut names = Names::default();
        let most = 10 * size("user-00000");
        let prefixes: Vec<_> = (0..10_000).map(|number| format!("user-{number:05}")).collect();
        let mut has_room = |prefix: &String| names.keep(["b", prefix.as_str()].into_iter(), most);
        let kept = prefixes.iter().filter(|prefix| has_room(prefix)).count();

        assert_eq!(9, kept);
        assert_eq!(1 + kept, names.names.len());
        assert!(names.bytes <= most);
        // What is there needs no room.
        assert!(names.keep(["user-00003"].into_iter(), most));
    }
}
