//! Repeats and joint petitions: candidates, evidence, and what the same person may add.

use suggest::repeats::{Index, PAIRS_AT_MOST, Side, Sketch, Structure, compare, shown};

const LETTER: &str = "东风县柳树街十二号楼的电梯坏了三个月，物业一直不修，老人上不了楼，多次反映没有人管，请有关部门尽快督促修好。";

fn structure(place: &str, object: &str, day: i64) -> Structure {
    Structure { place: place.into(), object: Some(object.into()), agency: None, day }
}

fn index(texts: &[(&'static str, &str, Structure)]) -> Index<&'static str> {
    let mut index = Index::default();
    for (id, text, structure) in texts {
        index.add(*id, &Sketch::of(text).expect("sketch"), structure);
    }
    index
}

#[test]
fn a_near_identical_letter_is_found_in_either_script() {
    let nowhere = Structure::default();
    let index = index(&[
        ("same", LETTER, nowhere.clone()),
        (
            "other",
            "北原县钟楼街的学校食堂太贵，家长多次反映，学校不理，请教育部门查一查账目。",
            nowhere.clone(),
        ),
    ]);
    let again = "您好！東風縣柳樹街十二號樓的電梯壞了三個月，物業一直不修，老人上不了樓，多次反映沒有人管。請有關部門盡快督促修好！";
    let found = index.candidates(&Sketch::of(again).expect("sketch"), &nowhere);
    assert_eq!(found.iter().map(|c| c.id).collect::<Vec<_>>(), ["same"]);
    let side = |text| Side { text, structure: &nowhere };
    let pair = compare("same", side(again), side(LETTER)).expect("one matter");
    assert!(pair.likeness > 0.8, "{}", pair.likeness);
    assert!(pair.passages.iter().all(|p| again.contains(&p.here) && LETTER.contains(&p.there)));
    assert!(!pair.passages.is_empty());
}

#[test]
fn place_and_object_bring_together_what_other_words_say() {
    let here = structure("990101001", "柳树街十二号楼", 10);
    let other = "柳树街十二号楼的电梯坏了，物业一直不修，孩子上学要爬二十层，请尽快督促修好电梯。";
    let index = index(&[("like", LETTER, structure("990101", "柳樹街十二號樓", 3))]);
    let found = index.candidates(&Sketch::of(other).expect("sketch"), &here);
    assert_eq!(found.iter().map(|c| (c.id, c.structure)).collect::<Vec<_>>(), [("like", true)]);
    let there = structure("990101", "柳樹街十二號樓", 3);
    let (a, b) = (Side { text: other, structure: &here }, Side { text: LETTER, structure: &there });
    let pair = compare("like", a, b);
    // Alike, not identical: without the structure it is no pair.
    let nowhere = Structure::default();
    let bare = compare(
        "like",
        Side { text: other, structure: &nowhere },
        Side { text: LETTER, structure: &nowhere },
    );
    assert!(bare.is_none());
    let pair = pair.expect("one matter");
    assert!(pair.compared.iter().find(|c| c.what == "object").expect("object").same);
}

#[test]
fn years_apart_alike_texts_are_no_pair() {
    let (here, there) = (structure("990101", "十二号楼", 1000), structure("990101", "十二号楼", 10));
    let other = "柳树街十二号楼的电梯坏了，物业一直不修，孩子上学要爬二十层，请尽快督促修好电梯。";
    let pair = compare(1, Side { text: other, structure: &here }, Side { text: LETTER, structure: &there });
    assert!(pair.is_none());
}

#[test]
fn the_same_person_alone_makes_no_pair_and_only_orders_those_that_passed() {
    let nowhere = Structure::default();
    let side = |text| Side { text, structure: &nowhere };
    // Two matters of one person: there is no pair to which the person could be added.
    assert!(compare(1, side(LETTER), side("学校食堂太贵，家长多次反映，学校不理。")).is_none());
    let pair = |id: u32| compare(id, side(LETTER), side(LETTER)).expect("one matter");
    let order: Vec<u32> = shown(vec![pair(1), pair(2).supported_by(false), pair(3).supported_by(true)])
        .iter()
        .map(|p| p.other)
        .collect();
    assert_eq!(order.first(), Some(&3));
}

#[test]
fn at_most_five_pairs_are_shown() {
    let nowhere = Structure::default();
    let side = |text| Side { text, structure: &nowhere };
    let pairs = (0..20).filter_map(|id| compare(id, side(LETTER), side(LETTER))).collect();
    assert_eq!(shown(pairs).len(), PAIRS_AT_MOST);
}

#[test]
fn an_index_that_grew_finds_as_one_made_large() {
    let nowhere = Structure::default();
    let text = |i: usize| format!("{}，编号{i}，{}", crate::fiction::text(i % 4, i % 3, i), i * 7919);
    let (mut grown, mut large) = (Index::default(), Index::with_room_for(5000));
    for i in 0..5000 {
        let sketch = Sketch::of(&text(i)).expect("sketch");
        grown.add(i, &sketch, &nowhere);
        large.add(i, &sketch, &nowhere);
    }
    for i in (0..5000).step_by(97) {
        let sketch = Sketch::of(&text(i)).expect("sketch");
        assert!(grown.candidates(&sketch, &nowhere).iter().any(|c| c.shared == suggest::repeats::MINIMA));
        assert!(large.candidates(&sketch, &nowhere).iter().any(|c| c.shared == suggest::repeats::MINIMA));
    }
}

#[test]
fn near_identical_texts_are_found_as_by_comparing_all_with_all() {
    let mut texts = Vec::new();
    for i in 0..200_u32 {
        // Letters of 120 characters, each its own; and each again with every fifteenth character changed.
        let mut letter: Vec<char> = (0..120)
            .filter_map(|j| char::from_u32(0x4E00 + (i * 2_654_435 + j * j * 7919 + j * 31) % 9000))
            .collect();
        texts.push(letter.iter().collect::<String>());
        letter.iter_mut().step_by(15).for_each(|c| *c = '某');
        texts.push(letter.into_iter().collect());
    }
    let found = suggest::try_repeats(&texts);
    assert!(found.near_identical >= 150, "{found:?}");
    assert!(found.recall >= 0.99, "{found:?}");
}
