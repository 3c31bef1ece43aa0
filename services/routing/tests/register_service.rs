//! The register with its store and a bus, on both databases: who keeps it, what is published, where cases go.

use contracts::{MessageKind, PageRequest};
use contracts::{
    codes::{AgencyEndKind, MatterState},
    routing::{
        AgencyChangedV1, AgencyEndedV1, AgencyListedV1, AssignmentDispatchV1, RecallDispatchV1, Succession,
        commands::{ListAgencies, NameAccused, Screen},
        register::{AddAgency, ChangeAgency, EndAgency, ListOrphans, PageAgencies, Reassign, ShowAgency},
    },
};
use kernel::{Refusal, Role};

use super::{
    fixtures::{code, day, forward_to, matter_id, screen_command},
    register::{adding, ending, entry, share},
    service::{World, on_both, registered},
};

const ADMIN: &[Role] = &[Role::Administrator];
const DIRECTOR: &[Role] = &[Role::OfficeDirector];
const SCREENER: &[Role] = &[Role::Screener];
const OFFICER: &[Role] = &[Role::RestrictedOfficer];

async fn end_renshe(world: &World, last_on: &str) -> Result<i64, Refusal> {
    let kept = world.ask(ADMIN, &ShowAgency { agency: code("renshe") }).await.expect("shown");
    let elsewhere = Succession { regions: vec!["990101".parse().expect("region")], ..share("qingyan", &[]) };
    let successors = vec![share("shuju", &["labour"]), elsewhere];
    let ending = if kept.ending.is_none() {
        ending(AgencyEndKind::Abolished, last_on, successors)
    } else {
        ending(AgencyEndKind::Merged, last_on, vec![share("shuju", &[])])
    };
    let command = EndAgency { agency: code("renshe"), expected_version: kept.version, ending };
    world.ask(DIRECTOR, &command).await.map(|kept| kept.version)
}

#[tokio::test]
async fn the_register_is_kept_by_its_keepers_and_every_change_is_a_fact_once() {
    on_both(|world| async move {
        for stranger in [SCREENER, OFFICER, &[Role::Operator]] {
            assert_eq!(
                world.ask(stranger, &adding("shuju")).await.expect_err("no").code,
                "not_register_keeper"
            );
        }
        assert_eq!(world.ask(ADMIN, &adding("shuju")).await.expect("entered").version, 1);
        assert_eq!(world.ask(ADMIN, &adding("shuju")).await.expect_err("twice").code, "agency_code_taken");
        let listed: Vec<AgencyListedV1> = world.facts().await;
        assert_eq!(listed.iter().filter(|f| f.agency == code("shuju")).count(), 1);

        let mut change =
            ChangeAgency { agency: code("shuju"), expected_version: 1, entry: entry("云岭市数字局") };
        change.entry.email = "desk@shuju.example".to_owned();
        assert_eq!(world.ask(ADMIN, &change).await.expect("changed").version, 2);
        assert_eq!(world.ask(ADMIN, &change).await.expect_err("older").code, "agency_stale");
        change.agency = code("nobody");
        assert_eq!(world.ask(ADMIN, &change).await.expect_err("unknown").code, "no_such_agency");
        let changed: Vec<AgencyChangedV1> = world.facts().await;
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].entry.email.as_deref(), Some("desk@shuju.example"));

        end_renshe(&world, "2026-08-31").await.expect("ends");
        end_renshe(&world, "2026-09-30").await.expect("stated anew before the day");
        let ended: Vec<AgencyEndedV1> = world.facts().await;
        assert_eq!(ended.len(), 2);
        assert_eq!(ended[1].entry.valid_to, Some(day("2026-09-30")));
        assert_eq!(ended[1].entry.successors, [code("shuju")]);
        let page = PageRequest { after: Some("qingyan".to_owned()), limit: Some(1) };
        let page = world.ask(SCREENER, &PageAgencies { page }).await.expect("page");
        assert_eq!((page.items[0].listed.agency.as_str(), page.items[0].version), ("renshe", 3));
        assert_eq!(page.next.as_deref(), Some("renshe"));
        assert_eq!(world.ask(SCREENER, &ListAgencies {}).await.expect("all").len(), 7);
    })
    .await;
}

#[tokio::test]
async fn a_new_agency_is_proposed_from_its_first_day_and_an_ended_one_no_more() {
    on_both(|world| async move {
        let mut early: AddAgency = adding("shuju");
        early.entry.valid_from = day("2026-09-01");
        world.ask(ADMIN, &early).await.expect("entered");
        world.arrives(&registered(1, false), MessageKind::Fact).await;
        world.settle().await;
        let proposed = world.view(SCREENER).await.expect("view").agencies;
        assert_eq!(proposed.iter().map(|p| p.code.as_str()).collect::<Vec<_>>(), ["renshe"]);
        let mut screen: Screen = screen_command(1);
        screen.hand_over = Some(forward_to("shuju"));
        assert_eq!(world.ask(SCREENER, &screen).await.expect_err("not yet").code, "agency_not_yet");
    })
    .await;
}

#[tokio::test]
async fn a_case_of_an_ended_agency_waits_for_a_person_and_goes_to_the_successor_whole() {
    on_both(|world| async move {
        world.streams(&["shuju"]).await;
        world.ask(ADMIN, &adding("shuju")).await.expect("entered");
        let before = world.screened_and_forwarded().await;
        assert!(world.ask(SCREENER, &ListOrphans::default()).await.expect("queue").items.is_empty());
        let mut command = Reassign {
            matter_id: matter_id(1),
            expected_version: before.version,
            hand_over: forward_to("shuju"),
        };
        assert_eq!(world.ask(SCREENER, &command).await.expect_err("no end").code, "agency_goes_on");
        // Yesterday was its last day.
        end_renshe(&world, "2026-08-02").await.expect("ended");
        let queue = world.ask(SCREENER, &ListOrphans::default()).await.expect("queue").items;
        assert_eq!((queue.len(), queue[0].matter_id, queue[0].ended), (1, matter_id(1), true));
        assert_eq!(queue[0].successors, [code("shuju")]);
        assert_eq!(world.ask(OFFICER, &ListOrphans::default()).await.expect("own").items, []);
        assert_eq!(
            world.ask(ADMIN, &ListOrphans::default()).await.expect_err("no").code,
            "routing_not_allowed"
        );

        command.hand_over = forward_to("renshe");
        assert_eq!(world.ask(SCREENER, &command).await.expect_err("itself").code, "agency_ended");
        let kept = world.view(SCREENER).await.expect("view");
        assert_eq!(
            (kept.version, kept.state),
            (before.version, MatterState::Forwarded),
            "it lies where it lay"
        );
        command.hand_over = forward_to("shuju");
        world.ask(SCREENER, &command).await.expect("handed on");
        assert_eq!(world.ask(SCREENER, &command).await.expect_err("twice").code, "stale_version");
        let view = world.view(SCREENER).await.expect("view");
        assert_eq!(view.state, MatterState::Forwarded);
        let states: Vec<_> = view.assignments.iter().map(|a| (a.agency.as_str(), a.state.code())).collect();
        assert_eq!(states, [("renshe", "recalled"), ("shuju", "sent")]);
        assert!(view.claims.iter().all(|c| c.holder == "shuju"));
        assert!(world.ask(SCREENER, &ListOrphans::default()).await.expect("queue").items.is_empty());
        world.settle().await;
        let told = world.dispatches("renshe").await;
        assert!(told.iter().any(|(_, m)| m.decode::<RecallDispatchV1>().is_ok()), "the old desk is told");
        let got = world.dispatches("shuju").await;
        let got: Vec<AssignmentDispatchV1> = got.iter().filter_map(|(_, m)| m.decode().ok()).collect();
        assert_eq!((got.len(), got[0].assignment_no), (1, 2));
    })
    .await;
}

#[tokio::test]
async fn an_accusation_stands_in_its_officers_queue_alone_and_never_goes_to_who_continues_the_accused() {
    on_both(|world| async move {
        world.ask(ADMIN, &adding("shuju")).await.expect("entered");
        world.arrives(&registered(1, true), MessageKind::Fact).await;
        world.settle().await;
        let view = world.view(OFFICER).await.expect("view");
        let mut screen = screen_command(view.version);
        screen.purpose = contracts::codes::Purpose::Accusation;
        (screen.category, screen.route) = (None, None);
        screen.hand_over = Some(forward_to("renshe"));
        world.ask(OFFICER, &screen).await.expect("handed over");
        end_renshe(&world, "2026-08-02").await.expect("ended");
        assert_eq!(world.ask(SCREENER, &ListOrphans::default()).await.expect("open ones").items, []);
        let queue = world.ask(OFFICER, &ListOrphans::default()).await.expect("queue").items;
        assert_eq!(queue.len(), 1);
        let version = queue[0].version;
        let accuse = NameAccused {
            matter_id: matter_id(1),
            expected_version: version,
            agencies: vec![code("renshe")],
        };
        world.ask(OFFICER, &accuse).await.expect("named");
        let command = |to: &str| Reassign {
            matter_id: matter_id(1),
            expected_version: version,
            hand_over: forward_to(to),
        };
        let refused = world.ask(OFFICER, &command("shuju")).await.expect_err("guarded");
        assert_eq!(refused.code, "accused_unit");
        assert_eq!(world.ask(SCREENER, &command("jiwei")).await.expect_err("unseen").code, "no_such_matter");
        world.ask(OFFICER, &command("jiwei")).await.expect("handed on");
    })
    .await;
}
