//! It learns on: compared, versioned, revertible, switched off.

use std::path::PathBuf;

use crate::fiction::by_subject;
use suggest::{Example, How, Rules, Standing, VersionError, Versions};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lianxi-suggest-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn examples(of: &[(String, String)]) -> Vec<Example<'_>> {
    of.iter().map(|(text, label)| Example { text, label, standing: Standing::Open }).collect()
}

#[test]
fn a_better_version_takes_over_a_worse_one_does_not_and_both_can_be_taken_back() {
    let folder = Folder::new("line");
    let versions = Versions::new(&folder.0);
    assert!(versions.model().expect("empty").is_none());
    let data = by_subject(60);
    let first = versions.retrain(&examples(&data[..60]), &Rules::default(), How::default()).expect("first");
    assert!(first.taken && first.in_use.is_none());
    let second =
        versions.retrain(&examples(&data[..160]), &Rules::default(), How::default()).expect("second");
    assert!(second.taken, "{second:?}");
    assert_eq!(second.known_to_in_use, 0);
    assert_eq!(versions.model().expect("model").expect("in use").0, 2);

    // Confirmations that contradict all that was learned: the newcomer is kept, not used.
    let mut wrong = data[..160].to_vec();
    let labels: Vec<String> = wrong.iter().map(|(_, label)| label.clone()).collect();
    for (at, (_, label)) in wrong.iter_mut().take(120).enumerate() {
        label.clone_from(&labels[(at + 1) % labels.len()]);
    }
    let third = versions.retrain(&examples(&wrong), &Rules::default(), How::default()).expect("third");
    assert!(!third.taken, "{third:?}");
    assert_eq!(versions.model().expect("model").expect("in use").0, 2);

    assert_eq!(versions.revert().expect("back"), 1);
    assert_eq!(versions.model().expect("model").expect("in use").0, 1);
    assert!(matches!(versions.revert(), Err(VersionError::NoEarlier)));
    versions.choose(3).expect("a person may choose");
    assert_eq!(versions.state().expect("state").used.last(), Some(&3));
    assert!(matches!(versions.choose(9), Err(VersionError::Unknown(9))));
}

#[test]
fn switched_off_there_is_no_model_and_on_again_the_same() {
    let folder = Folder::new("off");
    let versions = Versions::new(&folder.0);
    let data = by_subject(20);
    versions.retrain(&examples(&data), &Rules::default(), How::default()).expect("version");
    versions.switch(true).expect("off");
    assert!(versions.model().expect("off").is_none());
    versions.switch(false).expect("on");
    assert!(versions.model().expect("on").is_some());
}

#[test]
fn a_damaged_version_is_named_and_does_not_take_the_others_down() {
    let folder = Folder::new("damaged");
    let versions = Versions::new(&folder.0);
    let data = by_subject(60);
    versions.retrain(&examples(&data[..80]), &Rules::default(), How::default()).expect("first");
    versions.retrain(&examples(&data), &Rules::default(), How::default()).expect("second");
    std::fs::write(folder.0.join("v0002.model"), b"LIANXI-S and then nothing").expect("damage");
    let error = versions.model().expect_err("damaged");
    assert!(error.to_string().contains("v0002.model"), "{error}");
    versions.choose(1).expect("the first is whole");
    assert!(versions.model().expect("first").is_some());
}

#[test]
fn the_first_version_does_not_replace_what_is_better_without_one() {
    let folder = Folder::new("beside");
    let versions = Versions::new(&folder.0);
    let data = by_subject(40);
    let right: Vec<Option<String>> = data.iter().map(|(_, label)| Some(label.clone())).collect();
    // What was confirmed early contradicts what is confirmed now: the newcomer is wrong where the rules are right.
    let mut turned = data.clone();
    let labels: Vec<String> = data.iter().map(|(_, label)| label.clone()).collect();
    for (at, (_, label)) in turned.iter_mut().take(data.len() * 4 / 5).enumerate() {
        label.clone_from(&labels[(at + 1) % labels.len()]);
    }
    let learn = |rows: &[(String, String)], without: &[Option<String>]| {
        let (rules, how) = (Rules::default(), How::default());
        versions.retrain_beside(&examples(rows), without, &rules, how).expect("version")
    };
    let worse = learn(&turned, &right);
    assert_eq!((worse.without, worse.taken), (Some(1.0), false), "{worse:?}");
    assert!(versions.model().expect("folder").is_none(), "what proposes without a version goes on");
    let silent = vec![None; data.len()];
    let better = learn(&data, &silent);
    assert_eq!((better.without, better.taken), (Some(0.0), true), "{better:?}");
}
