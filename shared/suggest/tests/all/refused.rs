//! What the engine must not be able to do (domain.md 5), read from its own public face.

use std::{fs, path::Path};

fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("src") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push((path.display().to_string(), fs::read_to_string(&path).expect("text")));
        }
    }
}

/// Signatures of public functions, each on one line.
fn signatures() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = Vec::new();
    for (file, text) in files {
        for part in text.split("pub fn ").skip(1) {
            let signature = part.split('{').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
            found.push((file.clone(), signature.join(" ")));
        }
    }
    assert!(found.len() > 40, "{}", found.len());
    found
}

#[test]
fn no_function_takes_an_identity_and_none_returns_or_counts_persons() {
    let persons = ["identity", "person", "petitioner", "blind", "name_of", "id_number", "telephone", "who"];
    for (file, signature) in signatures() {
        let lower = signature.to_lowercase();
        let met: Vec<&&str> = persons.iter().filter(|word| lower.contains(**word)).collect();
        // The one exception says yes or no of a pair that has passed already.
        let allowed = signature.starts_with("supported_by(mut self, same_person: bool) -> Self");
        assert!(met.is_empty() || allowed, "{file}: {signature} speaks of {met:?}");
    }
}

#[test]
fn the_index_of_repeats_keeps_no_person_and_no_text() {
    let source = include_str!("../../src/repeats/index.rs");
    let held =
        source.split("pub struct Index<K> {").nth(1).and_then(|s| s.split("\n}").next()).expect("struct");
    for word in ["String", "Structure,", "person", "text:"] {
        assert!(!held.contains(word), "{word} in {held}");
    }
    let structure =
        source.split("pub struct Structure {").nth(1).and_then(|s| s.split("\n}").next()).expect("struct");
    let fields: Vec<&str> = structure
        .lines()
        .filter_map(|l| l.trim().strip_prefix("pub "))
        .filter_map(|l| l.split(':').next())
        .collect();
    assert_eq!(fields, ["place", "object", "agency", "day"]);
}

#[test]
fn a_pair_is_made_by_comparison_alone() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let makers = files.iter().map(|(_, text)| text.matches("same_person: None").count()).sum::<usize>();
    assert_eq!(makers, 1);
}
