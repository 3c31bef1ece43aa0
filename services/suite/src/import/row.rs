//! A row as a registration.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use trust::chain::ChainHasher;

use super::{
    denied,
    mapping::{Filling, Kind, Mapping, kind},
    rows::Row,
};

/// What is wrong with a row: the field, and a code for the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field of the registration.
    pub field: String,
    /// `key_owed`, `no_date`, `no_number`, `no_switch`, `unknown_value`.
    pub code: &'static str,
}

/// A row made ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The idempotency key.
    pub key: String,
    /// The registration.
    pub registration: Value,
    /// What was changed on the way: `title cut`, `text: control characters left out`.
    pub notes: Vec<String>,
}

/// The key of a row: as it is where that is short and plain, else its hash.
#[must_use]
pub fn key(source: &str, own: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
    if own.len() <= 60 && own.bytes().all(plain) {
        return format!("import:{source}:{own}");
    }
    let hash = ChainHasher::v1().field("import").field(own).finish().to_hex();
    format!("import:{source}:h:{}", hash.get(..40).unwrap_or_default())
}

/// Makes a registration of a row.
///
/// # Errors
/// The first cell that makes no sense, by the field it fills.
pub fn make(mapping: &Mapping, row: &Row) -> Result<Made, Wrong> {
    let own = row.cells.get(&mapping.source.key).map(|cell| cell.trim()).unwrap_or_default();
    if own.is_empty() {
        return Err(Wrong { field: mapping.source.key.clone(), code: "key_owed" });
    }
    let mut made = Made {
        key: key(&mapping.source.name, own),
        registration: json!({ "warnings_confirmed": false }),
        notes: Vec::new(),
    };
    for (field, filling) in &mapping.fields {
        if let Some(value) = value_of(field, filling, row, &mut made.notes)? {
            place(&mut made.registration, field, value);
        }
    }
    Ok(made)
}

fn value_of(
    field: &str,
    filling: &Filling,
    row: &Row,
    notes: &mut Vec<String>,
) -> Result<Option<Value>, Wrong> {
    let kind = kind(field).unwrap_or(Kind::Word);
    if let Some(constant) = &filling.constant {
        let value = serde_json::to_value(constant).unwrap_or(Value::Null);
        return Ok(Some(if kind == Kind::List && value.is_string() { json!([value]) } else { value }));
    }
    let cells = filling.reads().filter(|column| !denied::is_denied(column));
    let typed = cells.filter_map(|c| row.cells.get(c)).map(|cell| cell.trim()).find(|cell| !cell.is_empty());
    let wrong = |code| Wrong { field: field.to_owned(), code };
    let text = match (typed, &filling.otherwise) {
        (None, None) => return Ok(None),
        (None, Some(otherwise)) => otherwise.clone(),
        (Some(typed), _) if filling.values.is_empty() => typed.to_owned(),
        (Some(typed), otherwise) => match (filling.values.get(typed), otherwise) {
            (Some(meant), _) => meant.clone(),
            (None, Some(otherwise)) => otherwise.clone(),
            (None, None) => return Err(wrong("unknown_value")),
        },
    };
    let text = clean(field, &text, filling.cut_at, notes);
    let value = match kind {
        Kind::Word => json!(text),
        Kind::Switch => json!(switch(&text).ok_or_else(|| wrong("no_switch"))?),
        Kind::Number => json!(text.parse::<i64>().map_err(|_| wrong("no_number"))?),
        Kind::Day => {
            let day = filling.formats.iter().find_map(|f| NaiveDate::parse_from_str(&text, f).ok());
            json!(day.ok_or_else(|| wrong("no_date"))?)
        }
        Kind::List => {
            let entries: Vec<&str> = match &filling.split {
                Some(by) => text.split(by.as_str()).map(str::trim).filter(|e| !e.is_empty()).collect(),
                None => vec![&text],
            };
            json!(entries)
        }
    };
    Ok(Some(value))
}

fn switch(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "true" | "yes" | "y" | "是" => Some(true),
        "0" | "false" | "no" | "n" | "否" => Some(false),
        _ => None,
    }
}

/// Text without control characters, no longer than wanted.
fn clean(field: &str, text: &str, cut_at: Option<usize>, notes: &mut Vec<String>) -> String {
    let plain = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let mut kept: String = text.replace("\r\n", "\n").chars().filter(plain).collect();
    if kept.chars().count() < text.replace("\r\n", "\n").chars().count() {
        notes.push(format!("{field}: control characters left out"));
    }
    if let Some(most) = cut_at
        && kept.chars().count() > most
    {
        kept = kept.chars().take(most).collect();
        notes.push(format!("{field}: cut at {most}"));
    }
    kept
}

fn place(registration: &mut Value, field: &str, value: Value) {
    let Some(fields) = registration.as_object_mut() else { return };
    match field.split_once('.') {
        None => drop(fields.insert(field.to_owned(), value)),
        Some((outer, inner)) => {
            let block = fields.entry(outer.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Some(block) = block.as_object_mut() {
                block.insert(inner.to_owned(), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPPING: &str = include_str!("../../../../deploy/examples/import/letters.toml");

    fn mapping(more: &str) -> Mapping {
        Mapping::parse(&format!("{MAPPING}\n{more}")).expect("a mapping")
    }

    fn row(cells: &[(&str, &str)]) -> Row {
        let mut all = vec![
            ("row_id", "7"),
            ("title", "路灯不亮"),
            ("query", "三个月了。"),
            ("query_date", "2019-05-06"),
        ];
        all.extend(cells);
        Row { line: 2, cells: all.into_iter().map(|(h, c)| (h.to_owned(), c.to_owned())).collect() }
    }

    #[test]
    fn a_row_becomes_a_registration_of_today() {
        let made = make(&mapping(""), &row(&[("county", "某县")])).expect("made");
        assert_eq!(made.key, "import:letters:7");
        let said = &made.registration;
        assert_eq!((&said["title"], &said["text"]), (&json!("路灯不亮"), &json!("三个月了。")));
        assert_eq!((&said["written_on"], &said["claims"]), (&json!("2019-05-06"), &json!(["路灯不亮"])));
        assert_eq!((&said["anonymous"], &said["place_region"]), (&json!(true), &json!("990100")));
        assert!(said.get("received_on").is_none() && made.notes.is_empty());
        serde_json::from_value::<contracts::intake::commands::Register>(said.clone()).expect("a command");
    }

    #[test]
    fn what_makes_no_sense_is_named_by_its_field() {
        let wrong = |cells: &[(&str, &str)]| make(&mapping("[fields.heads]\ncolumn = \"n\""), &row(cells));
        let is = |field: &str, code| Err(Wrong { field: field.to_owned(), code });
        assert_eq!(wrong(&[("query_date", "昨天")]), is("written_on", "no_date"));
        assert_eq!(wrong(&[("n", "三人")]), is("heads", "no_number"));
        assert_eq!(wrong(&[("row_id", " ")]), is("row_id", "key_owed"));
    }

    #[test]
    fn an_empty_text_falls_back_and_control_characters_go() {
        let made = make(&mapping(""), &row(&[("query", " "), ("title", "停\u{8}水")])).expect("made");
        assert_eq!(made.registration["text"], json!("停水"));
        assert_eq!(made.notes.len(), 3, "{:?}", made.notes);
    }

    #[test]
    fn a_denied_column_is_not_read_though_the_mapping_names_it() {
        let mapping = mapping("[fields.\"petitioner.address\"]\ncolumn = \"政治面貌\"");
        let made = make(&mapping, &row(&[("政治面貌", "群众")])).expect("made");
        assert!(!made.registration.to_string().contains("群众"));
    }

    #[test]
    fn an_odd_key_is_hashed_and_stays_the_same() {
        let odd = key("letters", "第 1 号");
        assert!(odd.starts_with("import:letters:h:") && odd.len() <= 100 && odd == key("letters", "第 1 号"));
        assert_ne!(odd, key("letters", "第 2 号"));
    }
}
