//! 通知地址: what one way needs to reach a petitioner, asked by the notification service when it sends.

use contracts::{
    codes::{ContentPart, NoticeChannel, NoticeTrouble, OpenPurpose},
    intake::commands::{NoticeAddress, NoticeContact, NotifyContact},
};
use kernel::{Clock, Refusal};
use web::door::Asked;

use super::seen::{Look, Looker};
use crate::{
    Intake,
    domain::{identity::given, rights},
    error,
    sealing::SubmissionSeal,
    store::{self, PersonRow, Submission},
};

/// Opens name and address for one way; the look is on record before it is answered. Where nothing can be reached,
/// nothing is opened and nothing is logged.
///
/// # Errors
/// Anybody but the suite, a submission that is not there, or the store.
pub async fn run(intake: &Intake, asked: Asked<NotifyContact>) -> Result<NoticeContact, Refusal> {
    rights::suite_alone(&asked.actor)?;
    let command = asked.command;
    let id = command.submission_id;
    let (row, people) = intake
        .read(move |tx| {
            Box::pin(async move { Ok((store::submission(tx, id).await?, store::people(tx, id).await?)) })
        })
        .await?;
    let row = row.ok_or_else(|| error::NO_SUCH_SUBMISSION.refuse())?;
    let unreachable = |trouble| Ok(NoticeContact::Unreachable { trouble });
    let Some(first) = people.first().filter(|_| !row.anonymous) else {
        return unreachable(NoticeTrouble::Anonymous);
    };
    let Some(address) = address(intake, &row, first, &command)? else {
        return unreachable(NoticeTrouble::NoContact);
    };
    let look = Look {
        submission: id,
        by: Looker::Notification(command.printed_by),
        part: ContentPart::Contact,
        purpose: OpenPurpose::Notice,
        at: intake.clocks.business.now(),
    };
    let by_mail = command.channel == NoticeChannel::Mail;
    let open = intake
        .write(move |tx| {
            let look = look.clone();
            Box::pin(async move {
                let row = store::submission(tx, look.submission).await?;
                // It may have turned out to be an accusation meanwhile, which no mail speaks of.
                if by_mail && row.is_none_or(|row| row.restricted) {
                    return Ok(false);
                }
                look.record(tx).await?;
                Ok(true)
            })
        })
        .await?;
    if open { Ok(NoticeContact::Reachable(address)) } else { unreachable(NoticeTrouble::NoContact) }
}

fn address(
    intake: &Intake,
    row: &Submission,
    first: &PersonRow,
    command: &NotifyContact,
) -> Result<Option<NoticeAddress>, Refusal> {
    let seal = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?;
    let person = seal.open_person(usize::try_from(first.position).unwrap_or(0), &first.person)?;
    let found = match command.channel {
        NoticeChannel::Letter => given(person.address.as_ref()),
        // Of an accusation nothing is ever mailed (Art. 30).
        NoticeChannel::Mail if !row.restricted => given(person.email.as_ref()),
        NoticeChannel::Mail | NoticeChannel::Inbox | NoticeChannel::OnTheSpot => None,
    };
    let Some(found) = found.map(str::to_owned) else { return Ok(None) };
    let query_code = match command.with_query_code {
        true => Some(seal.open_code(&row.code)?.expose().to_owned()),
        false => None,
    };
    Ok(Some(NoticeAddress {
        number: row.number.clone(),
        restricted: row.restricted,
        name: person.name,
        address: found,
        query_code,
    }))
}
