//! The moves of the world, and how often each is made.

use super::world::World;

macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident = $weight:literal;)*) => {
        /// What may happen next.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Move { $($(#[$doc])* $name,)* }
        impl Move {
            /// Every move with its weight.
            pub const ALL: &'static [(Self, usize)] = &[$((Self::$name, $weight),)*];
        }
    };
}

moves! {
    Register = 30;
    RegisterAgain = 14;
    LookUp = 4;
    Screen = 70;
    Forward = 34;
    Recall = 22;
    Rule = 40;
    Decide = 20;
    AddCo = 12;
    ReleaseCo = 8;
    IssueOrder = 30;
    AnswerOrder = 24;
    JudgeOrder = 14;
    Confer = 70;
    Betray = 6;
    NameAccused = 3;
    LinkRepeat = 8;
    Read = 6;
    RepeatOld = 14;
    RestrictedQueue = 3;
    Work = 150;
    SignTwice = 6;
    Open = 20;
    Snoop = 6;
    Step = 260;
    Pump = 90;
    Round = 40;
    StepSleeper = 24;
    Moments = 40;
    Minutes = 24;
    Days = 24;
    Kill = 10;
    Revive = 30;
    TakeOver = 6;
    FetchAndDie = 10;
    BusGoes = 4;
    BusComes = 24;
    BusCrashes = 6;
    LosePromises = 10;
    LoseAcks = 10;
    LoseReplies = 10;
    Duplicate = 12;
    Rot = 5;
    Poison = 2;
    Wipe = 3;
}

impl World {
    /// Which move comes next.
    pub fn choose(&mut self) -> Move {
        let sum: usize = Move::ALL.iter().map(|(_, weight)| weight).sum();
        let mut left = self.dice.below(sum);
        for (choice, weight) in Move::ALL {
            if left < *weight {
                return *choice;
            }
            left -= weight;
        }
        Move::Step
    }

    /// Makes a move and says what came of it.
    pub async fn make(&mut self, choice: Move) -> String {
        match choice {
            Move::Register => Box::pin(self.register_new()).await,
            Move::RegisterAgain => Box::pin(self.register_again()).await,
            Move::LookUp => Box::pin(self.look_up()).await,
            Move::Screen => Box::pin(self.screen()).await,
            Move::Forward => Box::pin(self.forward()).await,
            Move::Recall => Box::pin(self.recall()).await,
            Move::Rule => Box::pin(self.rule()).await,
            Move::Decide => Box::pin(self.decide()).await,
            Move::AddCo => Box::pin(self.add_co()).await,
            Move::ReleaseCo => Box::pin(self.release_co()).await,
            Move::IssueOrder => Box::pin(self.issue_order()).await,
            Move::AnswerOrder => Box::pin(self.answer_order()).await,
            Move::JudgeOrder => Box::pin(self.judge_order()).await,
            Move::Confer => Box::pin(self.confer()).await,
            Move::Betray => Box::pin(self.betray()).await,
            Move::NameAccused => Box::pin(self.name_accused()).await,
            Move::LinkRepeat => Box::pin(self.link_repeat()).await,
            Move::Read => Box::pin(self.read()).await,
            Move::RepeatOld => Box::pin(self.repeat_old()).await,
            Move::RestrictedQueue => Box::pin(self.restricted_queue()).await,
            Move::Work => Box::pin(self.work()).await,
            Move::SignTwice => Box::pin(self.sign_twice()).await,
            Move::Open => Box::pin(self.open()).await,
            Move::Snoop => Box::pin(self.snoop()).await,
            Move::Step => Box::pin(self.step_something()).await,
            Move::Pump => Box::pin(self.pump()).await,
            Move::Round => Box::pin(self.round()).await.1,
            Move::StepSleeper => Box::pin(self.step_sleeper()).await,
            Move::Moments => self.pass_moments(),
            Move::Minutes => self.pass_minutes(),
            Move::Days => self.pass_days(),
            Move::Kill => Box::pin(self.kill()).await,
            Move::Revive => Box::pin(self.revive()).await,
            Move::TakeOver => Box::pin(self.take_over()).await,
            Move::FetchAndDie => Box::pin(self.fetch_and_die()).await,
            Move::BusGoes => self.bus_goes(),
            Move::BusComes => self.bus_comes(),
            Move::BusCrashes => self.bus_crashes(),
            Move::LosePromises => self.lose_promises(),
            Move::LoseAcks => self.lose_acks(),
            Move::LoseReplies => self.lose_replies(),
            Move::Duplicate => Box::pin(self.duplicate()).await,
            Move::Rot => Box::pin(self.rot()).await,
            Move::Poison => self.poison(),
            Move::Wipe => Box::pin(self.wipe()).await,
        }
    }
}
