//! 会议通知, 会议纪要, 交办单.

use axum::extract::Path;
use contracts::{
    codes::MeetingState,
    meetings::commands::{MeetingView, ShowMeeting, ShowTask},
};
use kernel::{MeetingId, ResolutionTaskId, civil_date};

use super::{
    super::{
        Names, Shown, Visit, html,
        meetings::{MEETINGS, unit_names},
    },
    TEMPLATE_VERSION,
};
use crate::{
    rest::body,
    views::{
        meeting::{ConferencePaper, MinutesPaper, NoticePaper, TaskOrderPaper, whole},
        print::PaperHead,
    },
};

/// `GET /meetings/{id}/print/{paper}`: `notice`, `minutes`.
pub async fn of_meeting(visit: Visit, Path((id, paper)): Path<(String, String)>) -> Shown {
    let meeting_id: MeetingId = body::id(&id)?;
    let meeting = visit.site.ask(&visit.caller, MEETINGS, &ShowMeeting { meeting_id }).await?;
    let names = Names::of(&visit).await?;
    let back =
        if visit.caller.agency().is_some() { "/conference".to_owned() } else { format!("/meetings/{id}") };
    match paper.as_str() {
        "notice" => {
            let view = NoticePaper(view(&names, back, None, &meeting));
            Ok(html(visit.site.page(visit.language, &view)?))
        }
        "minutes" if matches!(meeting.state, MeetingState::Held | MeetingState::MinutesFixed) => {
            let number = meeting.minutes_number.clone();
            let view = MinutesPaper(view(&names, back, number, &meeting));
            Ok(html(visit.site.page(visit.language, &view)?))
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse().into()),
    }
}

/// `GET /resolution-tasks/{id}/print`
pub async fn of_task(visit: Visit, Path(id): Path<String>) -> Shown {
    let task_id: ResolutionTaskId = body::id(&id)?;
    let task = visit.site.ask(&visit.caller, MEETINGS, &ShowTask { task_id }).await?;
    let names = Names::of(&visit).await?;
    let back = match visit.caller.agency() {
        Some(_) => "/conference".to_owned(),
        None => "/meetings?tab=resolution_tasks".to_owned(),
    };
    let issued_on = task.days.values().min().copied().unwrap_or(task.due_on);
    let paper = PaperHead {
        back_href: back,
        issuer: names.office().to_owned(),
        document_number: Some(task.document_number.clone()),
        matter_number: task.number.clone(),
        dated_on: issued_on.to_string(),
        template_version: TEMPLATE_VERSION.to_owned(),
        ..PaperHead::default()
    };
    let view = TaskOrderPaper { paper, names: unit_names(&names), task: whole(&task) };
    Ok(html(visit.site.page(visit.language, &view)?))
}

fn view(
    names: &Names,
    back_href: String,
    document_number: Option<String>,
    meeting: &MeetingView,
) -> ConferencePaper {
    let minutes = matches!(meeting.state, MeetingState::Held | MeetingState::MinutesFixed);
    let held_on = civil_date(meeting.terms.starts_at);
    let dated_on = if minutes { meeting.fixed_on.unwrap_or(held_on) } else { meeting.called_on };
    ConferencePaper {
        paper: PaperHead {
            back_href,
            issuer: meeting.terms.organizer.clone(),
            document_number,
            dated_on: dated_on.to_string(),
            template_version: TEMPLATE_VERSION.to_owned(),
            ..PaperHead::default()
        },
        names: unit_names(names),
        meeting: whole(meeting),
    }
}
