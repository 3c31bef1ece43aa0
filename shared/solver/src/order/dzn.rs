//! Agendas of the public talent-scheduling sets (`.dzn`): scenes are items, actors are agencies.

use std::collections::BTreeMap;

use super::{Agenda, Item, MOST_AGENCIES, MOST_ITEMS};
use crate::error::ProblemError;

/// Reads `numScenes`, `numActors`, `ia` (who is in what), `c` (weights) and `d` (lengths).
///
/// # Errors
/// Names the field that is missing or wrong.
pub fn read_dzn(text: &str) -> Result<Agenda, ProblemError> {
    let fields = fields(text)?;
    let one = |name: &str, most: usize| -> Result<usize, ProblemError> {
        match all(&fields, name)?.as_slice() {
            [value] => usize::try_from(*value)
                .ok()
                .filter(|&v| v <= most)
                .ok_or_else(|| ProblemError::at(name, format!("must be at most {most}"))),
            _ => Err(ProblemError::at(name, "must be one whole number")),
        }
    };
    let (scenes, actors) = (one("numScenes", MOST_ITEMS)?, one("numActors", MOST_AGENCIES)?);
    let sized = |name: &str, size: usize| -> Result<Vec<u32>, ProblemError> {
        let values = all(&fields, name)?;
        if values.len() != size {
            return Err(ProblemError::at(name, format!("has {} numbers, must have {size}", values.len())));
        }
        Ok(values)
    };
    let (weights, lengths) = (sized("c", actors)?, sized("d", scenes)?);
    let table = sized("ia", scenes * actors)?;
    if let Some(at) = table.iter().position(|&v| v > 1) {
        return Err(ProblemError::at(format!("ia[{at}]"), "must be 0 or 1"));
    }
    let items = lengths.iter().enumerate().map(|(scene, &minutes)| {
        let agencies = (0..actors)
            .filter(|actor| table.get(actor * scenes + scene) == Some(&1))
            .fold(0, |set, actor| set | 1 << actor);
        Item { minutes, agencies }
    });
    Ok(Agenda { items: items.collect(), weights, before: Vec::new(), fixed: Vec::new() })
}

fn all(fields: &BTreeMap<String, Vec<u32>>, name: &str) -> Result<Vec<u32>, ProblemError> {
    fields.get(name).cloned().ok_or_else(|| ProblemError::at(name, "is missing"))
}

/// Every assignment of the file; rows and columns are told apart by the sizes alone.
fn fields(text: &str) -> Result<BTreeMap<String, Vec<u32>>, ProblemError> {
    let plain: String = text
        .lines()
        .map(|line| line.split('%').next().unwrap_or_default())
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut fields = BTreeMap::new();
    for statement in plain.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        let Some((name, value)) = statement.split_once('=') else {
            let start: String = statement.chars().take(20).collect();
            return Err(ProblemError::at("(file)", format!("`{start}` is no assignment `name = value;`")));
        };
        let name = name.trim().to_owned();
        // `array2d(1..3, 1..4, [ … ])` says its sizes before the bracket.
        let value = value.split_once('[').map_or(value, |(_, inner)| inner);
        let mut numbers = Vec::new();
        for word in value.split(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '[' | ']' | ')')) {
            if !word.is_empty() {
                let number = word.parse().map_err(|_| {
                    let word: String = word.chars().take(20).collect();
                    ProblemError::at(name.clone(), format!("`{word}` is no whole number of 32 bits"))
                })?;
                numbers.push(number);
            }
        }
        fields.insert(name, numbers);
    }
    Ok(fields)
}
