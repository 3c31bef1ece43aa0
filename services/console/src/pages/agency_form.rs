//! The forms of an agency's entry and of its end: what was typed becomes a command, and comes back when it is refused.

use contracts::{
    codes::{AgencyEndKind, Level},
    routing::{
        Ending, Succession,
        register::{AgencyEntry, AgencyView, Competence},
    },
};
use kernel::{Refusal, RegionCode};

use super::{
    Names, Visit,
    form::{Draft, malformed},
    typed::Typed,
};
use crate::views::{
    agencies::{EndForm, EntryForm},
    form::Choice,
};

/// Fields of an entry that say what is wrong with them.
const ENTRY: &[&str] = &[
    "agency",
    "entry.name_zh",
    "entry.name_en",
    "entry.superior",
    "entry.line",
    "entry.doc_prefix",
    "entry.review_unit",
    "entry.valid_from",
    "entry.competence",
    "entry.telephone",
    "entry.email",
];
/// The same of an end.
const END: &[&str] = &["ending.last_on", "ending.ground", "ending.successors"];

/// A refusal about a part of a list is said at the field that holds the list.
pub fn at_field(refusal: Refusal) -> Refusal {
    let list = ["entry.competence", "ending.successors"]
        .into_iter()
        .find(|list| refusal.field.as_deref().is_some_and(|field| field.starts_with(list)));
    match list {
        Some(list) => refusal.at(list),
        None => refusal,
    }
}

/// The form of an entry: a new one, or the one that is kept.
pub fn entry(
    visit: &Visit,
    names: &Names,
    kept: Option<&AgencyView>,
    tried: Option<(&Typed, &Refusal)>,
) -> EntryForm {
    let draft = Draft::new(visit, ENTRY).tried(tried);
    let said = kept.map(|view| &view.entry);
    let text = |pick: fn(&AgencyEntry) -> &str| said.map(pick).unwrap_or_default();
    let field = |name: &str, first: &str| draft.field_at(name, first, &format!("entry.{name}"));
    let region = draft.value("region", said.map_or_else(String::new, |e| e.region.to_string()).as_str());
    let superior = said.and_then(|e| e.superior.as_ref()).map(ToString::to_string).unwrap_or_default();
    let superior = draft.value("superior", &superior);
    let level = said.map_or(Level::City, |e| e.level).code();
    let first_day = said.map_or_else(|| visit.site.today(), |e| e.valid_from).to_string();
    let competence = said.map(|e| lines(&e.competence)).unwrap_or_default();
    let computer = match tried {
        Some((typed, _)) => typed.is_on("computer"),
        None => said.is_none_or(|e| e.computer),
    };
    let above = names.agencies().filter(|(listed, _)| kept.is_none_or(|view| view.agency != listed.agency));
    let href = kept.map_or_else(|| "/agencies/new".to_owned(), |v| format!("/agency/{}/change", v.agency));
    EntryForm {
        command: draft.command(href, kept.map(|view| view.version)),
        code: kept.is_none().then(|| draft.field_at("code", "", "agency")),
        sites: if kept.is_none() { draft.codes("site", ["hosted", "own"], "hosted") } else { Vec::new() },
        name_zh: field("name_zh", text(|e| &e.name_zh)),
        name_en: field("name_en", text(|e| &e.name_en)),
        levels: draft.codes("level", Level::ALL.iter().map(|l| l.code()), level),
        regions: names
            .regions()
            .map(|(code, name)| Choice::named(code.as_str(), name, code.as_str() == region))
            .collect(),
        superiors: above
            .map(|(listed, name)| {
                let code = listed.agency.as_str();
                Choice::named(code, name, code == superior)
            })
            .collect(),
        superior_problem: draft.about("entry.superior"),
        line: field("line", said.map_or("government", |e| &e.line)),
        doc_prefix: field("doc_prefix", text(|e| &e.doc_prefix)),
        review_unit: field("review_unit", text(|e| &e.review_unit)),
        computer,
        valid_from: field("valid_from", &first_day),
        competence: field("competence", &competence),
        telephone: field("telephone", text(|e| &e.telephone)),
        email: field("email", text(|e| &e.email)),
    }
}

/// `990100: labour.wages health`, a line each.
pub fn lines(competence: &[Competence]) -> String {
    let line = |c: &Competence| format!("{}: {}", c.region, c.categories.join(" "));
    competence.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What was typed of an entry.
pub fn read_entry(typed: &Typed) -> Result<AgencyEntry, Refusal> {
    let superior = typed.some("superior");
    Ok(AgencyEntry {
        name_zh: typed.get("name_zh").to_owned(),
        name_en: typed.get("name_en").to_owned(),
        level: Level::from_code(typed.get("level")).ok_or_else(|| malformed("entry.level"))?,
        region: typed.get("region").parse().map_err(|_| malformed("entry.region"))?,
        superior: superior.map(|code| code.parse().map_err(|_| malformed("entry.superior"))).transpose()?,
        line: typed.get("line").to_owned(),
        doc_prefix: typed.get("doc_prefix").to_owned(),
        review_unit: typed.get("review_unit").to_owned(),
        computer: typed.is_on("computer"),
        valid_from: typed.get("valid_from").parse().map_err(|_| malformed("entry.valid_from"))?,
        competence: read_competence(typed.get("competence"))?,
        telephone: typed.get("telephone").to_owned(),
        email: typed.get("email").to_owned(),
    })
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || ",，、:：;；".contains(c)).filter(|word| !word.is_empty())
}

fn full_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn read_competence(text: &str) -> Result<Vec<Competence>, Refusal> {
    let line = |line: &str| {
        let mut words = words(line);
        let region = words.next().and_then(|word| word.parse().ok());
        let region = region.ok_or_else(|| malformed("entry.competence"))?;
        Ok(Competence { region, categories: words.map(str::to_owned).collect() })
    };
    full_lines(text).map(line).collect()
}

/// The form of an end.
pub fn end(visit: &Visit, view: &AgencyView, tried: Option<(&Typed, &Refusal)>) -> EndForm {
    let draft = Draft::new(visit, END).tried(tried);
    let known = view.ending.as_ref();
    let last = known.map_or_else(|| visit.site.today(), |e| e.last_on).to_string();
    let successors = known.map(|e| e.successors.iter().map(share).collect::<Vec<_>>().join("\n"));
    EndForm {
        command: draft.command(format!("/agency/{}/end", view.agency), Some(view.version)),
        kinds: draft.codes(
            "kind",
            AgencyEndKind::ALL.iter().map(|k| k.code()),
            known.map_or(AgencyEndKind::Abolished, |e| e.kind).code(),
        ),
        last_on: draft.field_at("last_on", &last, "ending.last_on"),
        ground: draft.field_at("ground", known.map_or("", |e| &e.ground), "ending.ground"),
        successors: draft.field_at("successors", &successors.unwrap_or_default(), "ending.successors"),
    }
}

/// `renshe: labour 990101`
pub fn share(share: &Succession) -> String {
    let regions = share.regions.iter().map(ToString::to_string);
    let rest: Vec<_> = share.categories.iter().cloned().chain(regions).collect();
    if rest.is_empty() { share.agency.to_string() } else { format!("{}: {}", share.agency, rest.join(" ")) }
}

/// What was typed of an end: a region is all digits, a category is not.
pub fn read_end(typed: &Typed) -> Result<Ending, Refusal> {
    let line = |line: &str| {
        let mut words = words(line);
        let agency = words.next().and_then(|word| word.parse().ok());
        let agency = agency.ok_or_else(|| malformed("ending.successors"))?;
        let mut share = Succession { agency, categories: Vec::new(), regions: Vec::new() };
        for word in words {
            match word.parse::<RegionCode>() {
                Ok(region) => share.regions.push(region),
                Err(_) => share.categories.push(word.to_owned()),
            }
        }
        Ok::<_, Refusal>(share)
    };
    Ok(Ending {
        kind: AgencyEndKind::from_code(typed.get("kind")).ok_or_else(|| malformed("ending.kind"))?,
        last_on: typed.get("last_on").parse().map_err(|_| malformed("ending.last_on"))?,
        successors: full_lines(typed.get("successors")).map(line).collect::<Result<_, _>>()?,
        ground: typed.get("ground").to_owned(),
    })
}
