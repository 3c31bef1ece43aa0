//! What comes onto the agenda by itself, and what leaves it; on both databases.

use contracts::{
    codes::{AgendaKind, AgendaState, AssignmentMode, CloseCode},
    meetings::commands::{CountMeetings, ListItems, ProposeItem, ShowItem},
    routing::{AssignmentRecalledV1, CompetenceDecidedV1, Decider, MatterClosedV1, MatterForwardedV1},
};
use kernel::{AssignmentId, Place, Role, UnixMillis};

use super::fixtures::{code, content, day, disputed, matter_id, objected, on_both, registered, screened};

fn assignment() -> AssignmentId {
    AssignmentId::from_parts(UnixMillis(3), 9)
}

fn recalled(n: u128) -> AssignmentRecalledV1 {
    AssignmentRecalledV1 {
        matter_id: matter_id(n),
        assignment_id: assignment(),
        assignment_no: 3,
        agency: code("renshe"),
        recalled_on: day("2026-08-10"),
        reason: "wrong_agency".to_owned(),
    }
}

fn forwarded(n: u128) -> MatterForwardedV1 {
    MatterForwardedV1 {
        matter_id: matter_id(n),
        assignment_id: assignment(),
        assignment_no: 3,
        agency: code("renshe"),
        mode: AssignmentMode::Forward,
        claims: vec![1],
        forwarded_on: day("2026-08-10"),
        limit_on: None,
        document_number: "信转〔2026〕1号".to_owned(),
        identity_travels: true,
    }
}

#[tokio::test]
async fn a_dispute_that_the_conference_decides_is_an_item_with_both_letters() {
    on_both(|world| async move {
        world.dispute(1).await;
        let [item] = &world.items().await[..] else { panic!("one item") };
        assert_eq!((item.kind, item.state), (AgendaKind::Competence, AgendaState::Proposed));
        assert_eq!(item.number, "XF990100-260803-0001");
        assert_eq!(item.parties, [code("renshe"), code("jiwei")]);
        let letters: Vec<_> = item.positions.iter().map(|p| p.content_id).collect();
        assert_eq!(letters, [Some(content(10)), Some(content(11))]);
        assert_eq!(world.of_type("item_proposed").await.len(), 1);
        assert_eq!(world.dead().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_dispute_that_a_superior_decides_is_no_item() {
    on_both(|world| async move {
        world.intake(1, 1, &registered(1)).await;
        world.routing(1, 1, &screened(1, false)).await;
        let superior = Decider::Superior(code("shifu"));
        world.routing(1, 2, &disputed(1, &["renshe", "zhujian"], superior)).await;
        world.hear().await;
        assert_eq!(world.items().await, []);
    })
    .await;
}

#[tokio::test]
async fn the_facts_of_a_matter_may_come_before_the_matter() {
    on_both(|world| async move {
        world.routing(1, 3, &disputed(1, &["renshe", "jiwei"], Decider::Conference)).await;
        world.routing(1, 2, &objected(1, "renshe", 10)).await;
        world.routing(1, 1, &screened(1, false)).await;
        world.hear().await;
        assert_eq!(world.items().await, []);
        world.intake(1, 1, &registered(1)).await;
        world.hear().await;
        assert_eq!(world.items().await.len(), 1);
        assert_eq!(world.dead().await, 0);
    })
    .await;
}

/// Art. 30: whoever is accused may sit at the table.
#[tokio::test]
async fn an_accusation_never_comes_onto_an_agenda() {
    on_both(|world| async move {
        // Registered as one: the id alone travels.
        let mut accusation = registered(1);
        accusation.open = None;
        world.intake(1, 1, &accusation).await;
        world.routing(1, 1, &screened(1, true)).await;
        world.routing(1, 2, &objected(1, "renshe", 10)).await;
        world.routing(1, 3, &disputed(1, &["renshe", "jiwei"], Decider::Conference)).await;
        // Found to be one by the person who screened it.
        world.intake(2, 1, &registered(2)).await;
        world.routing(2, 1, &screened(2, true)).await;
        world.routing(2, 2, &disputed(2, &["renshe", "jiwei"], Decider::Conference)).await;
        world.hear().await;
        assert_eq!(world.items().await, []);
        assert_eq!(world.said().await, [], "nothing is said of an accusation");
        for n in [1, 2] {
            let propose = ProposeItem { matter_id: matter_id(n), parties: vec![code("renshe")] };
            let refused = world.ask(Role::OfficeDirector, &propose).await.expect_err("hidden");
            assert_eq!(refused.code, "no_matter_for_agenda");
        }
    })
    .await;
}

#[tokio::test]
async fn an_item_whose_matter_turns_out_to_be_an_accusation_is_gone_for_everybody() {
    on_both(|world| async move {
        let item = world.on_the_list(1).await;
        world.routing(1, 5, &screened(1, true)).await;
        world.hear().await;
        assert_eq!(world.items().await, []);
        let show = ShowItem { item_id: item.item_id };
        let refused = world.ask(Role::OfficeDirector, &show).await.expect_err("gone");
        assert_eq!(refused.code, "no_such_agenda_item");
        let counts = world.ask(Role::OfficeDirector, &CountMeetings {}).await.expect("counts");
        assert!(counts.items.is_empty(), "{:?}", counts.items);
    })
    .await;
}

#[tokio::test]
async fn what_is_settled_elsewhere_leaves_the_agenda() {
    on_both(|world| async move {
        for n in 1..=4 {
            world.dispute(n).await;
        }
        world.routing(1, 5, &recalled(1)).await;
        let by_hand = CompetenceDecidedV1 {
            matter_id: matter_id(2),
            lead: code("renshe"),
            co: Vec::new(),
            decided_on: day("2026-08-10"),
            by: "resolution:paper-7".to_owned(),
            document_number: "联席会议纪要7号".to_owned(),
            dissent: false,
        };
        world.routing(2, 5, &by_hand).await;
        world.routing(3, 5, &forwarded(3)).await;
        let closed = MatterClosedV1 {
            matter_id: matter_id(4),
            assignment_id: assignment(),
            assignment_no: 3,
            agency: code("renshe"),
            close_code: CloseCode::SupportedExecuted,
            closed_on: day("2026-08-10"),
            report_content_id: None,
            on_behalf: false,
        };
        world.routing(4, 5, &closed).await;
        world.hear().await;
        let open = ListItems { open_only: true, ..ListItems::default() };
        assert_eq!(world.ask(Role::Screener, &open).await.expect("items").items, []);
        let why: Vec<_> =
            world.of_type("item_settled").await.iter().map(|b| b["withdrawal"].clone()).collect();
        assert_eq!(why, ["recalled", "decided_elsewhere", "decided_elsewhere", "matter_ended"]);
    })
    .await;
}

#[tokio::test]
async fn a_person_proposes_a_stuck_matter_once_and_rights_hold() {
    on_both(|world| async move {
        world.intake(1, 1, &registered(1)).await;
        world.hear().await;
        let propose = ProposeItem { matter_id: matter_id(1), parties: vec![code("renshe")] };
        for role in [Role::Supervisor, Role::Registrar, Role::Administrator, Role::RestrictedOfficer] {
            let refused = world.ask(role, &propose).await.expect_err("not theirs");
            assert_eq!(refused.code, "meetings_not_allowed");
        }
        let agency = Place::Agency(code("renshe"));
        let refused = world.ask_at(agency.clone(), Role::Handler, &propose).await.expect_err("an agency");
        assert_eq!(refused.code, "meetings_not_allowed");
        let refused =
            world.ask_at(agency, Role::Handler, &ListItems::default()).await.expect_err("an agency");
        assert_eq!(refused.code, "meetings_not_allowed");
        world.ask(Role::Screener, &propose).await.expect("proposed");
        let again = world.ask(Role::Screener, &propose).await.expect_err("stands there already");
        assert_eq!(again.code, "agenda_item_open_already");
        let unknown = ProposeItem { matter_id: matter_id(1), parties: vec![code("nobody")] };
        let refused = world.ask(Role::Screener, &unknown).await.expect_err("no unit");
        assert_eq!(refused.code, "no_such_conference_unit");
        // A dispute takes its place.
        world.routing(1, 1, &disputed(1, &["renshe", "jiwei"], Decider::Conference)).await;
        world.hear().await;
        let open = ListItems { open_only: true, ..ListItems::default() };
        let [item] = &world.ask(Role::Screener, &open).await.expect("items").items[..] else { panic!("one") };
        assert_eq!(item.kind, AgendaKind::Competence);
    })
    .await;
}
