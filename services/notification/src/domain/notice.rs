//! One notice (domain.md 2.3): QUEUED → SENT → DELIVERED, or another way, until none is left.
//!
//! An attempt to mail is on record before it is made, so a crash leaves it `sending`, which becomes `unknown`; only a
//! person sends that again. What is printed is paper: it is posted by a person, who says so.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::codes::{NoticeChannel, NoticeState, NoticeTrouble, ServiceWay};
use kernel::{EventId, MatterId, NoticeId, Refusal, UnixMillis};

use super::audience::Audience;
use crate::error;

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// The fact it tells of.
    pub event_id: EventId,
    /// The fact's type.
    pub event_type: String,
    /// Who is told.
    pub audience: Audience,
    /// The matter, the meeting.
    pub subject_id: String,
    /// The matter, where it is about one.
    pub matter_id: Option<MatterId>,
    /// In which words.
    pub template: String,
    /// Version of the template when it was queued.
    pub template_version: i64,
    /// Days, codes and document numbers that the words name; no identity.
    pub told: BTreeMap<String, String>,
    /// The way it goes now.
    pub channel: NoticeChannel,
    /// The ways that are left.
    pub ways: Vec<NoticeChannel>,
    /// 检举控告.
    pub restricted: bool,
    /// Where it stands.
    pub state: NoticeState,
    /// What went wrong last.
    pub trouble: Option<NoticeTrouble>,
    /// Attempts by the way it goes now.
    pub attempts: i64,
    /// When the next one is made (technical clock).
    pub next_attempt_at: Option<UnixMillis>,
    /// When it was queued (business clock).
    pub queued_at: UnixMillis,
    /// The day it was posted or sent.
    pub sent_on: Option<NaiveDate>,
    /// The day it was delivered.
    pub delivered_on: Option<NaiveDate>,
    /// How it was served.
    pub way: Option<ServiceWay>,
    /// Number of the posting, or what the server said.
    pub proof: Option<String>,
    /// Somebody has read it (inbox).
    pub read: bool,
    /// From 1.
    pub version: i64,
}

/// What was seen of an attempt to mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The recipient's server took it, and said so.
    Taken(String),
    /// It was not handed over: try again later.
    NotNow,
    /// The server refused it for good.
    Refused,
    /// There is no address for this way.
    NoAddress(NoticeTrouble),
    /// It was handed over, and no answer came.
    Unknown,
}

impl Notice {
    fn moved(&mut self, state: NoticeState) {
        self.state = state;
        self.next_attempt_at = None;
        self.version += 1;
    }

    fn refuse(&self, event: &str) -> Refusal {
        error::NOTICE_STATE.refuse().when(self.state.code(), event)
    }

    /// Whether the version that a person saw is the one that is here.
    ///
    /// # Errors
    /// `notice_state` when the state does not allow the step.
    fn in_states(&self, states: &[NoticeState], event: &str) -> Result<(), Refusal> {
        if states.contains(&self.state) { Ok(()) } else { Err(self.refuse(event)) }
    }

    /// Puts an attempt on record; `false` when none is due.
    pub fn claim(&mut self, now: UnixMillis) -> bool {
        let due = self.next_attempt_at.is_some_and(|at| at <= now);
        if self.channel != NoticeChannel::Mail || self.state != NoticeState::Queued || !due {
            return false;
        }
        self.moved(NoticeState::Sending);
        self.attempts += 1;
        // Until when an answer is waited for, should this process die.
        self.next_attempt_at = Some(now.plus_ms(SENDING_FOR_MS));
        true
    }

    /// Takes in what became of an attempt.
    pub fn attempted(&mut self, what: Attempt, on: NaiveDate, now: UnixMillis, retry_ms: &[i64]) {
        if self.state != NoticeState::Sending {
            return;
        }
        match what {
            Attempt::Taken(answer) => {
                self.moved(NoticeState::Sent);
                (self.sent_on, self.proof, self.way) = (Some(on), Some(answer), Some(ServiceWay::Electronic));
            }
            Attempt::Unknown => self.moved(NoticeState::Unknown),
            Attempt::Refused => self.other_way(NoticeTrouble::Refused, now),
            Attempt::NoAddress(trouble) => self.other_way(trouble, now),
            // Meanwhile it became an accusation's: mail is no way any more.
            Attempt::NotNow if self.restricted => self.next_way(now),
            Attempt::NotNow => match usize::try_from(self.attempts - 1).ok().and_then(|n| retry_ms.get(n)) {
                Some(wait) => {
                    self.moved(NoticeState::Queued);
                    self.next_attempt_at = Some(now.plus_ms(*wait));
                }
                None => self.other_way(NoticeTrouble::TriedEnough, now),
            },
        }
    }

    /// An attempt whose process died: nobody knows what became of it.
    pub fn abandon(&mut self, now: UnixMillis) {
        if self.state == NoticeState::Sending && self.next_attempt_at.is_some_and(|until| until <= now) {
            self.moved(NoticeState::Unknown);
        }
    }

    /// Takes the next way, or none is left.
    pub fn other_way(&mut self, trouble: NoticeTrouble, now: UnixMillis) {
        self.trouble = Some(trouble);
        self.next_way(now);
    }

    fn next_way(&mut self, now: UnixMillis) {
        if !self.ways.is_empty() {
            let next = self.ways.remove(0);
            self.go(next, now);
        } else if self.restricted && self.audience != Audience::Petitioner {
            self.moved(NoticeState::Withdrawn);
        } else {
            self.moved(NoticeState::Unreachable);
        }
    }

    fn go(&mut self, channel: NoticeChannel, now: UnixMillis) {
        self.moved(NoticeState::Queued);
        (self.channel, self.attempts, self.sent_on, self.proof, self.way) = (channel, 0, None, None, None);
        self.next_attempt_at = (channel == NoticeChannel::Mail).then_some(now);
    }

    /// Whether its letter can be printed, also once more.
    ///
    /// # Errors
    /// `notice_state`.
    pub fn may_print(&self) -> Result<(), Refusal> {
        if self.channel != NoticeChannel::Letter {
            return Err(self.refuse("print"));
        }
        self.in_states(&[NoticeState::Queued, NoticeState::Printed], "print")
    }

    /// 打印
    pub fn print(&mut self) {
        if self.state == NoticeState::Queued {
            self.moved(NoticeState::Printed);
        }
    }

    /// 寄出; handed over in person it is delivered. `false` when it was posted already.
    ///
    /// # Errors
    /// `notice_state`, `notice_day`.
    pub fn post(
        &mut self,
        on: NaiveDate,
        way: ServiceWay,
        proof: Option<String>,
        today: NaiveDate,
    ) -> Result<bool, Refusal> {
        if self.state == NoticeState::Sent && self.channel == NoticeChannel::Letter {
            return Ok(false);
        }
        self.in_states(&[NoticeState::Printed], "post")?;
        self.day(on, today)?;
        let in_person = way == ServiceWay::InPerson;
        self.moved(if in_person { NoticeState::Delivered } else { NoticeState::Sent });
        (self.sent_on, self.way, self.proof) = (Some(on), Some(way), proof);
        self.delivered_on = in_person.then_some(on);
        Ok(true)
    }

    /// 登记送达. `false` when it was recorded already.
    ///
    /// # Errors
    /// `notice_state`, `notice_day`.
    pub fn deliver(
        &mut self,
        on: NaiveDate,
        way: ServiceWay,
        proof: &str,
        today: NaiveDate,
    ) -> Result<bool, Refusal> {
        if self.state == NoticeState::Delivered {
            return Ok(false);
        }
        // A mail on its way right now is waited for.
        if self.state == NoticeState::Sending {
            return Err(self.refuse("deliver"));
        }
        self.day(on, today)?;
        self.moved(NoticeState::Delivered);
        (self.delivered_on, self.way, self.proof) = (Some(on), Some(way), Some(proof.to_owned()));
        Ok(true)
    }

    /// 退件
    ///
    /// # Errors
    /// `notice_state`, `notice_day`.
    pub fn come_back(&mut self, on: NaiveDate, today: NaiveDate, now: UnixMillis) -> Result<(), Refusal> {
        self.in_states(&[NoticeState::Sent], "return")?;
        self.day(on, today)?;
        self.other_way(NoticeTrouble::Returned, now);
        Ok(())
    }

    /// 重新发送: a person decides, where nobody else may.
    ///
    /// # Errors
    /// `notice_state`, `notice_channel`.
    pub fn send_again(&mut self, channel: NoticeChannel, mail: bool, now: UnixMillis) -> Result<(), Refusal> {
        self.in_states(&[NoticeState::Unknown, NoticeState::Unreachable], "send_again")?;
        let possible = match channel {
            NoticeChannel::Mail => mail && !self.restricted,
            NoticeChannel::Letter => true,
            NoticeChannel::Inbox | NoticeChannel::OnTheSpot => false,
        };
        if !possible || !self.audience.ways().contains(&channel) {
            return Err(error::NOTICE_CHANNEL.refuse().at("channel"));
        }
        self.ways.retain(|way| *way != channel);
        self.go(channel, now);
        Ok(())
    }

    /// 检举控告 (Art. 30): it leaves every way but its officer's letters, and nobody but its informant is told any
    /// more. What was sent is not changed; an attempt under way ends as it ends, and none follows it.
    pub fn restrict(&mut self, now: UnixMillis) {
        self.restricted = true;
        self.ways = self.restricted_ways();
        match self.state {
            NoticeState::Queued | NoticeState::Printed | NoticeState::Unknown | NoticeState::Unreachable => {
                self.attempts = 0;
                self.next_way(now);
            }
            NoticeState::Sending | NoticeState::Sent | NoticeState::Delivered | NoticeState::Withdrawn => {
                self.version += 1;
            }
        }
    }

    fn restricted_ways(&self) -> Vec<NoticeChannel> {
        if self.audience == Audience::Petitioner { vec![NoticeChannel::Letter] } else { Vec::new() }
    }

    fn day(&self, on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
        if on > today || on < kernel::civil_date(self.queued_at) {
            return Err(error::NOTICE_DAY.refuse().at("on"));
        }
        Ok(())
    }
}

/// How long an attempt may take before nobody waits for it, in milliseconds: longer than all timeouts of the way
/// together.
pub const SENDING_FOR_MS: i64 = 300_000;
