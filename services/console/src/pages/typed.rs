//! What a person typed into a form, with or without files.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, Multipart, RawForm, Request},
    http::header::CONTENT_TYPE,
};
use web::{errors, problem::Refused};

use crate::door::Site;

/// Fields of one form; a registration with 500 petitioners has some 2,600.
const FIELDS_MAX: usize = 4_000;
/// Files of one form.
const FILES_MAX: usize = 20;

/// A file of a form.
pub struct File {
    /// The input it came with.
    pub field: String,
    /// Its name as chosen.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The fields of a form, in order.
#[derive(Default)]
pub struct Typed {
    fields: Vec<(String, String)>,
    /// Files that were chosen.
    pub files: Vec<File>,
}

impl Typed {
    /// The first value of a field, without spaces around it; empty when it did not come.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The same, absent when empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// A value exactly as typed: passwords.
    #[must_use]
    pub fn exact(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name), "true" | "on" | "1")
    }

    /// Every value of a field.
    pub fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// Whether any field begins so.
    #[must_use]
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.fields.iter().any(|(field, _)| field.starts_with(prefix))
    }

    /// Fields whose name begins so: the rest of the name, and the value.
    pub fn with_prefix<'t>(&'t self, prefix: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.fields.iter().filter_map(move |(field, value)| Some((field.strip_prefix(prefix)?, value.trim())))
    }

    /// The first value of every field, to be shown again.
    #[must_use]
    pub fn values(&self) -> std::collections::BTreeMap<String, String> {
        self.fields.iter().rev().map(|(field, value)| (field.clone(), value.trim().to_owned())).collect()
    }

    /// A version that the person saw.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.get("expected_version").parse().unwrap_or(0)
    }
}

impl FromRequest<Arc<Site>> for Typed {
    type Rejection = Refused;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Refused> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            let multipart = Multipart::from_request(request, site)
                .await
                .map_err(|rejection| errors::of_status(rejection.status().as_u16()).refuse())?;
            return with_files(multipart).await;
        }
        let RawForm(bytes) = RawForm::from_request(request, site)
            .await
            .map_err(|rejection| errors::of_status(rejection.status().as_u16()).refuse())?;
        let fields: Vec<_> = form_urlencoded::parse(&bytes)
            .take(FIELDS_MAX + 1)
            .map(|(n, v)| (n.into_owned(), v.into_owned()))
            .collect();
        if fields.len() > FIELDS_MAX {
            return Err(errors::BODY_TOO_LARGE.refuse().into());
        }
        Ok(Self { fields, files: Vec::new() })
    }
}

async fn with_files(mut multipart: Multipart) -> Result<Typed, Refused> {
    let mut typed = Typed::default();
    loop {
        let part = multipart.next_field().await.map_err(|e| broken(&e))?;
        let Some(part) = part else { return Ok(typed) };
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|e| broken(&e))?;
        if typed.fields.len() >= FIELDS_MAX || typed.files.len() >= FILES_MAX {
            return Err(errors::BODY_TOO_LARGE.refuse().into());
        }
        match name {
            // A file input without a choice comes as an empty file without a name.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => typed.files.push(File { field, name, bytes: bytes.to_vec() }),
            None => typed.fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
}

fn broken(error: &axum::extract::multipart::MultipartError) -> Refused {
    errors::of_status(error.status().as_u16()).refuse().into()
}
