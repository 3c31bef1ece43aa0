//! A meeting from its call to its minutes; on both databases.

use contracts::{
    agency::{InvitationRepliedV1, PositionFiledV1},
    codes::{
        AgendaOutcome, AgendaState, Attendance, CallOffReason, InvitationReply, MeetingState, ReplyReason,
        ResolutionState,
    },
    meetings::{
        Invitee,
        commands::{
            AttendanceEntry, CallOffMeeting, CountMeetings, DecideItem, Decision, Dissent, FixMinutes,
            HoldMeeting, ListMeetings, MoveMeeting, RecordPosition, ReopenItem, ShowMeeting,
        },
    },
    routing::{CompetenceDecidedV1, Decider, ResolutionSetAsideV1},
};
use kernel::{MeetingId, Place, Role};

use super::fixtures::{
    World, call, code, content, day, disputed, matter_id, nine, objected, on_both, plan, registered,
    resolved, screened,
};

fn reply(meeting_id: MeetingId, sequence: i64, reply: InvitationReply) -> InvitationRepliedV1 {
    let declined = reply == InvitationReply::Declined;
    InvitationRepliedV1 {
        meeting_id,
        sequence,
        reply,
        reason: declined.then_some(ReplyReason::OtherMeeting),
        substitute_post: None,
        replied_on: day("2026-08-10"),
        on_behalf_paper: None,
    }
}

#[tokio::test]
async fn a_call_invites_every_party_and_says_all_that_a_calendar_needs() {
    on_both(|world| async move {
        let item = world.on_the_list(1).await;
        let called = world.director(&call(plan("2026-08-14", &[item.item_id]))).await;
        assert_eq!((called.state, called.sequence), (MeetingState::Called, 0));
        let [fact] = &world.of_type("meeting_called").await[..] else { panic!("one fact") };
        assert_eq!(fact["uid"], format!("{}@yunling.example", called.meeting_id));
        assert_eq!(fact["sequence"], 0);
        assert_eq!(fact["title"], "云岭市信访工作联席会议2026年第1次工作会议");
        assert_eq!(fact["organizer"], "云岭市联席办");
        assert_eq!(fact["starts_at"], "2026-08-14T09:00:00.000+08:00");
        assert_eq!(fact["items"][0]["number"], item.number.as_str());
        let invited: Vec<_> = fact["agencies"].as_array().expect("list").iter().collect();
        assert_eq!(invited.len(), 3, "the parties are invited with those named");
        let told: Vec<_> = world.said().await.into_iter().filter_map(|(_, to, _)| to).collect();
        assert_eq!(told.len(), 3);
        assert!(told.contains(&code("renshe")) && told.contains(&code("jiwei")));
        assert_eq!(world.item(1).await.state, AgendaState::Scheduled);
        for role in [Role::Screener, Role::Supervisor, Role::Registrar] {
            let refused =
                world.ask(role, &call(plan("2026-08-14", &[]))).await.expect_err("the director calls");
            assert_eq!(refused.code, "meetings_not_allowed");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_plan_is_said() {
    on_both(|world| async move {
        let item = world.on_the_list(1).await;
        let wrong = |change: fn(&mut contracts::meetings::commands::MeetingPlan)| {
            let mut plan = plan("2026-08-14", &[item.item_id]);
            change(&mut plan);
            call(plan)
        };
        let cases = [
            (wrong(|p| p.ends_at = p.starts_at), "meeting_times_wrong"),
            (wrong(|p| p.starts_at = nine("2026-08-10")), "meeting_times_wrong"),
            (wrong(|p| p.ends_at = nine("2026-08-15")), "meeting_times_wrong"),
            (wrong(|p| p.reply_by = day("2026-08-15")), "meeting_reply_by_wrong"),
            (wrong(|p| p.place = " ".to_owned()), "conference_field_owed"),
            (wrong(|p| p.items.push(p.items[0])), "meeting_agenda_wrong"),
            (
                wrong(|p| p.agencies.push(Invitee { agency: code("nobody"), required: true })),
                "no_such_conference_unit",
            ),
        ];
        for (command, code) in cases {
            let refused = world.ask(Role::OfficeDirector, &command).await.expect_err(code);
            assert_eq!(refused.code, code);
        }
        assert_eq!(world.of_type("meeting_called").await.len(), 0);
        assert_eq!(world.item(1).await.state, AgendaState::Screened);
    })
    .await;
}

#[tokio::test]
async fn short_notice_is_warned_of_and_goes_with_a_reason() {
    on_both(|world| async move {
        let short = call(plan("2026-08-12", &[]));
        let warned = world.ask(Role::OfficeDirector, &short).await.expect_err("two days of three");
        assert_eq!(warned.code, "meeting_notice_short");
        let mut reasoned = short;
        reasoned.plan.short_notice_reason = Some("防汛紧急".to_owned());
        let called = world.director(&reasoned).await;
        let view = world.meeting(called.meeting_id).await;
        assert_eq!(view.short_notice_reason.as_deref(), Some("防汛紧急"));
    })
    .await;
}

#[tokio::test]
async fn a_meeting_moves_under_its_uid_and_stale_replies_do_not_count() {
    on_both(|world| async move {
        let item = world.on_the_list(1).await;
        let called = world.director(&call(plan("2026-08-14", &[item.item_id]))).await;
        let id = called.meeting_id;
        world.returns("renshe", &id, 1, &reply(id, 0, InvitationReply::Declined)).await;
        let mut later = plan("2026-08-17", &[item.item_id]);
        later.agencies = vec![Invitee { agency: code("zhujian"), required: true }];
        let step = MoveMeeting { meeting_id: id, expected_version: called.version, plan: later };
        let moved = world.director(&step).await;
        assert_eq!(moved.sequence, 1);
        let again = world.ask(Role::OfficeDirector, &step).await.expect_err("seen before");
        assert_eq!(again.code, "conference_stale");
        let [fact] = &world.of_type("meeting_moved").await[..] else { panic!("one fact") };
        let before = &world.of_type("meeting_called").await[0];
        assert_eq!((&fact["uid"], &fact["sequence"]), (&before["uid"], &serde_json::json!(1)));
        assert_eq!(fact["dropped"], serde_json::json!(["shifu"]));
        let cancelled = world.of_type("cancellation_dispatched").await;
        assert_eq!(
            (&cancelled[0]["agency"], &cancelled[0]["reason"]),
            (&"shifu".into(), &serde_json::Value::Null)
        );
        // The reply to the first invitation is shown with its sequence; the row counts as not replied.
        let row = &world.ask(Role::Screener, &ListMeetings::default()).await.expect("list").items[0];
        assert_eq!((row.invited, row.replied), (3, 0));
        world.returns("renshe", &id, 2, &reply(id, 1, InvitationReply::Accepted)).await;
        let row = &world.ask(Role::Screener, &ListMeetings::default()).await.expect("list").items[0];
        assert_eq!((row.invited, row.replied), (3, 1));
        world.at(nine("2026-08-18")).await;
        let counts = world.ask(Role::Screener, &CountMeetings {}).await.expect("counts");
        assert_eq!(counts.late_replies, 2);
    })
    .await;
}

#[tokio::test]
async fn called_off_its_items_go_back_and_everybody_is_told() {
    on_both(|world| async move {
        let item = world.on_the_list(1).await;
        let called = world.director(&call(plan("2026-08-14", &[item.item_id]))).await;
        let off = CallOffMeeting {
            meeting_id: called.meeting_id,
            expected_version: called.version,
            reason: CallOffReason::TooFew,
        };
        let off = world.director(&off).await;
        assert_eq!((off.state, off.sequence), (MeetingState::CalledOff, 1));
        let [fact] = &world.of_type("meeting_called_off").await[..] else { panic!("one fact") };
        let before = &world.of_type("meeting_called").await[0];
        assert_eq!(fact["uid"], before["uid"]);
        assert_eq!((&fact["sequence"], &fact["reason"]), (&1.into(), &"too_few".into()));
        assert_eq!(fact["agencies"].as_array().expect("list").len(), 3);
        assert_eq!(world.of_type("cancellation_dispatched").await.len(), 3);
        let item = world.item(1).await;
        assert_eq!((item.state, item.meeting_id), (AgendaState::Screened, None));
        // It can be called again.
        world.director(&call(plan("2026-08-17", &[item.item_id]))).await;
    })
    .await;
}

#[tokio::test]
async fn no_meeting_is_held_before_its_start_or_without_the_attendance_of_all() {
    on_both(|world| async move {
        let called = world.director(&call(plan("2026-08-14", &[]))).await;
        let entry = AttendanceEntry {
            agency: code("shifu"),
            attendance: Attendance::Substitute,
            who: "科长".to_owned(),
        };
        let hold = |attendance: Vec<AttendanceEntry>| HoldMeeting {
            meeting_id: called.meeting_id,
            expected_version: called.version,
            attendance,
        };
        let early = world.ask(Role::OfficeDirector, &hold(vec![entry.clone()])).await.expect_err("early");
        assert_eq!(early.code, "meeting_not_started");
        world.at(nine("2026-08-14")).await;
        let other = AttendanceEntry { agency: code("jiwei"), ..entry.clone() };
        for wrong in [vec![], vec![entry.clone(), entry.clone()], vec![entry.clone(), other]] {
            let refused = world.ask(Role::OfficeDirector, &hold(wrong)).await.expect_err("incomplete");
            assert_eq!(refused.code, "attendance_incomplete");
        }
        world.director(&hold(vec![entry])).await;
        let view = world.meeting(called.meeting_id).await;
        assert_eq!(view.invitations[0].attendance, Some(Attendance::Substitute));
        let [fact] = &world.of_type("meeting_held").await[..] else { panic!("one fact") };
        assert!(!fact.to_string().contains("科长"), "no name or post is on the bus");
    })
    .await;
}

/// 人社 alone wrote; 纪委, which it holds for competent, is heard at the meeting.
#[tokio::test]
async fn a_dispute_is_resolved_only_with_the_positions_of_all_sides() {
    on_both(|world| async move {
        world.intake(1, 1, &registered(1)).await;
        world.routing(1, 1, &screened(1, false)).await;
        let mut letter = objected(1, "renshe", 10);
        letter.proposed_agency = Some(code("jiwei"));
        world.routing(1, 2, &letter).await;
        world.routing(1, 3, &disputed(1, &["renshe"], Decider::Conference)).await;
        world.hear().await;
        let item = world.item(1).await;
        assert_eq!(item.parties, [code("renshe"), code("jiwei")]);
        let take = contracts::meetings::commands::ScreenItem {
            item_id: item.item_id,
            expected_version: item.version,
            take: true,
        };
        world.director(&take).await;
        let called = world.director(&call(plan("2026-08-14", &[item.item_id]))).await;
        world.held(&called).await;
        let version = world.item(1).await.version;
        let decide =
            |expected_version, decision| DecideItem { item_id: item.item_id, expected_version, decision };
        let refused =
            world.ask(Role::OfficeDirector, &decide(version, resolved())).await.expect_err("unheard");
        assert_eq!(refused.code, "positions_owed");
        assert!(refused.text(true).contains("jiwei"), "{}", refused.text(true));
        let paper = PositionFiledV1 {
            item_id: item.item_id,
            meeting_id: called.meeting_id,
            matter_id: matter_id(1),
            filed_on: day("2026-08-12"),
            content_id: content(77),
            content_hash: "ab".repeat(32),
            on_behalf_paper: None,
        };
        world.returns("jiwei", &matter_id(1), 1, &paper).await;
        world.returns("zhujian", &matter_id(1), 1, &paper).await;
        assert_eq!(world.dead().await, 1, "only a party takes a position");
        let stranger = RecordPosition {
            item_id: item.item_id,
            expected_version: world.item(1).await.version,
            agency: code("zhujian"),
            words: "…".to_owned(),
        };
        let refused = world.ask(Role::OfficeDirector, &stranger).await.expect_err("no party");
        assert_eq!(refused.code, "not_a_party");
        let version = world.item(1).await.version;
        world.director(&decide(version, resolved())).await;
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_complete_or_refused() {
    on_both(|world| async move {
        let item = world.on_the_list(1).await;
        let called = world.director(&call(plan("2026-08-14", &[item.item_id]))).await;
        world.held(&called).await;
        let version = world.item(1).await.version;
        let with = |change: fn(&mut Decision)| {
            let mut decision = resolved();
            change(&mut decision);
            DecideItem { item_id: item.item_id, expected_version: version, decision }
        };
        fn named(decision: &mut Decision) -> &mut contracts::meetings::commands::Resolved {
            decision.resolved.as_mut().expect("resolved")
        }
        let cases = [
            (with(|d| d.facts.clear()), "conference_field_owed"),
            (with(|d| d.resolved = None), "resolved_owed"),
            (with(|d| d.outcome = AgendaOutcome::Returned), "resolved_owed"),
            (with(|d| named(d).due_on = day("2026-08-14")), "resolution_due_out_of_range"),
            (with(|d| named(d).lead = code("nobody")), "no_such_conference_unit"),
            (with(|d| named(d).lead = code("zhujian")), "co_units_wrong"),
            (with(|d| named(d).co[0].due_on = day("2026-09-25")), "co_units_wrong"),
            (with(|d| d.until_on = Some(day("2026-09-01"))), "deferral_date_owed"),
            (
                with(|d| d.dissent = vec![Dissent { agency: code("zhujian"), words: "反对".to_owned() }]),
                "dissent_not_invited",
            ),
        ];
        for (command, code) in cases {
            let refused = world.ask(Role::OfficeDirector, &command).await.expect_err(code);
            assert_eq!(refused.code, code);
        }
        let held = world.meeting(called.meeting_id).await;
        let fix = FixMinutes {
            meeting_id: called.meeting_id,
            expected_version: held.version,
            convener: "召集人".to_owned(),
        };
        let refused = world.ask(Role::OfficeDirector, &fix).await.expect_err("nothing decided");
        assert_eq!(refused.code, "items_undecided");
    })
    .await;
}

#[tokio::test]
async fn fixed_minutes_publish_the_resolution_and_give_each_unit_its_task() {
    on_both(|world| async move {
        let item = world.adopted(1).await;
        assert_eq!(item.state, AgendaState::Resolved);
        let resolution = item.resolution.expect("resolution");
        assert_eq!(
            (resolution.document_number.as_str(), resolution.state),
            ("信议〔2026〕1号", ResolutionState::Adopted)
        );
        let [fact] = &world.of_type("resolution_adopted").await[..] else { panic!("one fact") };
        assert_eq!((&fact["lead"], &fact["due_on"]), (&"renshe".into(), &"2026-09-25".into()));
        assert_eq!(fact["co"], serde_json::json!([{ "agency": "zhujian", "due_on": "2026-09-15" }]));
        assert_eq!(fact["dissent"], false);
        let tasks = world.of_type("task_dispatched").await;
        assert_eq!(tasks.len(), 2);
        assert_eq!((&tasks[0]["role"], &tasks[1]["role"]), (&"lead".into(), &"assist".into()));
        assert_eq!(world.of_type("minutes_fixed").await[0]["document_number"], "信议纪〔2026〕1号");
        assert_eq!(world.of_type("minutes_dispatched").await.len(), 3);
        for (token, _, body) in world.said().await {
            let text = body.to_string();
            assert!(!text.contains("欠薪") && !text.contains("争议为主"), "{token}: words of the minutes");
        }
        let binding = CompetenceDecidedV1 {
            matter_id: matter_id(1),
            lead: code("renshe"),
            co: Vec::new(),
            decided_on: day("2026-08-14"),
            by: format!("resolution:{}", resolution.resolution_id),
            document_number: resolution.document_number,
            dissent: false,
        };
        world.routing(1, 5, &binding).await;
        world.hear().await;
        let bound = world.item(1).await.resolution.expect("resolution");
        assert_eq!(bound.state, ResolutionState::Binding);
        assert_eq!(world.item(1).await.state, AgendaState::Resolved);
    })
    .await;
}

#[tokio::test]
async fn what_routing_could_not_carry_out_waits_for_a_person_who_puts_it_back() {
    on_both(|world| async move {
        let item = world.adopted(1).await;
        let resolution = item.resolution.expect("resolution");
        let reopen = |expected_version| ReopenItem { item_id: item.item_id, expected_version };
        let early = world.ask(Role::OfficeDirector, &reopen(item.version)).await.expect_err("it stands");
        assert_eq!(early.code, "resolution_not_set_aside");
        let set_aside = ResolutionSetAsideV1 {
            resolution_id: resolution.resolution_id,
            matter_id: matter_id(1),
            document_number: resolution.document_number,
            lead: code("renshe"),
            reason: "matter_wrong_state".to_owned(),
            set_aside_on: day("2026-08-14"),
        };
        world.routing(1, 5, &set_aside).await;
        world.hear().await;
        let counts = world.ask(Role::Screener, &CountMeetings {}).await.expect("counts");
        assert_eq!(counts.resolutions["set_aside"], 1);
        let view = world.item(1).await;
        assert_eq!(view.resolution.expect("resolution").set_aside.as_deref(), Some("matter_wrong_state"));
        world.director(&reopen(view.version)).await;
        let view = world.item(1).await;
        assert_eq!(view.state, AgendaState::Screened);
        let withdrawn = world.of_type("task_verdict_dispatched").await;
        assert_eq!(withdrawn.len(), 2);
        assert!(withdrawn.iter().all(|v| v["verdict"] == "withdraw"));
    })
    .await;
}

#[tokio::test]
async fn other_outcomes_end_an_item_or_give_it_another_day() {
    on_both(|world| async move {
        for n in 1..=3 {
            world.on_the_list(n).await;
        }
        let items: Vec<_> = [world.item(1).await, world.item(2).await, world.item(3).await].into();
        let ids: Vec<_> = items.iter().map(|i| i.item_id).collect();
        let called = world.director(&call(plan("2026-08-14", &ids))).await;
        let held = world.held(&called).await;
        let outcomes = [AgendaOutcome::Deferred, AgendaOutcome::Returned, AgendaOutcome::ReportedUp];
        for (n, outcome) in (1..).zip(outcomes) {
            let item = world.item(n).await;
            let decision = Decision {
                outcome,
                facts: "待核实".to_owned(),
                resolved: None,
                until_on: (outcome == AgendaOutcome::Deferred).then(|| day("2026-09-01")),
                dissent: vec![Dissent { agency: code("jiwei"), words: "应当今日议定".to_owned() }],
            };
            let (item_id, expected_version) = (item.item_id, item.version);
            world.director(&DecideItem { item_id, expected_version, decision }).await;
        }
        let fix = FixMinutes {
            meeting_id: held.meeting_id,
            expected_version: held.version,
            convener: "召集人".to_owned(),
        };
        world.director(&fix).await;
        let states = [world.item(1).await.state, world.item(2).await.state, world.item(3).await.state];
        assert_eq!(states, [AgendaState::Deferred, AgendaState::Returned, AgendaState::ReportedUp]);
        assert_eq!(world.of_type("item_settled").await.len(), 3);
        assert_eq!(world.of_type("resolution_adopted").await.len(), 0);
        // What is deferred can be called again.
        world.director(&call(plan("2026-09-01", &[ids[0]]))).await;
        assert_eq!(world.item(1).await.state, AgendaState::Scheduled);
    })
    .await;
}

async fn seen_by(world: &World, agency: &str, id: MeetingId) -> Result<bool, String> {
    let show = ShowMeeting { meeting_id: id };
    let view = world.ask_at(Place::Agency(code(agency)), Role::Handler, &show).await;
    view.map(|v| v.items.iter().any(|i| i.decision.is_some())).map_err(|r| r.code.to_string())
}

#[tokio::test]
async fn an_agency_sees_what_it_is_invited_to_and_decisions_with_the_minutes() {
    on_both(|world| async move {
        let item = world.on_the_list(1).await;
        let called = world.director(&call(plan("2026-08-14", &[item.item_id]))).await;
        let id = called.meeting_id;
        let held = world.held(&called).await;
        let version = world.item(1).await.version;
        let decide = DecideItem { item_id: item.item_id, expected_version: version, decision: resolved() };
        world.director(&decide).await;
        assert_eq!(seen_by(&world, "renshe", id).await, Ok(false));
        assert_eq!(seen_by(&world, "zhujian", id).await, Err("no_such_meeting".to_owned()));
        let fix =
            FixMinutes { meeting_id: id, expected_version: held.version, convener: "召集人".to_owned() };
        world.director(&fix).await;
        assert_eq!(seen_by(&world, "renshe", id).await, Ok(true));
        let list = ListMeetings::default();
        let own = world.ask_at(Place::Agency(code("zhujian")), Role::Handler, &list).await.expect("list");
        assert_eq!(own.items.len(), 0);
    })
    .await;
}
