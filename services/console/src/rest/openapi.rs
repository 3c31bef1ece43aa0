//! `GET /api/v1/openapi.json` (OpenAPI 3.1): made of the table of routes and the contracts' types, never written
//! by hand. A route of the REST face without a description fails a test.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ErrorDef, ErrorKind};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use web::problem;

use crate::{
    config::Problems,
    door::{
        RouteRow,
        operation::{Answer, Body, Operation, Shape},
    },
    error,
    rights::Right,
};

/// Statuses that the layers around every route give: a path that is no text, a body the framework cannot read.
const FRAMEWORK: &[(u16, &str)] =
    &[(400, "malformed_input"), (405, "method_not_allowed"), (500, "internal_error")];

/// One kind of refusal for each status.
const KINDS: [ErrorKind; 9] = [
    ErrorKind::Invalid,
    ErrorKind::Unauthenticated,
    ErrorKind::Forbidden,
    ErrorKind::NotFound,
    ErrorKind::Conflict,
    ErrorKind::TooLarge,
    ErrorKind::TooMany,
    ErrorKind::Unavailable,
    ErrorKind::Internal,
];

/// The document.
#[must_use]
pub fn document(described: &[(RouteRow, Operation)], problems: Problems) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut maker = Maker { schemas: SchemaGenerator::new(settings), problems, responses: Map::new() };
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (row, operation) in described {
        let made = maker.operation(row, operation);
        paths.entry(row.path).or_default().insert(row.method.to_lowercase(), made);
    }
    let problem = maker.schemas.subschema_for::<web::Problem>();
    debug_assert!(problem.get("$ref").is_some());
    let Maker { mut schemas, responses, .. } = maker;
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "联席 Lianxi",
            "version": "1",
            "description": "A list that can grow is paged by `limit` (1 to 200) and `after`, the `next` of the page before. \
                Refusals are problem documents (RFC 9457) in the language of `Accept-Language` (zh-CN, en); the \
                codes are explained in shared/web/ERRORS.md.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": responses,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of a session (POST /api/v1/sessions), or an API key.",
                },
            },
        },
    })
}

struct Maker {
    schemas: SchemaGenerator,
    problems: Problems,
    responses: Map<String, Value>,
}

impl Maker {
    fn operation(&mut self, row: &RouteRow, operation: &Operation) -> Value {
        let mut parameters = path_parameters(row.path);
        if let Some(query) = operation.query {
            parameters.extend(self.query_parameters(query));
        }
        if operation.once {
            parameters.push(json!({
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "The same key with the same request gives the same answer and does nothing twice.",
                "schema": { "type": "string", "pattern": "^[A-Za-z0-9._:-]{1,100}$" },
            }));
        }
        if operation.versioned && row.method != "GET" {
            parameters.push(json!({
                "name": "If-Match", "in": "header", "required": false,
                "description": "The ETag that was read; stands for `expected_version`.",
                "schema": { "type": "string" },
            }));
        }
        let mut made = json!({
            "operationId": operation_id(row),
            "summary": operation.summary,
            "tags": [row.path.split('/').nth(3).unwrap_or_default()],
            "x-right": format!("{:?}", row.right),
            "parameters": parameters,
            "responses": self.all_responses(row, operation),
        });
        let fields = made.as_object_mut();
        if let Some(fields) = fields {
            if let Some(body) = self.body(operation) {
                fields.insert("requestBody".to_owned(), body);
            }
            let security = if row.right == Right::Public {
                json!([{}, { "bearer": [] }])
            } else {
                json!([{ "bearer": [] }])
            };
            fields.insert("security".to_owned(), security);
        }
        made
    }

    fn body(&mut self, operation: &Operation) -> Option<Value> {
        match operation.body {
            Body::Nothing => None,
            Body::Bytes => Some(json!({
                "required": true,
                "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } },
            })),
            Body::Json { shape, in_path } => {
                let mut schema = shape(&mut self.schemas);
                if let Some(field) = in_path {
                    without(&mut schema, field);
                }
                if operation.versioned {
                    optional(&mut schema, "expected_version");
                }
                Some(json!({ "required": true, "content": { "application/json": { "schema": schema } } }))
            }
        }
    }

    fn query_parameters(&mut self, query: Shape) -> Vec<Value> {
        let schema = query(&mut self.schemas);
        let required: BTreeSet<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let made = properties.into_iter().flatten().map(|(name, of)| {
            json!({
                "name": name, "in": "query", "required": required.contains(name.as_str()),
                "description": of.get("description"), "schema": present(of),
            })
        });
        made.collect()
    }

    fn all_responses(&mut self, row: &RouteRow, operation: &Operation) -> Value {
        let content = match operation.answer {
            Answer::Nothing => None,
            Answer::Json(shape) => {
                Some(json!({ "application/json": { "schema": shape(&mut self.schemas) } }))
            }
            Answer::Html => Some(json!({ "text/html": { "schema": { "type": "string" } } })),
            Answer::Bytes => Some(json!({ "*/*": { "schema": { "type": "string", "format": "binary" } } })),
        };
        let mut responses = Map::new();
        for status in operation.statuses {
            let mut answer = json!({ "description": "Done." });
            if let (Some(fields), Some(content)) = (answer.as_object_mut(), &content) {
                fields.insert("content".to_owned(), content.clone());
                if operation.versioned && row.method == "GET" {
                    let etag = json!({ "schema": { "type": "string" }, "description": "For If-None-Match and If-Match." });
                    fields.insert("headers".to_owned(), json!({ "ETag": etag }));
                }
            }
            responses.insert(status.to_string(), answer);
        }
        if operation.versioned && row.method == "GET" {
            responses.insert("304".to_owned(), json!({ "description": "Unchanged since If-None-Match." }));
        }
        for (status, codes) in self.codes(operation.owner) {
            // Whoever stands at a public route is asked for nothing; a token that has ended is no token.
            responses.insert(status.to_string(), self.refusal(operation.owner, status, &codes));
        }
        Value::Object(responses)
    }

    /// The codes of an owner and of the door, by status.
    fn codes(&self, owner: &str) -> BTreeMap<u16, BTreeSet<&'static str>> {
        let mut found: BTreeMap<u16, BTreeSet<&'static str>> = BTreeMap::new();
        let mut add = |def: &ErrorDef| {
            found.entry(def.kind.status()).or_default().insert(def.code);
        };
        [error::ALL, web::errors::ALL, web::ask::ALL, bus::call::ALL]
            .into_iter()
            .flatten()
            .for_each(|d| add(d));
        let own = self.problems.iter().filter(|(name, _)| owner.split('.').any(|owner| *name == owner));
        own.flat_map(|(_, defs)| defs.iter()).for_each(|d| add(d));
        for (status, code) in FRAMEWORK {
            found.entry(*status).or_default().insert(code);
        }
        found
    }

    /// A refusal among the components, by owner and status.
    fn refusal(&mut self, owner: &str, status: u16, codes: &BTreeSet<&'static str>) -> Value {
        let name = format!("{owner}_{status}");
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        if !self.responses.contains_key(&name) {
            let problem = self.schemas.subschema_for::<web::Problem>();
            let kind = KINDS.iter().find(|kind| kind.status() == status);
            let title = kind.map_or("Malformed request", |kind| problem::title(*kind, web::Language::En));
            let schema = json!({
                "allOf": [problem, { "type": "object", "properties": { "code": { "enum": codes } } }],
            });
            let made = json!({
                "description": title,
                "content": { (problem::MEDIA_TYPE): { "schema": schema } },
            });
            self.responses.insert(name, made);
        }
        reference
    }
}

fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            let schema = json!({ "type": "string", "minLength": 1, "maxLength": 64 });
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect()
}

/// `post_matters_id_screen`.
fn operation_id(row: &RouteRow) -> String {
    let path = row.path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace('/', "_");
    format!("{}_{path}", row.method.to_lowercase())
}

/// Takes out a field that the path gives.
fn without(schema: &mut Schema, field: &str) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove(field);
    }
    optional(schema, field);
}

/// A field that need not be there: a header stands for it.
fn optional(schema: &mut Schema, field: &str) {
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != field);
    }
}

/// A query's value is there or not; it is never null.
fn present(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [one] = kinds.as_slice() {
            let one = one.clone();
            if let Some(fields) = schema.as_object_mut() {
                fields.insert("type".to_owned(), one);
            }
        }
    }
    let one_of = schema
        .get("anyOf")
        .and_then(Value::as_array)
        .and_then(|any| any.iter().find(|one| one.get("type") != Some(&json!("null"))).cloned());
    if let Some(one) = one_of {
        return one;
    }
    schema
}
