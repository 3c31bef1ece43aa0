//! Files: up in chunks of the bus's size, down the same way.

use std::sync::Arc;

use axum::{
    Json as Answer,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::{
    codes::OpenPurpose,
    intake::commands::{Attach, Attached, AttachmentChunk, AttachmentMeta, FetchAttachment},
};
use kernel::{AttachmentId, Refusal};
use schemars::JsonSchema;
use serde::Deserialize;
use web::{extract::Query, problem::Refused};

use super::body;
use crate::{
    door::{Caller, Site},
    error,
};

/// The largest file, in bytes; intake asks for no more.
pub const FILE_MAX: usize = 10 * 1024 * 1024;
/// The largest body of an upload: one byte more, so that the owner says why it is too large.
pub const BODY_MAX: usize = FILE_MAX + 1;
/// Bytes of a chunk before base64.
const CHUNK: usize = 384 * 1024;
const NAME_MAX: usize = 200;

/// The file's name.
#[derive(Deserialize, JsonSchema)]
pub struct Named {
    name: String,
}

/// `POST /api/v1/attachments?name=…`
pub async fn attach(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(named): Query<Named>,
    bytes: Bytes,
) -> Result<(StatusCode, Answer<AttachmentMeta>), Refused> {
    let meta = upload_bytes(&site, &caller, &named.name, &bytes).await?;
    Ok((StatusCode::CREATED, Answer(meta)))
}

/// Uploads a file to intake.
///
/// # Errors
/// `file_name_owed`, `empty_file`, `body_too_large`, intake's refusals.
pub async fn upload_bytes(
    site: &Site,
    caller: &Caller,
    name: &str,
    bytes: &[u8],
) -> Result<AttachmentMeta, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(error::FILE_NAME_OWED.refuse().at("name"));
    }
    if bytes.is_empty() {
        return Err(error::EMPTY_FILE.refuse());
    }
    if bytes.len() > FILE_MAX {
        return Err(web::errors::BODY_TOO_LARGE.refuse());
    }
    if caller.session.is_none() {
        site.limits.portal_by_ip.take(&caller.ip)?;
    }
    let length = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut attachment_id = None;
    for (no, chunk) in bytes.chunks(CHUNK).enumerate() {
        let command = Attach {
            attachment_id,
            name: name.to_owned(),
            size: length(bytes.len()),
            offset: length(no * CHUNK),
            chunk: BASE64_STANDARD.encode(chunk),
        };
        let Attached { attachment_id: id, complete, .. } = site.ask(caller, "intake", &command).await?;
        if let Some(meta) = complete {
            return Ok(meta);
        }
        attachment_id = Some(id);
    }
    // Intake has every byte and does not call it complete: two versions that do not fit.
    Err(web::ask::UNREADABLE_REPLY.refuse().with("service", "intake"))
}

/// Why a file is opened.
#[derive(Deserialize, JsonSchema)]
pub struct Why {
    purpose: OpenPurpose,
}

/// `GET /api/v1/attachments/{id}?purpose=…`
pub async fn fetch(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(why): Query<Why>,
) -> Result<Response, Refused> {
    let attachment_id: AttachmentId = body::id(&id)?;
    let mut bytes = Vec::new();
    loop {
        let offset = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let command = FetchAttachment { attachment_id, offset, purpose: why.purpose };
        let AttachmentChunk { meta, chunk } = site.ask(&caller, "intake", &command).await?;
        let unreadable = || web::ask::UNREADABLE_REPLY.refuse().with("service", "intake");
        let chunk = BASE64_STANDARD.decode(chunk).map_err(|_| unreadable())?;
        if chunk.is_empty() || bytes.len() + chunk.len() > FILE_MAX {
            return Err(unreadable().into());
        }
        bytes.extend_from_slice(&chunk);
        if i64::try_from(bytes.len()).is_ok_and(|n| n >= meta.size) {
            return Ok(download(&meta, bytes));
        }
    }
}

/// A file for a browser to keep, never to run.
pub fn download(meta: &AttachmentMeta, bytes: Vec<u8>) -> Response {
    let name: String =
        form_urlencoded::byte_serialize(meta.name.as_bytes()).collect::<String>().replace('+', "%20");
    let headers = [
        (header::CONTENT_TYPE, meta.media_type.clone()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    (headers, bytes).into_response()
}
