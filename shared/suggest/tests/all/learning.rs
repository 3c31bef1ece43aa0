//! Learning and proposing on a small fictional office.

use crate::fiction::{by_agency, by_subject, text};
use suggest::{
    Example, How, Model, Reason, Region, Rules, Scratch, Shelf, Standing, TrainError, Word, cross_validate,
    earlier, evaluate, is_sure, shown, train,
};

fn examples(of: &[(String, String)]) -> Vec<Example<'_>> {
    of.iter().map(|(text, label)| Example { text, label, standing: Standing::Open }).collect()
}

fn learned(of: &[(String, String)]) -> Model {
    train(&examples(of), &Rules::default(), How::default()).expect("enough to learn from")
}

fn bytes(model: &Model) -> Vec<u8> {
    let mut out = Vec::new();
    model.write(&mut out).expect("written");
    out
}

#[test]
fn it_learns_subjects_and_is_sure_where_it_may_be() {
    let data = by_subject(60);
    let (early, late) = data.split_at(160);
    let metrics = evaluate(&learned(early), &examples(late));
    assert!(metrics.accuracy > 0.95, "{metrics:?}");
    assert!(metrics.top3 >= metrics.accuracy);
}

#[test]
fn the_same_examples_give_the_same_file_and_another_seed_another() {
    let data = by_subject(20);
    assert_eq!(bytes(&learned(&data)), bytes(&learned(&data)));
    let other = train(&examples(&data), &Rules::default(), How { seed: 2, ..How::default() }).expect("model");
    assert_ne!(bytes(&learned(&data)), bytes(&other));
}

#[test]
fn a_model_read_back_ranks_as_before() {
    let model = learned(&by_agency(40));
    let read = Model::read(bytes(&model).as_slice()).expect("read");
    let (mut a, mut b) = (Scratch::default(), Scratch::default());
    for turn in 0..30 {
        let text = text(turn % 4, turn % 3, turn + 100);
        assert_eq!(model.rank(&text, &mut a), read.rank(&text, &mut b));
    }
}

#[test]
fn a_ranked_list_is_a_distribution_whatever_the_text() {
    let model = learned(&by_agency(40));
    let mut scratch = Scratch::default();
    for text in ["", " ", "。", "😀", "x", &"长".repeat(20_000), "东风县柳树街路灯不亮", "\0\u{feff}"]
    {
        let ranked = model.rank(text, &mut scratch);
        assert_eq!(ranked.len(), model.labels().len());
        let sum: f64 = ranked.iter().map(|r| r.confidence).sum();
        assert!(sum <= 1.0 + 1e-9 && sum > 0.5, "{text:.9}: {sum}");
        assert!(ranked.iter().all(|r| r.confidence.is_finite() && r.confidence >= 0.0));
        assert!(ranked.is_sorted_by(|a, b| a.confidence >= b.confidence), "{text:.9}");
    }
}

#[test]
fn scratch_carries_nothing_from_one_text_to_the_next() {
    let model = learned(&by_agency(40));
    let mut used = Scratch::default();
    model.rank("东风县东风县工厂夜里排废气，拖欠工资", &mut used);
    let text = "小区电梯坏了";
    assert_eq!(model.rank(text, &mut used), model.rank(text, &mut Scratch::default()));
}

#[test]
fn the_traditional_script_is_read_like_the_simplified() {
    let model = learned(&by_subject(40));
    let (mut a, mut b) = (Scratch::default(), Scratch::default());
    assert_eq!(
        model.rank("拖欠工资，社会保险没有缴纳", &mut a),
        model.rank("拖欠工資，社會保險沒有繳納", &mut b)
    );
}

#[test]
fn a_named_place_leads_to_its_label_and_says_so() {
    let model = learned(&by_agency(60));
    let mut scratch = Scratch::default();
    let text = "北原县某处，有一件从来没有说过的事情";
    let best = model.rank(text, &mut scratch)[0].label;
    assert_eq!(model.labels()[best], "北原县");
    assert!(model.reasons(text, best, None).contains(&Reason::Region("北原县".to_owned())));
}

#[test]
fn a_township_of_the_list_leads_to_its_county() {
    let regions = [("990101", "东风县"), ("990102", "北原县"), ("990103", "临河区"), ("990102003", "石桥镇")];
    let regions = regions.map(|(code, name)| Region { code: code.into(), name: name.into() }).to_vec();
    let mut model = learned(&by_agency(60));
    let county = model.labels().iter().position(|l| l == "北原县").expect("label");
    let text = "石桥镇有一件从来没有说过的事情";
    let sure_of = |model: &Model| {
        let mut scratch = Scratch::default();
        let found = model.rank(text, &mut scratch).iter().find(|r| r.label == county).map(|r| r.confidence);
        found.expect("ranked")
    };
    let before = sure_of(&model);
    model.use_regions(&regions);
    assert!(sure_of(&model) > 2.0 * before, "{before} {}", sure_of(&model));
    assert!(model.reasons(text, county, None).contains(&Reason::Region("北原县".to_owned())));
}

#[test]
fn a_word_of_the_catalogue_is_a_reason() {
    let data = by_subject(30);
    let words = vec![Word { label: "城建".into(), word: "路灯".into(), weight: 5 }];
    let rules = Rules { words, ..Rules::default() };
    let model = train(&examples(&data), &rules, How::default()).expect("model");
    let label = model.labels().iter().position(|l| l == "城建").expect("label");
    assert!(model.reasons("街上路灯不亮", label, None).contains(&Reason::Keyword("路灯".to_owned())));
}

#[test]
fn reasons_quote_the_text_in_its_own_spelling() {
    let model = learned(&by_subject(40));
    let text = "您好！包工頭拖欠工資三個月";
    let mut scratch = Scratch::default();
    let best = model.rank(text, &mut scratch)[0].label;
    let reasons = model.reasons(text, best, None);
    assert!(!reasons.is_empty());
    for reason in reasons {
        let (Reason::Term(term) | Reason::Keyword(term)) = reason else { panic!("{reason:?}") };
        assert!(text.contains(&term), "{term}");
    }
}

#[test]
fn what_is_not_sure_shows_those_that_compete() {
    let model = learned(&by_subject(40));
    let mut scratch = Scratch::default();
    let ranked = model.rank("春眠闻啼鸟", &mut scratch);
    assert!(!is_sure(ranked), "{ranked:?}");
    assert!((2..=3).contains(&shown(ranked).len()));
    let ranked = model.rank("包工头不发工钱，拖欠工资三个月，加班费一直不给", &mut scratch);
    assert!(is_sure(ranked), "{ranked:?}");
    assert_eq!(shown(ranked).len(), 1);
}

#[test]
fn too_little_is_refused() {
    let data = by_subject(2);
    let refused = train(&examples(&data), &Rules::default(), How::default()).expect_err("too few");
    assert_eq!(refused, TrainError::TooFew { texts: 8, labels: 4 });
}

/// A word that stands in an accusation alone.
const CANARY: &str = "金丝雀密函";

#[test]
fn an_accusation_leaves_no_trace_in_model_or_shelf() {
    let data = by_subject(30);
    let secrets: Vec<String> = (0..9).map(|i| format!("{CANARY}检举局长收受贿赂{i}，路灯不亮")).collect();
    let mut with: Vec<Example<'_>> = examples(&data);
    with.extend(secrets.iter().map(|text| Example { text, label: "检举", standing: Standing::Accusation }));
    let (without, with) = (learned(&data), train(&with, &Rules::default(), How::default()).expect("model"));
    // Not only is the word absent: the model is the same, byte for byte.
    assert_eq!(bytes(&without), bytes(&with));

    let mut shelf = Shelf::default();
    for (at, text) in secrets.iter().enumerate() {
        assert!(!shelf.put(&format!("secret-{at}"), "检举", text, Standing::Accusation));
    }
    assert!(shelf.put("open", "城建", "柳树街路灯不亮，下水道堵塞，楼顶漏水", Standing::Open));
    let seen = earlier(&shelf, &secrets[0], "检举", &|_| true, &mut Scratch::default());
    assert_eq!(seen, []);
    let (text, all) = ("柳树街路灯不亮，下水道堵塞", |_: &str| true);
    assert_eq!(
        earlier(&shelf, text, "城建", &all, &mut Scratch::default()),
        [Reason::Earlier("open".into())]
    );
    assert_eq!(earlier(&shelf, text, "城建", &|_| false, &mut Scratch::default()), []);
}

#[test]
fn cross_validation_is_the_same_twice() {
    let data = by_subject(12);
    let run = || cross_validate(&examples(&data), &Rules::default(), How::default(), 3, 1).expect("figures");
    assert_eq!(run().pooled, run().pooled);
}

#[test]
fn labels_of_near_identical_texts_are_told_apart() {
    let wages = |n: u32| format!("某建筑公司拖欠我们{n}个月的工资，包工头一直推脱不给，请帮助讨要");
    let noise = |n: u32| format!("楼下工地连续{n}天夜里施工，噪音很大，老人孩子睡不着，请管一管");
    let of = |label: &str, text: &dyn Fn(u32) -> String| -> Vec<(String, String)> {
        (1..=12).map(|n| (text(n), label.to_owned())).collect()
    };
    let data = [of("labour", &wages), of("urban", &noise)].concat();
    let model = learned(&data);
    let mut scratch = Scratch::default();
    for (text, label) in [(wages(40), "labour"), (noise(40), "urban")] {
        let first = model.rank(&text, &mut scratch)[0].label;
        assert_eq!(model.labels()[first], label, "{text}");
    }
}
