//! Files of keys: readable by their owner alone, and replaced in one step.

use core::hash::{Hash, Hasher};
use std::fs::{self, File, OpenOptions};
use std::hash::DefaultHasher;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::{Error, Result, encoding, random};

/// Whom a file belongs to.
pub(super) struct Owner {
    #[cfg(unix)]
    user: u32,
    #[cfg(unix)]
    group: u32,
}

/// The contents of a file that only its owner can read.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    read_with(path, |_| ()).map(|(contents, ())| contents)
}

/// As [`read`], and the owner of these very contents.
pub(super) fn read_owned(path: &Path) -> Result<(Zeroizing<Vec<u8>>, Owner)> {
    read_with(path, Owner::of)
}

/// As [`read`], and the stamp of these very contents.
pub(super) fn read_stamped(path: &Path) -> Result<(Zeroizing<Vec<u8>>, u64)> {
    read_with(path, stamp_of)
}

fn read_with<T>(
    path: &Path,
    of: impl FnOnce(&fs::Metadata) -> T,
) -> Result<(Zeroizing<Vec<u8>>, T)> {
    let mut file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    refuse_readable_by_others(&metadata)?;
    if metadata.len() > MAX_LENGTH {
        return Err(Error::Keyring("a file of keys is at most 16 MiB long"));
    }
    // Never grown, so that no piece of it stays behind in memory; a file that grows meanwhile is
    // cut short and does not parse.
    let length = usize::try_from(metadata.len()).unwrap_or(0);
    let mut contents = Zeroizing::new(vec![0; length]);
    file.read_exact(&mut contents).map_err(failed)?;
    Ok((contents, of(&metadata)))
}

/// A number that is another when the file at a path has become another.
pub(super) fn stamp(path: &Path) -> Result<u64> {
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        // Whoever opens a pipe waits for its other end.
        return Err(Error::Keyring("this is no regular file"));
    }
    Ok(stamp_of(&metadata))
}

#[cfg(unix)]
fn stamp_of(metadata: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    let modified = (metadata.mtime(), metadata.mtime_nsec());
    hash((metadata.dev(), metadata.ino(), metadata.len(), metadata.mode(), changed, modified))
}

#[cfg(not(unix))]
fn stamp_of(metadata: &fs::Metadata) -> u64 {
    hash((metadata.len(), metadata.modified().ok()))
}

fn hash(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// Writes a new file; one that exists is left alone and is an error.
pub(super) fn create(path: &Path, contents: &[u8]) -> Result<()> {
    write_new(path, contents, None)?;
    sync_directory(path)
}

/// Replaces a file, or makes it: whoever opens it sees the old contents or the new, whole.
///
/// It goes to `owner`, so that what an administrator saves stays readable to the server.
pub(super) fn replace(path: &Path, contents: &[u8], owner: Option<&Owner>) -> Result<()> {
    let temporary = beside(path, &encoding::hex(&random::nonce::<8>()?));
    let written = write_new(&temporary, contents, owner)
        .and_then(|()| fs::rename(&temporary, path).map_err(failed));
    if written.is_err() {
        // Whatever is left of it holds keys.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    sync_directory(path)
}

/// Runs `body` while no other process is inside one for the same file, whatever the links are
/// called that lead to it. `body` is given the file's own path.
pub(super) fn locked<T>(path: &Path, body: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let path = resolved(path)?;
    let lock = lock_file(&path).map_err(failed)?;
    lock.lock().map_err(failed)?;
    // Closing the file unlocks it. The file stays: removing it would let two processes lock two
    // files of the same name.
    body(&path)
}

/// The path of the file that a path leads to, which need not exist.
fn resolved(path: &Path) -> Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match fs::read_link(path) {
            // A circle of links is another error than NotFound, so that this ends.
            Ok(target) => resolved(&directory(path).join(target)),
            Err(_) => Ok(path.to_path_buf()),
        },
        result => result.map_err(failed),
    }
}

fn lock_file(path: &Path) -> std::io::Result<File> {
    let name = beside(path, "lock");
    match private(OpenOptions::new().write(true).create_new(true)).open(&name) {
        Ok(lock) => {
            // Given away only if it is new: another could be a link to anything.
            if let Ok(metadata) = fs::metadata(path) {
                Owner::of(&metadata).take(&lock)?;
            }
            Ok(lock)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            OpenOptions::new().write(true).open(&name)
        }
        Err(error) => Err(error),
    }
}

fn write_new(path: &Path, contents: &[u8], owner: Option<&Owner>) -> Result<()> {
    let mut file =
        private(OpenOptions::new().write(true).create_new(true)).open(path).map_err(failed)?;
    file.write_all(contents)
        .and_then(|()| owner.map_or(Ok(()), |owner| owner.take(&file)))
        .and_then(|()| file.sync_all())
        .map_err(failed)
}

#[cfg(unix)]
impl Owner {
    fn of(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { user: metadata.uid(), group: metadata.gid() }
    }

    /// Gives a file to this owner.
    fn take(&self, file: &File) -> std::io::Result<()> {
        if Self::of(&file.metadata()?).user == self.user {
            return Ok(());
        }
        std::os::unix::fs::fchown(file, Some(self.user), Some(self.group))
    }
}

#[cfg(not(unix))]
impl Owner {
    fn of(_: &fs::Metadata) -> Self {
        Self {}
    }

    fn take(&self, _: &File) -> std::io::Result<()> {
        Ok(())
    }
}

/// `.<name>.<suffix>` in the same directory, and so on the same file system.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn refuse_readable_by_others(metadata: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(Error::Keyring("others can use this file of keys: make its mode 0600"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &fs::Metadata) -> Result<()> {
    Ok(())
}

/// Makes the entry in the directory survive a crash, where directories can be synced.
#[cfg(unix)]
fn sync_directory(path: &Path) -> Result<()> {
    File::open(directory(path)).and_then(|directory| directory.sync_all()).map_err(failed)
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> Result<()> {
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err passes")]
fn failed(error: std::io::Error) -> Error {
    Error::KeyringFile(error.kind())
}

/// Far above what the largest keyring needs.
const MAX_LENGTH: u64 = 16 << 20;
