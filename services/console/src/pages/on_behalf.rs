//! 代录: the office records an agency's step from its paper (agencies without computers).

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    Command,
    agency::commands::{AcknowledgeOrder, ListOrders, OrderStep, ReceivedOrder, ReplyOrder, Task},
    codes::AssignmentRole,
};
use kernel::{AttachmentId, MatterId, Refusal};
use serde::Deserialize;

use super::{
    Names, Shown, Visit,
    form::answer,
    matter_parts, orders,
    steps::{self as forms, StepKind},
    tasks,
    typed::Typed,
};
use crate::{
    door::Site,
    error,
    rest::{attachments::upload_bytes, body, matters},
    views::{
        board::Tab,
        on_behalf::{OnBehalfPage, PaperFields},
        register::KeptFile,
    },
};

/// Which step.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    step: String,
    /// Number of a co-agency's assignment; the lead's when absent.
    #[serde(default)]
    no: Option<i64>,
    /// A paper about an order that was refused.
    #[serde(skip)]
    order: Option<TriedOrder>,
}

/// A paper about an order, on its way back.
struct TriedOrder {
    about: String,
    typed: String,
    refusal: Refusal,
}

impl Asked {
    /// Where a step of the asked assignment is sent, up to the step's code word.
    fn href(&self, id: MatterId) -> String {
        match self.no {
            Some(no) => format!("/matters/{id}/on-behalf?no={no}&step="),
            None => format!("/matters/{id}/on-behalf?step="),
        }
    }
}

/// A try that was refused, with the scan that was taken.
struct Tried<'t> {
    typed: &'t Typed,
    refusal: &'t Refusal,
    kept: Option<KeptFile>,
}

/// `GET /matters/{id}/on-behalf?step=…`
pub async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Shown {
    page(&visit, body::matter_id(&id)?, &asked, None).await
}

/// The task behind a matter's active assignment, or behind the one with a number, as the agency's node holds it.
async fn task_of(visit: &Visit, id: MatterId, no: Option<i64>) -> Result<(matters::Shown, Task), Refusal> {
    let shown = matters::find(&visit.site, &visit.caller, id).await?;
    let active = shown.routing.as_ref().and_then(|view| {
        view.assignments
            .iter()
            .rev()
            .find(|a| {
                // An order outlives the task: a numbered one may have ended.
                match no {
                    Some(no) => a.assignment_no == no,
                    None => a.role == AssignmentRole::Lead && matter_parts::is_active(a.state),
                }
            })
            .map(|a| (a.agency.clone(), a.assignment_id))
    });
    let (agency, assignment) = active.ok_or_else(|| error::NO_SUCH_MATTER_HERE.refuse())?;
    let task = tasks::find(visit, &agency, assignment).await?;
    Ok((shown, task))
}

async fn page(visit: &Visit, id: MatterId, asked: &Asked, tried: Option<Tried<'_>>) -> Shown {
    let (shown, task) = task_of(visit, id, asked.no).await?;
    let step = StepKind::from_code(&asked.step);
    let next = StepKind::next_of(&task);
    let step = step.or(next);
    let received = orders_of(visit, &task).await?;
    if step.is_none() && received.is_empty() {
        return Ok(Redirect::to(&format!("/matters/{id}")).into_response());
    }
    let names = Names::of(visit).await?;
    let head = matter_parts::head(visit, &names, id, &shown);
    let english = visit.language.is_english();
    let about_paper = tried
        .as_ref()
        .filter(|t| t.refusal.field.as_deref() == Some("on_behalf_paper"))
        .map(|t| t.refusal.text(english));
    let form = forms::Asked {
        href: asked.href(id),
        typed: tried.as_ref().map(|t| t.typed),
        refusal: tried.as_ref().map(|t| t.refusal),
        ..forms::Asked::default()
    };
    let tab = |one: StepKind| Tab {
        code: one.code().to_owned(),
        href: format!("{}{}", asked.href(id), one.code()),
        current: Some(one) == step,
        count: None,
    };
    let view = OnBehalfPage {
        chrome: visit.chrome(&names, "board").await?,
        back_href: format!("/matters/{id}"),
        agency: names.agency(&task.dispatch.agency),
        steps: next.into_iter().chain(StepKind::beside(&task)).map(tab).collect(),
        next: step.map(|step| forms::form(visit, &names, &task, step, &form)),
        orders: received
            .iter()
            .map(|order| {
                let about = asked.order.as_ref().filter(|o| o.about == order.dispatch.order_id.to_string());
                let at = (id, task.dispatch.assignment_no);
                orders::on_behalf(visit, &names, at, order, about.map(|o| o.typed.as_str()))
            })
            .collect(),
        order_problem: asked.order.as_ref().map(|o| o.refusal.text(english)),
        paper: PaperFields { problem: about_paper, kept: tried.as_ref().and_then(|t| t.kept.clone()) },
        matter: head,
    };
    let page = visit.site.page(visit.language, &view)?;
    let of_order = asked.order.as_ref().map(|o| &o.refusal);
    Ok(answer(page, tried.map(|t| t.refusal).or(of_order)))
}

/// Orders about a task, as the agency's node holds them.
async fn orders_of(visit: &Visit, task: &Task) -> Result<Vec<ReceivedOrder>, Refusal> {
    let assignment_id = Some(task.dispatch.assignment_id);
    let command = ListOrders { assignment_id, open_only: true, ..ListOrders::default() };
    Ok(visit.site.ask_agency(&visit.caller, &task.dispatch.agency, &command).await?.items)
}

/// `POST /matters/{id}/on-behalf/orders/{order}/{verb}?no=…`: the agency took an order in hand, or replied to it,
/// on paper.
pub async fn order(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, order, verb)): Path<(String, String, String)>,
    Query(mut asked): Query<Asked>,
    typed: Typed,
) -> Shown {
    let matter_id = body::matter_id(&id)?;
    let outcome = async {
        let (_, task) = task_of(&visit, matter_id, asked.no).await?;
        let scan = typed.files.iter().find(|file| file.field == "paper");
        let on_behalf_paper = match scan {
            Some(scan) => {
                Some(upload_bytes(&site, &visit.caller, &scan.name, &scan.bytes).await?.attachment_id)
            }
            None => None,
        };
        let step = OrderStep {
            order_id: orders::order_id(&order)?,
            expected_version: typed.version(),
            on_behalf_paper,
        };
        let agency = &task.dispatch.agency;
        match verb.as_str() {
            AcknowledgeOrder::NAME => {
                site.ask_agency(&visit.caller, agency, &AcknowledgeOrder { step }).await
            }
            ReplyOrder::NAME => {
                let text = typed.get("text").to_owned();
                site.ask_agency(&visit.caller, agency, &ReplyOrder { step, text }).await
            }
            _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
        }
    }
    .await;
    match outcome {
        Ok(_) => Ok(Redirect::to(&format!("/matters/{id}?notice=on_behalf_recorded")).into_response()),
        Err(refusal) => {
            asked.order = Some(TriedOrder { about: order, typed: typed.get("text").to_owned(), refusal });
            page(&visit, matter_id, &asked, None).await
        }
    }
}

/// `POST /matters/{id}/on-behalf?step=…`
pub async fn submit(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    typed: Typed,
) -> Shown {
    let matter_id = body::matter_id(&id)?;
    let step = StepKind::from_code(&asked.step).ok_or_else(|| web::errors::PAGE_NOT_FOUND.refuse())?;
    let mut kept = kept_paper(&typed);
    let outcome = async {
        if let Some(scan) = typed.files.iter().find(|file| file.field == "paper") {
            let meta = upload_bytes(&site, &visit.caller, &scan.name, &scan.bytes).await;
            let meta = meta.map_err(|refusal| refusal.at("on_behalf_paper"))?;
            let size = u64::try_from(meta.size).unwrap_or(0);
            kept = Some(KeptFile { token: meta.attachment_id.to_string(), name: meta.name, size });
        }
        let paper: Option<AttachmentId> = kept.as_ref().and_then(|file| file.token.parse().ok());
        let (shown, task) = task_of(&visit, matter_id, asked.no).await?;
        forms::take(&site, &visit, &task, step, &typed, paper).await?;
        // The step comes back as a fact of routing: the matter's page waits for it, but not for ever.
        let before = shown.routing.as_ref().map_or(0, |view| view.version);
        site.board_has(matter_id, "routing", before + 1).await
    }
    .await;
    match outcome {
        Ok(_) => Ok(Redirect::to(&format!("/matters/{id}?notice=on_behalf_recorded")).into_response()),
        Err(refusal) => {
            let tried = Tried { typed: &typed, refusal: &refusal, kept };
            page(&visit, matter_id, &asked, Some(tried)).await
        }
    }
}

fn kept_paper(typed: &Typed) -> Option<KeptFile> {
    let token = typed.some("kept_file")?;
    let size = typed.get("kept_size").parse().unwrap_or(0);
    Some(KeptFile { token, name: typed.get("kept_name").to_owned(), size })
}
