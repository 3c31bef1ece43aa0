//! The mail server of the tests: PyPI `aiosmtpd`, a program of its own behind a TCP port.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A server with the mails it took.
pub struct MailServer {
    child: Child,
    folder: PathBuf,
    /// Where it listens.
    pub port: u16,
}

pub fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let venv = env::var_os("LIANXI_VENV").map_or_else(|| root.join(".tools/venv"), PathBuf::from);
    let python = venv.join("bin/python");
    assert!(python.exists(), "no Python at {}: run `make setup`, or set LIANXI_VENV", python.display());
    python
}

impl MailServer {
    /// Starts one.
    pub fn start(name: &str) -> Self {
        Self::with(name, None)
    }

    /// Starts one that wants a sealed line and the login `lianxi`, with the certificate of a folder.
    pub fn sealed(name: &str, certificate: &Path) -> Self {
        Self::with(name, Some(certificate))
    }

    fn with(name: &str, certificate: Option<&Path>) -> Self {
        let folder = env::temp_dir().join(format!("lianxi-mail-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).expect("folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp_server.py");
        let mut child = Command::new(python())
            .arg(script)
            .arg(&folder)
            .args(certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python runs");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let port = line.trim().parse().expect("its port; is aiosmtpd there (`make setup`)?");
        Self { child, folder, port }
    }

    /// The mails it took, in order, whole.
    pub fn mails(&self) -> Vec<String> {
        let mut files: Vec<PathBuf> = fs::read_dir(&self.folder)
            .expect("folder")
            .map(|entry| entry.expect("entry").path())
            .filter(|path| path.extension().is_some_and(|e| e == "eml"))
            .collect();
        files.sort();
        files.iter().map(|path| fs::read_to_string(path).expect("a mail")).collect()
    }

    /// The folder, for another program that reads it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.kill());
        drop(self.child.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}
