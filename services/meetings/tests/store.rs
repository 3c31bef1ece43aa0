//! The store on both databases.

use db::testing::each_backend;
use meetings::{MIGRATIONS, store::sql};

#[tokio::test]
async fn every_statement_is_prepared_on_both_databases() {
    each_backend(&[&MIGRATIONS], |db| async move {
        db::testing::prepare_all(&db, &[sql::ALL]).await.expect("statements");
    })
    .await;
}
