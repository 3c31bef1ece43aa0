//! Letters: printed with the contact of the moment, posted and proved by a person.

use contracts::{
    codes::{Channel, NoticeState, NoticeTrouble, ServiceWay},
    notification::commands::{PostLetters, PrintLetters, RecordDelivery, RecordReturn, SendAgain},
};
use kernel::{NoticeId, Place, Role};

use crate::fixtures::{World, code, day, on_both, registered};

async fn queued(world: &World, n: u128) -> NoticeId {
    world.say("intake", n, 1, &registered(n, Channel::Letter)).await;
    world.hear().await;
    world.notices(n).await[0].notice_id
}

fn print(id: NoticeId) -> PrintLetters {
    PrintLetters { notices: vec![id], english: false }
}

#[tokio::test]
async fn a_letter_is_printed_posted_and_proved() {
    on_both(None, |world| async move {
        *world.contacts.address.lock().expect("lock") = Some("青岩县雀舌巷四一七号".to_owned());
        let id = queued(&world, 1).await;
        let printed = world.ask(Role::Registrar, &print(id)).await.expect("printed");
        assert_eq!(printed.letters[0].address, "青岩县雀舌巷四一七号");
        assert!(printed.letters[0].paragraphs[0].contains("K7M-RQ4X-2WD"), "a receipt carries the code");
        let looks = world.contacts.looks.lock().expect("lock").clone();
        assert!(looks.len() == 1 && looks[0].printed_by.is_some() && looks[0].with_query_code);
        let posted_on = day("2026-08-03");
        let post =
            |on| PostLetters { notices: vec![id, id], posted_on: on, way: ServiceWay::Mail, proof: None };
        for wrong in ["2026-08-02", "2026-08-04"] {
            let refused = world.ask(Role::Registrar, &post(day(wrong))).await.expect_err(wrong);
            assert_eq!(refused.code, "notice_day");
        }
        assert_eq!(world.ask(Role::Registrar, &post(posted_on)).await.expect("posted").changed, 1);
        assert_eq!(world.ask(Role::Registrar, &post(posted_on)).await.expect("again").changed, 0);
        let late = world.ask(Role::Registrar, &print(id)).await.expect_err("posted already");
        assert_eq!((late.code.as_ref(), late.state.as_deref()), ("notice_state", Some("sent")));
        let proof = |proof: &str| RecordDelivery {
            notice_id: id,
            expected_version: None,
            delivered_on: posted_on,
            way: ServiceWay::Mail,
            proof: proof.to_owned(),
        };
        let owed = world.ask(Role::Registrar, &proof(" ")).await.expect_err("a proof is owed");
        assert_eq!(owed.code, "delivery_proof_owed");
        assert_eq!(world.ask(Role::Registrar, &proof("回执一")).await.expect("delivered").changed, 1);
        assert_eq!(world.notices(1).await[0].state, NoticeState::Delivered);
        assert_eq!(world.told().await, ["notice_queued", "notice_sent", "notice_delivered"]);
    })
    .await;
}

#[tokio::test]
async fn without_an_address_or_with_a_returned_letter_a_person_decides() {
    on_both(None, |world| async move {
        let id = queued(&world, 1).await;
        let printed = world.ask(Role::Registrar, &print(id)).await.expect("nothing to print");
        assert!(printed.letters.is_empty() && printed.without_address == [id]);
        let found = &world.notices(1).await[0];
        assert_eq!((found.state, found.trouble), (NoticeState::Unreachable, Some(NoticeTrouble::NoContact)));
        assert!(world.contacts.looks.lock().expect("lock").is_empty(), "nothing was opened");
        let again = |channel| SendAgain { notice_id: id, expected_version: None, channel };
        let mail = world.ask(Role::Registrar, &again(contracts::codes::NoticeChannel::Mail)).await;
        assert_eq!(mail.expect_err("no mail here").code, "notice_channel");
        *world.contacts.address.lock().expect("lock") = Some("青岩县雀舌巷四一七号".to_owned());
        world.ask(Role::Registrar, &again(contracts::codes::NoticeChannel::Letter)).await.expect("again");
        world.ask(Role::Registrar, &print(id)).await.expect("printed");
        let post = PostLetters {
            notices: vec![id],
            posted_on: day("2026-08-03"),
            way: ServiceWay::Mail,
            proof: None,
        };
        world.ask(Role::Registrar, &post).await.expect("posted");
        let back = RecordReturn { notice_id: id, expected_version: None, returned_on: day("2026-08-03") };
        world.ask(Role::Registrar, &back).await.expect("it came back");
        let found = &world.notices(1).await[0];
        assert_eq!((found.state, found.trouble), (NoticeState::Unreachable, Some(NoticeTrouble::Returned)));
    })
    .await;
}

#[tokio::test]
async fn the_desk_alone_prints() {
    on_both(None, |world| async move {
        let id = queued(&world, 1).await;
        for role in [Role::OfficeDirector, Role::Supervisor, Role::RestrictedOfficer, Role::Operator] {
            let refused = world.ask(role, &print(id)).await.expect_err("not the desk");
            assert_eq!(refused.code, "notification_not_allowed", "{role}");
        }
        let agency = world.ask_as(Place::Agency(code("renshe")), &[Role::Handler], &print(id)).await;
        assert_eq!(agency.expect_err("an agency").code, "notification_not_allowed");
        let many = PrintLetters { notices: vec![id; 51], english: false };
        assert_eq!(world.ask(Role::Registrar, &many).await.expect_err("51").code, "too_many_letters");
    })
    .await;
}
