//! The store on both databases.

use db::testing::each_backend;
use notification::{MIGRATIONS, store::sql};

#[tokio::test]
async fn every_statement_is_prepared_on_both_databases() {
    each_backend(&[&MIGRATIONS], |db| async move {
        db::testing::prepare_all(&db, &[sql::ALL]).await.expect("statements");
    })
    .await;
}

/// What is stored of a notice are ids, codes, days: there is no column for an address or a text.
#[tokio::test]
async fn no_column_holds_a_contact_or_a_text() {
    for migration in MIGRATIONS.steps {
        let table = migration.sqlite.split("CREATE TABLE notice (").nth(1).expect("the table");
        let table = table.split(") STRICT").next().expect("its end");
        for word in ["address", "recipient", "body", "text ", "name"] {
            let columns = table.lines().map(|line| line.split("--").next().unwrap_or_default());
            assert!(columns.clone().all(|c| !c.to_lowercase().contains(&format!("{word} "))), "{word}");
        }
    }
}
