//! The tables and statements themselves.

use crate::office::{claim, each};

#[tokio::test]
async fn every_statement_is_prepared_on_both_databases() {
    each(|office| async move {
        db::testing::prepare_all(&office.deps.db, &[intake::STATEMENTS]).await.expect("prepared");
    })
    .await;
}

/// domain.md section 5, refusal 14: no statement edits or deletes a submission, and the table itself says no.
#[tokio::test]
async fn a_submission_is_never_edited_and_never_deleted() {
    for sql in intake::STATEMENTS {
        for text in [sql.sqlite(), sql.postgres()] {
            let text = text.to_lowercase();
            for table in ["submission", "identity", "reveal", "paper", "link", "idempotency"] {
                for forbidden in [format!("update {table} "), format!("delete from {table} ")] {
                    assert!(!text.contains(&forbidden), "{text}");
                }
            }
        }
    }
    each(|office| async move {
        let receipt = office.register(&claim()).await;
        static EDITS: [db::Sql; 5] = [
            db::Sql::same("UPDATE submission SET received_on = '2026-07-01'"),
            db::Sql::same("UPDATE submission SET content = code"),
            db::Sql::same("UPDATE submission SET restricted = 0"),
            db::Sql::same("UPDATE submission SET number = 'XF990100-260803-9999'"),
            db::Sql::same("UPDATE identity SET position = 7"),
        ];
        for edit in &EDITS {
            let outcome =
                office.deps.db.write(move |tx| Box::pin(async move { tx.query(edit).run().await })).await;
            assert!(outcome.is_err(), "{}", edit.sqlite());
        }
        let rows = office.rows("SELECT number, received_on FROM submission").await;
        assert_eq!(rows, [(receipt.number, "2026-08-03".to_owned())]);
    })
    .await;
}
