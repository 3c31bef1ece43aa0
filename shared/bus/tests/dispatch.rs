//! Dispatches: numbered by their sender, closed by receipts, sent again when they are lost, rebuilt from nothing.

mod support;

use std::{sync::Arc, time::Instant};

use bus::{Bus, ConsumerLoop, ConsumerSpec, Reconciler, Relay, rebuild};
use kernel::{Clock, ManualClock};
use support::{
    PATIENCE, World, code,
    store::{Keeper, ReceiptTaker, Store},
};

/// The office's routing and one agency, each with its database.
struct Play {
    world: World,
    office: Store,
    site: Store,
    out: Relay,
    back: Relay,
    worker: ConsumerLoop,
    returns: ConsumerLoop,
    net: Reconciler,
}

impl Play {
    async fn on(world: World) -> Self {
        let clock = Arc::new(ManualClock::at(support::START));
        let (office, site) = (Store::on(clock.clone(), 1).await, Store::on(clock, 2).await);
        let (routing, renshe) = (world.core("routing").await, world.agency("renshe").await);
        Self {
            out: Relay::new(office.db.clone(), routing.clone(), "routing"),
            back: Relay::new(site.db.clone(), renshe.clone(), "agency"),
            worker: ConsumerLoop::dispatches(
                site.db.clone(),
                renshe,
                &code("renshe"),
                "site-1",
                Keeper::new(),
            ),
            returns: ConsumerLoop::new(
                office.db.clone(),
                routing.clone(),
                ConsumerSpec::returns("routing"),
                Arc::new(ReceiptTaker),
            ),
            net: Reconciler::new(office.db.clone(), routing),
            world,
            office,
            site,
        }
    }

    /// One round of everything; errors of an absent bus are part of the play.
    async fn round(&self) {
        let _ = self.out.step().await;
        let _ = self.worker.step_within(30).await;
        let _ = self.back.step().await;
        let _ = self.returns.step_within(30).await;
        let _ = self.net.step(self.office.clock.now()).await;
        self.office.clock.advance_ms(3_000);
        self.world.pass_ms(3_000);
    }

    async fn until_closed(&self) {
        let begun = Instant::now();
        while self.office.unreceipted().await > 0
            || self.office.unsent().await > 0
            || self.site.unsent().await > 0
        {
            let (open, effects) = (self.office.unreceipted().await, self.site.effects().await.len());
            assert!(begun.elapsed() < 3 * PATIENCE, "{}: {open} open, {effects} effects", self.world.name());
            self.round().await;
        }
    }

    async fn numbers(&self) -> Vec<i64> {
        self.site.effects().await.into_iter().map(|(_, n)| n).collect()
    }
}

#[tokio::test]
async fn a_receipt_closes_what_the_site_holds_and_the_heads_are_equal() {
    for world in World::both(&["renshe"]).await {
        let play = Play::on(world).await;
        for n in 1..=100 {
            play.office.send("renshe", &format!("xf_{}", n % 9), n).await;
        }
        play.until_closed().await;
        assert_eq!(play.numbers().await, (1..=100).collect::<Vec<_>>(), "{}", play.world.name());
        let heads = db::outbox::agency_heads(&play.office.db).await.expect("heads");
        let key = db::inbox::SubjectKey::new("routing", "");
        let site = play
            .site
            .db
            .read({
                let key = key.clone();
                move |tx| Box::pin(async move { db::inbox::applied(tx, "keeper", &[key]).await })
            })
            .await
            .expect("applied");
        let mark = &site[&key];
        assert_eq!(
            (heads[0].seq, Some(&heads[0].hash)),
            (mark.version, mark.hash.as_ref()),
            "{}",
            play.world.name()
        );
    }
}

#[tokio::test]
async fn what_rots_in_the_stream_is_missed_told_and_sent_again() {
    let world = World::both(&["renshe"]).await.remove(0);
    let World::Memory(bus, _) = &world else { panic!("memory comes first") };
    let bus = bus.clone();
    let play = Play::on(world).await;
    for n in 1..=10 {
        play.office.send("renshe", "xf_1", n).await;
    }
    play.out.step().await.expect("relay");
    // One in the middle, which leaves a gap; and the last, which nobody can miss by its successor.
    assert!(bus.rot("DISPATCH_renshe", 4) && bus.rot("DISPATCH_renshe", 10));
    play.until_closed().await;
    assert_eq!(play.numbers().await, (1..=10).collect::<Vec<_>>());
    assert_eq!(db::parked::counts(&play.site.db, "keeper").await.expect("counts").parked, 0);
}

#[tokio::test]
async fn a_site_that_is_away_does_not_find_its_backlog_twice() {
    let world = World::both(&["renshe"]).await.remove(0);
    let play = Play::on(world).await;
    for n in 1..=20 {
        play.office.send("renshe", "xf_1", n).await;
    }
    play.out.step().await.expect("relay");
    for _ in 0..50 {
        play.office.clock.advance_ms(60_000);
        play.world.pass_ms(60_000);
        let found = play.net.step(play.office.clock.now()).await.expect("net");
        assert_eq!((found.behind, found.sent_again), (1, 0));
        assert_eq!(play.out.step().await.expect("relay").sent, 0);
    }
    play.until_closed().await;
    assert_eq!(play.numbers().await.len(), 20);
}

#[tokio::test]
async fn a_dispatch_that_was_tampered_with_is_not_received() {
    for world in World::both(&["renshe"]).await {
        let play = Play::on(world).await;
        play.office.send("renshe", "xf_1", 1).await;
        let row = db::outbox::unsent(&play.office.db, &[], 1).await.expect("rows").remove(0);
        let mut forged = row.message.clone();
        forged.body = "{\"n\":666}".to_owned();
        let routing = play.world.core("routing").await;
        // A copy that was changed on the way, under an id of its own for the server.
        routing.publish(&row.subject(), &forged, 7).await.expect("publish");
        play.until_closed().await;
        assert_eq!(play.numbers().await, [1], "{}", play.world.name());
        let letters = db::dead_letter::list(&play.site.db, 0, 10).await.expect("letters");
        assert!(letters[0].reason.contains("not what its hash says"), "{}", letters[0].reason);
    }
}

#[tokio::test]
async fn a_rebuild_after_the_loss_of_every_stream_leaves_the_site_with_exactly_what_it_should_hold() {
    for world in World::both(&["renshe"]).await {
        let mut play = Play::on(world).await;
        for n in 1..=30 {
            play.office.send("renshe", "xf_1", n).await;
        }
        play.until_closed().await;
        for n in 31..=40 {
            play.office.send("renshe", "xf_1", n).await;
        }
        play.out.step().await.expect("relay");
        match &mut play.world {
            World::Memory(bus, _) => bus.wipe(),
            World::Nats(hub) => {
                hub.kill().await;
                std::fs::remove_dir_all(hub.dir.path().join("nats/store")).expect("store");
                hub.revive().await;
            }
        }
        let admin = play.world.admin().await;
        let databases = [play.office.db.clone(), play.site.db.clone()];
        let done = rebuild(&admin, &databases, &[code("renshe")]).await.expect("rebuild");
        assert_eq!(done.epoch.number, 2, "{}", play.world.name());
        assert!(done.reopened >= 10);
        play.until_closed().await;
        assert_eq!(play.numbers().await, (1..=40).collect::<Vec<_>>(), "{}", play.world.name());
        assert!(db::audit::verify(&play.office.db).await.expect("audit").is_sound());
    }
}

#[tokio::test]
async fn the_server_is_killed_again_and_again_during_dispatch_and_nothing_is_lost_or_done_twice() {
    let world = World::both(&["renshe"]).await.remove(1);
    let mut play = Play::on(world).await;
    let mut n = 0;
    for _ in 0..4 {
        for _ in 0..50 {
            n += 1;
            play.office.send("renshe", &format!("xf_{}", n % 5), n).await;
        }
        let out = play.out.step();
        let World::Nats(hub) = &mut play.world else { panic!("nats") };
        // The relay and the kill run side by side.
        let (_, ()) = tokio::join!(out, hub.kill());
        let World::Nats(hub) = &mut play.world else { panic!("nats") };
        hub.revive().await;
        play.round().await;
    }
    play.until_closed().await;
    assert_eq!(play.numbers().await, (1..=200).collect::<Vec<_>>());
    assert!(db::audit::verify(&play.office.db).await.expect("audit").is_sound());
    let _: &Bus = &play.world.admin().await;
}
