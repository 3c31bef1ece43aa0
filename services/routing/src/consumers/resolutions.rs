//! 议定 → 指定管辖 (Art. 24): a resolution of the joint conference ends a dispute as the command does, once. What
//! cannot be carried out is said, and stands with the conference for a person.

use std::sync::Arc;

use bus::{Applied, Handler};
use contracts::{
    Event, Message,
    codes::AgendaKind,
    meetings::{
        CoUnit, InvitationRepliedV1, ItemProposedV1, ItemSettledV1, MeetingCalledOffV1, MeetingCalledV1,
        MeetingHeldV1, MeetingMovedV1, MinutesFixedV1, ResolutionAdoptedV1, TaskCheckedV1, TaskIssuedV1,
        TaskOverdueV1, TaskReceivedV1, TaskReportedV1,
    },
    routing::{
        ResolutionSetAsideV1,
        commands::{CoHandler, DecideCompetence},
    },
};
use db::{BoxFuture, StoreError, Tx};
use kernel::{Clock, Refusal, civil_date};

use crate::{
    Rules,
    commands::decide_competence::settle,
    domain::{fact::Fact, matter::Matter},
    error,
    publish::publish,
    store,
};

/// Hears facts of meetings.
pub struct Resolutions {
    /// Dates and rules.
    pub rules: Arc<Rules>,
}

const IGNORED: &[&str] = &[
    ItemProposedV1::TYPE,
    ItemSettledV1::TYPE,
    MeetingCalledV1::TYPE,
    MeetingMovedV1::TYPE,
    MeetingCalledOffV1::TYPE,
    InvitationRepliedV1::TYPE,
    MeetingHeldV1::TYPE,
    MinutesFixedV1::TYPE,
    TaskIssuedV1::TYPE,
    TaskReceivedV1::TYPE,
    TaskReportedV1::TYPE,
    TaskCheckedV1::TYPE,
    TaskOverdueV1::TYPE,
];

impl Handler for Resolutions {
    fn name(&self) -> &'static str {
        "routing-meetings"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            if IGNORED.contains(&message.event_type.as_str()) {
                return Ok(Applied::Ignored);
            }
            match message.decode::<ResolutionAdoptedV1>() {
                // What is only to be coordinated changes no assignment.
                Ok(resolution) if resolution.kind == AgendaKind::Coordination => Ok(Applied::Ignored),
                Ok(resolution) => self.carry_out(tx, &resolution, message).await,
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

impl Resolutions {
    async fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        resolution: &ResolutionAdoptedV1,
        message: &Message,
    ) -> Result<Applied, StoreError> {
        let now = tx.clocks().business.now();
        let Some(mut matter) = store::load(tx, resolution.matter_id).await? else {
            return Ok(Applied::Poison("a resolution on a matter that routing does not have".to_owned()));
        };
        let loaded = matter.version;
        let settled = match guarded(&matter) {
            Ok(()) => {
                let command = command(resolution, matter.version);
                settle(tx, &self.rules, &mut matter, &command, Some(message.id)).await?
            }
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = settled {
            tracing::warn!(resolution.id = %resolution.resolution_id, code = %refusal.code, "set aside");
            let fact = Fact::ResolutionSetAside(ResolutionSetAsideV1 {
                resolution_id: resolution.resolution_id,
                matter_id: resolution.matter_id,
                document_number: resolution.document_number.clone(),
                lead: resolution.lead.clone(),
                reason: refusal.code.to_string(),
                set_aside_on: civil_date(now),
            });
            publish(tx, &mut matter, fact, now, Some(message.id)).await?;
        }
        store::save(tx, &matter, loaded, now).await?;
        Ok(Applied::Done)
    }
}

/// Of an accusation its officer alone decides, by hand (Art. 30).
fn guarded(matter: &Matter) -> Result<(), Refusal> {
    if matter.restricted { Err(error::NOT_ALLOWED.refuse()) } else { Ok(()) }
}

fn command(resolution: &ResolutionAdoptedV1, version: i64) -> DecideCompetence {
    DecideCompetence {
        matter_id: resolution.matter_id,
        expected_version: version,
        lead: resolution.lead.clone(),
        due_on: resolution.due_on,
        co: resolution.co.iter().map(handler).collect(),
        by: format!("resolution:{}", resolution.resolution_id),
        document_number: resolution.document_number.clone(),
        dissent: resolution.dissent,
    }
}

/// 协办 with its own date; asked about every claim, and without the contact, which is the lead's to hold.
fn handler(unit: &CoUnit) -> CoHandler {
    CoHandler {
        agency: unit.agency.clone(),
        due_on: unit.due_on,
        claims: Vec::new(),
        task: None,
        with_identity: false,
    }
}
