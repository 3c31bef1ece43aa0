//! 登记: numbers, keys, receipts, and what is published.

use std::{collections::BTreeSet, sync::Arc, task::Poll};

use contracts::{
    codes::{Channel, Purpose},
    intake::{
        SubmissionRegisteredV1,
        commands::{LookUp, Receipt, Registration, ShowReceipt},
    },
};
use futures::future::join_all;
use kernel::{Place, Role};

use crate::office::{Office, accusation, claim, each, keys, luo};

#[tokio::test]
async fn a_registration_gives_a_number_a_code_and_a_limit_and_says_so_once() {
    each(|office| async move {
        let receipt = office.register(&claim()).await;
        assert_eq!(receipt.number, "XF990100-260803-0001");
        assert_eq!((receipt.claims, receipt.attachments, receipt.version), (2, 0, 1));
        assert_eq!(receipt.t01.nominal_on.to_string(), "2026-08-18");
        let said = office.said_about(receipt.submission_id).await;
        let [(kind, body)] = said.as_slice() else { panic!("{said:?}") };
        assert_eq!(kind, "lianxi.intake.submission_registered.v1");
        let fact: SubmissionRegisteredV1 = serde_json::from_str(body).expect("fact");
        let open = fact.open.expect("open");
        assert_eq!((open.number, open.heads, open.joint, open.claims), (receipt.number, 1, false, 2));
        assert_eq!(open.content_hash.len(), 64);
    })
    .await;
}

#[tokio::test]
async fn of_an_accusation_the_id_alone_is_published() {
    each(|office| async move {
        let receipt = office.register(&accusation()).await;
        let said = office.said_about(receipt.submission_id).await;
        let body = format!(r#"{{"submission_id":"{}"}}"#, receipt.submission_id);
        assert_eq!(said, [("lianxi.intake.submission_registered.v1".to_owned(), body)]);
    })
    .await;
}

/// 32 at once under one key: one number, one code, one row, one fact.
#[tokio::test]
async fn the_same_key_gives_the_same_receipt_however_often_and_at_once() {
    each(|office| async move {
        let actor = office.registrar();
        let command = claim();
        let calls = (0..32).map(|_| office.registered_by(&actor, Some("form-1"), &command));
        let receipts = join_all(calls).await;
        let again = office.registered_by(&actor, Some("form-1"), &command).await;
        assert!(receipts.iter().all(|r| *r == again), "{receipts:?}");
        assert_eq!(office.count("SELECT count(*) FROM submission").await, 1);
        assert_eq!(office.count("SELECT count(*) FROM outbox").await, 1);
        // Another person's key of the same text is another key.
        let other = office.registered_by(&office.screener(), Some("form-1"), &command).await;
        assert_ne!(other.number, again.number);
    })
    .await;
}

/// The public door has no accounts: another process of it, with another name for nobody, repeats a request.
#[tokio::test]
async fn the_portal_repeats_a_request_under_any_of_its_names() {
    each(|office| async move {
        let mut web = claim();
        web.channel = Channel::Web;
        let (one, two) = (office.portal(), office.person(90, Place::Portal, &[]));
        let first = office.registered_by(&one, Some("form-1"), &web).await;
        assert_eq!(office.registered_by(&two, Some("form-1"), &web).await, first);
        // Whoever meets the key with other words learns nothing.
        web.text.push('!');
        let refusal = office.ask_keyed(&two, Some("form-1"), &web).await.expect_err("reused");
        assert_eq!(refusal.code, "idempotency_key_reused");
    })
    .await;
}

#[tokio::test]
async fn a_key_with_other_content_is_refused() {
    each(|office| async move {
        let actor = office.registrar();
        office.registered_by(&actor, Some("form-1"), &claim()).await;
        let mut changed = vec![];
        for n in 0..4 {
            let mut other = claim();
            match n {
                0 => other.title.push('!'),
                1 => other.claims.truncate(1),
                2 => other.channel = Channel::Visit,
                _ => other.petitioner = Some(kernel_identity_without_telephone()),
            }
            changed.push(other);
        }
        for other in changed {
            let refusal = office.ask_keyed(&actor, Some("form-1"), &other).await.expect_err("reused");
            assert_eq!(refusal.code, "idempotency_key_reused");
        }
        for bad in ["", &"k".repeat(201)] {
            let refusal = office.ask_keyed(&actor, Some(bad), &claim()).await.expect_err("key");
            assert_eq!(refusal.code, "idempotency_key_wrong");
        }
        assert_eq!(office.count("SELECT count(*) FROM submission").await, 1);
    })
    .await;
}

fn kernel_identity_without_telephone() -> contracts::intake::commands::Identity {
    contracts::intake::commands::Identity { telephone: None, ..luo() }
}

/// Two processes on one database: numbers stay without gaps, the shared key gives one number.
#[tokio::test]
async fn numbers_have_no_gaps_over_many_at_once_and_two_desks() {
    each(|office| async move {
        let second = Box::pin(Office::second(&office)).await;
        let actor = office.registrar();
        let command = claim();
        let one = (0..40).map(|n| {
            let (office, actor, command) = (&office, &actor, &command);
            async move {
                let key = format!("a-{}", n % 30);
                office.registered_by(actor, Some(&key), command).await.number
            }
        });
        let two = (0..40).map(|n| {
            let (second, actor, command) = (&second, &actor, &command);
            async move {
                let key = format!("a-{}", n % 30);
                second.registered_by(actor, Some(&key), command).await.number
            }
        });
        let (one, two) = futures::join!(join_all(one), join_all(two));
        let numbers: BTreeSet<String> = one.into_iter().chain(two).collect();
        let expected: BTreeSet<String> = (1..=30).map(|n| format!("XF990100-260803-{n:04}")).collect();
        assert_eq!(numbers, expected);
        assert_eq!(office.count("SELECT count(*) FROM submission").await, 30);
    })
    .await;
}

#[tokio::test]
async fn each_day_counts_from_one() {
    each(|office| async move {
        office.register(&claim()).await;
        office.clock.advance_ms(15 * 3_600_000);
        let next_day = office.register(&claim()).await;
        office.clock.advance_ms(-15 * 3_600_000);
        assert_eq!(next_day.number, "XF990100-260804-0001");
        assert_eq!(next_day.received_on.to_string(), "2026-08-04");
    })
    .await;
}

#[tokio::test]
async fn warnings_are_confirmed_and_faults_block() {
    each(|office| async move {
        let mut doubtful = claim();
        doubtful.petitioner.as_mut().expect("petitioner").id_number = Some("990000198512300020".into());
        let reply = office.ask_keyed(&office.registrar(), Some("w"), &doubtful).await.expect("reply");
        let Registration::Unconfirmed { warnings } = reply else { panic!("{reply:?}") };
        assert_eq!(
            (warnings[0].field.as_str(), warnings[0].code.as_str()),
            ("petitioner.id_number", "id_check_digit")
        );
        assert_eq!(office.count("SELECT count(*) FROM submission").await, 0);
        doubtful.warnings_confirmed = true;
        office.registered_by(&office.registrar(), Some("w"), &doubtful).await;
        doubtful.petitioner.as_mut().expect("petitioner").id_number = Some("990000198502300010".into());
        let refusal = office.ask(&office.registrar(), &doubtful).await.expect_err("date");
        assert_eq!(
            (refusal.code.as_ref(), refusal.field.as_deref()),
            ("id_birth_date", Some("petitioner.id_number"))
        );
    })
    .await;
}

#[tokio::test]
async fn who_may_register_what() {
    each(|office| async move {
        for role in Role::ALL {
            let actor = office.person(50, Place::Office, &[*role]);
            let may = office.ask(&actor, &claim()).await.is_ok();
            assert_eq!(may, matches!(role, Role::Registrar | Role::Screener), "{role}");
        }
        let portal = office.portal();
        let refusal = office.ask(&portal, &claim()).await.expect_err("letter");
        assert_eq!(refusal.code, "channel_not_yours");
        let mut web = claim();
        web.channel = Channel::Web;
        assert!(office.ask(&portal, &web).await.is_ok());
        web.received_on = Some("2026-08-02".parse().expect("date"));
        assert_eq!(office.ask(&portal, &web).await.expect_err("day").code, "received_not_today");
        let agency = office.person(51, Place::Agency("renshe".parse().expect("code")), Role::ALL);
        assert_eq!(office.ask(&agency, &claim()).await.expect_err("agency").code, "intake_not_allowed");
        assert_eq!(
            office.ask(&office.suite(), &claim()).await.expect_err("suite").code,
            "intake_not_allowed"
        );
    })
    .await;
}

#[tokio::test]
async fn the_receipt_is_shown_again_and_an_accusations_to_its_officer_alone() {
    each(|office| async move {
        let open = office.register(&claim()).await;
        let guarded = office.register(&accusation()).await;
        let show = |id| ShowReceipt { submission_id: id };
        assert_eq!(office.ask(&office.screener(), &show(open.submission_id)).await, Ok(open.clone()));
        let unknown = office.ask(&office.registrar(), &show(office.deps.mint.mint())).await;
        let hidden = office.ask(&office.registrar(), &show(guarded.submission_id)).await;
        assert_eq!(hidden, unknown);
        assert_eq!(hidden.expect_err("hidden").code, "no_such_submission");
        let officer = office.restricted_officer();
        assert_eq!(office.ask(&officer, &show(guarded.submission_id)).await, Ok(guarded));
        let refusal = office.ask(&officer, &show(open.submission_id)).await.expect_err("ordinary");
        assert_eq!(refusal.code, "intake_not_allowed");
    })
    .await;
}

#[tokio::test]
async fn the_pair_opens_the_look_up_and_every_wrong_pair_gives_one_answer() {
    each(|office| async move {
        let receipt = office.register(&claim()).await;
        let other = office.register(&claim()).await;
        let ask = |number: &str, code: &str| {
            let command = LookUp { number: number.to_owned(), query_code: code.to_owned() };
            let office = Arc::clone(&office);
            async move { office.ask(&office.portal(), &command).await }
        };
        let typed = receipt.number.to_lowercase().replace('-', " ");
        let code = receipt.query_code.to_lowercase().replace('-', "");
        let found = ask(&typed, &code).await.expect("found");
        assert_eq!((found.submission_id, found.matter_id), (receipt.submission_id, receipt.submission_id));
        assert!(!found.restricted && found.openings.is_empty());
        let wrong = ask(&receipt.number, &other.query_code).await;
        for (number, code) in [
            ("XF990100-260803-9999", receipt.query_code.as_str()),
            (&other.number, &receipt.query_code),
            (&receipt.number, ""),
            ("", &receipt.query_code),
            ("'; DROP TABLE submission; --", "x"),
            (&"9".repeat(10_000), &"9".repeat(10_000)),
        ] {
            assert_eq!(ask(number, code).await, wrong, "{number}");
        }
        assert_eq!(wrong.expect_err("wrong").code, "no_such_pair");
    })
    .await;
}

/// Lost key-encryption keys are noticed at the start, rotated ones are kept.
#[tokio::test]
async fn a_lost_key_refuses_to_start() {
    each(|office| async move {
        let (db, mint) = (&office.deps.db, &office.deps.mint);
        let ring = |current: u8, old: &[u8]| {
            let secret = |n: u8| trust::Secret32::from([n; 32]);
            trust::KeyRing::new(secret(current), old.iter().map(|n| secret(*n)).collect())
        };
        intake::check_keys(db, &keys(0).ring, mint).await.expect("first start");
        intake::check_keys(db, &keys(0).ring, mint).await.expect("second start");
        let lost = intake::check_keys(db, &ring(77, &[]), mint).await.expect_err("lost");
        assert!(lost.to_string().contains(&keys(0).ring.current().to_string()), "{lost}");
        intake::check_keys(db, &ring(77, &[1]), mint).await.expect("rotated");
        intake::check_keys(db, &ring(1, &[]), mint).await.expect_err("the newer one is lost");
        assert_eq!(office.count("SELECT count(*) FROM kek").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_joint_letter_and_an_anonymous_one() {
    each(|office| async move {
        let mut joint = claim();
        joint.co_petitioners = vec![luo(); 39];
        joint.heads = 40;
        let receipt = office.register(&joint).await;
        let said = office.said_about(receipt.submission_id).await;
        assert!(said[0].1.contains(r#""joint":true,"heads":40"#), "{said:?}");
        assert_eq!(office.count("SELECT count(*) FROM identity").await, 40);
        let mut anonymous = claim();
        (anonymous.anonymous, anonymous.petitioner, anonymous.purpose) = (true, None, Purpose::Suggestion);
        office.register(&anonymous).await;
        assert_eq!(office.count("SELECT count(*) FROM identity").await, 40);
    })
    .await;
}

async fn finished(done: Option<Receipt>, call: impl Future<Output = Receipt>) -> Receipt {
    match done {
        Some(receipt) => receipt,
        None => call.await,
    }
}

/// Whoever leads the desk may go away at any moment: the others still get their numbers, each once.
#[tokio::test]
async fn a_leader_that_goes_away_takes_nobody_with_it() {
    each(|office| async move {
        let (actor, command) = (office.registrar(), claim());
        let call = |key: &'static str| {
            let (office, actor, command) = (office.clone(), actor.clone(), command.clone());
            Box::pin(async move { office.registered_by(&actor, Some(key), &command).await })
        };
        let (mut a, mut b, mut c, mut d) = (call("a"), call("b"), call("c"), call("d"));
        // A leads alone; B, C and D wait behind it. PostgreSQL may answer within the poll: a call that is done
        // is not asked again, and what follows holds all the same.
        let mut done = Vec::new();
        for call in [&mut a, &mut b, &mut c, &mut d] {
            done.push(match futures::poll!(call) {
                Poll::Ready(receipt) => Some(receipt),
                Poll::Pending => None,
            });
        }
        let first = finished(done.remove(0), a).await;
        // B leads now, with C and D in its batch, and goes away while it files.
        if done.remove(0).is_none() {
            drop(futures::poll!(&mut b));
        }
        drop(b);
        let (d_done, c_done) = (done.pop().flatten(), done.pop().flatten());
        let (c, d) = futures::join!(finished(c_done, c), finished(d_done, d));
        assert!(first.number != c.number && c.number != d.number);
        assert_eq!(call("c").await, c);
        // B's own registration is done, or can be done now: at most one of it.
        call("b").await;
        assert_eq!(office.count("SELECT count(*) FROM submission").await, 4);
        assert_eq!(office.count("SELECT count(*) FROM outbox").await, 4);
    })
    .await;
}

/// The service as the suite runs it: it serves, says that it is ready, and ends when asked.
#[tokio::test]
async fn it_runs_serves_and_ends_cleanly() {
    each(|office| async move {
        let memory = bus::MemoryBus::new(office.deps.clocks.technical.clone());
        let admin = bus::Bus::Memory(memory.clone());
        bus::streams::ensure(&admin, &[]).await.expect("streams");
        let mut deps = office.deps.clone();
        deps.bus = bus::Bus::Memory(memory.core("intake"));
        let (ask_to_end, shutdown) = bus::shutdown();
        let running = tokio::spawn(intake::run(deps.clone(), shutdown));
        let console = bus::Bus::Memory(memory.core("console"));
        let up = async {
            // Level-triggered: asked until it is served.
            while web::ask::ask(&console, "intake", None, None, &claim()).await.expect_err("no token").code
                == "service_away"
            {
                tokio::task::yield_now().await;
            }
        };
        up.await;
        office.register(&claim()).await;
        let sent = async {
            while office.count("SELECT count(*) FROM outbox WHERE sent_at IS NULL").await > 0 {
                tokio::task::yield_now().await;
            }
        };
        sent.await;
        ask_to_end.send(true).expect("asked");
        running.await.expect("joined").expect("ended well");
        let away = web::ask::ask(&console, "intake", None, None, &claim()).await.expect_err("gone");
        assert_eq!(away.code, "service_away");
        let names: Vec<String> = deps.health.report().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["intake.consumer", "intake.relay"]);
    })
    .await;
}
