//! What goes wrong: the bus's own faults (bus.md section 4), processes that die or sleep, time that passes.

use std::sync::atomic::Ordering;

use bus::{Bus, ConsumerSpec, Delivery};
use contracts::{Message, subject};
use kernel::AgencyCode;

use super::{
    nodes::{Made, Part, Stepped},
    world::{World, agencies},
};

const DAY_MS: i64 = 86_400_000;
/// Business days a world may see: within what streams and registers remember.
const MAX_DAYS: i64 = 60;
/// Poisoned messages a world may see.
const MAX_POISON: usize = 3;

impl World {
    /// One step of one part of one process: of the one awake, now and then of one that slept meanwhile.
    pub async fn step_something(&mut self) -> String {
        let n = self.dice.below(self.nodes.len());
        let steps = self.nodes[n].steps();
        let part = steps[self.dice.below(steps.len())];
        self.step(n, part, false).await.1
    }

    /// One service takes a step of each of its parts.
    pub async fn pump(&mut self) -> String {
        let n = self.dice.below(self.nodes.len());
        let mut words = Vec::new();
        for part in self.nodes[n].steps() {
            words.push(self.step(n, part, false).await.1);
        }
        words.join("; ")
    }

    /// Every part of every service takes one step. Says how much moved, and what.
    pub async fn round(&mut self) -> (usize, String) {
        let (mut moved, mut words) = (0, Vec::new());
        for n in 0..self.nodes.len() {
            for part in self.nodes[n].steps() {
                let (some, what) = self.step(n, part, false).await;
                moved += some;
                if some > 0 {
                    words.push(what);
                }
            }
        }
        (moved, words.join("; "))
    }

    /// A process that was taken over wakes up and does one step.
    pub async fn step_sleeper(&mut self) -> String {
        let sleeping: Vec<usize> =
            (0..self.nodes.len()).filter(|n| self.nodes[*n].asleep.is_some()).collect();
        let Some(n) = self.dice.pick(&sleeping).copied() else { return "none sleeps".to_owned() };
        let steps = self.nodes[n].steps();
        let part = steps[self.dice.below(steps.len())];
        self.step(n, part, true).await.1
    }

    /// Takes a step, and notes what no fault explains.
    pub async fn step(&mut self, n: usize, part: Part, sleeper: bool) -> (usize, String) {
        let node = &self.nodes[n];
        let process = if sleeper { &node.asleep } else { &node.awake };
        let name = node.name.clone();
        let Some(process) = process else { return (0, format!("{name} is dead")) };
        let Stepped { moved, words, broke } = process.step(part).await;
        if let Some(broke) = broke {
            self.broke.push(format!("{name} {part:?}: {broke}"));
        }
        (moved, format!("{name} {part:?}: {words}"))
    }

    /// A process dies with everything in its memory; a new one may start at once or later.
    pub async fn kill(&mut self) -> String {
        let n = self.dice.below(self.nodes.len());
        let again = self.dice.percent(70);
        let node = &mut self.nodes[n];
        node.awake = None;
        if again {
            drop(node.start().await);
        }
        format!("{}{}", node.name, if again { ", started again" } else { "" })
    }

    /// Whoever is dead starts again.
    pub async fn revive(&mut self) -> String {
        let mut names = Vec::new();
        for node in self.nodes.iter_mut().filter(|n| n.awake.is_none()) {
            if node.start().await.is_ok() {
                names.push(node.name.clone());
            }
        }
        names.join(" ")
    }

    /// A second process starts while the first only sleeps and will wake with an old lease in its hands.
    pub async fn take_over(&mut self) -> String {
        let n = self.dice.below(self.nodes.len());
        let node = &mut self.nodes[n];
        node.asleep = node.awake.take();
        drop(node.start().await);
        node.name.clone()
    }

    /// A process dies between a fetch and its commit: the messages come again.
    pub async fn fetch_and_die(&mut self) -> String {
        let n = self.dice.below(self.nodes.len());
        let node = &self.nodes[n];
        let (bus, specs) = match &node.made {
            Made::Intake(deps) => (deps.bus.clone(), vec![ConsumerSpec::facts("intake", &["routing"])]),
            Made::Routing(deps) => (
                deps.bus.clone(),
                vec![
                    ConsumerSpec::facts("routing", &["intake"]),
                    ConsumerSpec::facts("routing-supervision", &["supervision"]),
                    ConsumerSpec::facts("routing-meetings", &["meetings"]),
                    ConsumerSpec::returns("routing"),
                ],
            ),
            Made::Supervision(deps) => (
                deps.bus.clone(),
                vec![
                    ConsumerSpec::facts("supervision", &["intake", "routing"]),
                    ConsumerSpec::returns("supervision"),
                ],
            ),
            Made::Meetings(deps) => (
                deps.bus.clone(),
                vec![
                    ConsumerSpec::facts("meetings", &["intake", "routing"]),
                    ConsumerSpec::returns("meetings"),
                ],
            ),
            Made::Notification(deps) => {
                let heard = ["intake", "routing", "supervision", "meetings"];
                (deps.bus.clone(), vec![ConsumerSpec::facts("notification", &heard)])
            }
            Made::Agency(deps) => (deps.bus.clone(), vec![ConsumerSpec::dispatches(&deps.code)]),
            Made::Board(deps) => (deps.bus.clone(), vec![ConsumerSpec::facts("board", &[])]),
        };
        let spec = specs[self.dice.below(specs.len())].clone();
        let most = 1 + self.dice.below(8);
        let fetched = match bus.consumer(&spec).await {
            Ok(mut consumer) => consumer.fetch(most, 0).await.map_or(0, |d| d.len()),
            Err(_) => 0,
        };
        let node = &mut self.nodes[n];
        node.awake = None;
        drop(node.start().await);
        format!("{} with {fetched} messages", node.name)
    }

    pub fn pass_moments(&mut self) -> String {
        let ms = self.dice.between(1, 2_000);
        self.clock.advance_ms(ms);
        format!("{ms} ms")
    }

    pub fn pass_minutes(&mut self) -> String {
        let seconds = self.dice.between(3, 180);
        self.clock.advance_ms(seconds * 1_000);
        format!("{seconds} s")
    }

    pub fn pass_days(&mut self) -> String {
        let days = self.dice.between(1, 9);
        if self.days + days > MAX_DAYS {
            return "none left".to_owned();
        }
        self.days += days;
        self.clocks.business.set_offset_ms(self.days * DAY_MS);
        format!("{days} days, it is {}", self.clocks.business.today())
    }

    /// The business clock goes on, beyond what moves may pass.
    pub fn let_days_pass(&mut self, days: i64) {
        self.days += days;
        self.clocks.business.set_offset_ms(self.days * DAY_MS);
    }

    pub fn bus_goes(&mut self) -> String {
        self.troubles.down = true;
        self.bus.set_down(true);
        "down".to_owned()
    }

    pub fn bus_comes(&mut self) -> String {
        self.troubles.down = false;
        self.bus.set_down(false);
        "up".to_owned()
    }

    pub fn bus_crashes(&mut self) -> String {
        self.bus.crash();
        "acknowledgements of the last moment are forgotten".to_owned()
    }

    /// A relay dies between publish and mark: the next promises are not heard.
    pub fn lose_promises(&mut self) -> String {
        let n = 1 + u32::try_from(self.dice.below(4)).unwrap_or(0);
        self.bus.lose_pubacks(n);
        format!("the next {n}")
    }

    /// A consumer dies between commit and acknowledgement.
    pub fn lose_acks(&mut self) -> String {
        let n = 1 + u32::try_from(self.dice.below(8)).unwrap_or(0);
        self.bus.lose_acks(n);
        format!("the next {n}")
    }

    /// A command is carried out and its caller does not hear of it.
    pub fn lose_replies(&mut self) -> String {
        let n = 1 + u32::try_from(self.dice.below(2)).unwrap_or(0);
        self.losses.store(n, Ordering::Relaxed);
        format!("the next {n}")
    }

    /// Everything that lies in a stream, as an onlooker sees it.
    pub async fn look_into(&self, stream: &str, onlooker: &str) -> Vec<Delivery> {
        let spec = ConsumerSpec {
            stream: stream.to_owned(),
            max_ack_pending: i64::MAX,
            ..ConsumerSpec::facts(onlooker, &[])
        };
        match Bus::Memory(self.bus.clone()).consumer(&spec).await {
            Ok(mut consumer) => consumer.fetch(100_000, 0).await.unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }

    /// A stored message is stored once more under another id of the server's.
    pub async fn duplicate(&mut self) -> String {
        let Some((stream, delivery)) = self.some_message().await else { return "nothing there".to_owned() };
        let Ok(message) = delivery.message else { return "not one of ours".to_owned() };
        let attempt = self.dice.between(1_000, 1_000_000);
        let hand = self.hand_of(&message);
        match hand.publish(&delivery.subject, &message, attempt).await {
            Ok(_) => format!("{stream} {}", message.event_type),
            Err(error) => error.to_string(),
        }
    }

    fn hand_of(&self, message: &Message) -> Bus {
        match message.source_agency() {
            Some(agency) => Bus::Memory(self.bus.agency(&agency)),
            None => Bus::Memory(self.bus.core(message.context())),
        }
    }

    /// A consumer's name that nobody had before: it sees everything.
    pub fn onlooker(&mut self) -> String {
        self.looks += 1;
        format!("look-{}", self.looks)
    }

    async fn some_message(&mut self) -> Option<(String, Delivery)> {
        let streams = Self::streams();
        let stream = streams[self.dice.below(streams.len())].clone();
        let onlooker = self.onlooker();
        let mut all = self.look_into(&stream, &onlooker).await;
        if all.is_empty() {
            return None;
        }
        let at = self.dice.below(all.len());
        Some((stream, all.swap_remove(at)))
    }

    /// One stored message rots away without a word.
    pub async fn rot(&mut self) -> String {
        let Some((stream, delivery)) = self.some_message().await else { return "nothing there".to_owned() };
        let gone = self.bus.rot(&stream, delivery.stream_seq);
        if gone && (stream == subject::EVT || stream == subject::RETURNS) {
            self.troubles.rotten = true;
        }
        format!("{stream} {}", delivery.subject)
    }

    /// A foreign client writes into a stream what is none of our messages.
    pub fn poison(&mut self) -> String {
        if self.troubles.poison.len() >= MAX_POISON {
            return "enough".to_owned();
        }
        let id = format!("poison-{}", self.troubles.poison.len());
        let (hand, subject) = match self.dice.below(3) {
            0 => (self.bus.core("routing"), "evt.routing.nonsense.x".to_owned()),
            1 => (self.bus.core("intake"), "evt.intake.nonsense.x".to_owned()),
            _ => {
                let code: AgencyCode = agencies().swap_remove(self.dice.below(agencies().len()));
                (self.bus.agency(&code), format!("returns.{code}.nonsense.x"))
            }
        };
        // Stored or not: its answer may be lost.
        self.troubles.poison.push(id.clone());
        match hand.publish_raw(&subject, id, Vec::new(), b"{]") {
            Ok(_) => subject,
            Err(error) => error.to_string(),
        }
    }

    /// The server's disk is lost, and an operator makes everything anew from the outboxes.
    pub async fn wipe(&mut self) -> String {
        if self.troubles.down {
            return "the bus is away".to_owned();
        }
        self.bus.wipe();
        // The operator may be slow: services run over the empty server meanwhile.
        let pause = self.dice.below(12);
        for _ in 0..pause {
            self.step_something().await;
        }
        let rebuilt = self.rebuild().await;
        format!("after {pause} steps: {rebuilt}")
    }

    pub async fn rebuild(&mut self) -> String {
        let bus = Bus::Memory(self.bus.clone());
        match bus::rebuild(&bus, &self.databases(), &agencies()).await {
            Ok(rebuilt) => {
                self.troubles.rotten = false;
                // What was not taken in before is gone with the old streams.
                format!("epoch {} reopened {}", rebuilt.epoch.number, rebuilt.reopened)
            }
            Err(error) => {
                self.broke.push(format!("rebuild: {error}"));
                error.to_string()
            }
        }
    }
}
