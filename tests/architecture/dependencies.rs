//! Dependencies point one way (architecture.md section 8).

use std::{collections::BTreeMap, process::Command};

use super::{files, root};

/// Lowest first; a crate may use those of lower layers alone.
const LAYERS: &[&[&str]] = &[
    &["kernel"],
    &["calendar", "telemetry", "trust"],
    &["contracts", "solver", "suggest"],
    &["db"],
    &["bus"],
    &["web"],
    &["intake", "routing", "supervision", "meetings", "notification", "agency", "console"],
    &["suite"],
];

/// Used by tests alone.
const FOR_TESTS: &[&str] = &["tests"];

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|l| l.contains(&name))
}

/// Normal dependencies of each of our crates, as cargo sees them.
fn workspace_dependencies() -> BTreeMap<String, Vec<(String, bool)>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let name = package["name"].as_str().expect("name").to_owned();
            let uses = package["dependencies"].as_array().expect("dependencies").iter();
            let uses = uses.map(|d| (d["name"].as_str().expect("name").to_owned(), d["kind"] == "dev"));
            (name, uses.collect())
        })
        .collect()
}

#[test]
fn dependencies_point_down_and_no_service_knows_another() {
    let all = workspace_dependencies();
    for (name, uses) in &all {
        if FOR_TESTS.contains(&name.as_str()) {
            continue;
        }
        let own = layer(name).unwrap_or_else(|| panic!("crate `{name}` has no layer: add it to LAYERS"));
        for (used, dev) in uses.iter().filter(|(u, _)| all.contains_key(u)) {
            if FOR_TESTS.contains(&used.as_str()) {
                assert!(dev, "`{name}` uses `{used}` outside its tests");
            } else if !dev {
                let below = layer(used).unwrap_or_else(|| panic!("crate `{used}` has no layer"));
                assert!(below < own, "`{name}` must not depend on `{used}`");
            }
        }
    }
}

#[test]
fn the_solver_knows_kernel_and_calendar_alone() {
    let all = workspace_dependencies();
    let own: Vec<&String> =
        all["solver"].iter().map(|(used, _)| used).filter(|u| all.contains_key(*u)).collect();
    assert_eq!(own, ["calendar", "kernel"]);
    for foreign in ["tokio", "sqlx", "async-nats", "reqwest", "axum"] {
        assert!(
            !all["solver"].iter().any(|(used, _)| used == foreign),
            "the solver must not use `{foreign}`"
        );
    }
}

#[test]
fn one_crate_alone_speaks_each_foreign_tongue() {
    // suite renders and starts the server, and prints what stock tools print; tests are a foreign client.
    let owners = [
        ("async-nats", &["bus", "tests"][..]), // Services only derive `FromRow`; clippy keeps them from running statements of their own.
        (
            "sqlx",
            &["db", "intake", "routing", "supervision", "meetings", "notification", "agency", "console"],
        ),
        ("object_store", &["intake"]),
    ];
    for (name, uses) in workspace_dependencies() {
        for (tongue, allowed) in owners {
            let speaks = uses.iter().any(|(u, dev)| u == tongue && !dev);
            assert!(
                !speaks || allowed.contains(&name.as_str()),
                "`{name}` uses `{tongue}`: only {allowed:?} may"
            );
        }
    }
}

#[test]
fn the_suggestion_engine_knows_no_bus_no_database_and_no_network() {
    let all = workspace_dependencies();
    let uses = all.get("suggest").expect("suggest");
    let allowed = ["kernel", "calendar", "csv", "rustc-hash", "serde", "serde_json", "sha2", "thiserror"];
    for (used, _) in uses.iter().filter(|(_, dev)| !dev) {
        assert!(allowed.contains(&used.as_str()), "`suggest` must not use `{used}`");
    }
}

#[test]
fn a_domain_is_pure() {
    let allowed = [
        "kernel",
        "calendar",
        "contracts",
        "chrono",
        "serde",
        "std",
        "crate",
        "super",
        "self",
        "core",
        "aho_corasick",
        "suggest",
    ];
    for service in ["intake", "routing", "supervision", "meetings", "notification", "agency", "console"] {
        let folder = root().join("services").join(service).join("src/domain");
        if !folder.is_dir() {
            continue;
        }
        for file in files(&folder, "rs") {
            let text = std::fs::read_to_string(&file).expect("source");
            for line in text.lines().filter_map(|l| l.strip_prefix("use ")) {
                let head = line.split("::").next().unwrap_or_default().trim_end_matches(';');
                assert!(allowed.contains(&head), "{}: a domain must not use `{head}`", file.display());
            }
            for word in ["async fn", ".await", "SystemTime", "Instant::now"] {
                assert!(!text.contains(word), "{}: a domain must not say `{word}`", file.display());
            }
        }
    }
}
