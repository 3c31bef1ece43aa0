//! 推送: where an agency has its own dispatches announced, and the log of announcements.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use contracts::{
    MessageKind, PageRequest,
    agency::commands::{
        AddWebhook, AnnounceAgain, Announcement, ListAnnouncements, ListWebhooks, RotateWebhook, SetWebhook,
        Webhook,
    },
    codes::AnnouncementState,
    registry, type_token,
};
use kernel::Refusal;

use super::{
    Names, Shown, Visit,
    form::{Draft, answer},
    typed::Typed,
};
use crate::{
    accounts,
    door::Site,
    error,
    rest::{body, tasks::agency_of},
    views::{
        form::Choice,
        webhooks::{AnnouncementRow, AttemptRow, WebhookRow, WebhooksPage},
    },
};

/// Where the page is.
const HERE: &str = "/webhooks";
/// Announcements on the page.
const SHOWN: i64 = 50;

/// What the page says besides its lists.
#[derive(Default)]
struct Extra<'e> {
    tried: Option<(&'e Typed, &'e Refusal)>,
    wrong: Option<&'e Refusal>,
    secret: Option<String>,
}

/// `GET /webhooks`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, Extra::default()).await
}

async fn page(visit: &Visit, extra: Extra<'_>) -> Shown {
    let (site, agency) = (&visit.site, agency_of(&visit.caller, None)?);
    let names = Names::of(visit).await?;
    let hooks = site.ask_agency(&visit.caller, &agency, &ListWebhooks {}).await?;
    let log = |state| ListAnnouncements { state, page: PageRequest { after: None, limit: Some(SHOWN) } };
    // What needs a person stands first.
    let dead = site.ask_agency(&visit.caller, &agency, &log(Some(AnnouncementState::Dead))).await?;
    let all = site.ask_agency(&visit.caller, &agency, &log(None)).await?;
    let rest = all.items.into_iter().filter(|one| one.state != AnnouncementState::Dead);
    let people = accounts::list(&site.deps.db, None).await.map_err(|e| error::away(&e))?;
    let login = |hook: &Webhook| {
        let found = people.iter().find(|person| person.id == hook.made_by);
        found.map_or_else(|| hook.made_by.to_string(), |person| person.login.clone())
    };
    let refusal = extra.wrong.or(extra.tried.map(|(_, refusal)| refusal));
    let draft = Draft::new(visit, &["address", "types"]).tried(extra.tried);
    let chosen = draft.all("types");
    let view = WebhooksPage {
        chrome: visit.chrome_of(&names, "webhooks", "").await?,
        problem: extra.wrong.map(|wrong| wrong.text(visit.language.is_english())),
        secret: extra.secret,
        hooks: hooks.iter().map(|hook| hook_row(visit, hook, login(hook))).collect(),
        log: dead.items.into_iter().chain(rest).map(|one| log_row(visit, &hooks, &one)).collect(),
        add: draft.command(HERE, None),
        address: draft.field("address", ""),
        types: types(&chosen),
        types_problem: draft.about("types"),
    };
    let page = site.page(visit.language, &view)?;
    Ok(answer(page, refusal))
}

fn types(chosen: &[String]) -> Vec<Choice> {
    let dispatches = registry::ALL.iter().filter(|event| event.kind == MessageKind::Dispatch);
    dispatches
        .map(|event| {
            let code = type_token(event.event_type);
            Choice::code(code, chosen.iter().any(|one| one == code))
        })
        .collect()
}

/// The types whose tokens were ticked.
fn typed_types(typed: &Typed) -> Vec<String> {
    let ticked: Vec<&str> = typed.all("types").collect();
    let dispatches = registry::ALL.iter().filter(|event| event.kind == MessageKind::Dispatch);
    let wanted = dispatches.filter(|event| ticked.contains(&type_token(event.event_type)));
    wanted.map(|event| event.event_type.to_owned()).collect()
}

fn hook_row(visit: &Visit, hook: &Webhook, made_by: String) -> WebhookRow {
    let tokens: Vec<String> = hook.types.iter().map(|one| type_token(one).to_owned()).collect();
    let command = |what: &str| {
        Draft::new(visit, &[]).command(format!("{HERE}/{}/{what}", hook.webhook_id), Some(hook.version))
    };
    WebhookRow {
        id: hook.webhook_id.to_string(),
        address: hook.address.clone(),
        choices: types(&tokens),
        types: tokens,
        active: hook.active,
        made_by,
        made_at: hook.made_at.to_string(),
        old_secret_until: hook
            .old_secret_until
            .filter(|until| *until > visit.site.technical_now())
            .map(|until| until.to_string()),
        pending: hook.pending,
        delivered: hook.delivered,
        dead: hook.dead,
        set: command("set"),
        rotate: command("rotate"),
    }
}

fn log_row(visit: &Visit, hooks: &[Webhook], one: &Announcement) -> AnnouncementRow {
    let hook = hooks.iter().find(|hook| hook.webhook_id == one.webhook_id);
    let ended = one.state != AnnouncementState::Pending;
    let again = format!("{HERE}/announcements/{}/again", one.delivery_id);
    AnnouncementRow {
        dispatch_id: one.dispatch_id.to_string(),
        address: hook.map(|hook| hook.address.clone()).unwrap_or_default(),
        event_type: type_token(&one.event_type).to_owned(),
        state: one.state.code().to_owned(),
        entered_at: one.entered_at.to_string(),
        next_at: one.next_at.map(|at| at.to_string()),
        attempts: one
            .attempts
            .iter()
            .map(|attempt| AttemptRow {
                at: attempt.at.to_string(),
                outcome: attempt.outcome.code().to_owned(),
                status: attempt.status,
                took_ms: attempt.took_ms,
            })
            .collect(),
        again: ended.then(|| Draft::new(visit, &[]).command(again, None)),
    }
}

/// `POST /webhooks`
pub async fn add(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let agency = agency_of(&visit.caller, None)?;
    let command = AddWebhook { address: typed.get("address").to_owned(), types: typed_types(&typed) };
    match site.ask_agency(&visit.caller, &agency, &command).await {
        // Shown in this answer alone, as a password is.
        Ok(made) => page(&visit, Extra { secret: Some(made.secret), ..Extra::default() }).await,
        Err(refusal) => page(&visit, Extra { tried: Some((&typed, &refusal)), ..Extra::default() }).await,
    }
}

/// `POST /webhooks/{id}/set`
pub async fn set(State(site): State<Arc<Site>>, visit: Visit, Path(id): Path<String>, typed: Typed) -> Shown {
    let agency = agency_of(&visit.caller, None)?;
    let command = SetWebhook {
        webhook_id: body::id(&id)?,
        expected_version: typed.version(),
        types: typed_types(&typed),
        active: typed.is_on("active"),
    };
    changed(&visit, site.ask_agency(&visit.caller, &agency, &command).await.map(drop)).await
}

/// `POST /webhooks/{id}/rotate`
pub async fn rotate(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let agency = agency_of(&visit.caller, None)?;
    let command = RotateWebhook { webhook_id: body::id(&id)?, expected_version: typed.version() };
    match site.ask_agency(&visit.caller, &agency, &command).await {
        Ok(made) => page(&visit, Extra { secret: Some(made.secret), ..Extra::default() }).await,
        Err(refusal) => page(&visit, Extra { wrong: Some(&refusal), ..Extra::default() }).await,
    }
}

/// `POST /webhooks/announcements/{id}/again`
pub async fn again(State(site): State<Arc<Site>>, visit: Visit, Path(id): Path<String>) -> Shown {
    let agency = agency_of(&visit.caller, None)?;
    let command = AnnounceAgain { delivery_id: body::id(&id)? };
    changed(&visit, site.ask_agency(&visit.caller, &agency, &command).await.map(drop)).await
}

async fn changed(visit: &Visit, done: Result<(), Refusal>) -> Shown {
    match done {
        Ok(()) => Ok(Redirect::to("/webhooks?notice=webhook_changed").into_response()),
        Err(refusal) => page(visit, Extra { wrong: Some(&refusal), ..Extra::default() }).await,
    }
}
