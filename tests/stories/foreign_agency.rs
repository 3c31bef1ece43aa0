//! An agency in Python, written from the AsyncAPI document alone, in place of a hosted node: a whole matter, killed
//! in the middle; an objection; nothing lost, nothing done twice.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use contracts::{
    codes::{CoState, InvitationReply},
    meetings::commands::{MeetingChanged, MeetingView},
};
use serde_json::{Value, json};
use suite::client::Client;

use crate::{
    architecture::root,
    office::{
        Office, Store,
        letter::{at, claim, code_of, command, forward_to, matter, on_board, register, screen, step, task},
        wait::wait_for,
    },
};

/// What stands in a co-agency's part and nowhere else.
const PART: &str = "协办意见独有词琉璃瓦";

/// The example at work; killed when dropped.
pub struct Python(Child);

impl Python {
    /// Starts it for renshe at an office; `more` are arguments of its desk.
    pub fn start(office: &Path, store: &Path, more: &[&str]) -> Self {
        let url = std::fs::read_to_string(office.join("run/bus")).expect("the bus's address");
        let mut command = example("agency.py");
        command
            .args(["--url", url.trim(), "--agency", "renshe", "--today", "2026-08-03"])
            .arg("--nkey")
            .arg(office.join("keys/nats/agency-renshe.nk"))
            .arg("--sealing-key")
            .arg(office.join("keys/agency-seal-renshe.txt"))
            .arg("--store")
            .arg(store)
            .args(more);
        Self(command.spawn().expect("python"))
    }

    /// SIGKILL: it has no time to tidy.
    pub fn kill(mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("ended");
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A program of the example's folder under the tests' Python.
pub fn example(program: &str) -> Command {
    let folder = root().join("deploy/examples/python-agency");
    let python = PathBuf::from(std::env::var("LIANXI_VENV").expect("LIANXI_VENV")).join("bin/python");
    assert!(python.exists(), "no Python for the tests: run deploy/tools/setup.sh calendar");
    let mut command = Command::new(python);
    command.arg(folder.join(program)).stdout(Stdio::null());
    command
}

#[expect(clippy::disallowed_methods, reason = "a foreign program's book, which is none of ours")]
async fn rows(store: &Path, sql: &'static str) -> Vec<(String, i64)> {
    use sqlx::Connection;
    let url = format!("sqlite://{}?mode=ro", store.display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("the agency's own book");
    sqlx::query_as(sql).fetch_all(&mut connection).await.expect(sql)
}

/// A claim that the office handed to renshe.
async fn forwarded(registrar: &Client, screener: &Client, key: &str) -> String {
    let id = register(registrar, key, &claim()).await.submission_id.to_string();
    screen(screener, &id, forward_to("renshe")).await.expect("forwarded");
    id
}

fn told(view: &Value) -> Vec<String> {
    let events = at(view, "/timeline").as_array().expect("events");
    events.iter().filter_map(|e| e["type"].as_str()).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_in_python_works_a_matter_to_its_end_and_loses_nothing_when_killed() {
    let office = Office::start_with(Store::Sqlite, &["renshe"], &["jiaoyu"]).await.expect("office");
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let book = office.folder.path().join("python.db");
    let mut ids = Vec::new();
    for key in ["foreign-1", "foreign-2"] {
        ids.push(forwarded(&registrar, &screener, key).await);
    }

    let python = Python::start(office.folder.path(), &book, &["--until", "acceptance_notified"]);
    on_board(&screener, &ids[0], "handling").await;
    python.kill();
    // While it is away the office goes on: one more comes and is taken back.
    let recalled = forwarded(&registrar, &screener, "foreign-3").await;
    let view = matter(&screener, &recalled).await;
    let assignment = at(&view, "/routing/assignments/0/assignment_id");
    let recall = json!({ "assignment_id": assignment, "reason": "wrong_agency" });
    command(&screener, &recalled, "recall", recall).await.expect("recalled");
    let python = Python::start(office.folder.path(), &book, &[]);
    for id in &ids {
        let view = on_board(&screener, id, "closed").await;
        let told = told(&view);
        let once = |token: &str| told.iter().filter(|t| *t == token).count();
        for token in ["assignment_delivered", "assignment_signed", "acceptance_notified", "opinion_issued"] {
            assert_eq!(once(token), 1, "{token} in {told:?}");
        }
        assert_eq!((once("opinion_served"), once("matter_closed"), once("return_set_aside")), (1, 1, 0));
        assert_eq!(once("content_opened"), 1, "the look is on record: {told:?}");
    }
    python.kill();

    // It objects to what is not its own, and the office's ruling binds.
    let id = forwarded(&registrar, &screener, "foreign-4").await;
    let python = Python::start(office.folder.path(), &book, &["--not-ours", "labour.wages"]);
    on_board(&screener, &id, "objected").await;
    python.kill();

    let view = on_board(&screener, &recalled, "screened").await;
    assert!(!told(&view).contains(&"acceptance_notified".to_owned()), "it was taken back before acceptance");
    let gaps = rows(&book, "SELECT sender, max(seq) - count(*) FROM received GROUP BY sender").await;
    assert_eq!(gaps, [("routing".to_owned(), 0)]);
    assert!(rows(&book, "SELECT why, number FROM buried").await.is_empty());
    let twice = rows(
        &book,
        "SELECT type || ' ' || subject, count(*) FROM outbox WHERE type <> 'lianxi.agency.received.v1'
         GROUP BY type, subject HAVING count(*) > 1",
    );
    assert_eq!(twice.await, []);
    // It has no endpoints of its own: the office says so and does not hang.
    let handler = office.person("renshe.handler").await;
    assert_eq!(code_of(handler.get::<Value>("/api/v1/tasks").await), "service_away");
    office.stop().await;
}

/// A meeting of the conference with renshe alone, from a day at nine.
fn plan(day: &str) -> Value {
    json!({
        "starts_at": format!("{day}T09:00:00+08:00"), "ends_at": format!("{day}T10:00:00+08:00"),
        "place": "市民中心A座301会议室", "reply_by": "2026-08-14",
        "agencies": [{ "agency": "renshe", "required": true }], "items": [],
    })
}

/// The meeting once renshe's acceptance of its notice of this number is there.
async fn accepted(by: &Client, id: kernel::MeetingId, sequence: i64) -> MeetingView {
    wait_for("renshe comes", || async {
        let view: MeetingView = by.get(&format!("/api/v1/meetings/{id}")).await.expect("meeting");
        let reply = view.invitations.iter().find_map(|i| i.reply.clone())?;
        (reply.sequence == sequence && reply.reply == InvitationReply::Accepted).then_some(view)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_in_python_leads_with_a_part_gives_a_part_and_comes_to_a_meeting() {
    let office = Office::start_with(Store::Sqlite, &["renshe", "jiaoyu"], &["jiaoyu"]).await.expect("office");
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let (director, head) = (office.person("director").await, office.person("jiaoyu.head").await);
    let book = office.folder.path().join("python.db");
    let python = Python::start(office.folder.path(), &book, &[]);
    let hand_over = |lead: &str, co: &str| {
        let asked = json!({ "agency": co, "due_on": "2026-08-20", "claims": [2], "task": "facts" });
        json!({ "agency": lead, "mode": "assign", "limit_on": "2026-09-30", "co": [asked] })
    };
    let answers = json!([{ "claim_no": 2, "outcome": "supported", "opinion": "第2项属实。" }]);
    let part = json!({
        "part": { "facts": format!("经查，{PART}。"), "basis": "《教育法》第九条", "answers": answers },
        "signer": "局长 某某",
    });

    // It helps: its part comes to the lead, and no step of the lead's from it.
    let id = register(&registrar, "foreign-co", &claim()).await.submission_id.to_string();
    screen(&screener, &id, hand_over("jiaoyu", "renshe")).await.expect("handed over");
    wait_for("the part is with the lead", || async {
        let seen = task(&head, &id, "").await;
        (seen.co.first()?.state == CoState::Answered).then_some(())
    })
    .await;
    assert!(!told(&matter(&screener, &id).await).contains(&"return_set_aside".to_owned()));

    // It leads: it waits for the part, reads it, answers with it.
    let id = register(&registrar, "foreign-lead", &claim()).await.submission_id.to_string();
    screen(&screener, &id, hand_over("renshe", "jiaoyu")).await.expect("handed over");
    on_board(&screener, &id, "handling").await;
    let mut share = task(&head, &id, "").await;
    assert!(!told(&matter(&screener, &id).await).contains(&"opinion_issued".to_owned()), "a part is missing");
    step(&head, &mut share, "answer_co", part, "").await.expect("its part");
    on_board(&screener, &id, "closed").await;
    let told = told(&matter(&screener, &id).await);
    assert!(!told.contains(&"return_set_aside".to_owned()), "{told:?}");
    let opinion = rows(&book, "SELECT body, 1 FROM paper WHERE kind = 'opinion'").await;
    assert!(opinion.iter().any(|(text, _)| text.contains(PART)), "it answered without the part: {opinion:?}");

    // It comes to a meeting, and says so again when the meeting moves.
    let call = json!({ "body": "shilianxi", "kind": "working", "plan": plan("2026-08-20") });
    let called: MeetingChanged = director.post("/api/v1/meetings", &call).await.expect("called");
    let view = accepted(&screener, called.meeting_id, 0).await;
    let path = format!("/api/v1/meetings/{}/move_meeting", called.meeting_id);
    let command = json!({ "expected_version": view.version, "plan": plan("2026-08-21") });
    director.post::<Value>(&path, &command).await.expect("moved");
    accepted(&screener, called.meeting_id, 1).await;
    python.kill();
    assert!(rows(&book, "SELECT why, number FROM buried").await.is_empty());
    office.stop().await;
}
