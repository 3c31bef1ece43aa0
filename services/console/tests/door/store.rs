//! Every statement on both databases.

use db::testing;

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    testing::each_backend(&[&console::MIGRATIONS], |db| async move {
        testing::prepare_all(&db, console::store::ALL).await.expect("statements");
        let clear: Vec<&'static db::Sql> = console::store::board::CLEAR.iter().collect();
        testing::prepare_all(&db, &[&clear]).await.expect("statements");
    })
    .await;
}
