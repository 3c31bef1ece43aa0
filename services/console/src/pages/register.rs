//! 登记: for clerks and for the public, with the page that stands after it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use contracts::intake::commands::{Receipt, Registration};
use kernel::Refusal;

use super::{
    Names, Shown, Visit,
    form::answer,
    html, limits,
    register_form::{self, Tried},
    typed::Typed,
};
use crate::{
    door::Site,
    rest::{attachments::upload_bytes, submissions},
    views::register::{KeptFile, PortalRegisterPage, RegisterPage, RegisteredPage},
};

/// `GET /register`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, &Typed::default(), false, &Tried::default()).await
}

/// `GET /portal/register`
pub async fn show_public(visit: Visit) -> Shown {
    page(&visit, &Typed::default(), true, &Tried::default()).await
}

async fn page(visit: &Visit, typed: &Typed, public: bool, tried: &Tried<'_>) -> Shown {
    let names = Names::of(visit).await?;
    let form = register_form::form(visit, &names, typed, public, tried);
    let chrome = visit.chrome(&names, if public { "portal_register" } else { "register" }).await?;
    let page = if public {
        visit.site.page(visit.language, &PortalRegisterPage { chrome, form })?
    } else {
        visit.site.page(visit.language, &RegisterPage { chrome, form })?
    };
    let refusal = tried.refusal.or(tried.files);
    Ok(answer(page, refusal))
}

/// `POST /register/rows`: a row more or less, without losing what is typed.
pub async fn rows(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    reshaped(&site, &visit, &typed, false).await
}

/// `POST /portal/register/rows`
pub async fn rows_public(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    reshaped(&site, &visit, &typed, true).await
}

async fn reshaped(site: &Site, visit: &Visit, typed: &Typed, public: bool) -> Shown {
    let (kept, files) = take_files(site, visit, typed).await;
    page(visit, typed, public, &Tried { files: files.as_ref(), kept: &kept, ..Tried::default() }).await
}

/// Uploads what was chosen, so that a refused form need not choose it again.
async fn take_files(site: &Site, visit: &Visit, typed: &Typed) -> (Vec<KeptFile>, Option<Refusal>) {
    let mut kept = register_form::kept_files(typed);
    for file in typed.files.iter().filter(|file| file.field == "files") {
        match upload_bytes(site, &visit.caller, &file.name, &file.bytes).await {
            Ok(meta) => kept.push(KeptFile {
                token: meta.attachment_id.to_string(),
                name: meta.name,
                size: u64::try_from(meta.size).unwrap_or(0),
            }),
            Err(refusal) => return (kept, Some(refusal)),
        }
    }
    (kept, None)
}

/// `POST /register`
pub async fn submit(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    record(&site, &visit, &typed, false).await
}

/// `POST /portal/register`
pub async fn submit_public(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    // The public door is for the public: whoever is signed in registers at the counter.
    if visit.caller.session.is_some() {
        return Ok(Redirect::to("/register").into_response());
    }
    record(&site, &visit, &typed, true).await
}

async fn record(site: &Site, visit: &Visit, typed: &Typed, public: bool) -> Shown {
    let (kept, files) = take_files(site, visit, typed).await;
    if files.is_some() {
        return page(visit, typed, public, &Tried { files: files.as_ref(), kept: &kept, ..Tried::default() })
            .await;
    }
    let outcome = match register_form::command(typed, public, &kept) {
        Ok(command) => {
            let key = typed.some("key");
            submissions::record(site, &visit.caller, key.as_deref(), &command).await
        }
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(Registration::Registered(receipt)) => {
            let by = visit.caller.actor().map(|actor| actor.user);
            let ticket = site.keep_receipt(receipt, by);
            Ok(Redirect::to(&format!("/registered/{ticket}")).into_response())
        }
        Ok(Registration::Unconfirmed { warnings }) => {
            page(visit, typed, public, &Tried { warnings: &warnings, kept: &kept, ..Tried::default() }).await
        }
        Err(refusal) => {
            let tried = Tried { refusal: Some(&refusal), kept: &kept, ..Tried::default() };
            page(visit, typed, public, &tried).await
        }
    }
}

/// `GET /registered/{ticket}`: number and query code, for a short while.
pub async fn registered(State(site): State<Arc<Site>>, visit: Visit, Path(ticket): Path<String>) -> Shown {
    let Some(kept) = site.kept_receipt(&ticket, &visit.caller) else {
        return Ok(Redirect::to("/").into_response());
    };
    let names = Names::of(&visit).await?;
    let Receipt { submission_id, number, query_code, registered_at, t01, .. } = kept.receipt;
    let public = kept.by.is_none();
    let page = RegisteredPage {
        chrome: visit.chrome(&names, if public { "portal_register" } else { "register" }).await?,
        number,
        query_code,
        registered_at: registered_at.to_string(),
        office: names.office().to_owned(),
        due: Some(limits::due(&site, visit.language, &t01)),
        receipt_href: format!("/registered/{ticket}/receipt"),
        lookup_href: "/portal".to_owned(),
        matter_href: (!public).then(|| format!("/matters/{submission_id}")),
        again_href: if public { "/portal/register" } else { "/register" }.to_owned(),
    };
    Ok(html(site.page(visit.language, &page)?))
}
