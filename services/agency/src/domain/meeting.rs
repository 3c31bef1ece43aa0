//! 会议通知 at the agency: the newest invitation counts; replied to until the meeting is called off or its minutes come.

use chrono::NaiveDate;
use contracts::{
    agency::commands::{Invitation, ReplyInvitation},
    codes::InvitationReply,
    meetings::{CancellationDispatchV1, MeetingDispatchV1, MinutesDispatchV1, commands::ReplyView},
};
use kernel::{AgendaItemId, ContentId, EventId, MatterId, Refusal};

use super::text;
use crate::error;

/// The most characters of a post.
const POST_AT_MOST: usize = 30;

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// What people see.
    pub view: Invitation,
    /// The newest dispatch: the cause of every return.
    pub dispatched_by: EventId,
}

impl Invited {
    /// An invitation as it comes in.
    #[must_use]
    pub const fn received(dispatch: MeetingDispatchV1, dispatched_by: EventId) -> Self {
        let view = Invitation {
            dispatch,
            version: 1,
            reply: None,
            cancelled_on: None,
            minutes_number: None,
            positions: Vec::new(),
        };
        Self { view, dispatched_by }
    }

    /// The meeting moved, or this agency is invited again.
    pub fn renew(&mut self, dispatch: MeetingDispatchV1, dispatched_by: EventId) {
        if dispatch.terms.sequence < self.view.dispatch.terms.sequence {
            return;
        }
        self.view.dispatch = dispatch;
        self.view.cancelled_on = None;
        self.view.version += 1;
        self.dispatched_by = dispatched_by;
    }

    /// Called off, or it takes place without this agency.
    pub fn cancel(&mut self, cancellation: &CancellationDispatchV1) {
        self.view.cancelled_on = Some(cancellation.cancelled_on);
        self.view.version += 1;
    }

    /// The minutes are fixed.
    pub fn fix(&mut self, minutes: &MinutesDispatchV1) {
        self.view.minutes_number = Some(minutes.document_number.clone());
        self.view.version += 1;
    }

    /// Refuses a writer who saw an older version, and a meeting that is over.
    ///
    /// # Errors
    /// `invitation_stale`, `invitation_over`.
    pub fn expect(&self, expected: i64) -> Result<(), Refusal> {
        if self.view.version != expected {
            let refusal = error::INVITATION_STALE.refuse().at("expected_version");
            return Err(refusal.with("found", self.view.version));
        }
        if self.view.cancelled_on.is_some() || self.view.minutes_number.is_some() {
            return Err(error::INVITATION_OVER.refuse());
        }
        Ok(())
    }

    /// 参会回复.
    ///
    /// # Errors
    /// `reply_reason_owed`, what is wrong with the post.
    pub fn reply(&mut self, wish: &ReplyInvitation, on: NaiveDate) -> Result<ReplyView, Refusal> {
        if wish.reply == InvitationReply::Declined && wish.reason.is_none() {
            return Err(error::REPLY_REASON_OWED.refuse().at("reason"));
        }
        let post = wish.substitute_post.as_deref().map(str::trim).filter(|post| !post.is_empty());
        let post = post.map(|post| text::line(post, POST_AT_MOST, "substitute_post")).transpose()?;
        let reply = ReplyView {
            sequence: self.view.dispatch.terms.sequence,
            reply: wish.reply,
            reason: wish.reason.filter(|_| wish.reply != InvitationReply::Accepted),
            substitute_post: post,
            on,
        };
        self.view.reply = Some(reply.clone());
        self.view.version += 1;
        Ok(reply)
    }

    /// The matter of an item on which this agency's position is asked for.
    ///
    /// # Errors
    /// `not_asked_for_position`.
    pub fn asked(&self, item: AgendaItemId) -> Result<MatterId, Refusal> {
        let dispatch = &self.view.dispatch;
        let line = dispatch.items.iter().find(|line| line.item_id == item);
        line.filter(|_| dispatch.party_to.contains(&item))
            .map(|line| line.matter_id)
            .ok_or_else(|| error::NOT_ASKED_FOR_POSITION.refuse().at("item_id"))
    }

    /// Which round of filing a position on an item is in: one paper each.
    #[must_use]
    pub fn round(&self, item: AgendaItemId) -> String {
        format!("{item}/{}", self.view.positions.iter().filter(|(id, _)| *id == item).count() + 1)
    }

    /// 书面意见, with its paper.
    pub fn file(&mut self, item: AgendaItemId, paper: ContentId) {
        self.view.positions.push((item, paper));
        self.view.version += 1;
    }
}
