//! The registration form: from what was typed to a command, and back with what is wrong.

use contracts::{
    codes::{Channel, IdKind, PetitionerKind, Purpose},
    intake::commands::{Identity, Register, Warning},
};
use kernel::Refusal;

use super::{Names, Visit, fresh_key, typed::Typed};
use crate::{
    rest::attachments::FILE_MAX,
    views::{
        form::{Choice, CommandForm, Field},
        register::{FormProblem, KeptFile, PetitionerFields, RegisterForm},
    },
};

/// Rows of claims, and of further petitioners, at most.
const CLAIMS_MAX: usize = 20;
const CO_MAX: usize = 500;
/// Files of one registration at most.
const FILES_MAX: u32 = 20;
/// Channels of the public door.
const PUBLIC: Channel = Channel::Web;

/// What came out of a try.
#[derive(Default)]
pub struct Tried<'t> {
    /// Why it was refused.
    pub refusal: Option<&'t Refusal>,
    /// What is doubtful.
    pub warnings: &'t [Warning],
    /// Why a file was refused.
    pub files: Option<&'t Refusal>,
    /// Files taken so far.
    pub kept: &'t [KeptFile],
}

/// How many rows of a kind were typed; at least `least`.
fn rows(typed: &Typed, prefix: &str, most: usize, least: usize) -> usize {
    let typed = (1..=most).take_while(|n| typed.has_prefix(&format!("{prefix}-{n}"))).count();
    typed.max(least)
}

/// Which rows of a kind to show: those typed, one more, or without one.
fn shown_rows(typed: &Typed, prefix: &str, most: usize, least: usize) -> Vec<usize> {
    let mut shown: Vec<usize> = (1..=rows(typed, prefix, most, least)).collect();
    if let Ok(gone) = typed.get(&format!("remove_{prefix}")).parse::<usize>() {
        shown.retain(|n| *n != gone);
    }
    if !typed.get(&format!("add_{prefix}")).is_empty() && shown.len() < most {
        shown.push(most + 1);
    }
    shown
}

/// The files that an earlier try has taken.
pub fn kept_files(typed: &Typed) -> Vec<KeptFile> {
    let (tokens, names, sizes) = (typed.all("kept_file"), typed.all("kept_name"), typed.all("kept_size"));
    tokens
        .zip(names)
        .zip(sizes)
        .map(|((token, name), size)| KeptFile {
            token: token.to_owned(),
            name: name.to_owned(),
            size: size.parse().unwrap_or(0),
        })
        .take(usize::try_from(FILES_MAX).unwrap_or(0))
        .collect()
}

fn date(typed: &Typed, field: &str) -> Result<Option<chrono::NaiveDate>, Refusal> {
    let parsed = typed.some(field).map(|text| text.parse());
    parsed.transpose().map_err(|_| web::errors::MALFORMED_INPUT.refuse().at(field))
}

fn identity(typed: &Typed, prefix: &str) -> Option<Identity> {
    let text = |name: &str| typed.some(&format!("{prefix}{name}"));
    let identity = Identity {
        name: text("name").unwrap_or_default(),
        id_kind: text("id_number").and(text("id_kind")).and_then(|code| IdKind::from_code(&code)),
        id_number: text("id_number"),
        telephone: text("telephone"),
        address: text("address"),
        email: text("email"),
    };
    let empty = identity.name.is_empty()
        && identity.id_number.is_none()
        && identity.telephone.is_none()
        && identity.address.is_none()
        && identity.email.is_none();
    (!empty).then_some(identity)
}

/// The command that a form gives.
///
/// # Errors
/// `malformed_input` with its field: a value that no select of ours sends.
pub fn command(typed: &Typed, public: bool, kept: &[KeptFile]) -> Result<Register, Refusal> {
    let malformed = |field: &str| web::errors::MALFORMED_INPUT.refuse().at(field);
    let purpose = Purpose::from_code(typed.get("purpose")).ok_or_else(|| malformed("purpose"))?;
    let channel = if public { Some(PUBLIC) } else { Channel::from_code(typed.get("channel")) };
    let anonymous = typed.is_on("anonymous");
    let co = (1..=rows(typed, "co", CO_MAX, 0)).filter_map(|n| identity(typed, &format!("co-{n}-")));
    let co: Vec<Identity> = if anonymous { Vec::new() } else { co.collect() };
    let named = i64::try_from(co.len()).unwrap_or(0) + 1;
    Ok(Register {
        channel: channel.ok_or_else(|| malformed("channel"))?,
        purpose,
        petitioner_kind: PetitionerKind::from_code(typed.get("petitioner_kind"))
            .unwrap_or(PetitionerKind::Citizen),
        anonymous,
        heads: typed.get("heads").parse().unwrap_or(named),
        written_on: if public { None } else { date(typed, "written_on")? },
        received_on: if public { None } else { date(typed, "received_on")? },
        place_region: typed.get("place_region").parse().map_err(|_| malformed("place_region"))?,
        title: typed.get("title").to_owned(),
        text: typed.get("text").to_owned(),
        claims: (1..=rows(typed, "claim", CLAIMS_MAX, 1))
            .map(|n| typed.get(&format!("claim-{n}")).to_owned())
            .filter(|claim| !claim.is_empty())
            .collect(),
        petitioner: if anonymous { None } else { identity(typed, "") },
        co_petitioners: co,
        withhold_identity: typed.is_on("withhold_identity"),
        accused_agencies: match purpose {
            Purpose::Accusation => typed.all("accused").filter_map(|code| code.parse().ok()).collect(),
            _ => Vec::new(),
        },
        attachments: kept.iter().filter_map(|file| file.token.parse().ok()).collect(),
        warnings_confirmed: typed.is_on("warnings_confirmed"),
    })
}

/// The id of the input that a field of the command stands in.
fn input_of(field: &str) -> String {
    if let Some(rest) = field.strip_prefix("co_petitioners[") {
        let (at, name) = rest.split_once(']').unwrap_or((rest, ""));
        let no = at.parse::<usize>().map_or(1, |n| n + 1);
        return format!("co-{no}-{}", name.trim_start_matches('.'));
    }
    if let Some(rest) = field.strip_prefix("claims[") {
        let at = rest.split(']').next().unwrap_or_default();
        return format!("claim-{}", at.parse::<usize>().map_or(1, |n| n + 1));
    }
    match field {
        "claims" => "claim-1".to_owned(),
        "petitioner" => "name".to_owned(),
        "attachments" => "files".to_owned(),
        "accused_agencies" => "accused".to_owned(),
        "co_petitioners" => "heads".to_owned(),
        other => other.strip_prefix("petitioner.").unwrap_or(other).to_owned(),
    }
}

/// The form as it is shown.
pub fn form(visit: &Visit, names: &Names, typed: &Typed, public: bool, tried: &Tried<'_>) -> RegisterForm {
    let shape = Shape { visit, typed, tried };
    let today = visit.site.today().to_string();
    let (action, first) =
        (if public { "/portal/register" } else { "/register" }, typed.get("key").is_empty());
    let key = if first { fresh_key(&visit.site.deps.mint) } else { typed.get("key").to_owned() };
    let about = tried.refusal.and_then(|r| r.field.as_deref()).map(input_of);
    let problems = tried.refusal.zip(about.as_ref()).map(|(refusal, input)| FormProblem {
        field_id: input.clone(),
        text: refusal.text(visit.language.is_english()),
    });
    let mut received_on = shape.field("received_on");
    if first && received_on.value.is_empty() {
        received_on.value = today;
    }
    let chosen = |name: &str, otherwise: &str| match typed.get(name) {
        "" => otherwise.to_owned(),
        value => value.to_owned(),
    };
    let (purpose, kind) = (chosen("purpose", "claim"), chosen("petitioner_kind", "citizen"));
    let channel = chosen("channel", Channel::Letter.code());
    let code = |code: &'static str, chosen: &str| Choice::code(code, code == chosen);
    RegisterForm {
        command: CommandForm {
            href: action.to_owned(),
            key,
            problem: shape.say(tried.refusal.filter(|_| about.is_none())),
            ..CommandForm::default()
        },
        rows_href: format!("{action}/rows"),
        problems: problems.into_iter().collect(),
        has_warnings: !tried.warnings.is_empty(),
        warnings_confirmed: typed.is_on("warnings_confirmed"),
        channels: if public {
            Vec::new()
        } else {
            Channel::ALL.iter().map(|c| code(c.code(), &channel)).collect()
        },
        received_on,
        written_on: shape.field("written_on"),
        purposes: Purpose::ALL.iter().map(|p| code(p.code(), &purpose)).collect(),
        regions: names
            .regions()
            .map(|(region, name)| {
                Choice::named(region.as_str(), name, region.as_str() == typed.get("place_region"))
            })
            .collect(),
        title: shape.field("title"),
        text: shape.field("text"),
        claims: shown_rows(typed, "claim", CLAIMS_MAX, 1)
            .into_iter()
            .map(|n| shape.field(&format!("claim-{n}")))
            .collect(),
        accused: names
            .agencies()
            .map(|(listed, name)| {
                let chosen = typed.all("accused").any(|code| code == listed.agency.as_str());
                Choice::named(listed.agency.as_str(), name, chosen)
            })
            .collect(),
        anonymous: typed.is_on("anonymous"),
        withhold_identity: typed.is_on("withhold_identity"),
        petitioner_kinds: PetitionerKind::ALL.iter().map(|k| code(k.code(), &kind)).collect(),
        petitioner: shape.person(""),
        co_petitioners: shown_rows(typed, "co", CO_MAX, 0)
            .into_iter()
            .map(|n| shape.person(&format!("co-{n}-")))
            .collect(),
        heads: shape.field("heads"),
        kept_files: tried.kept.to_vec(),
        files_problem: shape.say(tried.files),
        file_limit_bytes: u64::try_from(FILE_MAX).unwrap_or(0),
        file_limit_count: FILES_MAX,
    }
}

struct Shape<'s> {
    visit: &'s Visit,
    typed: &'s Typed,
    tried: &'s Tried<'s>,
}

impl Shape<'_> {
    fn say(&self, refusal: Option<&Refusal>) -> Option<String> {
        refusal.map(|r| r.text(self.visit.language.is_english()))
    }

    /// A field with what was typed, its problem and its doubt.
    fn field(&self, input: &str) -> Field {
        let about = |field: &str| input_of(field) == input;
        let refusal = self.tried.refusal.filter(|r| r.field.as_deref().is_some_and(about));
        let warning = self.tried.warnings.iter().find(|w| about(&w.field));
        Field {
            value: self.typed.get(input).to_owned(),
            problem: self.say(refusal),
            warning: warning
                .map(|w| self.visit.site.say(self.visit.language, &format!("warning-{}", w.code))),
        }
    }

    fn person(&self, prefix: &str) -> PetitionerFields {
        let field = |name: &str| self.field(&format!("{prefix}{name}"));
        let kind = self.typed.get(&format!("{prefix}id_kind"));
        PetitionerFields {
            name: field("name"),
            id_kinds: IdKind::ALL.iter().map(|k| Choice::code(k.code(), k.code() == kind)).collect(),
            id_number: field("id_number"),
            telephone: field("telephone"),
            address: field("address"),
            email: field("email"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_the_command_is_found_in_the_form() {
        for (field, input) in [
            ("title", "title"),
            ("petitioner.id_number", "id_number"),
            ("co_petitioners[2].telephone", "co-3-telephone"),
            ("claims[0]", "claim-1"),
            ("claims", "claim-1"),
        ] {
            assert_eq!(input_of(field), input);
        }
    }
}
