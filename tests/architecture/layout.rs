//! The folder tree is the architecture.

use std::collections::BTreeSet;

use super::{files, root};

#[test]
fn the_top_level_holds_what_it_should_and_nothing_else() {
    let wanted: BTreeSet<&str> = [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "Makefile",
        "README.md",
        "ARCHITECTURE.md",
        "rust-toolchain.toml",
        "services",
        "shared",
        "deploy",
        "tests",
    ]
    .into();
    let left_by_work = ["target", "data", "demo-data"];
    for entry in std::fs::read_dir(root()).expect("root") {
        let name = entry.expect("entry").file_name().into_string().expect("utf-8");
        let fits =
            name.starts_with('.') || wanted.contains(name.as_str()) || left_by_work.contains(&name.as_str());
        assert!(fits, "`{name}` does not belong at the top level");
    }
    for name in wanted {
        assert!(root().join(name).exists(), "`{name}` is missing at the top level");
    }
}

#[test]
fn no_source_file_outgrows_six_hundred_lines() {
    for folder in ["shared", "services", "tests"] {
        for file in files(&root().join(folder), "rs") {
            let lines = std::fs::read_to_string(&file).expect("source").lines().count();
            assert!(lines <= 600, "{} has {lines} lines: split it by role", file.display());
        }
    }
}

#[test]
fn every_service_has_the_same_rooms() {
    for service in ["intake", "routing", "supervision", "meetings", "notification", "agency"] {
        let source = root().join("services").join(service).join("src");
        for room in
            ["lib.rs", "config.rs", "error.rs", "svc.rs", "domain", "commands", "consumers", "store/sql.rs"]
        {
            assert!(source.join(room).exists(), "services/{service}/src/{room} is missing");
        }
    }
}

#[test]
fn both_databases_have_the_same_migrations() {
    let mut folders = vec![root().join("shared/db/migrations")];
    folders.extend(
        ["intake", "routing", "supervision", "meetings", "notification", "agency", "console"]
            .map(|s| root().join("services").join(s).join("migrations")),
    );
    for folder in folders {
        let names = |dialect: &str| -> Vec<_> {
            files(&folder.join(dialect), "sql")
                .iter()
                .map(|f| f.file_name().expect("name").to_owned())
                .collect()
        };
        assert!(!names("sqlite").is_empty(), "{} is empty", folder.display());
        assert_eq!(names("sqlite"), names("postgres"), "{}", folder.display());
    }
}

#[test]
fn the_map_names_only_what_exists() {
    for page in ["README.md", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(page)).expect("page");
        for quoted in text.split('`').skip(1).step_by(2) {
            let is_path = ["services/", "shared/", "deploy/", "tests/"].iter().any(|p| quoted.starts_with(p));
            if !is_path || quoted.contains(['<', '*', '{', ' ', '…']) {
                continue;
            }
            let path = quoted.split('#').next().unwrap_or(quoted);
            assert!(root().join(path).exists(), "{page} names `{quoted}`, which does not exist");
        }
    }
}

#[test]
fn every_word_of_the_glossary_is_a_word_of_the_code() {
    let glossary = std::fs::read_to_string(root().join("shared/contracts/GLOSSARY.md")).expect("glossary");
    let mut sources = String::new();
    for file in files(&root().join("shared/contracts/src"), "rs") {
        sources.push_str(&std::fs::read_to_string(file).expect("source"));
    }
    sources.push_str(&std::fs::read_to_string(root().join("shared/kernel/src/actor.rs")).expect("source"));
    let words: Vec<&str> =
        glossary.lines().filter(|l| l.starts_with('|')).filter_map(|l| l.split('`').nth(1)).collect();
    assert!(words.len() > 20, "the table was read");
    for word in words {
        assert!(sources.contains(word), "the glossary's `{word}` is no word of the code");
    }
}
