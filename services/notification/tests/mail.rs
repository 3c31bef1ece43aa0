//! Mail over a real server: taken, refused, told to wait, cut off. Nothing is sent twice.

use contracts::{
    codes::{Channel, NoticeChannel, NoticeState, NoticeTrouble},
    notification::commands::{NoticeView, SendAgain},
};
use kernel::Role;

use crate::{
    fixtures::{RETRY_MS, World, delivered, forwarded, on_both, registered},
    server::MailServer,
};

/// A hand-over to tell, to somebody with this mail address.
async fn to(world: &World, email: &str) -> NoticeView {
    *world.contacts.email.lock().expect("lock") = Some(email.to_owned());
    world.say("intake", 1, 1, &registered(1, Channel::Visit)).await;
    world.say("routing", 1, 1, &forwarded(1)).await;
    world.hear().await;
    told(world).await
}

async fn told(world: &World) -> NoticeView {
    world.notices(1).await.into_iter().find(|n| n.template == "forwarded").expect("told of the hand-over")
}

#[tokio::test]
async fn a_mail_is_taken_once_and_says_what_it_must() {
    let server = &MailServer::start("taken");
    on_both(Some(server.port), |world| async move {
        let before = server.mails().len();
        let queued = to(&world, "luo@mail.example").await;
        assert_eq!((queued.channel, queued.state), (NoticeChannel::Mail, NoticeState::Queued));
        assert_eq!(world.post().await, 1);
        assert_eq!(world.post().await, 0, "once");
        let sent = told(&world).await;
        assert_eq!((sent.state, sent.attempts), (NoticeState::Sent, 1));
        assert!(sent.proof.as_deref().is_some_and(|p| p.starts_with("250")), "{:?}", sent.proof);
        let mails = server.mails();
        assert_eq!(mails.len(), before + 1);
        let mail = &mails[before];
        let message_id = format!("<{}@yunling.example>", sent.notice_id);
        assert!(mail.contains(&message_id), "the Message-ID is the notice's: {mail}");
        assert!(mail.contains("To: luo@mail.example"), "{mail}");
        let look = world.contacts.looks.lock().expect("lock")[0].clone();
        assert!(look.printed_by.is_none() && !look.with_query_code, "the code stands on receipts alone");
        assert_eq!(world.told().await, ["notice_delivered", "notice_queued", "notice_sent"]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_recipient_gets_a_letter() {
    let server = &MailServer::start("refused");
    on_both(Some(server.port), |world| async move {
        to(&world, "refuse@mail.example").await;
        assert_eq!(world.post().await, 1);
        let next = told(&world).await;
        assert_eq!((next.channel, next.state), (NoticeChannel::Letter, NoticeState::Queued));
        assert_eq!(next.trouble, Some(NoticeTrouble::Refused));
        assert_eq!(world.post().await, 0);
        assert!(server.mails().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_after_the_wait() {
    let server = MailServer::start("later");
    let turn = std::sync::Mutex::new(0);
    on_both(Some(server.port), |world| {
        let n = {
            let mut turn = turn.lock().expect("lock");
            *turn += 1;
            *turn
        };
        let server = &server;
        async move {
            to(&world, &format!("later-{n}@mail.example")).await;
            assert_eq!(world.post().await, 1);
            let waits = told(&world).await;
            assert_eq!((waits.state, waits.attempts), (NoticeState::Queued, 1));
            assert_eq!(world.post().await, 0, "not before its time");
            world.clock.advance_ms(RETRY_MS[0] - 1);
            assert_eq!(world.post().await, 0, "not before its time");
            world.clock.advance_ms(1);
            assert_eq!(world.post().await, 1);
            assert_eq!(told(&world).await.state, NoticeState::Sent);
            assert_eq!(server.mails().len(), n);
        }
    })
    .await;
}

#[tokio::test]
async fn after_the_last_try_the_next_way_is_taken() {
    // Nobody listens there.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    on_both(Some(port), |world| async move {
        to(&world, "luo@mail.example").await;
        for wait in RETRY_MS {
            assert_eq!(world.post().await, 1);
            assert_eq!(told(&world).await.channel, NoticeChannel::Mail);
            world.clock.advance_ms(wait);
        }
        assert_eq!(world.post().await, 1);
        let letter = told(&world).await;
        assert_eq!(
            (letter.channel, letter.trouble),
            (NoticeChannel::Letter, Some(NoticeTrouble::TriedEnough))
        );
    })
    .await;
}

#[tokio::test]
async fn a_mail_of_unknown_fate_waits_for_a_person() {
    let server = &MailServer::start("cut");
    on_both(Some(server.port), |world| async move {
        let before = server.mails().len();
        to(&world, "cut@mail.example").await;
        assert_eq!(world.post().await, 1);
        let unknown = told(&world).await;
        assert_eq!(unknown.state, NoticeState::Unknown);
        assert_eq!(server.mails().len(), before + 1, "the server has it");
        for _ in 0..3 {
            world.clock.advance_ms(86_400_000);
            assert_eq!(world.post().await, 0, "never again by itself");
        }
        assert_eq!(server.mails().len(), before + 1);
        let again =
            SendAgain { notice_id: unknown.notice_id, expected_version: None, channel: NoticeChannel::Mail };
        world.ask(Role::Registrar, &again).await.expect("a person says so");
        *world.contacts.email.lock().expect("lock") = Some("luo@mail.example".to_owned());
        assert_eq!(world.post().await, 1);
        assert_eq!(told(&world).await.state, NoticeState::Sent);
    })
    .await;
}

#[tokio::test]
async fn an_attempt_whose_process_died_is_unknown_and_not_made_again() {
    let server = &MailServer::start("crash");
    on_both(Some(server.port), |world| async move {
        to(&world, "luo@mail.example").await;
        // The attempt is on record; the process died before it noted what became of it.
        static DIED: db::Sql = db::Sql::same(
            "UPDATE notice SET state = 'sending', attempts = 1, version = version + 1 WHERE channel = 'mail'",
        );
        world.db.write(|tx| Box::pin(async move { tx.query(&DIED).run_one().await })).await.expect("died");
        assert_eq!(world.post().await, 0);
        world.clock.advance_ms(notification::domain::notice::SENDING_FOR_MS);
        assert_eq!(world.post().await, 0);
        assert_eq!(told(&world).await.state, NoticeState::Unknown);
        assert!(server.mails().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_agencys_petition_desk_gets_a_mail_beside_the_inbox() {
    let server = &MailServer::start("desk");
    on_both(Some(server.port), |world| async move {
        let before = server.mails().len();
        world.list("renshe", Some("xinfang@renshe.example")).await;
        world.say("intake", 1, 1, &registered(1, Channel::Visit)).await;
        world.say("routing", 1, 1, &delivered(1)).await;
        world.hear().await;
        assert_eq!(world.post().await, 1);
        let mails = server.mails();
        assert_eq!(mails.len(), before + 1);
        assert!(mails[before].contains("To: xinfang@renshe.example"), "{}", mails[before]);
        assert!(world.contacts.looks.lock().expect("lock").is_empty(), "a unit's address is no secret");
    })
    .await;
}
