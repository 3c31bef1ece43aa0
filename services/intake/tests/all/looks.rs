//! Looks at sealed things: rights, the log, the fact before the answer; masking; repeats.

use contracts::{
    codes::{OpenPurpose, Purpose},
    intake::Unit,
    intake::commands::{
        LinkRepeat, LookUp, MaskedTexts, OpenContent, OpenPaper, Opening, RestrictedFacts, RevealIdentity,
    },
    routing::{MatterClosedV1, MatterScreenedV1, ProposalUse},
};
use kernel::{Place, Role, SubmissionId};

use crate::office::{Office, accusation, claim, code, each, forwarded, luo};

const SCREENING: OpenPurpose = OpenPurpose::Screening;

fn content(id: SubmissionId) -> OpenContent {
    OpenContent { submission_id: id, purpose: SCREENING }
}

fn reveal(id: SubmissionId) -> RevealIdentity {
    RevealIdentity { submission_id: id, purpose: OpenPurpose::Contacting }
}

async fn screened_as_accusation(office: &Office, id: SubmissionId) {
    let fact = MatterScreenedV1 {
        matter_id: id,
        purpose: Purpose::Accusation,
        category: None,
        route: None,
        level: contracts::codes::Level::City,
        restricted: true,
        proposal: ProposalUse::Overruled,
        agency_proposal: None,
    };
    office.say(&office.fact(id, 1, &fact)).await;
    office.take_in().await;
}

#[tokio::test]
async fn a_look_is_logged_and_published_and_shown_to_the_petitioner_by_unit() {
    each(|office| async move {
        let receipt = office.register(&claim()).await;
        let id = receipt.submission_id;
        let opened = office.ask(&office.screener(), &content(id)).await.expect("opened");
        assert_eq!((opened.title, opened.claims.len()), (claim().title, 2));
        let people = office.ask(&office.registrar(), &reveal(id)).await.expect("revealed");
        assert_eq!(people.petitioners, [luo()]);
        let said: Vec<String> = office.said_about(id).await.into_iter().map(|(_, body)| body).collect();
        assert_eq!(said.len(), 3);
        assert_eq!(said[1], format!(r#"{{"submission_id":"{id}","unit":{{"at":"office"}},"part":"text","purpose":"screening"}}"#));
        assert_eq!(said[2], format!(r#"{{"submission_id":"{id}","unit":{{"at":"office"}},"part":"contact","purpose":"contacting"}}"#));
        let log = office.rows("SELECT part, actor FROM reveal ORDER BY seq").await;
        let expected = [("text", office.screener().user), ("contact", office.registrar().user)];
        assert_eq!(log, expected.map(|(part, user)| (part.to_owned(), user.to_string())));
        let pair = LookUp { number: receipt.number, query_code: receipt.query_code };
        let openings: Vec<Opening> = office.ask(&office.portal(), &pair).await.expect("found").openings;
        assert_eq!(openings.len(), 2);
        assert!(openings.iter().all(|o| o.unit == Unit::Office));
    })
    .await;
}

/// Each role of the office and every other place, on an ordinary submission, an accusation, and none.
#[tokio::test]
async fn rights_hold_at_the_command() {
    each(|office| async move {
        let open = office.register(&claim()).await.submission_id;
        let guarded = office.register(&accusation()).await.submission_id;
        let none = office.deps.mint.mint();
        for role in Role::ALL {
            let actor = office.person(60, Place::Office, &[*role]);
            let mut texts = vec![];
            let mut contacts = vec![];
            for id in [open, guarded, none] {
                texts.push(
                    office
                        .ask(&actor, &content(id))
                        .await
                        .map_or_else(|r| r.code.to_string(), |_| "ok".into()),
                );
                contacts.push(
                    office
                        .ask(&actor, &reveal(id))
                        .await
                        .map_or_else(|r| r.code.to_string(), |_| "ok".into()),
                );
            }
            let (no, hidden) = ("intake_not_allowed", "no_such_submission");
            let (text, contact) = match role {
                Role::Registrar | Role::Screener => (["ok", hidden, hidden], ["ok", hidden, hidden]),
                Role::OfficeDirector => (["ok", hidden, hidden], [no; 3]),
                Role::RestrictedOfficer => (["ok", "ok", hidden], [no, "ok", hidden]),
                _ => ([no; 3], [no; 3]),
            };
            assert_eq!(
                (texts.as_slice(), contacts.as_slice()),
                (text.map(String::from).as_slice(), contact.map(String::from).as_slice()),
                "{role}"
            );
        }
        for place in [Place::Portal, Place::Suite, Place::Agency(code("renshe"))] {
            let actor = office.person(61, place, Role::ALL);
            for id in [open, guarded, none] {
                assert_eq!(
                    office.ask(&actor, &content(id)).await.expect_err("denied").code,
                    "intake_not_allowed"
                );
                assert_eq!(
                    office.ask(&actor, &reveal(id)).await.expect_err("denied").code,
                    "intake_not_allowed"
                );
            }
        }
        // What was refused left no trace of a look.
        let looks = office.count("SELECT count(*) FROM reveal").await;
        assert_eq!(looks, 4 + 1 + 2 + 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_without_a_token_gets_in() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let bus = bus::Bus::Memory(office.memory.core("console"));
        for token in [None, Some("v1.e30.AAAA")] {
            let refusal = web::ask::ask(&bus, "intake", token, None, &content(id)).await.expect_err("denied");
            assert_eq!(refusal.code, "not_signed_in");
        }
    })
    .await;
}

#[tokio::test]
async fn screening_as_an_accusation_hides_a_submission_at_once() {
    each(|office| async move {
        let receipt = office.register(&claim()).await;
        let id = receipt.submission_id;
        office.ask(&office.screener(), &content(id)).await.expect("ordinary");
        screened_as_accusation(&office, id).await;
        let refusal = office.ask(&office.screener(), &content(id)).await.expect_err("hidden");
        assert_eq!(refusal.code, "no_such_submission");
        assert!(office.ask(&office.restricted_officer(), &content(id)).await.is_ok());
        let masked =
            office.ask(&office.suite(), &MaskedTexts { submissions: vec![id] }).await.expect("masked");
        assert_eq!(masked, []);
        let pair = LookUp { number: receipt.number, query_code: receipt.query_code };
        let found = office.ask(&office.portal(), &pair).await.expect("found");
        assert!(found.restricted && found.openings.is_empty());
    })
    .await;
}

#[tokio::test]
async fn masked_texts_name_nobody_and_never_an_accusation() {
    each(|office| async move {
        let open = office.register(&claim()).await.submission_id;
        let guarded = office.register(&accusation()).await.submission_id;
        let all = MaskedTexts { submissions: vec![open, guarded, office.deps.mint.mint(), open] };
        let masked = office.ask(&office.suite(), &all).await.expect("masked");
        let [only] = masked.as_slice() else { panic!("{} texts", masked.len()) };
        assert_eq!(only.submission_id, open);
        assert_eq!(only.title, "拖欠木工工资46800元");
        assert_eq!(only.text, "我是■，电话■，住■。到十一月完工，还欠我46800元。\n结清工资\n依法处罚");
        for actor in [office.screener(), office.portal(), office.restricted_officer()] {
            assert_eq!(office.ask(&actor, &all).await.expect_err("denied").code, "intake_not_allowed");
        }
        let many = MaskedTexts { submissions: vec![open; 257] };
        assert_eq!(office.ask(&office.suite(), &many).await.expect_err("many").code, "too_many_asked");
    })
    .await;
}

#[tokio::test]
async fn routing_learns_the_accused_units_and_nobody_else_does() {
    each(|office| async move {
        let id = office.register(&accusation()).await.submission_id;
        let ask = RestrictedFacts { submission_id: id };
        let facts = office.ask(&office.suite(), &ask).await.expect("facts");
        assert_eq!((facts.accused_agencies, facts.claims, facts.heads), (vec![code("qingyan")], 2, 1));
        for actor in [office.restricted_officer(), office.screener(), office.portal()] {
            assert_eq!(office.ask(&actor, &ask).await.expect_err("denied").code, "intake_not_allowed");
        }
    })
    .await;
}

#[tokio::test]
async fn a_repeat_is_linked_by_a_screener_with_a_reason() {
    each(|office| async move {
        let first = office.register(&claim()).await.submission_id;
        let repeat = office.register(&claim()).await;
        let id = repeat.submission_id;
        let link = |submission_id, matter_id| LinkRepeat { submission_id, matter_id, reason: "同一工地同一笔工资".into() };
        let registrar = office.ask(&office.registrar(), &link(id, first)).await.expect_err("role");
        assert_eq!(registrar.code, "intake_not_allowed");
        let changed = office.ask(&office.screener(), &link(id, first)).await.expect("linked");
        assert_eq!((changed.matter_id, changed.version), (id, 2));
        let said = office.said_about(id).await;
        assert_eq!(said[1].1, format!(r#"{{"submission_id":"{id}","matter_id":"{first}"}}"#));
        let pair = LookUp { number: repeat.number, query_code: repeat.query_code };
        assert_eq!(office.ask(&office.portal(), &pair).await.expect("found").matter_id, first);

        let third = office.register(&claim()).await.submission_id;
        let refused = |submission, matter| {
            let (office, command) = (&office, link(submission, matter));
            async move { office.ask(&office.screener(), &command).await.expect_err("refused").code.into_owned() }
        };
        assert_eq!(refused(id, third).await, "linked_already");
        assert_eq!(refused(third, id).await, "link_target_linked");
        assert_eq!(refused(third, third).await, "link_to_itself");
        assert_eq!(refused(first, third).await, "link_has_repeats");
        assert_eq!(refused(third, office.deps.mint.mint()).await, "no_such_submission");
        let guarded = office.register(&accusation()).await.submission_id;
        assert_eq!(refused(guarded, first).await, "no_such_submission");
        assert_eq!(refused(third, guarded).await, "no_such_submission");
        office.forward(third, "renshe", 1, true).await;
        assert_eq!(refused(third, first).await, "link_handed_over");
    })
    .await;
}

#[tokio::test]
async fn a_closed_matter_takes_no_repeat_and_an_accusation_hides_its_repeats() {
    each(|office| async move {
        let first = office.register(&claim()).await.submission_id;
        let (second, third) =
            (office.register(&claim()).await.submission_id, office.register(&claim()).await.submission_id);
        let link =
            |submission_id| LinkRepeat { submission_id, matter_id: first, reason: "同一事项".into() };
        office.ask(&office.screener(), &link(second)).await.expect("linked");
        let assignment = office.deps.mint.mint();
        office.say(&office.fact(first, 1, &forwarded(first, assignment, "renshe", true))).await;
        let closed = MatterClosedV1 {
            matter_id: first,
            assignment_id: assignment,
            assignment_no: 1,
            agency: code("renshe"),
            close_code: contracts::codes::CloseCode::SupportedExecuted,
            closed_on: "2026-08-03".parse().expect("date"),
            report_content_id: None,
            on_behalf: false,
        };
        office.say(&office.fact(first, 2, &closed)).await;
        office.take_in().await;
        let refusal = office.ask(&office.screener(), &link(third)).await.expect_err("closed");
        assert_eq!(refusal.code, "link_target_closed");
        // The matter turns out to be an accusation: its repeat is hidden with it.
        let fact = MatterScreenedV1 {
            matter_id: first,
            purpose: Purpose::Accusation,
            category: None,
            route: None,
            level: contracts::codes::Level::City,
            restricted: true,
            proposal: ProposalUse::None,
            agency_proposal: None,
        };
        office.say(&office.fact(first, 3, &fact)).await;
        office.take_in().await;
        let refusal = office.ask(&office.screener(), &content(second)).await.expect_err("hidden");
        assert_eq!(refusal.code, "no_such_submission");
    })
    .await;
}

#[tokio::test]
async fn a_paper_that_does_not_exist_leaves_no_trace() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let ask =
            OpenPaper { matter_id: id, content_id: office.deps.mint.mint(), purpose: OpenPurpose::Auditing };
        assert_eq!(office.ask(&office.screener(), &ask).await.err().expect("none").code, "no_such_paper");
        assert_eq!(office.count("SELECT count(*) FROM reveal").await, 0);
    })
    .await;
}
