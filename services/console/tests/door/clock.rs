//! The demo's bar: the business clock moves on, never back, and the board shows what that makes overdue.

use std::sync::Arc;

use axum::http::StatusCode;
use console::config::ClockHand;
use kernel::{BusinessClock, Clock, Role};

use crate::{
    browser::{Matter, Person, accepted, location},
    facts::Teller,
    support::Rig,
};

struct Hand(BusinessClock);

impl ClockHand for Hand {
    fn move_on_ms(&self, ms: i64) -> std::io::Result<()> {
        self.0.set_offset_ms(self.0.offset_ms() + ms);
        Ok(())
    }
}

#[tokio::test]
async fn an_office_at_work_has_no_hand_on_its_clock() {
    let (rig, fresh) = Rig::fresh().await;
    let screener = Person::office(&rig, Role::Screener).await;
    assert!(!screener.sees("/board").await.contains("/demo/clock"));
    let answer = screener.submit("/demo/clock", &[("to", "day")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(rig.deps.clocks.business.offset_ms(), 0);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn the_demo_moves_on_by_a_day_a_week_and_to_what_is_due_next() {
    let (rig, fresh) = Rig::fresh().await;
    let hand = Arc::new(Hand(rig.deps.clocks.business.clone()));
    let rig = rig.with(|config| config.clock_hand = Some(hand));
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, .. } = accepted(&rig, &mut teller).await;
    let screener = Person::office(&rig, Role::Screener).await;
    let today = || rig.deps.clocks.business.today().to_string();
    assert!(screener.sees("/board").await.contains("/demo/clock"));
    let begun = rig.deps.clocks.business.now();
    assert_eq!(location(&screener.submit("/demo/clock", &[("to", "day")]).await), "/board");
    assert_eq!(rig.deps.clocks.business.now().0 - begun.0, 86_400_000);
    screener.submit("/demo/clock", &[("to", "next")]).await;
    assert_eq!(today(), "2026-10-05", "T06 ends nominally sixty days after the acceptance of 2026-08-06");
    let answer = screener.submit("/demo/clock", &[("to", "next")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "nothing falls due behind it");
    screener.submit("/demo/clock", &[("to", "week")]).await;
    assert_eq!(today(), "2026-10-12");
    let overdue = screener.sees("/board?due=overdue&tab=all").await;
    assert!(overdue.contains(&id.to_string()), "past 2026-10-08, its legal end");
    assert_eq!(screener.submit("/demo/clock", &[("to", "back")]).await.status, StatusCode::NOT_FOUND);
    fresh.discard().await.expect("discarded");
}
