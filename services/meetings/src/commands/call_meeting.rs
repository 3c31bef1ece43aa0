//! 召集会议 by hand (Art. 12): the office names body, time, place, agencies and agenda; each agency is invited.

use chrono::Datelike;
use contracts::{
    codes::MeetingState,
    meetings::{
        MeetingCalledV1, MeetingTerms,
        commands::{CallMeeting, MeetingChanged},
    },
};
use db::{StoreError, Tx};
use kernel::{Actor, MeetingId, civil_date};

use super::{Outcome, invitees, lines, load_agenda, meeting_changed, notify, now, settle};
use crate::{
    Config,
    domain::{
        body::Body,
        fact::Fact,
        item::Item,
        meeting::{Invited, Meeting},
        plan,
        text::{at_most, owed},
    },
    error,
    publish::publish,
    rights,
    store::{self, items, meetings},
};

/// Calls a meeting.
pub async fn run(
    tx: &mut Tx<'_>,
    config: &Config,
    actor: &Actor,
    command: &CallMeeting,
) -> Outcome<MeetingChanged> {
    settle!(rights::may_direct(actor));
    let at = now(tx);
    let Some(body) = store::body(tx, &command.body).await? else {
        return Ok(Err(error::NO_SUCH_BODY.refuse().at("body")));
    };
    let notice_days = settle!(body.notice_days(command.kind));
    let mut agenda = load_agenda(tx, &command.plan.items).await?;
    if agenda.len() != command.plan.items.len() {
        return Ok(Err(error::NO_SUCH_ITEM.refuse().at("plan.items")));
    }
    let units = store::units(tx).await?;
    let parties: Vec<_> = agenda.iter().flat_map(|item| item.parties.clone()).collect();
    let checked = plan::checked(command.plan.clone(), &parties, notice_days, |u| units.contains(u), at);
    let plan = settle!(checked);
    let id: MeetingId = tx.mint().mint();
    for item in &mut agenda {
        settle!(item.schedule(id));
    }
    let title = match &command.title {
        Some(title) => settle!(owed(title, at_most::LINE, "title", false)),
        None => titled(tx, &body, command, civil_date(plan.starts_at).year()).await?,
    };
    let meeting = Meeting {
        version: 1,
        state: MeetingState::Called,
        terms: MeetingTerms {
            meeting_id: id,
            uid: format!("{id}@{}", config.uid_domain),
            sequence: 0,
            body: body.code,
            body_name: body.name_zh,
            organizer: config.organizer.clone(),
            kind: command.kind,
            title,
            starts_at: plan.starts_at,
            ends_at: plan.ends_at,
            place: plan.place,
            reply_by: plan.reply_by,
        },
        notice_days,
        convener: body.convener,
        agenda: plan.items,
        short_notice_reason: plan.short_notice_reason,
        call_off_reason: None,
        called_on: civil_date(at),
        minutes_number: None,
        fixed_on: None,
    };
    let invited: Vec<Invited> = plan.agencies.iter().map(Invited::of).collect();
    store_called(tx, &meeting, &invited, &agenda).await?;
    let fact = Fact::Called(Box::new(MeetingCalledV1 {
        terms: meeting.terms.clone(),
        agencies: invitees(&invited),
        items: lines(&agenda),
    }));
    publish(tx, &fact, at, None).await?;
    notify(tx, &meeting, &invited, &agenda, at).await?;
    Ok(Ok(meeting_changed(&meeting)))
}

/// A title of body, year, number and kind: nothing of a petition.
async fn titled(
    tx: &mut Tx<'_>,
    body: &Body,
    command: &CallMeeting,
    year: i32,
) -> Result<String, StoreError> {
    use contracts::codes::MeetingKind as K;
    let number = tx.next_number(&format!("meeting-{}-{}-{year}", body.code, command.kind), 1).await?;
    let kind = match command.kind {
        K::Plenary => "全体会议",
        K::Working => "工作会议",
        K::Coordination => "交办协调会",
        K::Case => "专题会商",
    };
    Ok(format!("{}{year}年第{number}次{kind}", body.name_zh))
}

async fn store_called(
    tx: &mut Tx<'_>,
    meeting: &Meeting,
    invited: &[Invited],
    agenda: &[Item],
) -> Result<(), StoreError> {
    meetings::insert(tx, meeting).await?;
    for one in invited {
        meetings::keep_invited(tx, meeting.id(), one).await?;
    }
    for item in agenda {
        items::save(tx, item, item.version - 1).await?;
    }
    Ok(())
}
