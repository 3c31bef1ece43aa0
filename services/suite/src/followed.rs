//! Files of the data folder that processes follow while they run: what was loaded or entered there counts at once.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use anyhow::Context;
use bus::Shutdown;

use crate::site::Site;

/// How often a file is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Calls `read` whenever the file of the data folder is another one than before, until asked to end. What is wrong with
/// the file is said by the health check, and looked at again.
///
/// # Errors
/// Never; it is a task of a process as the others are.
pub async fn follow(
    site: &Site,
    (file, check): (&str, &str),
    mut shutdown: Shutdown,
    read: impl Fn() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let check = site.health.check(check);
    let file = site.place.dir().join(file);
    let mut known = None;
    loop {
        // Before the reading: what is written meanwhile is seen the next time.
        let now = mark(&file);
        if known != Some(now) {
            match read() {
                Ok(()) => {
                    known = Some(now);
                    check.pass();
                }
                Err(error) => check.fail(&format!("{error:#}")),
            }
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => return Ok(()),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Tells one making of a file from the next: files are written whole and put in place by a new name.
fn mark(file: &Path) -> Option<(SystemTime, u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::metadata(file).ok()?;
    Some((found.modified().ok()?, found.len(), found.ino()))
}

/// The texts that were loaded into a file, in their order; none where there is no file.
///
/// # Errors
/// When the file cannot be read or is no list.
pub fn texts(dir: &Path, file: &'static str) -> anyhow::Result<Vec<String>> {
    match fs::read_to_string(dir.join(file)) {
        Ok(text) => serde_json::from_str(&text).context(file),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).context(file),
    }
}
