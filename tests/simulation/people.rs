//! The people of the world: what they sent, what they were told, and what they hold in their hands.

use std::sync::Arc;

use bus::Bus;
use contracts::{
    Command,
    agency::commands::TaskChanged,
    codes::{Channel, PetitionerKind, Purpose},
    intake::commands::{Identity, Receipt, Register},
    routing::commands::{Forward, Recall, Screen},
};
use kernel::{
    Actor, AgencyCode, AssignmentId, Clocks, ErrorKind, IdMint, Place, Refusal, Role, SubmissionId,
};
use trust::ActorSigner;
use web::ask::{ask, ask_agency};

use super::world::{LAOJIAN, RENSHE, code};

/// One submission as its sender remembers it.
pub struct Slip {
    /// The idempotency key of the form.
    pub key: String,
    /// Who sent it.
    pub sender: Actor,
    /// What.
    pub command: Register,
    /// Words that are in this submission alone.
    pub canaries: Vec<String>,
    /// The receipt, once it was seen.
    pub receipt: Option<Receipt>,
    /// A second receipt for the same key that was not the same.
    pub other_receipt: Option<Receipt>,
    /// Refused for good.
    pub refused: bool,
}

/// A command given before, to be given again late.
#[derive(Clone)]
pub enum Old {
    Screen(Actor, Screen),
    Forward(Actor, Forward),
    Recall(Actor, Recall),
}

/// What an agency's people were told of a task.
pub struct ToldStep {
    pub agency: AgencyCode,
    pub assignment: AssignmentId,
    pub changed: TaskChanged,
}

/// Everybody.
pub struct People {
    signer: Arc<ActorSigner>,
    mint: IdMint,
    bus: Bus,
    clocks: Clocks,
    pub registrar: Actor,
    pub screener: Actor,
    pub officer: Actor,
    pub supervisor: Actor,
    pub director: Actor,
    pub visitor: Actor,
    pub slips: Vec<Slip>,
    pub old: Vec<Old>,
    pub steps: Vec<ToldStep>,
    /// Every answer that an agency's people got, as JSON.
    pub seen: Vec<(AgencyCode, String)>,
    /// Refusals that say that we failed.
    pub faults: Vec<String>,
    /// How often each refusal was heard.
    pub refusals: std::collections::BTreeMap<String, usize>,
}

impl People {
    pub fn new(signer: Arc<ActorSigner>, mint: &IdMint, bus: Bus, clocks: Clocks) -> Self {
        let actor = |place, roles: &[Role]| Actor { user: mint.mint(), place, roles: roles.to_vec() };
        Self {
            signer,
            bus,
            clocks,
            registrar: actor(Place::Office, &[Role::Registrar]),
            screener: actor(Place::Office, &[Role::Screener, Role::Registrar]),
            officer: actor(Place::Office, &[Role::RestrictedOfficer]),
            supervisor: actor(Place::Office, &[Role::Supervisor]),
            director: actor(Place::Office, &[Role::OfficeDirector]),
            visitor: actor(Place::Portal, &[]),
            mint: mint.clone(),
            slips: Vec::new(),
            old: Vec::new(),
            steps: Vec::new(),
            seen: Vec::new(),
            faults: Vec::new(),
            refusals: std::collections::BTreeMap::new(),
        }
    }

    /// The head of an agency, who also handles.
    pub fn head(&self, agency: &AgencyCode) -> Actor {
        let roles = vec![Role::Handler, Role::AgencyHead];
        Actor { user: self.mint.mint(), place: Place::Agency(agency.clone()), roles }
    }

    fn token(&self, actor: &Actor) -> String {
        let now = kernel::Clock::now(self.clocks.technical.as_ref());
        self.signer.token(actor, None, now).expect("token").expose().to_owned()
    }

    fn hear<T>(&mut self, command: &str, answer: Result<T, Refusal>) -> Result<T, Refusal> {
        if let Err(refusal) = &answer {
            *self.refusals.entry(refusal.code.to_string()).or_default() += 1;
            if refusal.kind == ErrorKind::Internal {
                self.faults.push(format!("{command}: {refusal}"));
            }
        }
        answer
    }

    /// A person asks a service of the office.
    pub async fn ask<C: Command>(
        &mut self,
        service: &str,
        actor: &Actor,
        key: Option<&str>,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let token = self.token(actor);
        let answer = ask(&self.bus, service, Some(&token), key, command).await;
        self.hear(C::NAME, answer)
    }

    /// A person asks an agency's node; what an agency's own people hear is kept.
    pub async fn ask_agency<C: Command>(
        &mut self,
        agency: &AgencyCode,
        actor: &Actor,
        command: &C,
    ) -> Result<C::Reply, Refusal> {
        let token = self.token(actor);
        let answer = ask_agency(&self.bus, agency, Some(&token), None, command).await;
        if let Some(place) = actor.agency() {
            let text = match &answer {
                Ok(reply) => serde_json::to_string(reply),
                Err(refusal) => serde_json::to_string(refusal),
            };
            self.seen.push((place.clone(), text.expect("json")));
        }
        self.hear(C::NAME, answer)
    }

    /// Writes a new submission, with words of its own in every place.
    pub fn write(&mut self, purpose: Purpose, portal: bool, claims: usize) -> usize {
        let n = self.slips.len();
        let word = |place: &str| format!("canary{n}{place}z");
        let telephone = format!("139{:08}", 10_000_000 + n * 7_919);
        let accused = match purpose {
            Purpose::Accusation => vec![code(if n.is_multiple_of(2) { LAOJIAN } else { RENSHE })],
            _ => Vec::new(),
        };
        let canaries =
            vec![word("title"), word("text"), word("claim"), word("name"), word("street"), telephone.clone()];
        let petitioner = Identity {
            name: format!("罗{}", word("name")),
            id_kind: None,
            id_number: None,
            telephone: Some(telephone),
            address: Some(format!("云岭市{}号", word("street"))),
            email: None,
        };
        let command = Register {
            channel: if portal { Channel::Web } else { Channel::Letter },
            purpose,
            petitioner_kind: PetitionerKind::Citizen,
            anonymous: false,
            heads: 1,
            written_on: None,
            received_on: None,
            place_region: "990100".parse().expect("region"),
            title: format!("拖欠工资{}", word("title")),
            text: format!("拖欠工资，{}，至今未付。", word("text")),
            claims: (0..claims).map(|c| format!("结清{}{c}", word("claim"))).collect(),
            petitioner: Some(petitioner),
            co_petitioners: Vec::new(),
            withhold_identity: n % 5 == 4,
            accused_agencies: accused,
            attachments: Vec::new(),
            warnings_confirmed: true,
        };
        let sender = if portal { self.visitor.clone() } else { self.registrar.clone() };
        let key = format!("form-{n}");
        self.slips.push(Slip {
            key,
            sender,
            command,
            canaries,
            receipt: None,
            other_receipt: None,
            refused: false,
        });
        n
    }

    /// Submissions whose sender has a receipt.
    pub fn known(&self) -> Vec<(SubmissionId, Purpose)> {
        let told = |slip: &Slip| Some((slip.receipt.as_ref()?.submission_id, slip.command.purpose));
        self.slips.iter().filter_map(told).collect()
    }

    /// Keeps a command to be given again later; the newest 40.
    pub fn remember(&mut self, old: Old) {
        if self.old.len() >= 40 {
            self.old.remove(0);
        }
        self.old.push(old);
    }
}
