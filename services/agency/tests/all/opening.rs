//! 查阅: with a purpose, logged, the text kept sealed, the contact never kept.

use agency::error;
use contracts::{
    agency::commands::{Open, Opened, Task},
    codes::{CloseCode, ContentPart, OpenPurpose},
};
use db::Sql;

use crate::support::{
    CANARY_NAME, CANARY_TEXT, World, accusation, claim, complete, handler, head, mint, notify,
    on_each_database, opinion, serve,
};

static LOOKS: Sql = Sql::same("SELECT part, purpose, source, user_id FROM look ORDER BY at, id");
static COPIES: Sql = Sql::same("SELECT count(*) FROM text_copy");
static KEYS: Sql = Sql::same("SELECT count(*) FROM task_key");
static COPY: Sql = Sql::same("SELECT sealed FROM text_copy");
static BREAK_COPY: Sql = Sql::same("UPDATE text_copy SET sealed = (SELECT wrapped FROM task_key)");
static ERASE_KEY: Sql = Sql::same("DELETE FROM task_key");

fn open(task: &Task, part: ContentPart, purpose: OpenPurpose) -> Open {
    Open { assignment_id: task.dispatch.assignment_id, part, attachment: None, purpose }
}

fn text(task: &Task) -> Open {
    open(task, ContentPart::Text, OpenPurpose::Handling)
}

fn contact(task: &Task) -> Open {
    open(task, ContentPart::Contact, OpenPurpose::Contacting)
}

async fn looks(world: &World) -> Vec<(String, String, String, String)> {
    world.db.read(|tx| Box::pin(async move { tx.query(&LOOKS).all().await })).await.expect("looks")
}

async fn run(world: &World, sql: &'static Sql) -> u64 {
    world.db.write(move |tx| Box::pin(async move { tx.query(sql).run().await })).await.expect("run")
}

#[tokio::test]
async fn the_text_is_opened_logged_with_the_person_and_kept_sealed() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let who = handler();
        let Opened::Text(content) = world.ask(&who, &text(&task)).await.expect("text") else {
            panic!("text")
        };
        assert_eq!(content.text, CANARY_TEXT);
        let log = looks(&world).await;
        let row = ("text".to_owned(), "handling".to_owned(), "intake".to_owned(), who.user.to_string());
        assert_eq!(log, [row]);
        let (sealed,): (Vec<u8>,) =
            world.db.read(|tx| Box::pin(async move { tx.query(&COPY).one().await })).await.expect("copy");
        assert!(!String::from_utf8_lossy(&sealed).contains(CANARY_TEXT));
        // A second look is asked of intake again, so that the petitioner can see it.
        world.ask(&who, &text(&task)).await.expect("again");
        world.manners(|intake| assert_eq!(intake.opened.len(), 2));
        assert_eq!(world.number(&COPIES).await, 1);
    })
    .await;
}

#[tokio::test]
async fn while_intake_is_away_the_sealed_copy_serves_and_the_look_is_noted_here() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.manners(|intake| intake.away = true);
        assert_eq!(world.refused(&handler(), &text(&task)).await, "service_away", "no copy yet");
        world.manners(|intake| intake.away = false);
        world.ask(&handler(), &text(&task)).await.expect("opened");
        world.manners(|intake| intake.away = true);
        let Opened::Text(content) = world.ask(&handler(), &text(&task)).await.expect("copy") else {
            panic!("text")
        };
        assert_eq!(content.text, CANARY_TEXT);
        let sources: Vec<String> = looks(&world).await.into_iter().map(|row| row.2).collect();
        assert_eq!(sources, ["intake", "copy"]);
        assert_eq!(world.refused(&handler(), &contact(&task)).await, "service_away", "never kept");
    })
    .await;
}

#[tokio::test]
async fn the_contact_is_passed_through_and_leaves_no_trace_but_the_log() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let Opened::Contact(found) = world.ask(&handler(), &contact(&task)).await.expect("contact") else {
            panic!("contact")
        };
        assert_eq!(found.petitioners.first().map(|p| p.name.as_str()), Some(CANARY_NAME));
        assert_eq!((world.number(&COPIES).await, world.number(&KEYS).await), (0, 0));
        assert_eq!(looks(&world).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_opened_by_its_id() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let mut asked = open(&task, ContentPart::Attachment, OpenPurpose::Handling);
        assert_eq!(world.refused(&handler(), &asked).await, error::ATTACHMENT_NOT_NAMED.code);
        asked.attachment = Some((mint().mint(), 0));
        assert!(matches!(world.ask(&handler(), &asked).await, Ok(Opened::Attachment(_))));
        world.manners(|intake| intake.foreign = true);
        assert_eq!(world.refused(&handler(), &asked).await, error::FOREIGN_CONTENT.code);
        let named = Open { attachment: asked.attachment, ..text(&task) };
        assert_eq!(world.refused(&handler(), &named).await, error::ATTACHMENT_NOT_NAMED.code);
    })
    .await;
}

#[tokio::test]
async fn content_of_another_matter_and_seals_to_another_key_are_refused() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.manners(|intake| intake.foreign = true);
        assert_eq!(world.refused(&handler(), &text(&task)).await, error::FOREIGN_CONTENT.code);
        assert_eq!((world.number(&COPIES).await, looks(&world).await.len()), (0, 0));
        world.manners(|intake| intake.foreign = false);
        let other = agency::Deps { identity: trust::AgencyIdentity::generate(), ..world.deps.clone() };
        let asked = web::door::Asked { actor: handler(), command: text(&task), idempotency_key: None };
        let refusal =
            agency::commands::open::run(std::sync::Arc::new(other), asked).await.err().expect("refused");
        assert_eq!(refusal.code, error::SEAL_UNREADABLE.code);
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_was_moved_or_whose_key_is_gone_does_not_open() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.ask(&handler(), &text(&task)).await.expect("opened");
        world.manners(|intake| intake.away = true);
        assert_eq!(run(&world, &BREAK_COPY).await, 1);
        assert_eq!(world.refused(&handler(), &text(&task)).await, error::SEAL_UNREADABLE.code);
        assert_eq!(run(&world, &ERASE_KEY).await, 1);
        assert_eq!(world.refused(&handler(), &text(&task)).await, "service_away", "erased for good");
    })
    .await;
}

#[tokio::test]
async fn an_accusation_is_never_kept_and_its_informant_never_named() {
    on_each_database(|world| async move {
        let task = world.given(accusation(world.matter)).await;
        world.ask(&handler(), &text(&task)).await.expect("opened");
        assert_eq!((world.number(&COPIES).await, world.number(&KEYS).await), (0, 0));
        let refusal = world.ask(&handler(), &contact(&task)).await.err().expect("withheld");
        assert_eq!(
            (refusal.code.as_ref(), refusal.article.as_deref()),
            ("contact_withheld", Some("Art. 30"))
        );
        world.manners(|intake| intake.away = true);
        assert_eq!(world.refused(&handler(), &text(&task)).await, "service_away");
    })
    .await;
}

#[tokio::test]
async fn a_contact_that_the_petitioner_withheld_is_not_asked_for() {
    on_each_database(|world| async move {
        let mut dispatch = claim(world.matter);
        dispatch.identity_travels = false;
        let task = world.given(dispatch).await;
        assert_eq!(world.refused(&handler(), &contact(&task)).await, error::CONTACT_WITHHELD.code);
        world.manners(|intake| assert!(intake.opened.is_empty()));
    })
    .await;
}

#[tokio::test]
async fn an_agency_looks_for_purposes_of_its_own() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        for purpose in [OpenPurpose::Screening, OpenPurpose::Auditing] {
            let asked = open(&task, ContentPart::Text, purpose);
            assert_eq!(world.refused(&handler(), &asked).await, error::PURPOSE_NOT_YOURS.code);
        }
        let unknown = Open { assignment_id: mint().mint(), ..text(&task) };
        assert_eq!(world.refused(&handler(), &unknown).await, error::NO_SUCH_TASK.code);
    })
    .await;
}

#[tokio::test]
async fn a_recall_takes_text_and_key_with_it() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.ask(&handler(), &text(&task)).await.expect("opened");
        assert_eq!((world.number(&COPIES).await, world.number(&KEYS).await), (1, 1));
        world.taken_back(&task).await;
        assert_eq!((world.number(&COPIES).await, world.number(&KEYS).await), (0, 0));
        assert_eq!(world.refused(&handler(), &text(&task)).await, error::TASK_RECALLED.code);
        world.manners(|intake| assert_eq!(intake.opened.len(), 1));
    })
    .await;
}

#[tokio::test]
async fn a_recall_while_intake_is_asked_shows_nothing_and_keeps_nothing() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let gate = world.gated();
        let (who, asked) = (handler(), text(&task));
        let (shown, ()) = tokio::join!(world.ask(&who, &asked), async {
            gate.reached.notified().await;
            world.taken_back(&task).await;
            gate.open.notify_one();
        });
        assert_eq!(shown.err().map(|r| r.code.into_owned()).as_deref(), Some(error::TASK_RECALLED.code));
        assert_eq!((world.number(&COPIES).await, looks(&world).await.len()), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_recall_that_crosses_an_acceptance_leaves_the_agencys_own_paper_readable() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.ask(&handler(), &text(&task)).await.expect("opened");
        let task = world.done(&handler(), &notify(&task), &task).await;
        world.taken_back(&task).await;
        assert_eq!((world.number(&COPIES).await, world.number(&KEYS).await), (0, 1));
        let (_, content_id) = *task.papers.first().expect("notice");
        let show =
            contracts::agency::commands::ShowPaper { assignment_id: task.dispatch.assignment_id, content_id };
        world.ask(&handler(), &show).await.expect("own paper");
    })
    .await;
}

#[tokio::test]
async fn a_closed_task_keeps_its_text_and_gives_no_contact() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        let task = world.done(&head(), &opinion(&task), &task).await;
        let task = world.done(&handler(), &serve(&task, "2026-08-03"), &task).await;
        let task = world.done(&handler(), &complete(&task, CloseCode::Agreement), &task).await;
        world.ask(&handler(), &text(&task)).await.expect("text");
        assert_eq!(world.refused(&handler(), &contact(&task)).await, error::CONTACT_AFTER_CLOSING.code);
    })
    .await;
}
