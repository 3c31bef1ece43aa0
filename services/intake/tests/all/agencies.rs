//! What an agency opens and puts, by the one subject of its own.

use contracts::{
    agency::commands::PaperBody,
    codes::{ContentPart, OpenPurpose},
    intake::commands::{AgencyOpen, AgencyPut, Content, Identities, OpenPaper, PaperStored},
    routing::{AssignmentRecalledV1, CoAssignedV1, MatterCoAnsweredV1},
    subject,
};
use kernel::{AssignmentId, ContentId, MatterId, Place, Refusal, Role};

use crate::office::{Office, accusation, claim, code, each, luo, opening};

fn report(text: &str) -> String {
    serde_json::to_string(&PaperBody::Report { text: text.into() }).expect("json")
}

fn paper(id: ContentId, matter: MatterId, assignment: AssignmentId, body: String) -> AgencyPut {
    AgencyPut { content_id: id, matter_id: matter, assignment_id: assignment, body }
}

async fn put(office: &Office, agency: &str, paper: &AgencyPut) -> Result<PaperStored, Refusal> {
    office.ask_as_agency(agency, &subject::put_content(&code(agency)), paper).await
}

async fn recall(office: &Office, matter: MatterId, assignment: AssignmentId, version: i64) {
    let fact = AssignmentRecalledV1 {
        matter_id: matter,
        assignment_id: assignment,
        assignment_no: 1,
        agency: code("renshe"),
        recalled_on: "2026-08-04".parse().expect("date"),
        reason: "wrong_agency".into(),
    };
    office.say(&office.fact(matter, version, &fact)).await;
    office.take_in().await;
}

#[tokio::test]
async fn an_agency_opens_text_and_contact_of_what_it_was_given() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.forward(id, "renshe", 1, true).await;
        let text = office.open_as("renshe", &opening(id, assignment, ContentPart::Text)).await.expect("text");
        let content: Content = serde_json::from_str(&text).expect("content");
        assert_eq!((content.submission_id, content.text), (id, claim().text));
        let contact = office.open_as("renshe", &opening(id, assignment, ContentPart::Contact)).await;
        let people: Identities = serde_json::from_str(&contact.expect("contact")).expect("people");
        assert_eq!(people.petitioners, [luo()]);
        let said = office.said_about(id).await;
        assert!(said[1].1.contains(r#""unit":{"at":"agency","agency":"renshe"},"part":"text""#), "{said:?}");
        assert!(said[2].1.contains(r#""part":"contact""#));
        let log = office.rows("SELECT agency, coalesce(actor, '-') FROM reveal").await;
        assert_eq!(log, vec![("renshe".to_owned(), "-".to_owned()); 2]);
    })
    .await;
}

/// Another agency, a matter nobody gave, an assignment on its way: one answer, and no trace.
#[tokio::test]
async fn what_is_not_the_agencys_looks_like_what_is_not_here_yet() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let other = office.register(&claim()).await.submission_id;
        let assignment = office.forward(id, "renshe", 1, true).await;
        let unknown = office.deps.mint.mint();
        let mut answers = vec![];
        for (agency, matter, assignment) in [
            ("jiaotong", id, assignment),
            ("jiaotong", id, unknown),
            ("renshe", other, assignment),
            ("renshe", id, unknown),
            ("renshe", office.deps.mint.mint(), assignment),
        ] {
            for part in [ContentPart::Text, ContentPart::Contact] {
                answers.push(
                    office.open_as(agency, &opening(matter, assignment, part)).await.expect_err("denied"),
                );
            }
            let stolen = paper(office.deps.mint.mint(), matter, assignment, report("x"));
            answers.push(put(&office, agency, &stolen).await.expect_err("denied"));
        }
        assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
        assert_eq!(answers[0].code, "right_not_here_yet");
        assert_eq!(office.count("SELECT count(*) FROM reveal").await, 0);
        assert_eq!(office.count("SELECT count(*) FROM paper").await, 0);
    })
    .await;
}

/// The subject names the agency: asking under another one's is stopped by the bus.
#[tokio::test]
async fn an_agency_cannot_ask_by_another_ones_subject() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.forward(id, "renshe", 1, true).await;
        let stolen = subject::open_content(&code("renshe"));
        let command = opening(id, assignment, ContentPart::Text);
        let refusal = office.ask_as_agency("jiaotong", &stolen, &command).await.err().expect("stopped");
        assert_eq!(refusal.code, "service_away");
    })
    .await;
}

#[tokio::test]
async fn identity_stays_where_fact_or_record_says_so() {
    each(|office| async move {
        let not_sent = office.register(&claim()).await.submission_id;
        let mut wish = claim();
        wish.withhold_identity = true;
        let withheld = office.register(&wish).await.submission_id;
        let guarded = office.register(&accusation()).await.submission_id;
        for (id, travels) in [(not_sent, false), (withheld, true), (guarded, true)] {
            let assignment = office.forward(id, "renshe", 1, travels).await;
            let refusal = office
                .open_as("renshe", &opening(id, assignment, ContentPart::Contact))
                .await
                .expect_err("identity");
            assert_eq!(refusal.code, "identity_stays");
            // The text goes, without the names of the accused.
            let text =
                office.open_as("renshe", &opening(id, assignment, ContentPart::Text)).await.expect("text");
            assert!(!text.contains("qingyan"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_recall_takes_everything_back() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.forward(id, "renshe", 1, true).await;
        recall(&office, id, assignment, 2).await;
        for part in [ContentPart::Text, ContentPart::Contact, ContentPart::Attachment] {
            let refusal =
                office.open_as("renshe", &opening(id, assignment, part)).await.expect_err("recalled");
            assert_eq!(refusal.code, "right_recalled");
        }
        let late = paper(office.deps.mint.mint(), id, assignment, report("x"));
        assert_eq!(put(&office, "renshe", &late).await.expect_err("recalled").code, "right_recalled");
        // The next agency has its own right.
        let next = office.forward(id, "jiaotong", 3, true).await;
        assert!(office.open_as("jiaotong", &opening(id, next, ContentPart::Contact)).await.is_ok());
        assert!(office.open_as("renshe", &opening(id, assignment, ContentPart::Text)).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_agency_without_a_key_gets_nothing_and_nothing_is_logged() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.forward(id, "renshe", 1, true).await;
        office.deps.recipients.replace([]);
        let refusal =
            office.open_as("renshe", &opening(id, assignment, ContentPart::Text)).await.expect_err("no key");
        assert_eq!(refusal.code, "agency_key_missing");
        assert_eq!(office.count("SELECT count(*) FROM reveal").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_paper_is_stored_once_and_read_by_the_office() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.forward(id, "renshe", 1, true).await;
        let first = paper(office.deps.mint.mint(), id, assignment, report("已结清"));
        let stored = put(&office, "renshe", &first).await.expect("stored");
        assert_eq!(stored.sha256, trust::chain::Hash::of(first.body.as_bytes()).to_hex());
        assert_eq!(put(&office, "renshe", &first).await, Ok(stored.clone()));
        let changed = paper(first.content_id, id, assignment, report("未结清"));
        assert_eq!(put(&office, "renshe", &changed).await.expect_err("taken").code, "paper_id_taken");
        let other = office.register(&claim()).await.submission_id;
        let elsewhere = office.forward(other, "jiaotong", 1, true).await;
        let stolen = paper(first.content_id, other, elsewhere, first.body.clone());
        assert_eq!(put(&office, "jiaotong", &stolen).await.expect_err("taken").code, "paper_id_taken");

        let open = OpenPaper { matter_id: id, content_id: first.content_id, purpose: OpenPurpose::Auditing };
        let auditor = office.person(70, Place::Office, &[Role::Auditor]);
        let read = office.ask(&auditor, &open).await.expect("read");
        assert_eq!((&read.body, &read.sha256), (&first.body, &stored.sha256));
        let wrong_matter = OpenPaper { matter_id: other, ..open.clone() };
        assert_eq!(office.ask(&auditor, &wrong_matter).await.err().expect("other").code, "no_such_paper");
        assert_eq!(
            office.ask(&office.registrar(), &open).await.err().expect("role").code,
            "intake_not_allowed"
        );
        let log = office.rows("SELECT part, detail FROM reveal").await;
        assert_eq!(log, [("paper".to_owned(), first.content_id.to_string())]);
        // A repetition is answered even when the assignment is gone.
        recall(&office, id, assignment, 2).await;
        assert_eq!(put(&office, "renshe", &first).await, Ok(stored));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_paper_is_refused() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.forward(id, "renshe", 1, true).await;
        let ids = |body: String| paper(office.deps.mint.mint(), id, assignment, body);
        let nul = report("a").replace('a', "\\u0000").replace("\\u0000", "\0");
        for bad in
            [String::new(), "{}".into(), r#"{"kind":"photo"}"#.into(), report(&"长".repeat(100_000)), nul]
        {
            assert_eq!(put(&office, "renshe", &ids(bad)).await.expect_err("wrong").code, "paper_wrong");
        }
        let edge = report(&"x".repeat(intake::commands::put::MAX_PAPER_BYTES - report("").len()));
        assert_eq!(edge.len(), intake::commands::put::MAX_PAPER_BYTES);
        assert!(put(&office, "renshe", &ids(edge)).await.is_ok());
    })
    .await;
}

/// 协办 (Art. 24): the lead opens the part that was given to it; no other agency opens anything of it.
#[tokio::test]
async fn a_part_is_opened_by_its_lead_alone() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let lead = office.forward(id, "renshe", 1, true).await;
        let helper: AssignmentId = office.deps.mint.mint();
        let assigned = CoAssignedV1 {
            matter_id: id,
            assignment_id: helper,
            assignment_no: 2,
            agency: code("jiaotong"),
            lead: code("renshe"),
            lead_no: 1,
            claims: vec![1],
            task: None,
            assigned_on: "2026-08-03".parse().expect("date"),
            due_on: "2026-08-20".parse().expect("date"),
            document_number: "信协〔2026〕1号".into(),
            identity_travels: false,
        };
        office.say(&office.fact(id, 2, &assigned)).await;
        office.take_in().await;
        // A co-agency reads the text; the contact stays.
        assert!(office.open_as("jiaotong", &opening(id, helper, ContentPart::Text)).await.is_ok());
        let contact = office.open_as("jiaotong", &opening(id, helper, ContentPart::Contact)).await;
        assert_eq!(contact.expect_err("stays").code, "identity_stays");

        let body = report("协办意见独有词");
        let written = paper(office.deps.mint.mint(), id, helper, body.clone());
        let stored = put(&office, "jiaotong", &written).await.expect("stored");
        let asked = |assignment| AgencyOpen {
            co_part: Some(stored.content_id),
            ..opening(id, assignment, ContentPart::Text)
        };
        let early = office.open_as("renshe", &asked(lead)).await.expect_err("not given yet");
        assert_eq!(early.code, "right_not_here_yet");
        let answered = MatterCoAnsweredV1 {
            matter_id: id,
            assignment_id: helper,
            assignment_no: 2,
            agency: code("jiaotong"),
            lead: code("renshe"),
            lead_no: 1,
            lead_assignment_id: lead,
            answered_on: "2026-08-04".parse().expect("date"),
            claims: vec![],
            content_id: stored.content_id,
            content_hash: stored.sha256.clone(),
            on_behalf: false,
        };
        office.say(&office.fact(id, 3, &answered)).await;
        office.take_in().await;
        assert_eq!(office.open_as("renshe", &asked(lead)).await.expect("the part"), body);
        for (agency, assignment) in [("jiaotong", helper), ("jiaotong", lead), ("renshe", helper)] {
            let refused = office.open_as(agency, &asked(assignment)).await.expect_err("not its to open");
            assert_eq!(refused.code, "right_not_here_yet", "{agency}");
        }
        let other = AgencyOpen { co_part: Some(office.deps.mint.mint()), ..asked(lead) };
        assert_eq!(office.open_as("renshe", &other).await.expect_err("none").code, "right_not_here_yet");
        // The look at the part is on record by unit, and not in the petitioner's list of looks at the petition.
        let log = office.rows("SELECT agency, part FROM reveal WHERE part = 'paper'").await;
        assert_eq!(log, [("renshe".to_owned(), "paper".to_owned())]);
        // Nothing more is put after the part; the text stays readable.
        let late = paper(office.deps.mint.mint(), id, helper, report("x"));
        assert_eq!(put(&office, "jiaotong", &late).await.expect_err("closed").code, "right_closed");
        assert!(office.open_as("jiaotong", &opening(id, helper, ContentPart::Text)).await.is_ok());
        recall(&office, id, lead, 4).await;
        assert_eq!(office.open_as("renshe", &asked(lead)).await.expect_err("gone").code, "right_recalled");
    })
    .await;
}
