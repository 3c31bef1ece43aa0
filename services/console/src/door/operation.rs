//! What the OpenAPI document says of a route: written beside the route, made of the types that it reads and gives.

use contracts::Command;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Makes a type's schema, its parts among the document's components.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// What a request carries.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// JSON; the field named stands in the path and not in the body.
    Json {
        /// Its type, whole.
        shape: Shape,
        /// The field that the path gives.
        in_path: Option<&'static str>,
    },
    /// A file's bytes.
    Bytes,
}

/// What an answer carries.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// JSON of a type.
    Json(Shape),
    /// A file's bytes.
    Bytes,
    /// A page to be printed.
    Html,
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// What it does, in a line.
    pub summary: &'static str,
    /// Whose refusals may come back beside the door's own; several are joined by dots.
    pub owner: &'static str,
    /// The type of its query.
    pub query: Option<Shape>,
    /// What it reads.
    pub body: Body,
    /// What it gives.
    pub answer: Answer,
    /// Statuses of success.
    pub statuses: &'static [u16],
    /// Takes an `Idempotency-Key`.
    pub once: bool,
    /// Gives an `ETag`, or takes it back as `If-Match`.
    pub versioned: bool,
}

impl Operation {
    /// An operation whose work is done by this owner.
    #[must_use]
    pub const fn new(summary: &'static str, owner: &'static str) -> Self {
        Self {
            summary,
            owner,
            query: None,
            body: Body::Nothing,
            answer: Answer::Nothing,
            statuses: &[200],
            once: false,
            versioned: false,
        }
    }

    /// A command of the contracts, done once under its caller's key; the field named stands in the path.
    #[must_use]
    pub fn command<C: Command>(summary: &'static str, owner: &'static str, in_path: &'static str) -> Self {
        Self::look::<C>(summary, owner, in_path).once()
    }

    /// A command that opens something: each look is one of its own, and on record as such.
    #[must_use]
    pub fn look<C: Command>(summary: &'static str, owner: &'static str, in_path: &'static str) -> Self {
        let body = Body::Json { shape: |g| C::json_schema(g), in_path: Some(in_path) };
        Self { body, ..Self::new(summary, owner) }.gives::<C::Reply>()
    }

    /// Its query.
    #[must_use]
    pub fn asks<T: JsonSchema>(self) -> Self {
        Self { query: Some(|g| T::json_schema(g)), ..self }
    }

    /// Its body.
    #[must_use]
    pub fn reads<T: JsonSchema>(self) -> Self {
        Self { body: Body::Json { shape: |g| g.subschema_for::<T>(), in_path: None }, ..self }
    }

    /// Its body is a file.
    #[must_use]
    pub const fn reads_bytes(self) -> Self {
        Self { body: Body::Bytes, ..self }
    }

    /// What it gives.
    #[must_use]
    pub fn gives<T: JsonSchema>(self) -> Self {
        Self { answer: Answer::Json(|g| g.subschema_for::<T>()), ..self }
    }

    /// It gives a file.
    #[must_use]
    pub const fn gives_bytes(self) -> Self {
        Self { answer: Answer::Bytes, ..self }
    }

    /// It gives a page to be printed.
    #[must_use]
    pub const fn gives_html(self) -> Self {
        Self { answer: Answer::Html, ..self }
    }

    /// Its statuses of success, when they are not 200 alone.
    #[must_use]
    pub const fn with(self, statuses: &'static [u16]) -> Self {
        Self { statuses, ..self }
    }

    /// Takes an `Idempotency-Key`.
    #[must_use]
    pub const fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Gives an `ETag`, or takes it back as `If-Match`.
    #[must_use]
    pub const fn versioned(self) -> Self {
        Self { versioned: true, ..self }
    }
}
