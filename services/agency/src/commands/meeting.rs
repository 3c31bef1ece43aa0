//! 参会回复, 书面意见 on an agenda item. A position takes three turns, as a step with a paper does.

use std::sync::Arc;

use contracts::{
    Page,
    agency::commands::{
        FilePosition, Invitation, InvitationChanged, ListInvitations, PaperBody, ReplyInvitation,
        ShowInvitation,
    },
};
use db::Tx;
use kernel::{Actor, AttachmentId, Clock, MeetingId, Refusal, civil_date};
use web::door::Asked;

use super::{
    Outcome, heard,
    paper::{self, Written},
};
use crate::{
    Deps,
    domain::{meeting::Invited, paper::Filed, steps::at_most, text},
    error,
    publish::{MeetingReturn, publish_meeting},
    rights,
    store::{meetings, papers, resolution_tasks},
};

/// The meetings that the agency is invited to, the latest first.
///
/// # Errors
/// The refusals of rights and store.
pub async fn list(deps: Arc<Deps>, asked: Asked<ListInvitations>) -> Result<Page<Invitation>, Refusal> {
    rights::sight(&asked.actor, &deps.code, &deps.config)?;
    heard(
        deps.db
            .read(move |tx| Box::pin(async move { Ok(Ok(meetings::page(tx, &asked.command).await?)) }))
            .await,
    )
}

/// One meeting.
///
/// # Errors
/// The refusals of rights and store.
pub async fn show(deps: Arc<Deps>, asked: Asked<ShowInvitation>) -> Result<Invitation, Refusal> {
    rights::sight(&asked.actor, &deps.code, &deps.config)?;
    let id = asked.command.meeting_id;
    let found = deps.db.read(move |tx| Box::pin(async move { Ok(Ok(meetings::load(tx, id).await?)) }));
    heard(found.await)?.map(|invited| invited.view).ok_or_else(|| error::NO_SUCH_INVITATION.refuse())
}

/// Says whether the agency comes.
///
/// # Errors
/// The refusals of rights, state and store.
pub async fn reply(deps: Arc<Deps>, asked: Asked<ReplyInvitation>) -> Result<InvitationChanged, Refusal> {
    let asked = Arc::new(asked);
    let db = deps.db.clone();
    let done = web::once::write(&db, asked.request(), move |tx| {
        let (deps, asked) = (deps.clone(), asked.clone());
        Box::pin(async move {
            let now = deps.clocks.business.now();
            let wish = &asked.command;
            let step = (wish.meeting_id, wish.expected_version, wish.on_behalf_paper);
            let (mut invited, on_behalf) = match find(tx, &deps, &asked.actor, step).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let loaded = invited.view.version;
            let reply = match invited.reply(wish, civil_date(now)) {
                Ok(reply) => reply,
                Err(refusal) => return Ok(Err(refusal)),
            };
            meetings::save(tx, &invited, loaded).await?;
            publish_meeting(tx, &deps.code, &invited, MeetingReturn::Replied(reply), on_behalf, now).await?;
            Ok(Ok(changed(&invited)))
        })
    });
    heard(done.await)
}

/// Files the agency's position on an item.
///
/// # Errors
/// The refusals of rights, state, text, intake and store.
pub async fn file(deps: Arc<Deps>, asked: Asked<FilePosition>) -> Result<InvitationChanged, Refusal> {
    paper::write(&deps, asked).await
}

impl Written for FilePosition {
    async fn enter(&self, tx: &mut Tx<'_>, deps: &Deps, actor: &Actor) -> Outcome<paper::ToEnter> {
        let (invited, _) = match find(tx, deps, actor, self.step()).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let matter = match invited.asked(self.item_id) {
            Ok(matter) => matter,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(assignment_id) = resolution_tasks::assignment_of(tx, matter).await? else {
            return Ok(Err(error::NO_TASK_OF_MATTER.refuse()));
        };
        let owed = |given: &str, field: &str| text::owed(given, at_most::PAGES, field);
        let body = owed(&self.text, "text").and_then(|text| {
            let own_duties = owed(&self.own_duties, "own_duties")?;
            Ok(PaperBody::Position { text, own_duties, filed_on: civil_date(deps.clocks.business.now()) })
        });
        Ok(body.map(|body| paper::ToEnter { assignment_id, round: invited.round(self.item_id), body }))
    }

    async fn finish(
        &self,
        tx: &mut Tx<'_>,
        deps: &Deps,
        actor: &Actor,
        (assignment_id, filed): (kernel::AssignmentId, Filed),
    ) -> Outcome<InvitationChanged> {
        let now = deps.clocks.business.now();
        let (mut invited, on_behalf) = match find(tx, deps, actor, self.step()).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let matter = match invited.asked(self.item_id) {
            Ok(matter) => matter,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !papers::file(tx, assignment_id, filed.content_id, now).await? {
            let refusal = error::INVITATION_STALE.refuse().at("expected_version");
            return Ok(Err(refusal.with("found", invited.view.version)));
        }
        let loaded = invited.view.version;
        invited.file(self.item_id, filed.content_id);
        meetings::save(tx, &invited, loaded).await?;
        let back = MeetingReturn::Position { item_id: self.item_id, matter_id: matter, filed };
        publish_meeting(tx, &deps.code, &invited, back, on_behalf, now).await?;
        Ok(Ok(changed(&invited)))
    }
}

/// What a step on a meeting names.
trait Step {
    fn step(&self) -> (MeetingId, i64, Option<AttachmentId>);
}

impl Step for FilePosition {
    fn step(&self) -> (MeetingId, i64, Option<AttachmentId>) {
        (self.meeting_id, self.expected_version, self.on_behalf_paper)
    }
}

/// Holds a meeting and checks who asks and what they saw.
async fn find(
    tx: &mut Tx<'_>,
    deps: &Deps,
    actor: &Actor,
    (id, expected_version, paper): (MeetingId, i64, Option<AttachmentId>),
) -> Outcome<(Invited, Option<AttachmentId>)> {
    let paper = match rights::may_answer_office(actor, &deps.code, &deps.config, paper) {
        Ok(paper) => paper,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(invited) = meetings::hold(tx, id).await? else {
        return Ok(Err(error::NO_SUCH_INVITATION.refuse()));
    };
    Ok(invited.expect(expected_version).map(|()| (invited, paper)))
}

fn changed(invited: &Invited) -> InvitationChanged {
    InvitationChanged { meeting_id: invited.view.dispatch.terms.meeting_id, version: invited.view.version }
}
