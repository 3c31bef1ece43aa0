//! Meetings: a unit's petition desk gets an invitation that another team's calendar reads (RFC 5545, RFC 5546).

use std::{path::Path, process::Command};

use contracts::{
    codes::{CallOffReason, MeetingKind},
    meetings::{Invitee, MeetingCalledOffV1, MeetingCalledV1, MeetingMovedV1, MeetingTerms},
    notification::commands::ListInbox,
};
use kernel::{MeetingId, Place, Role, UnixMillis};
use serde_json::{Value, json};

use crate::{
    fixtures::{World, code, day, on_both},
    server::{MailServer, python},
};

const HOUR_MS: i64 = 3_600_000;
/// 2026-08-06 09:00 at Shanghai.
const NINE: i64 = 1_785_978_000_000;

fn terms(sequence: i64, starts_at: i64) -> MeetingTerms {
    let meeting_id = MeetingId::from_parts(UnixMillis(0), 7);
    MeetingTerms {
        meeting_id,
        uid: format!("{meeting_id}@yunling.example"),
        sequence,
        body: "city".to_owned(),
        body_name: "云岭市信访工作联席会议".to_owned(),
        organizer: "云岭市信访工作联席会议办公室".to_owned(),
        kind: MeetingKind::ALL[0],
        title: "云岭市信访工作联席会议2026年第三次工作会议;一、二组,合并".to_owned(),
        starts_at: UnixMillis(starts_at),
        ends_at: UnixMillis(starts_at + 2 * HOUR_MS),
        place: "市民中心一楼一号会议室".to_owned(),
        reply_by: day("2026-08-05"),
    }
}

fn invited(codes: &[&str]) -> Vec<Invitee> {
    codes.iter().map(|c| Invitee { agency: code(c), required: true }).collect()
}

/// What another team's reader finds in the mails.
fn read(server: &MailServer) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read_calendars.py");
    let output = Command::new(python()).arg(script).arg(server.folder()).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("json")
}

async fn say<E: contracts::Event>(world: &World, version: i64, fact: &E) {
    let message = world.message("lianxi/meetings", &terms(0, NINE).meeting_id, version, fact);
    world.send(&message, 0).await;
    world.clock.advance_ms(1_000);
    world.hear().await;
    while world.post().await > 0 {}
}

#[tokio::test]
async fn an_invitation_is_made_moved_and_cancelled_under_one_uid() {
    let rounds = std::sync::atomic::AtomicUsize::new(0);
    let server = &MailServer::start("meetings");
    on_both(Some(server.port), |world| {
        let round = rounds.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move {
            world.list("renshe", Some("xinfang@renshe.example")).await;
            world.list("zhujian", Some("xinfang@zhujian.example")).await;
            // Without a mailbox it has its inbox alone.
            world.list("fengdu", None).await;
            let (agencies, items) = (invited(&["renshe", "zhujian", "fengdu"]), Vec::new());
            let called = MeetingCalledV1 { terms: terms(0, NINE), agencies, items: items.clone() };
            say(&world, 1, &called).await;
            let moved = MeetingMovedV1 {
                terms: terms(1, NINE + 24 * HOUR_MS),
                agencies: invited(&["renshe", "fengdu"]),
                items,
                dropped: vec![code("zhujian")],
            };
            say(&world, 2, &moved).await;
            let off = MeetingCalledOffV1 {
                terms: terms(2, NINE + 24 * HOUR_MS),
                agencies: invited(&["renshe", "fengdu"]),
                reason: CallOffReason::ALL[0],
                called_off_on: day("2026-08-03"),
            };
            say(&world, 3, &off).await;
            let all = read(server);
            let own: Vec<&Value> = all.iter().skip(round * 5).collect();
            assert_eq!(own.len(), 5, "{own:#?}");
            check(&own);
            let renshe = Place::Agency(code("renshe"));
            let inbox = world.ask_as(renshe, &[Role::Handler], &ListInbox::default()).await.expect("inbox");
            let titles: Vec<&str> = inbox.items.iter().map(|i| i.title.as_str()).collect();
            assert!(
                titles.len() == 3 && titles[0].starts_with("会议取消") && titles[2].starts_with("会议通知"),
                "{titles:?}"
            );
        }
    })
    .await;
}

fn check(own: &[&Value]) {
    let to = |unit: &str| -> Vec<&Value> {
        own.iter().copied().filter(|v| v["to"] == format!("xinfang@{unit}.example")).collect()
    };
    let course = |mails: &[&Value]| -> Vec<Value> {
        mails.iter().map(|m| json!([m["method"], m["sequence"], m["status"]])).collect()
    };
    let renshe = to("renshe");
    let whole = [
        json!(["REQUEST", 0, "CONFIRMED"]),
        json!(["REQUEST", 1, "CONFIRMED"]),
        json!(["CANCEL", 2, "CANCELLED"]),
    ];
    assert_eq!(course(&renshe), whole);
    assert_eq!(course(&to("zhujian")), [whole[0].clone(), json!(["CANCEL", 1, "CANCELLED"])], "dropped");
    let uid = format!("{}@yunling.example", terms(0, NINE).meeting_id);
    for mail in own {
        assert_eq!(mail["uid"], uid, "one UID for its life");
        assert_eq!(mail["mime_method"], mail["method"]);
        assert_eq!(mail["summary"], terms(0, NINE).title, "escaped and folded, it reads as it was");
        assert_eq!(mail["location"], "市民中心一楼一号会议室");
        assert_eq!((&mail["partstat"], &mail["rsvp"]), (&json!("NEEDS-ACTION"), &json!("TRUE")));
        assert_eq!(mail["organizer"], "mailto:xinfang@yunling.example");
        let attendee = format!("mailto:{}", mail["to"].as_str().expect("to"));
        assert_eq!(mail["attendee"], attendee);
        assert!(mail["longest_line"].as_u64().expect("octets") <= 75, "{mail}");
    }
    assert_eq!(renshe[0]["start"], "2026-08-06T09:00:00+08:00");
    assert_eq!(renshe[1]["start"], "2026-08-07T09:00:00+08:00");
    assert_eq!(renshe[1]["end"], "2026-08-07T11:00:00+08:00");
}
