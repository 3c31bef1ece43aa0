//! The built program, for tests that need processes of their own.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    time::SystemTime,
};

use crate::architecture::{files, root};

/// `lianxi` of this build: beside the tests, made by cargo where it is missing or older than a source.
pub fn lianxi() -> &'static Path {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(build);
    &BUILT
}

fn build() -> PathBuf {
    // target/<profile>/deps/suite-…
    let own = std::env::current_exe().expect("this test's own program");
    let folder = own.parent().and_then(Path::parent).expect("the profile's folder");
    let program = folder.join("lianxi");
    if changed_at(&program) < newest_source() {
        let profile = match folder.file_name().and_then(|n| n.to_str()) {
            Some("debug") | None => "dev",
            Some(profile) => profile,
        };
        let target = folder.parent().expect("the target folder");
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "suite", "--bin", "lianxi", "--profile", profile])
            .arg("--target-dir")
            .arg(target)
            .current_dir(root())
            .status();
        assert!(status.expect("cargo").success(), "lianxi could not be built");
    }
    assert!(program.exists(), "cargo made no {}", program.display());
    program
}

fn newest_source() -> Option<SystemTime> {
    let folders = ["services", "shared"].map(|folder| root().join(folder));
    let sources = folders.iter().flat_map(|folder| {
        ["rs", "sql", "html", "ftl", "toml"].into_iter().flat_map(|extension| files(folder, extension))
    });
    sources.filter_map(|file| changed_at(&file)).max()
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|m| m.modified()).ok()
}
