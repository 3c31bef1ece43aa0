//! Repeats and joint petitions: what looks like one matter, and what is never named.

use contracts::{
    codes::{CloseCode, Level, Purpose},
    intake::commands::{Identity, LikeFound, LikePair, LikeSubmissions, LinkRepeat, Register, SameMatter},
    routing::{MatterClosedV1, MatterScreenedV1, ProposalUse},
};
use kernel::{Place, Role, SubmissionId};

use crate::office::{Office, accusation, claim, code, each, forwarded, luo};

/// What a letter says of a street, in both scripts; and of something else.
const LAMPS: &str = "东风路从三号院到菜场这一段的路灯坏了三个月，夜里一片漆黑，老人出门摔倒过两次。\
     我们找过物业，也打过市政的电话，都说不归他们管。请尽快派人来修，并说明到底归谁管。";
const LAMPS_TRADITIONAL: &str = "東風路從三號院到菜場這一段的路燈壞了三個月，夜裡一片漆黑，老人出門摔倒過兩次。\
     我們找過物業，也打過市政的電話，都說不歸他們管。請盡快派人來修，並說明到底歸誰管。";
const WELL: &str = "村口的机井去年秋天抽干了，四十亩玉米没有水浇，村里说没有钱打新井，请水务部门来看看。";

fn wang() -> Identity {
    Identity {
        name: "王秋菊".into(),
        id_number: Some("11010519491231002X".into()),
        telephone: Some("19900990019".into()),
        address: None,
        ..luo()
    }
}

/// A letter of somebody.
fn letter(text: &str, who: Identity) -> Register {
    Register {
        title: "反映路灯".into(),
        text: text.into(),
        claims: vec!["请尽快处理".into()],
        petitioner: Some(who),
        ..claim()
    }
}

fn like(submission_id: SubmissionId) -> LikeSubmissions {
    LikeSubmissions { submission_id, agency: None }
}

async fn pairs(office: &Office, id: SubmissionId) -> Vec<LikePair> {
    let found: LikeFound = office.ask(&office.screener(), &like(id)).await.expect("looked");
    assert_eq!(found.submission_id, id);
    found.pairs
}

async fn named(office: &Office, id: SubmissionId) -> Vec<SubmissionId> {
    pairs(office, id).await.into_iter().map(|pair| pair.matter_id).collect()
}

/// What the suite would propose for one.
async fn proposed(office: &Office, id: SubmissionId) -> Option<SubmissionId> {
    let ask = SameMatter { submissions: vec![like(id)] };
    let found = office.ask(&office.suite(), &ask).await.expect("answered");
    assert!(found.iter().all(|one| one.submission_id == id));
    found.first().map(|one| one.matter_id)
}

async fn filed(office: &Office, text: &str, who: Identity) -> SubmissionId {
    office.register(&letter(text, who)).await.submission_id
}

async fn found_to_be_an_accusation(office: &Office, id: SubmissionId, version: i64) {
    let fact = MatterScreenedV1 {
        matter_id: id,
        purpose: Purpose::Accusation,
        category: None,
        route: None,
        level: Level::City,
        restricted: true,
        proposal: ProposalUse::Overruled,
        agency_proposal: None,
    };
    office.say(&office.fact(id, version, &fact)).await;
    office.take_in().await;
}

#[tokio::test]
async fn a_letter_that_comes_again_is_shown_with_its_evidence_in_either_script() {
    each(|office| async move {
        let first = office.register(&letter(LAMPS, luo())).await;
        filed(&office, WELL, wang()).await;
        let again = filed(&office, &format!("我是罗根生。{LAMPS_TRADITIONAL}"), luo()).await;
        let found = pairs(&office, again).await;
        let [pair] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((pair.matter_id, &pair.number), (first.submission_id, &first.number));
        assert!(pair.open && pair.likeness >= 80, "{pair:?}");
        assert_eq!(pair.common_petitioner, Some(true));
        let passage = &pair.passages[0];
        assert!(passage.here.starts_with("東風路從三號院") || passage.here.contains("東風路從三號院"));
        assert!(passage.there.contains("东风路从三号院"), "each in its own spelling");
        let compared: Vec<(&str, bool)> = pair.compared.iter().map(|c| (c.what.as_str(), c.same)).collect();
        assert_eq!(compared, [("place", true), ("agency", false), ("day", true)]);
        assert_eq!(proposed(&office, again).await, Some(first.submission_id));
        assert_eq!(proposed(&office, first.submission_id).await, None, "nothing was there before it");
    })
    .await;
}

#[tokio::test]
async fn different_people_with_one_matter_are_shown_and_said_to_be_different() {
    each(|office| async move {
        let first = filed(&office, LAMPS, luo()).await;
        let other = filed(&office, LAMPS, wang()).await;
        assert_eq!(pairs(&office, other).await[0].common_petitioner, Some(false));
        // A co-signer of one who signed the other.
        let mut joint = letter(LAMPS, Identity { id_number: None, telephone: None, ..wang() });
        (joint.co_petitioners, joint.heads) = (vec![luo()], 2);
        let joint = office.register(&joint).await.submission_id;
        let of = |found: &[LikePair], id| {
            found.iter().find(|p| p.matter_id == id).expect("shown").common_petitioner
        };
        let found = pairs(&office, joint).await;
        assert_eq!((of(&found, first), of(&found, other)), (Some(true), Some(false)));
        let mut unnamed = letter(LAMPS, luo());
        (unnamed.petitioner, unnamed.anonymous) = (None, true);
        let unnamed = office.register(&unnamed).await.submission_id;
        assert!(pairs(&office, unnamed).await.iter().all(|pair| pair.common_petitioner.is_none()));
        // One telephone for a household is not one person.
        let cousin = Identity { telephone: luo().telephone, ..wang() };
        let cousin = filed(&office, LAMPS, cousin).await;
        assert_eq!(of(&pairs(&office, cousin).await, first), Some(false));
    })
    .await;
}

/// The same person about something else is not named: no way leads from a person to matters.
#[tokio::test]
async fn the_common_petitioner_alone_is_no_reason() {
    each(|office| async move {
        filed(&office, WELL, luo()).await;
        let id = filed(&office, LAMPS, luo()).await;
        assert_eq!(named(&office, id).await, []);
        assert_eq!(proposed(&office, id).await, None);
        assert_eq!(office.count("SELECT count(*) FROM reveal").await, 0, "nothing was shown");
    })
    .await;
}

#[tokio::test]
async fn at_most_five_are_shown_and_none_beyond_them_is_counted() {
    each(|office| async move {
        for _ in 0..7 {
            filed(&office, LAMPS, luo()).await;
        }
        let id = filed(&office, LAMPS, wang()).await;
        let found = office.ask(&office.screener(), &like(id)).await.expect("looked");
        assert_eq!(found.pairs.len(), 5);
        let json = serde_json::to_value(&found).expect("json");
        let mut keys: Vec<&String> = json.as_object().expect("object").keys().collect();
        keys.sort();
        assert_eq!(keys, ["pairs", "submission_id"]);
    })
    .await;
}

/// An accusation with the same words is never named, whether it was stated as one or found at screening; an index
/// that took it in before names it no more.
#[tokio::test]
async fn an_accusation_is_never_named_and_leaves_no_sketch() {
    each(|office| async move {
        let mut stated = accusation();
        stated.text = LAMPS.into();
        let stated = office.register(&stated).await.submission_id;
        let later = filed(&office, LAMPS, luo()).await;
        let id = filed(&office, LAMPS, wang()).await;
        assert_eq!(named(&office, id).await, [later]);
        assert_eq!(proposed(&office, id).await, Some(later));
        found_to_be_an_accusation(&office, later, 1).await;
        assert_eq!(named(&office, id).await, []);
        assert_eq!(proposed(&office, id).await, None);
        assert_eq!(
            office.rows("SELECT submission_id, '' FROM sketch").await,
            [(id.to_string(), String::new())]
        );
        for hidden in [stated, later, office.deps.mint.mint()] {
            let refusal = office.ask(&office.screener(), &like(hidden)).await.expect_err("hidden");
            assert_eq!(refusal.code, "no_such_submission");
            assert_eq!(proposed(&office, hidden).await, None);
        }
        let logged = office.rows("SELECT submission_id, part FROM reveal").await;
        assert!(logged.iter().all(|(of, _)| *of != stated.to_string()));
    })
    .await;
}

/// What was linked to a matter that turns out an accusation is hidden with it, and so is its sketch.
#[tokio::test]
async fn a_repeat_of_an_accusation_goes_with_it() {
    each(|office| async move {
        let first = filed(&office, LAMPS, luo()).await;
        let repeat = filed(&office, LAMPS, luo()).await;
        let link = LinkRepeat { submission_id: repeat, matter_id: first, reason: "同一路段".into() };
        office.ask(&office.screener(), &link).await.expect("linked");
        let id = filed(&office, LAMPS, wang()).await;
        assert_eq!(named(&office, id).await, [first], "its matter stands for the repeat");
        found_to_be_an_accusation(&office, first, 1).await;
        assert_eq!(named(&office, id).await, []);
        assert_eq!(office.count("SELECT count(*) FROM sketch").await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_link_may_not_look_and_a_look_is_on_record() {
    each(|office| async move {
        let first = filed(&office, LAMPS, luo()).await;
        let id = filed(&office, LAMPS, wang()).await;
        for role in Role::ALL.iter().filter(|role| **role != Role::Screener) {
            let actor = office.person(70, Place::Office, &[*role]);
            let refusal = office.ask(&actor, &like(id)).await.expect_err("denied");
            assert_eq!(refusal.code, "intake_not_allowed", "{role}");
        }
        for actor in
            [office.portal(), office.suite(), office.person(71, Place::Agency(code("renshe")), Role::ALL)]
        {
            assert_eq!(office.ask(&actor, &like(id)).await.expect_err("denied").code, "intake_not_allowed");
        }
        let ask = SameMatter { submissions: vec![like(id)] };
        assert_eq!(office.ask(&office.screener(), &ask).await.expect_err("suite").code, "intake_not_allowed");
        let many = SameMatter { submissions: vec![like(id); 257] };
        assert_eq!(office.ask(&office.suite(), &many).await.expect_err("many").code, "too_many_asked");
        assert_eq!(office.count("SELECT count(*) FROM reveal").await, 0);
        pairs(&office, id).await;
        let mut logged = office.rows("SELECT submission_id, part || ' ' || purpose FROM reveal").await;
        logged.sort();
        let mut expected = [first, id].map(|id| (id.to_string(), "text screening".to_owned()));
        expected.sort();
        assert_eq!(logged, expected);
        assert_eq!(office.said_about(first).await.len(), 2, "and the petitioner sees it");
    })
    .await;
}

#[tokio::test]
async fn a_closed_matter_is_shown_and_not_proposed_and_the_agency_it_went_to_is_compared() {
    each(|office| async move {
        let first = filed(&office, LAMPS, luo()).await;
        let id = filed(&office, LAMPS, wang()).await;
        let assignment = office.deps.mint.mint();
        office.say(&office.fact(first, 1, &forwarded(first, assignment, "renshe", true))).await;
        office.take_in().await;
        let ask = LikeSubmissions { submission_id: id, agency: Some(code("renshe")) };
        let found = office.ask(&office.screener(), &ask).await.expect("looked").pairs;
        let agency = found[0].compared.iter().find(|c| c.what == "agency").expect("compared");
        assert_eq!((agency.here.as_str(), agency.there.as_str(), agency.same), ("renshe", "renshe", true));
        let closed = MatterClosedV1 {
            matter_id: first,
            assignment_id: assignment,
            assignment_no: 1,
            agency: code("renshe"),
            close_code: CloseCode::SupportedExecuted,
            closed_on: "2026-08-03".parse().expect("date"),
            report_content_id: None,
            on_behalf: false,
        };
        office.say(&office.fact(first, 2, &closed)).await;
        office.take_in().await;
        assert!(!pairs(&office, id).await[0].open);
        assert_eq!(proposed(&office, id).await, None);
    })
    .await;
}

/// Letters that a name is typed into: what is shown of both is masked.
#[tokio::test]
async fn passages_name_nobody() {
    each(|office| async move {
        let signed = |who: &Identity| {
            let telephone = who.telephone.clone().unwrap_or_default();
            format!("{LAMPS}联系人{}，电话{telephone}，请回复。", who.name)
        };
        filed(&office, &signed(&luo()), luo()).await;
        let id = filed(&office, &signed(&luo()), luo()).await;
        let json = serde_json::to_string(&pairs(&office, id).await).expect("json");
        assert!(json.contains("联系人■"), "{json}");
        for canary in ["罗根生", "19900990008", "99000019851230002X"] {
            assert!(!json.contains(canary), "{json}");
        }
    })
    .await;
}

/// Submissions from before there were sketches: a sweep makes theirs, accusations apart.
#[tokio::test]
async fn what_was_there_before_is_sketched_by_a_sweep() {
    each(|office| async move {
        let first = filed(&office, LAMPS, luo()).await;
        let guarded = filed(&office, LAMPS, luo()).await;
        office.register(&accusation()).await;
        found_to_be_an_accusation(&office, guarded, 1).await;
        static FORGET: db::Sql = db::Sql::same("DELETE FROM sketch");
        office
            .deps
            .db
            .write(|tx| Box::pin(async move { tx.query(&FORGET).run().await }))
            .await
            .expect("gone");
        assert_eq!(office.parts.sweeps.sketch_earlier().await.expect("sketched"), 2, "looked at");
        assert_eq!(office.parts.sweeps.sketch_earlier().await.expect("done"), 0);
        assert_eq!(
            office.rows("SELECT submission_id, '' FROM sketch").await,
            [(first.to_string(), String::new())]
        );
        assert_eq!(office.count("SELECT count(*) FROM sketch_owed").await, 0);
        let id = filed(&office, LAMPS, wang()).await;
        assert_eq!(named(&office, id).await, [first]);
    })
    .await;
}

/// Another process registers; this one's index catches up at the look.
#[tokio::test]
async fn an_index_catches_up_with_what_others_registered() {
    each(|office| async move {
        let first = filed(&office, LAMPS, luo()).await;
        assert_eq!(named(&office, first).await, []);
        let second = Office::second(&office).await;
        let id = filed(&second, LAMPS, wang()).await;
        assert_eq!(named(&office, first).await, [id]);
        assert_eq!(named(&second, id).await, [first]);
    })
    .await;
}
