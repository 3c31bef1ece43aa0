//! Everything of the suite that has a name or a text: schemas of events and commands, columns, routes, pages,
//! refusals, sample data.

use std::{collections::BTreeSet, fs, path::Path};

use contracts::{
    agency::commands as agency, intake::commands as intake, meetings::commands as meetings,
    notification::commands as notification, registry, supervision::commands as supervision,
};
use schemars::{Schema, schema_for};
use serde_json::Value;

use super::detector::{Kind, Piece};
use crate::architecture::{files, root};

/// Commands of routing, those of the register of agencies too.
mod routing {
    pub use contracts::routing::{commands::*, register::*, suggestions::*};
}

/// A command with the schemas of what goes in and what comes out.
pub struct CommandSchema {
    /// `intake.Register`.
    pub name: &'static str,
    /// What is asked.
    pub request: Value,
    /// What comes back.
    pub reply: Value,
}

macro_rules! commands {
    ($($service:ident { $($name:ident)* })*) => {
        vec![$($(CommandSchema {
            name: concat!(stringify!($service), ".", stringify!($name)),
            request: json(&schema_for!($service::$name)),
            reply: json(&schema_for!(<$service::$name as contracts::Command>::Reply)),
        },)*)*]
    };
}

/// Every command and query of every service.
pub fn commands() -> Vec<CommandSchema> {
    commands! {
        intake {
            Register ShowReceipt OpenContent RevealIdentity LookUp Attach FetchAttachment LinkRepeat
            RestrictedFacts MaskedTexts OpenPaper AgencyOpen AgencyPut NotifyContact ReissueCode
            CheckRegistration LikeSubmissions SameMatter
        }
        routing {
            Screen Forward Recall UpholdObjection RejectObjection DecideCompetence AddCo ReleaseCo NameAccused ShowMatter RestrictedQueue ListAgencies ListCategories ClaimSite
            AddAgency ChangeAgency EndAgency ShowAgency PageAgencies ListOrphans Reassign
            WhyProposed ShowSuggestions LearnNow SwitchSuggestions ShowAgreement
        }
        meetings {
            ListBodies ListItems ShowItem ScreenItem ProposeItem CallMeeting MoveMeeting CallOffMeeting HoldMeeting
            RecordPosition DecideItem FixMinutes ReopenItem ListMeetings ShowMeeting ListTasks ShowTask CheckTask
            CountMeetings
        }
        supervision { ListDuties ShowDuties CountDuties IssueOrder DropOrder JudgeOrder ListOrders ShowOrder }
        notification {
            ListNotices ShowNotice NoticesOfMatter PrintLetters PostLetters RecordDelivery RecordReturn SendAgain CountNotices
            ListInbox ReadInbox CountUnread InboxMark
        }
        agency {
            ListTasks ShowTask CountTasks Sign Open NotifyAcceptance Object Extend IssueOpinion RecordService Complete ShowPaper
            ListOrders ShowOrder ShowResolutionTask AcknowledgeOrder ReplyOrder ListInvitations ShowInvitation ReplyInvitation FilePosition
            ListResolutionTasks ReceiveTask ReportTask DraftPart AnswerCo ShowDraft OpenPart ListWebhooks AddWebhook SetWebhook RotateWebhook
            ListAnnouncements AnnounceAgain
        }
    }
}

/// Commands that the contracts name, by their sources: the list above must have them all.
pub fn commands_in_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for service in ["intake", "routing", "supervision", "meetings", "notification", "agency"] {
        let text = read(&root().join(format!("shared/contracts/src/{service}/commands.rs")));
        let table = text.split("\ncommands! {").nth(1).expect("a table of commands");
        let names = table.lines().filter_map(|line| line.trim().split_once(" = "));
        found.extend(names.map(|(name, _)| format!("{service}.{name}")));
    }
    found
}

fn json(schema: &Schema) -> Value {
    schema.as_value().clone()
}

/// Names of the properties of a schema and all it refers to.
pub fn properties(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(schema, &mut |name, _| {
        found.insert(name.to_owned());
    });
    found
}

/// Names of the properties whose text is a date (`format: date` or `date-time`).
pub fn dates(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(schema, &mut |name, field| {
        if field.to_string().contains("\"format\":\"date") {
            found.insert(name.to_owned());
        }
    });
    found
}

fn collect(schema: &Value, see: &mut impl FnMut(&str, &Value)) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                if let ("properties", Value::Object(properties)) = (key.as_str(), value) {
                    properties.iter().for_each(|(name, field)| see(name, field));
                }
                collect(value, see);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, see)),
        _ => {}
    }
}

/// Code words (`const`, `enum`) of a schema.
fn code_words(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("const", Value::String(word)) => drop(found.insert(word.clone())),
                    ("enum", Value::Array(words)) => {
                        found.extend(words.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => code_words(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| code_words(item, found)),
        _ => {}
    }
}

fn of_schema(place: &str, schema: &Value, pieces: &mut Vec<Piece>) {
    let mut names = properties(schema);
    code_words(schema, &mut names);
    pieces.extend(names.into_iter().map(|name| Piece::new(Kind::Field, place, name)));
}

/// Tables and columns of every migration, both dialects: `table.column`, with the file.
pub fn columns() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let owners = [
        "shared/db",
        "services/intake",
        "services/routing",
        "services/supervision",
        "services/meetings",
        "services/agency",
        "services/console",
    ];
    for owner in owners {
        for file in files(&root().join(owner).join("migrations"), "sql") {
            let place = relative(&file);
            found.extend(columns_of(&read(&file)).into_iter().map(|column| (place.clone(), column)));
        }
    }
    found
}

/// `table.column` of each `CREATE TABLE`, and of what an `ALTER TABLE` adds.
pub fn columns_of(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let plain: String =
        sql.lines().map(|line| line.split("--").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    for statement in plain.split(';').map(str::trim) {
        let upper = statement.to_uppercase();
        let head: Vec<&str> = statement.split('(').next().unwrap_or("").split_whitespace().collect();
        if upper.starts_with("CREATE TABLE") || upper.starts_with("CREATE VIRTUAL TABLE") {
            let head = statement.split('(').next().unwrap_or("");
            let table = head.split_whitespace().find(|w| {
                !["CREATE", "VIRTUAL", "TABLE", "IF", "NOT", "EXISTS"].contains(&w.to_uppercase().as_str())
            });
            let table = table.unwrap_or("?");
            let Some((_, inside)) = statement.split_once('(') else { continue };
            let names =
                inside.lines().flat_map(|l| if l.contains('(') { vec![l] } else { l.split(',').collect() });
            let names = names.filter_map(|line| line.split_whitespace().next());
            let lower = |n: &&str| n.starts_with(|c: char| c.is_ascii_lowercase());
            found.extend(names.filter(lower).map(|name| format!("{table}.{}", name.trim_matches(','))));
        } else if upper.starts_with("ALTER TABLE") && upper.contains(" ADD ") {
            let table = head.get(2).copied().unwrap_or("?");
            let at = upper.find(" ADD ").unwrap_or(0) + 5;
            let rest = statement[at..].trim_start_matches("COLUMN ").trim();
            found.push(format!("{table}.{}", rest.split_whitespace().next().unwrap_or("?")));
        }
    }
    found
}

/// Method and path of every route of the console, from the tables in its source.
pub fn routes() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in files(&root().join("services/console/src"), "rs") {
        found.extend(routes_of(&read(&file)));
    }
    found
}

/// Routes of one source: `.get("/path", …`, `.post(…`, `.upload(…`, `.delete(…`.
pub fn routes_of(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for method in ["get", "post", "upload", "delete", "route"] {
        for rest in source.split(&format!(".{method}(")).skip(1) {
            let path = rest.trim_start().strip_prefix('"').and_then(|r| r.split('"').next());
            found.extend(path.filter(|p| p.starts_with('/')).map(|p| (method.to_owned(), p.to_owned())));
        }
    }
    found
}

/// Keys of the sample's and the profile's data, and the category codes.
fn sample_fields(pieces: &mut Vec<Piece>) {
    let folder = root().join("deploy/profiles/sample");
    for file in files(&folder, "toml") {
        let value: toml::Table = read(&file).parse().expect("TOML");
        let value = serde_json::to_value(value).expect("JSON");
        let mut keys = BTreeSet::new();
        keys_of(&value, &mut keys);
        pieces.extend(keys.into_iter().map(|k| Piece::new(Kind::SampleField, relative(&file), k)));
    }
    for line in read(&folder.join("petitions.jsonl")).lines() {
        let petition: Value = serde_json::from_str(line).expect("JSON");
        let mut keys = BTreeSet::new();
        keys_of(&petition, &mut keys);
        if let Some(flags) = petition.pointer("/expected/flags").and_then(Value::as_array) {
            keys.extend(flags.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        pieces.extend(keys.into_iter().map(|k| Piece::new(Kind::SampleField, "petitions.jsonl", k)));
    }
}

fn keys_of(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.keys().cloned());
            fields.values().for_each(|v| keys_of(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| keys_of(v, found)),
        _ => {}
    }
}

fn texts(pieces: &mut Vec<Piece>) {
    for file in files(&root().join("services/console/texts"), "ftl") {
        let text = read(&file);
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        pieces.extend(lines.map(|line| Piece::new(Kind::Text, relative(&file), line)));
    }
    for file in files(&root().join("services/console/templates"), "html") {
        pieces.push(Piece::new(Kind::Text, relative(&file), read(&file)));
    }
    for section in suite::verbs::docs::sections() {
        for def in section.defs {
            let place = format!("errors of {}", section.owner);
            pieces.push(Piece::new(Kind::ErrorCode, &place, def.code));
            pieces.push(Piece::new(Kind::Text, &place, format!("{} {}", def.zh, def.en)));
        }
    }
    let generated = ["shared/contracts/EVENTS.md", "shared/web/ERRORS.md"].map(|page| root().join(page));
    for page in generated.iter().filter(|page| page.exists()) {
        pieces.push(Piece::new(Kind::Text, relative(page), read(page)));
    }
    let answers = root().join("deploy/profiles/sample/answers.toml");
    pieces.push(Piece::new(Kind::Opinion, relative(&answers), read(&answers)));
}

/// All of it.
pub fn all() -> Vec<Piece> {
    let mut pieces = Vec::new();
    for event in registry::ALL {
        pieces.push(Piece::new(Kind::Field, "events", event.event_type));
        of_schema(event.event_type, &json(&(event.schema)()), &mut pieces);
    }
    for command in commands() {
        pieces.push(Piece::new(Kind::Field, "commands", command.name));
        of_schema(command.name, &command.request, &mut pieces);
        of_schema(command.name, &command.reply, &mut pieces);
    }
    pieces.extend(columns().into_iter().map(|(place, column)| Piece::new(Kind::Column, place, column)));
    pieces.extend(routes().into_iter().map(|(_, path)| Piece::new(Kind::Route, "routes", path)));
    sample_fields(&mut pieces);
    texts(&mut pieces);
    pieces
}

/// A file's text.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
