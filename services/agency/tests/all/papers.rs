//! 文书: into intake first, then filed with the step; idempotent, numbered without gaps, sealed at rest.

use agency::error;
use contracts::{
    agency::commands::{NotifyAcceptance, PaperBody, PaperKind, ShowPaper},
    codes::{AssignmentState, CloseCode},
};
use db::Sql;

use crate::support::{
    World, claim, complete, handler, head, mint, notify, on, on_each_database, opinion, serve, sign,
};

static PENDING: Sql = Sql::same("SELECT count(*) FROM paper WHERE state = 'pending'");
static VOID: Sql = Sql::same("SELECT count(*) FROM paper WHERE state = 'void' AND sealed IS NULL");
static NUMBERS: Sql =
    Sql::same("SELECT series, number, state FROM paper WHERE series IS NOT NULL ORDER BY series, number");
static PLAIN: Sql = Sql::same("SELECT content_id, sealed FROM paper WHERE sealed IS NOT NULL");

async fn numbers(world: &World) -> Vec<(String, i64, String)> {
    world.db.read(|tx| Box::pin(async move { tx.query(&NUMBERS).all().await })).await.expect("numbers")
}

fn row(series: &str, number: i64, state: &str) -> (String, i64, String) {
    (series.to_owned(), number, state.to_owned())
}

#[tokio::test]
async fn while_intake_is_away_nothing_is_filed_and_a_retry_is_the_same_paper() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.manners(|intake| intake.away = true);
        assert_eq!(world.refused(&handler(), &notify(&task)).await, "service_away");
        assert_eq!(world.refused(&handler(), &notify(&task)).await, "service_away");
        assert_eq!(world.number(&PENDING).await, 1);
        assert_eq!(world.task(task.dispatch.assignment_id).await.state, AssignmentState::Delivered);
        assert!(world.returns().await.is_empty());

        world.manners(|intake| intake.away = false);
        let task = world.done(&handler(), &notify(&task), &task).await;
        assert_eq!(task.state, AssignmentState::Accepted);
        assert_eq!(world.number(&PENDING).await, 0);
        assert_eq!(numbers(&world).await, [row("信告-2026", 1, "filed")]);
        world.manners(|intake| assert_eq!(intake.papers.len(), 1));
    })
    .await;
}

#[tokio::test]
async fn an_answer_lost_after_the_paper_was_stored_does_not_store_it_twice() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        // Intake stored it, but what it says cannot be believed: nothing is recorded.
        world.manners(|intake| intake.alters = true);
        assert_eq!(world.refused(&handler(), &notify(&task)).await, error::PAPER_ALTERED.code);
        world.manners(|intake| intake.alters = false);
        world.done(&handler(), &notify(&task), &task).await;
        world.manners(|intake| {
            let times: Vec<usize> = intake.papers.values().map(|(_, times)| *times).collect();
            assert_eq!(times, [2], "one content id, put twice");
        });
    })
    .await;
}

#[tokio::test]
async fn a_corrected_paper_keeps_its_number_and_gets_an_id_of_its_own() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.manners(|intake| intake.alters = true);
        world.refused(&handler(), &notify(&task)).await;
        world.manners(|intake| intake.alters = false);
        let corrected = NotifyAcceptance { handler: "向远".to_owned(), ..notify(&task) };
        let task = world.done(&handler(), &corrected, &task).await;
        assert_eq!(numbers(&world).await, [row("信告-2026", 1, "filed")]);
        world.manners(|intake| assert_eq!(intake.papers.len(), 2, "the text sent first is named by nothing"));
        let (_, content_id) = *task.papers.first().expect("notice");
        let show = ShowPaper { assignment_id: task.dispatch.assignment_id, content_id };
        let PaperBody::AcceptanceNotice { handler: named, .. } =
            world.ask(&handler(), &show).await.expect("paper")
        else {
            panic!("notice")
        };
        assert_eq!(named, "向远");
    })
    .await;
}

#[tokio::test]
async fn numbers_have_no_gap_within_series_and_year() {
    on_each_database(|world| async move {
        let mut last = None;
        for _ in 0..3 {
            let task = world.given(claim(mint().mint())).await;
            last = Some(world.done(&handler(), &notify(&task), &task).await);
        }
        let task = last.expect("task");
        // A paper of another series has numbers of its own.
        world.done(&head(), &opinion(&task), &task).await;
        // The year turns while a notice waits for intake: its number is void, the new year begins at 1.
        let task = world.given(claim(mint().mint())).await;
        world.manners(|intake| intake.away = true);
        world.refused(&handler(), &notify(&task)).await;
        world.manners(|intake| intake.away = false);
        world.clock.set(kernel::civil_midnight(on("2027-01-04")));
        let command = NotifyAcceptance { accepted_on: Some(on("2026-12-31")), ..notify(&task) };
        world.done(&handler(), &command, &task).await;
        let expected = [
            row("信告-2026", 1, "filed"),
            row("信告-2026", 2, "filed"),
            row("信告-2026", 3, "filed"),
            row("信告-2026", 4, "void"),
            row("信告-2027", 1, "filed"),
            row("信意-2026", 1, "filed"),
        ];
        let mut found = numbers(&world).await;
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(found, expected);
    })
    .await;
}

#[tokio::test]
async fn a_recall_voids_the_paper_under_way_and_the_text_of_it_is_gone() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.manners(|intake| intake.away = true);
        world.refused(&handler(), &notify(&task)).await;
        world.taken_back(&task).await;
        assert_eq!((world.number(&PENDING).await, world.number(&VOID).await), (0, 1));
        assert_eq!(numbers(&world).await, [row("信告-2026", 1, "void")]);
    })
    .await;
}

#[tokio::test]
async fn a_recall_while_the_paper_travels_stops_the_step() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let gate = world.gated();
        let (who, command) = (handler(), notify(&task));
        let (answer, ()) = tokio::join!(world.ask(&who, &command), async {
            gate.reached.notified().await;
            world.taken_back(&task).await;
            gate.open.notify_one();
        });
        assert_eq!(answer.expect_err("recalled").code, error::TASK_RECALLED.code);
        assert_eq!(world.task(task.dispatch.assignment_id).await.state, AssignmentState::Recalled);
        assert!(world.returns().await.is_empty());
        assert_eq!(world.number(&VOID).await, 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_texts_for_one_step_one_is_filed() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let gate = world.gated();
        let (who, first) = (handler(), notify(&task));
        let second = NotifyAcceptance { handler: "向远".to_owned(), ..notify(&task) };
        let (lost, won) = tokio::join!(world.ask(&who, &first), async {
            gate.reached.notified().await;
            world.manners(|intake| intake.gate = None);
            let won = world.ask(&who, &second).await;
            gate.open.notify_one();
            won
        });
        assert_eq!(won.expect("the later text").state, AssignmentState::Accepted);
        assert_eq!(lost.expect_err("the earlier text").code, error::TASK_STALE.code);
        assert_eq!(numbers(&world).await, [row("信告-2026", 1, "filed")]);
        assert_eq!(world.returns().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_paper_lies_sealed_and_opens_for_the_agencys_own_people() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        let task = world.done(&head(), &opinion(&task), &task).await;
        let task = world.done(&handler(), &serve(&task, "2026-08-03"), &task).await;
        let task = world.done(&handler(), &complete(&task, CloseCode::SupportedExecuted), &task).await;
        let kinds: Vec<PaperKind> = task.papers.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [PaperKind::AcceptanceNotice, PaperKind::Opinion, PaperKind::ServiceRecord]);
        let (_, content_id) = task.papers[1];
        let show = ShowPaper { assignment_id: task.dispatch.assignment_id, content_id };
        let PaperBody::Opinion { document_number, answers, .. } =
            world.ask(&handler(), &show).await.expect("paper")
        else {
            panic!("opinion")
        };
        assert_eq!((document_number.as_str(), answers.len()), ("云人社信意〔2026〕1号", 2));
        let unknown = ShowPaper { content_id: mint().mint(), ..show.clone() };
        assert_eq!(world.refused(&handler(), &unknown).await, error::NO_SUCH_PAPER.code);
        let of_another = ShowPaper { assignment_id: mint().mint(), ..show };
        assert_eq!(world.refused(&handler(), &of_another).await, error::NO_SUCH_PAPER.code);

        let sealed: Vec<(String, Vec<u8>)> =
            world.db.read(|tx| Box::pin(async move { tx.query(&PLAIN).all().await })).await.expect("rows");
        assert_eq!(sealed.len(), 3);
        for (_, bytes) in sealed {
            assert!(!String::from_utf8_lossy(&bytes).contains("欠薪"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_paper_longer_than_intake_takes_is_refused_before_it_gets_a_number() {
    on_each_database(|world| async move {
        let mut dispatch = claim(world.matter);
        dispatch.claims = (1..=20).collect();
        let task = world.given(dispatch).await;
        let task = world.done(&handler(), &sign(&task), &task).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        let mut command = opinion(&task);
        command.answers.iter_mut().for_each(|answer| answer.opinion = "字".repeat(5_000));
        assert_eq!(world.refused(&head(), &command).await, error::PAPER_TOO_LONG.code);
        assert_eq!(numbers(&world).await, [row("信告-2026", 1, "filed")]);
    })
    .await;
}
