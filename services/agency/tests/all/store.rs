//! The statements on both databases, and what the constraints hold.

use agency::{MIGRATIONS, store};
use db::{Sql, StoreError, testing};

use crate::{
    domain::given,
    support::{START, claim, mint, on_each_database},
};

static SECOND_PENDING: Sql = Sql::same(
    "INSERT INTO paper (content_id, assignment_id, kind, state, series, number, sealed, sha256, changed_at) \
     SELECT 'ct_x', assignment_id, kind, 'pending', NULL, NULL, sealed, sha256, changed_at FROM paper",
);

#[tokio::test]
async fn every_statement_prepares() {
    testing::each_backend(&[&MIGRATIONS], |db| async move {
        testing::prepare_all(&db, &[store::sql::ALL, store::webhook_sql::ALL]).await.expect("prepared");
    })
    .await;
}

#[tokio::test]
async fn a_task_reads_back_as_it_was_stored_and_is_entered_once() {
    on_each_database(|world| async move {
        let task = given(claim(mint().mint())).task;
        let id = task.id();
        let stored = task.clone();
        let entered = world
            .db
            .write(move |tx| {
                let task = stored.clone();
                Box::pin(async move {
                    Ok((store::insert(tx, &task, START).await?, store::insert(tx, &task, START).await?))
                })
            })
            .await
            .expect("stored");
        assert_eq!(entered, (true, false));
        let found = world.db.read(move |tx| Box::pin(async move { store::load(tx, id).await })).await;
        assert_eq!(found.expect("read"), Some(task.clone()));

        let saved = world
            .db
            .write(move |tx| {
                let task = task.clone();
                Box::pin(async move { store::save(tx, &task, 7, START).await })
            })
            .await;
        assert!(matches!(saved, Err(StoreError::Stale)), "{saved:?}");
    })
    .await;
}

#[tokio::test]
async fn a_step_has_one_paper_under_way() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        world.manners(|intake| intake.away = true);
        world.refused(&crate::support::handler(), &crate::support::notify(&task)).await;
        let second =
            world.db.write(|tx| Box::pin(async move { tx.query(&SECOND_PENDING).run().await })).await;
        assert!(matches!(second, Err(StoreError::AlreadyThere)), "{second:?}");
    })
    .await;
}
