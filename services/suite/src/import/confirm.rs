//! `--confirm-as`: a person's account screens and forwards what the rules propose first. It is that person's act:
//! the commands carry the account, whose right is asked for as at the page, and the facts name it.

use std::collections::HashMap;

use contracts::{Changed, codes::Purpose, routing::commands::AgencyRow};
use serde_json::{Value, json};

use super::{
    mapping::Mapping,
    report::Summary,
    run::{Imported, text},
};
use crate::{
    client::{Client, Problem, patiently},
    wait::until,
};

/// Forwards each matter that waits for screening and has a proposal; accusations never.
///
/// # Errors
/// Nobody answers, or the account has not the right.
pub(super) async fn all(
    confirmer: &Client,
    mapping: &Mapping,
    imported: &[Imported],
    summary: &mut Summary,
) -> anyhow::Result<()> {
    let register: Vec<AgencyRow> = confirmer.get_all("/api/v1/agencies").await?;
    let levels: HashMap<String, Value> = register
        .iter()
        .map(|row| Ok((row.listed.agency.to_string(), serde_json::to_value(row.listed.level)?)))
        .collect::<anyhow::Result<_>>()?;
    for matter in imported {
        let outcome = if matter.restricted {
            "left to the officer for accusations".to_owned()
        } else {
            one(confirmer, mapping, &levels, matter).await?
        };
        *summary.confirmed.entry(outcome).or_default() += 1;
    }
    Ok(())
}

async fn one(
    confirmer: &Client,
    mapping: &Mapping,
    levels: &HashMap<String, Value>,
    matter: &Imported,
) -> anyhow::Result<String> {
    let path = format!("/api/v1/matters/{}", matter.id);
    let view: Value =
        until("the matter is shown", || async { patiently(confirmer.get(&path).await) }).await?;
    let (category, agency) =
        (text(&view, "/routing/categories/0/code"), text(&view, "/routing/agencies/0/code"));
    if text(&view, "/routing/state") != "registered" {
        return Ok("screened before".to_owned());
    }
    if category.is_empty() || agency.is_empty() {
        return Ok("left in the queue: nothing is proposed".to_owned());
    }
    let purpose = text(&view, "/routing/purpose");
    let claim = [Purpose::Claim, Purpose::Appeal].iter().any(|p| p.code() == purpose);
    let level = levels.get(agency).cloned().unwrap_or(json!(mapping.confirm.level));
    let screen = json!({
        "expected_version": view.pointer("/routing/version"),
        "purpose": purpose,
        "category": category,
        "route": claim.then_some(mapping.confirm.route),
        "level": level,
        "hand_over": { "agency": agency, "mode": mapping.confirm.mode },
    });
    match confirmer.post::<Changed>(&format!("{path}/screen"), &screen).await {
        Ok(_) => Ok("forwarded".to_owned()),
        Err(error) => match error.downcast::<Problem>() {
            Ok(problem) if matches!(problem.status.as_u16(), 401 | 403) => Err(problem.into()),
            Ok(problem) => Ok(format!("refused: {}", problem.code)),
            Err(error) => Err(error),
        },
    }
}
