//! What happened at the agency → returns. Exhaustive: a new happening does not compile until it is decided
//! here.

use chrono::NaiveDate;
use contracts::agency::{
    AcceptanceNotifiedV1, Answers, CoAnsweredV1, CompletedV1, ExtendedV1, InvitationRepliedV1, ObjectedV1,
    OpinionIssuedV1, OpinionServedV1, OrderAcknowledgedV1, OrderRepliedV1, PositionFiledV1, SignedV1,
    TaskReceivedV1, TaskReportedV1,
};
use contracts::meetings::commands::ReplyView;
use db::{Draft, Published, StoreError, Tx};
use kernel::{AgencyCode, AgendaItemId, AttachmentId, MatterId, UnixMillis, civil_date};

use crate::domain::{
    happening::Happening, meeting::Invited, order::Order, paper::Filed, resolution_task::ResolutionTask,
    task::Task,
};

/// What happens to an order at the agency.
#[derive(Clone, Debug)]
pub enum OrderReturn {
    /// 签收
    Acknowledged(NaiveDate),
    /// 回复
    Replied(NaiveDate, Filed),
}

/// Publishes what happened to an order.
///
/// # Errors
/// What the store says.
pub async fn publish_order(
    tx: &mut Tx<'_>,
    code: &AgencyCode,
    order: &Order,
    back: OrderReturn,
    on_behalf_paper: Option<AttachmentId>,
    at: UnixMillis,
) -> Result<Published, StoreError> {
    let (order_id, matter_id) = (order.dispatch.order_id, order.dispatch.matter_id);
    let draft = match back {
        OrderReturn::Acknowledged(on) => {
            let acknowledged_on = on;
            let body = OrderAcknowledgedV1 { order_id, matter_id, acknowledged_on, on_behalf_paper };
            Draft::of(matter_id, at, &body)
        }
        OrderReturn::Replied(on, filed) => Draft::of(
            matter_id,
            at,
            &OrderRepliedV1 {
                order_id,
                matter_id,
                replied_on: on,
                content_id: filed.content_id,
                content_hash: filed.sha256,
                on_behalf_paper,
            },
        ),
    };
    tx.publish(draft?.returned_by(code).caused_by(order.dispatched_by)).await
}

/// What happens to an invitation at the agency.
#[derive(Clone, Debug)]
pub enum MeetingReturn {
    /// 参会回复
    Replied(ReplyView),
    /// 书面意见
    Position {
        /// On which item.
        item_id: AgendaItemId,
        /// Of which matter.
        matter_id: MatterId,
        /// The sealed paper.
        filed: Filed,
    },
}

/// Publishes what happened to an invitation.
///
/// # Errors
/// What the store says.
pub async fn publish_meeting(
    tx: &mut Tx<'_>,
    code: &AgencyCode,
    invited: &Invited,
    back: MeetingReturn,
    on_behalf_paper: Option<AttachmentId>,
    at: UnixMillis,
) -> Result<Published, StoreError> {
    let meeting_id = invited.view.dispatch.terms.meeting_id;
    let draft = match back {
        MeetingReturn::Replied(reply) => Draft::of(
            meeting_id,
            at,
            &InvitationRepliedV1 {
                meeting_id,
                sequence: reply.sequence,
                reply: reply.reply,
                reason: reply.reason,
                substitute_post: reply.substitute_post,
                replied_on: reply.on,
                on_behalf_paper,
            },
        ),
        MeetingReturn::Position { item_id, matter_id, filed } => Draft::of(
            matter_id,
            at,
            &PositionFiledV1 {
                item_id,
                meeting_id,
                matter_id,
                filed_on: civil_date(at),
                content_id: filed.content_id,
                content_hash: filed.sha256,
                on_behalf_paper,
            },
        ),
    };
    tx.publish(draft?.returned_by(code).caused_by(invited.dispatched_by)).await
}

/// What happens to a resolution's task at the agency.
#[derive(Clone, Debug)]
pub enum TaskReturn {
    /// 签收
    Received(NaiveDate),
    /// 报告
    Reported(NaiveDate, Filed),
}

/// Publishes what happened to a resolution's task.
///
/// # Errors
/// What the store says.
pub async fn publish_task(
    tx: &mut Tx<'_>,
    code: &AgencyCode,
    task: &ResolutionTask,
    back: TaskReturn,
    on_behalf_paper: Option<AttachmentId>,
    at: UnixMillis,
) -> Result<Published, StoreError> {
    let (task_id, matter_id) = (task.dispatch.task_id, task.dispatch.matter_id);
    let draft = match back {
        TaskReturn::Received(on) => {
            let body = TaskReceivedV1 { task_id, matter_id, received_on: on, on_behalf_paper };
            Draft::of(matter_id, at, &body)
        }
        TaskReturn::Reported(on, filed) => Draft::of(
            matter_id,
            at,
            &TaskReportedV1 {
                task_id,
                matter_id,
                reported_on: on,
                content_id: filed.content_id,
                content_hash: filed.sha256,
                on_behalf_paper,
            },
        ),
    };
    tx.publish(draft?.returned_by(code).caused_by(task.dispatched_by)).await
}

/// Publishes what happened and applies it to the task, so that row and return go together.
///
/// # Errors
/// What the store says.
pub async fn publish(
    tx: &mut Tx<'_>,
    code: &AgencyCode,
    task: &mut Task,
    happening: &Happening,
    on_behalf: Option<AttachmentId>,
    at: UnixMillis,
) -> Result<Published, StoreError> {
    let draft = draft(task, happening, on_behalf, at)?.returned_by(code).caused_by(task.dispatched_by);
    let published = tx.publish(draft).await?;
    task.apply(happening);
    Ok(published)
}

fn draft(
    task: &Task,
    happening: &Happening,
    on_behalf_paper: Option<AttachmentId>,
    at: UnixMillis,
) -> Result<Draft, StoreError> {
    let matter = task.matter_id();
    let answers = Answers {
        matter_id: matter,
        assignment_id: task.id(),
        assignment_no: task.dispatch.assignment_no,
        on_behalf_paper,
    };
    match happening {
        Happening::Signed { on } => Draft::of(matter, at, &SignedV1 { answers, signed_on: *on }),
        Happening::Accepted { on, notice, .. } => Draft::of(
            matter,
            at,
            &AcceptanceNotifiedV1 {
                answers,
                accepted_on: *on,
                content_id: notice.content_id,
                content_hash: notice.sha256.clone(),
            },
        ),
        Happening::OpinionIssued { on, opinion_id, outcomes, opinion } => Draft::of(
            matter,
            at,
            &OpinionIssuedV1 {
                answers,
                opinion_id: *opinion_id,
                issued_on: *on,
                claims: outcomes.clone(),
                content_id: opinion.content_id,
                content_hash: opinion.sha256.clone(),
                co_known: task.co.iter().map(|part| part.asked.assignment_no).collect(),
            },
        ),
        Happening::Served { on, opinion_id, way, record, .. } => Draft::of(
            matter,
            at,
            &OpinionServedV1 {
                answers,
                opinion_id: *opinion_id,
                way: *way,
                served_on: *on,
                content_id: record.content_id,
                content_hash: record.sha256.clone(),
            },
        ),
        Happening::Completed { on, close_code, report } => Draft::of(
            matter,
            at,
            &CompletedV1 {
                answers,
                close_code: *close_code,
                completed_on: *on,
                report_content_id: report.as_ref().map(|r| r.content_id),
                report_hash: report.as_ref().map(|r| r.sha256.clone()),
            },
        ),
        // The head alone takes this step, or the office from the head's own paper.
        Happening::Extended { on, days, notice, .. } => Draft::of(
            matter,
            at,
            &ExtendedV1 {
                answers,
                days: *days,
                granted_on: *on,
                approved: true,
                content_id: notice.content_id,
                content_hash: notice.sha256.clone(),
            },
        ),
        Happening::CoAnswered { on, outcomes, part } => Draft::of(
            matter,
            at,
            &CoAnsweredV1 {
                answers,
                answered_on: *on,
                claims: outcomes.clone(),
                content_id: part.content_id,
                content_hash: part.sha256.clone(),
            },
        ),
        Happening::Objected { on, proposed_agency, letter } => Draft::of(
            matter,
            at,
            &ObjectedV1 {
                answers,
                objected_on: *on,
                proposed_agency: proposed_agency.clone(),
                content_id: letter.content_id,
                content_hash: letter.sha256.clone(),
            },
        ),
    }
}
