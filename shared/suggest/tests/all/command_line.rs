//! `lianxi suggest`, from table to JSON.

use std::{fs, path::PathBuf};

use crate::fiction::{by_agency, by_subject};
use serde_json::Value;
use suggest::cli::{CliError, run};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lianxi-suggest-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("folder");
        Self(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn table(&self, name: &str, rows: &[(String, String)]) -> String {
        let mut table = csv::Writer::from_path(self.0.join(name)).expect("table");
        table.write_record(["text", "label"]).expect("head");
        rows.iter().for_each(|(text, label)| table.write_record([text, label]).expect("row"));
        table.flush().expect("flush");
        self.file(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn suggest(words: &str) -> Result<Vec<Value>, CliError> {
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let mut out = Vec::new();
    run(&words, &mut out)?;
    let text = String::from_utf8(out).expect("utf-8");
    Ok(text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

#[test]
fn train_eval_and_predict_go_together() {
    let folder = Folder::new("whole");
    let data = by_subject(60);
    let (from, on) = (folder.table("train.csv", &data[..160]), folder.table("test.csv", &data[160..]));
    let model = folder.file("m.model");
    let trained =
        suggest(&format!("train --from {from} --text text --label label --out {model}")).expect("train");
    assert_eq!(trained[0]["texts"], 160);
    let figures =
        suggest(&format!("eval --model {model} --on {on} --text text --label label")).expect("eval");
    for name in ["accuracy", "macro_f1", "top3", "expected_calibration_error", "texts_per_second"] {
        assert!(figures[0][name].is_f64(), "{name}: {}", figures[0]);
    }
    let lines =
        suggest(&format!("predict --model {model} --on {on} --text text --reasons yes")).expect("predict");
    assert_eq!(lines.len(), 80);
    for line in &lines {
        assert_eq!(line["ranked"][0]["label"], line["label"]);
        assert!(line["sure"].is_boolean() && line["reasons"].is_array());
    }
}

#[test]
fn regions_are_read_with_and_without_a_head() {
    let folder = Folder::new("regions");
    let from = folder.table("train.csv", &by_agency(40));
    for (name, content) in [
        ("a.csv", "code,name,cityCode\n990101,\"东风县\",9901\n990102,\"北原县\",9901\n990103,临河区,9901\n"),
        ("b.csv", "990101,东风县\n990102,北原县\n990103,临河区\n"),
        ("c.txt", "东风县\n北原县\n临河区\n"),
    ] {
        let (regions, model) = (folder.file(name), folder.file("m.model"));
        fs::write(&regions, content).expect("regions");
        let train =
            format!("train --from {from} --text text --label label --out {model} --regions {regions}");
        suggest(&train).expect("train");
        let eval = format!("eval --model {model} --on {from} --text text --label label --regions {regions}");
        let figures = suggest(&eval).expect("eval");
        assert!(figures[0]["accuracy"].as_f64().is_some_and(|a| a > 0.95), "{name}: {}", figures[0]);
    }
}

#[test]
fn rows_of_an_accusation_do_not_teach() {
    let folder = Folder::new("accusation");
    let mut table = String::from("text,label,purpose\n");
    for (text, label) in by_subject(20) {
        table.push_str(&format!("{text},{label},claim\n"));
    }
    table.push_str("检举局长,检举,accusation\n检举科长,检举,检举控告\n");
    let (from, model) = (folder.file("t.csv"), folder.file("m.model"));
    fs::write(&from, table).expect("table");
    let trained =
        suggest(&format!("train --from {from} --text text --label label --out {model}")).expect("train");
    assert_eq!((&trained[0]["texts"], &trained[0]["labels"]), (&Value::from(80), &Value::from(4)));
}

#[test]
fn versions_are_made_reverted_and_switched() {
    let folder = Folder::new("versions");
    let data = by_subject(60);
    let (early, all) = (folder.table("early.csv", &data[..80]), folder.table("all.csv", &data));
    let versions = folder.file("line");
    for table in [early, all] {
        let words = format!("retrain --versions {versions} --from {table} --text text --label label");
        assert_eq!(suggest(&words).expect("retrain")[0]["taken"], true);
    }
    assert_eq!(suggest(&format!("revert --versions {versions}")).expect("revert")[0]["in_use"], 1);
    suggest(&format!("off --versions {versions}")).expect("off");
    assert_eq!(suggest(&format!("versions --versions {versions}")).expect("versions")[0]["off"], true);
}

#[test]
fn mistakes_are_named() {
    let folder = Folder::new("mistakes");
    let from = folder.table("train.csv", &by_subject(20));
    for (words, told) in [
        (format!("train --from {from} --text body --label label --out x"), "no column `body`"),
        (format!("train --from {from} --text text --out x"), "--label is missing"),
        ("eval --model /nowhere/m --on x --text t --label l".to_owned(), "/nowhere/m"),
        ("train --fro x".to_owned(), "`--fro` is not understood"),
        ("train --from".to_owned(), "--from needs a value"),
        ("teach".to_owned(), "`teach` is no verb"),
    ] {
        let error = suggest(&words).expect_err("a mistake").to_string();
        assert!(error.contains(told), "{words}: {error}");
    }
}
