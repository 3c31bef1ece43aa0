//! Facts become notices: once for each audience, whatever comes twice, late or out of order.

use contracts::{
    codes::{Channel, Level, NoticeChannel, NoticeState, NoticeTrouble, Purpose},
    notification::commands::{CountUnread, ListInbox, ListNotices, NoticesOfMatter, ReadInbox},
    routing::{MatterScreenedV1, ProposalUse},
};
use kernel::{Place, Role};

use crate::fixtures::{code, delivered, forwarded, matter_id, on_both, registered};

#[tokio::test]
async fn a_fact_is_told_once_whatever_the_bus_does() {
    on_both(None, |world| async move {
        let first = world.message("lianxi/intake", &matter_id(1), 1, &registered(1, Channel::Letter));
        let sent_on = world.message("lianxi/routing", &matter_id(1), 1, &forwarded(1));
        // The hand-over comes before the registration, and each comes three times.
        for attempt in 0..3 {
            world.send(&sent_on, attempt).await;
            world.send(&first, attempt).await;
            world.hear().await;
        }
        let mut told: Vec<_> =
            world.notices(1).await.into_iter().map(|n| (n.template, n.state, n.channel)).collect();
        // Two that were made in one moment have no order.
        told.sort_by(|a, b| b.0.cmp(&a.0));
        let queued = |kind: &str| (kind.to_owned(), NoticeState::Queued, NoticeChannel::Letter);
        assert_eq!(told, [queued("receipt"), queued("forwarded")]);
        assert_eq!(world.told().await, ["notice_queued", "notice_queued"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_stood_at_the_counter_has_the_receipt_and_nobody_writes_to_the_nameless() {
    on_both(None, |world| async move {
        world.say("intake", 1, 1, &registered(1, Channel::Visit)).await;
        let mut nameless = registered(2, Channel::Letter);
        nameless.open.as_mut().expect("open").anonymous = true;
        world.say("intake", 2, 1, &nameless).await;
        world.hear().await;
        let given = &world.notices(1).await[0];
        assert_eq!((given.channel, given.state), (NoticeChannel::OnTheSpot, NoticeState::Delivered));
        let nobody = &world.notices(2).await[0];
        assert_eq!(
            (nobody.state, nobody.trouble),
            (NoticeState::Unreachable, Some(NoticeTrouble::Anonymous))
        );
        assert_eq!(world.told().await, ["notice_delivered", "notice_failed"]);
        let work = ListNotices { states: vec![NoticeState::Unreachable], ..ListNotices::default() };
        let work = world.ask(Role::Registrar, &work).await.expect("the office's work");
        assert_eq!(work.items.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_unit_finds_it_in_its_inbox_and_another_does_not() {
    on_both(None, |world| async move {
        world.list("renshe", Some("xinfang@renshe.example")).await;
        world.say("intake", 1, 1, &registered(1, Channel::Letter)).await;
        world.say("routing", 1, 1, &forwarded(1)).await;
        world.say("routing", 1, 2, &delivered(1)).await;
        world.hear().await;
        let renshe = Place::Agency(code("renshe"));
        let wish = ListInbox::default();
        let found = world.ask_as(renshe.clone(), &[Role::Handler], &wish).await.expect("inbox");
        assert_eq!(found.items.len(), 1, "no mail leaves from here, and the inbox is told once");
        assert!(found.items[0].title.contains("XF990100-260803-0001"), "{:?}", found.items);
        let english = ListInbox { english: true, ..wish.clone() };
        let english = world.ask_as(renshe.clone(), &[Role::AgencyHead], &english).await.expect("inbox");
        assert!(english.items[0].title.starts_with("A new assignment"), "{:?}", english.items);
        let refused = world.ask_as(renshe.clone(), &[Role::Administrator], &wish).await.expect_err("no");
        assert_eq!(refused.code, "notification_not_allowed");
        let other = world.ask(Role::Screener, &wish).await.expect("another inbox");
        assert!(other.items.is_empty());
        for (unread, read) in [(1, 1), (0, 0)] {
            let now = world.ask_as(renshe.clone(), &[Role::Handler], &CountUnread {}).await.expect("count");
            assert_eq!(now.unread, unread);
            let done =
                world.ask_as(renshe.clone(), &[Role::Handler], &ReadInbox::default()).await.expect("read");
            assert_eq!(done.changed, read);
        }
    })
    .await;
}

#[tokio::test]
async fn what_turns_out_to_be_an_accusation_is_its_officers_alone() {
    on_both(None, |world| async move {
        world.say("intake", 1, 1, &registered(1, Channel::Letter)).await;
        world.hear().await;
        let screened = MatterScreenedV1 {
            matter_id: matter_id(1),
            purpose: Purpose::Accusation,
            category: None,
            route: None,
            level: Level::City,
            restricted: true,
            proposal: ProposalUse::None,
            agency_proposal: None,
        };
        world.say("routing", 1, 1, &screened).await;
        world.say("routing", 1, 2, &forwarded(1)).await;
        world.say("routing", 1, 3, &delivered(1)).await;
        world.hear().await;
        let all = ListNotices::default();
        assert!(world.ask(Role::Registrar, &all).await.expect("list").items.is_empty());
        let hidden = world.ask(Role::Registrar, &NoticesOfMatter { matter_id: matter_id(1) }).await;
        assert_eq!(hidden.expect_err("hidden").code, "no_such_notice");
        let restricted = ListNotices { restricted: true, ..all.clone() };
        assert!(world.ask(Role::Registrar, &restricted).await.is_err());
        let officer = world.ask(Role::RestrictedOfficer, &restricted).await.expect("the officer's");
        assert_eq!(officer.items.len(), 2, "receipt and hand-over: {:?}", officer.items);
        assert!(officer.items.iter().all(|n| n.number.is_none() && n.channel == NoticeChannel::Letter));
        let agency = Place::Agency(code("renshe"));
        let inbox = world.ask_as(agency, &[Role::Handler], &ListInbox::default()).await.expect("inbox");
        assert!(inbox.items.is_empty(), "an accusation is in no inbox");
        // Said while it was an ordinary one; nothing since.
        assert_eq!(world.told().await, ["notice_queued"]);
    })
    .await;
}
