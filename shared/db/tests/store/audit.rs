//! What somebody with access to the database does by raw SQL, shows.

use crate::support::*;
use db::{
    Db, Sql,
    audit::{self, Fault},
    lease,
    outbox::{self, Sent},
    testing::{Fresh, clocks},
};
use kernel::IdMint;

/// Three facts on each of two subjects, three dispatches to an agency; all but the last two rows sent.
async fn filled(db: &Db) {
    for _ in 0..3 {
        publish(db, "xf_1").await.expect("published");
        publish(db, "xf_2").await.expect("published");
        dispatch(db, "renshe", "xf_1").await.expect("dispatched");
    }
    let lease = lease::claim(db, "relay", "one", 5_000).await.expect("asked").expect("claimed");
    db.write(move |tx| {
        let lease = lease.clone();
        Box::pin(async move {
            let sent: Vec<Sent> =
                (1..=7).map(|seq| Sent { seq, attempt: 0, stream: "EVT".into(), stream_seq: seq }).collect();
            outbox::mark_sent(tx, &lease, &sent).await
        })
    })
    .await
    .expect("marked");
}

/// Each tampering on a database of its own; `found` is one of the faults that must be named.
async fn shows(tampering: &'static [Sql], found: (&str, Fault)) {
    let (_, clocks) = clocks();
    let sqlite = Fresh::sqlite(&[], IdMint::system(), clocks.clone()).await.expect("fresh");
    let postgres = Fresh::postgres(&[], IdMint::system(), clocks).await.expect("fresh");
    for fresh in [Some(sqlite), postgres].into_iter().flatten() {
        filled(&fresh.db).await;
        let report = audit::verify(&fresh.db).await.expect("verified");
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.rows, report.subjects, report.dispatches, report.logged), (9, 3, 3, 7));
        for sql in tampering {
            assert!(tamper(&fresh.db, sql).await > 0, "{}", sql.sqlite());
        }
        let report = audit::verify(&fresh.db).await.expect("verified");
        let named = report.faults.iter().any(|f| f.chain == found.0 && f.fault == found.1);
        assert!(named, "{}: {report:?}", tampering[0].sqlite());
        fresh.discard().await.expect("discarded");
    }
}

const XF_1: &str = "lianxi/routing xf_1";

#[tokio::test]
async fn an_edited_body_shows() {
    static SQL: [Sql; 1] = [Sql::same("UPDATE outbox SET body = '{\"text\":\"y\"}' WHERE seq = 1")];
    shows(&SQL, (XF_1, Fault::Altered)).await;
}

#[tokio::test]
async fn an_edited_date_and_an_edited_trace_show() {
    static DATE: [Sql; 1] = [Sql::same("UPDATE outbox SET at = at + 1 WHERE seq = 7")];
    shows(&DATE, (XF_1, Fault::Altered)).await;
    static TRACE: [Sql; 1] = [Sql::same("UPDATE outbox SET traceparent = 'x' WHERE seq = 1")];
    shows(&TRACE, (XF_1, Fault::Altered)).await;
}

#[tokio::test]
async fn somebody_elses_name_shows() {
    static PUT: [Sql; 1] =
        [Sql::same("UPDATE outbox SET acted_by = 'office/us_01k1q8s4000000000000000001' WHERE seq = 1")];
    shows(&PUT, (XF_1, Fault::Altered)).await;
}

#[tokio::test]
async fn an_edit_with_a_new_hash_shows_in_what_follows() {
    static SQL: [Sql; 1] = [Sql::same("UPDATE outbox SET body = '{}', hash = 'ab' WHERE seq = 1")];
    shows(&SQL, ("log", Fault::Altered)).await;
}

#[tokio::test]
async fn a_deletion_in_the_middle_shows() {
    static SQL: [Sql; 1] = [Sql::same("DELETE FROM outbox WHERE seq = 4")];
    shows(&SQL, (XF_1, Fault::Gap)).await;
    shows(&SQL, ("log", Fault::Gap)).await;
}

#[tokio::test]
async fn a_deletion_at_the_end_shows() {
    static FACT: [Sql; 1] = [Sql::same("DELETE FROM outbox WHERE seq = 8")];
    shows(&FACT, ("lianxi/routing xf_2", Fault::Head)).await;
    static DISPATCH: [Sql; 1] = [Sql::same("DELETE FROM outbox WHERE seq = 9")];
    shows(&DISPATCH, ("agency renshe", Fault::Head)).await;
}

#[tokio::test]
async fn a_subject_deleted_with_its_head_shows_in_the_log() {
    static SQL: [Sql; 2] = [
        Sql::same("DELETE FROM outbox WHERE subject_id = 'xf_2'"),
        Sql::same("DELETE FROM chain_head WHERE subject_id = 'xf_2'"),
    ];
    shows(&SQL, ("log", Fault::Gap)).await;
}

#[tokio::test]
async fn a_head_moved_back_shows() {
    static SUBJECT: [Sql; 1] = [Sql::same("UPDATE chain_head SET version = 1 WHERE subject_id = 'xf_2'")];
    shows(&SUBJECT, ("lianxi/routing xf_2", Fault::Head)).await;
    static AGENCY: [Sql; 1] = [Sql::same("DELETE FROM dispatch_head WHERE agency = 'renshe'")];
    shows(&AGENCY, ("agency renshe", Fault::Head)).await;
    static LOG: [Sql; 1] = [Sql::same("UPDATE log_head SET seq = 6")];
    shows(&LOG, ("log", Fault::Head)).await;
}

#[tokio::test]
async fn two_rows_of_a_subject_that_changed_places_show() {
    static SQL: [Sql; 3] = [
        Sql::same("UPDATE outbox SET version = 99 WHERE seq = 1"),
        Sql::same("UPDATE outbox SET version = 1 WHERE seq = 4"),
        Sql::same("UPDATE outbox SET version = 2 WHERE seq = 1"),
    ];
    shows(&SQL, (XF_1, Fault::Altered)).await;
}

#[tokio::test]
async fn two_rows_that_changed_places_in_the_log_show() {
    static SQL: [Sql; 3] = [
        Sql::same("UPDATE outbox SET seq = 99 WHERE seq = 1"),
        Sql::same("UPDATE outbox SET seq = 1 WHERE seq = 2"),
        Sql::same("UPDATE outbox SET seq = 2 WHERE seq = 99"),
    ];
    shows(&SQL, ("log", Fault::Altered)).await;
}

#[tokio::test]
async fn two_dispatches_that_changed_places_show() {
    static SQL: [Sql; 3] = [
        Sql::same("UPDATE outbox SET agency_seq = 99 WHERE seq = 3"),
        Sql::same("UPDATE outbox SET agency_seq = 1 WHERE seq = 6"),
        Sql::same("UPDATE outbox SET agency_seq = 2 WHERE seq = 3"),
    ];
    shows(&SQL, ("agency renshe", Fault::Altered)).await;
}

#[tokio::test]
async fn a_column_that_cannot_be_read_shows() {
    static SQL: [Sql; 1] = [Sql::same("UPDATE outbox SET kind = 'gossip' WHERE seq = 3")];
    shows(&SQL, ("lianxi/routing>renshe xf_1", Fault::Unreadable)).await;
}
