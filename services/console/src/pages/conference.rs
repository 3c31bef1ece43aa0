//! 会议和交办单 at an agency: what it is invited to, on what its position is asked for, what it owes.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    Command,
    agency::commands::{
        FilePosition, ListInvitations, ListResolutionTasks, ReceiveTask, ReplyInvitation, ReportTask,
    },
    codes::{InvitationReply, ReplyReason},
    meetings::commands::ListTasks,
};
use kernel::{AgencyCode, MeetingId, Refusal, ResolutionTaskId};

use super::{
    Names, Shown, Visit, form, meeting_forms,
    meetings::{MEETINGS, any_form, unit_names},
    typed::Typed,
};
use crate::{
    door::Site,
    rest::{body, tasks::agency_of},
    views::{
        form::Choice,
        meeting::{ConferencePage, OwedTask, whole, wholes},
    },
};

/// `GET /conference`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, None).await
}

async fn page(visit: &Visit, tried: Option<(&Typed, &Refusal)>) -> Shown {
    let agency = agency_of(&visit.caller, None)?;
    let names = Names::of(visit).await?;
    let refusal = tried.map(|(_, refusal)| refusal);
    let invitations = visit.site.ask_agency(&visit.caller, &agency, &ListInvitations::default()).await?;
    let view = ConferencePage {
        chrome: visit.chrome_of(&names, "conference", "").await?,
        problem: refusal.map(|r| r.text(visit.language.is_english())),
        names: unit_names(&names),
        invitations: wholes(&invitations.items),
        tasks: owed(visit, &agency).await?,
        form: any_form(visit),
        replies: InvitationReply::ALL.iter().map(|r| Choice::code(r.code(), false)).collect(),
        reasons: ReplyReason::ALL.iter().map(|r| Choice::code(r.code(), false)).collect(),
        typed: tried.map(|(typed, _)| typed.values()).unwrap_or_default(),
        today: visit.site.today().to_string(),
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(form::answer(page, refusal))
}

/// The tasks with what is to be done, which the office keeps and tells at use. Without it the tasks are shown all the
/// same.
async fn owed(visit: &Visit, agency: &AgencyCode) -> Result<Vec<OwedTask>, Refusal> {
    let tasks = visit.site.ask_agency(&visit.caller, agency, &ListResolutionTasks::default()).await?;
    let told = visit.site.ask(&visit.caller, MEETINGS, &ListTasks::default()).await;
    let told = told.map(|page| page.items).unwrap_or_default();
    let owed = tasks.items.into_iter().map(|task| OwedTask {
        action: told.iter().find(|t| t.task_id == task.dispatch.task_id).map(|t| t.action.clone()),
        task: whole(&task),
    });
    Ok(owed.collect())
}

/// `POST /conference/meetings/{id}/{verb}`: `reply_invitation`, `file_position`.
pub async fn answer(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    typed: Typed,
) -> Shown {
    let agency = agency_of(&visit.caller, None)?;
    let meeting_id: MeetingId = body::id(&id)?;
    let expected_version = typed.version();
    let malformed = |field: &str| web::errors::MALFORMED_INPUT.refuse().at(field.to_owned());
    let done = match verb.as_str() {
        ReplyInvitation::NAME => {
            let reply = InvitationReply::from_code(typed.get("reply"));
            let command = ReplyInvitation {
                meeting_id,
                expected_version,
                reply: reply.ok_or_else(|| malformed("reply"))?,
                reason: ReplyReason::from_code(typed.get("reason")),
                substitute_post: typed.some("substitute_post"),
                on_behalf_paper: None,
            };
            site.ask_agency(&visit.caller, &agency, &command).await
        }
        FilePosition::NAME => {
            let command = FilePosition {
                meeting_id,
                item_id: body::id(typed.get("item_id"))?,
                expected_version,
                text: typed.get("text").to_owned(),
                own_duties: typed.get("own_duties").to_owned(),
                on_behalf_paper: None,
            };
            site.ask_agency(&visit.caller, &agency, &command).await
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/conference?notice=invitation_answered").into_response()),
        Err(refusal) => page(&visit, Some((&typed, &refusal))).await,
    }
}

/// `POST /conference/tasks/{id}/{verb}`: `receive_resolution_task`, `report_resolution_task`.
pub async fn report(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    typed: Typed,
) -> Shown {
    let agency = agency_of(&visit.caller, None)?;
    let task_id: ResolutionTaskId = body::id(&id)?;
    let expected_version = typed.version();
    let done = match verb.as_str() {
        ReceiveTask::NAME => {
            let command = ReceiveTask { task_id, expected_version, on_behalf_paper: None };
            site.ask_agency(&visit.caller, &agency, &command).await
        }
        ReportTask::NAME => {
            let command = ReportTask {
                task_id,
                expected_version,
                text: typed.get("text").to_owned(),
                obstacle: typed.some("obstacle"),
                asks_until: meeting_forms::day(&typed, "asks_until"),
                on_behalf_paper: None,
            };
            site.ask_agency(&visit.caller, &agency, &command).await
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/conference?notice=task_answered").into_response()),
        Err(refusal) => page(&visit, Some((&typed, &refusal))).await,
    }
}
