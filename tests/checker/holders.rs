//! Invariant 2: each claim has one holder, each matter one active lead at most; parts have a lead.

use std::collections::BTreeMap;

use super::{
    Broken, Dump, Violation,
    dump::{Assignment, Matter},
};

/// Who holds what lies with the office.
const OFFICE: &str = "office";

fn of_matter(dump: &Dump) -> BTreeMap<&str, Vec<&Assignment>> {
    let mut all: BTreeMap<&str, Vec<&Assignment>> = BTreeMap::new();
    for assignment in &dump.routing.assignments {
        all.entry(&assignment.matter_id).or_default().push(assignment);
    }
    all
}

pub fn check(dump: &Dump, found: &mut Vec<Violation>) {
    let assignments = of_matter(dump);
    for matter in &dump.routing.matters {
        let own = assignments.get(matter.id.as_str()).map_or(&[][..], Vec::as_slice);
        let active: Vec<&&Assignment> = own.iter().filter(|a| is_active(a) && a.role == "lead").collect();
        parts(own, found);
        if active.len() > 1 {
            found.push(Broken::TwoActive.at(&matter.id));
        }
        numbers(matter, own, found);
        let claims = matter.claims();
        if claims.is_empty() {
            found.push(Broken::NoHolder.at(&matter.id));
        }
        let closed = own.iter().find(|a| a.state == "closed");
        let holder = active.first().map(|a| a.agency.as_str()).or(closed.map(|a| a.agency.as_str()));
        for claim in claims {
            if claim.holder.is_empty() {
                found.push(Broken::NoHolder.at(format!("{} claim {}", matter.id, claim.no)));
            } else if claim.holder != holder.unwrap_or(OFFICE) {
                found.push(
                    Broken::WrongHolder.at(format!("{} claim {} with {}", matter.id, claim.no, claim.holder)),
                );
            }
        }
    }
}

/// A part is asked for only while its lead is at work and has not answered (Art. 24), once of each agency.
fn parts(own: &[&Assignment], found: &mut Vec<Violation>) {
    let asked: Vec<&&Assignment> = own.iter().filter(|a| is_active(a) && a.role == "co").collect();
    for part in &asked {
        let lead = own.iter().find(|a| Some(a.no) == part.lead_no && a.role == "lead");
        let waits =
            lead.is_some_and(|l| is_active(l) && !matches!(l.state.as_str(), "opinion_issued" | "served"));
        let twice = asked.iter().filter(|a| a.agency == part.agency).count() > 1;
        if !waits || twice || lead.is_some_and(|l| l.agency == part.agency) {
            found.push(Broken::PartWithoutLead.at(&part.id));
        }
    }
}

fn is_active(assignment: &Assignment) -> bool {
    !matches!(assignment.state.as_str(), "recalled" | "closed" | "returned" | "answered")
}

fn numbers(matter: &Matter, own: &[&Assignment], found: &mut Vec<Violation>) {
    let mut numbers: Vec<i64> = own.iter().map(|a| a.no).collect();
    numbers.sort_unstable();
    if !numbers.iter().copied().eq((1..).take(numbers.len())) {
        found.push(Broken::AssignmentNumbers.at(format!("{} {numbers:?}", matter.id)));
    }
    for assignment in own.iter().filter(|a| is_active(a) != (a.active == 1)) {
        found.push(Broken::TwoActive.at(format!("{} marked {}", assignment.id, assignment.active)));
    }
}

/// After healing: with an agency, in a queue of the office, or ended.
pub fn somewhere(dump: &Dump, found: &mut Vec<Violation>) {
    let assignments = of_matter(dump);
    for matter in &dump.routing.matters {
        let own = assignments.get(matter.id.as_str()).map_or(&[][..], Vec::as_slice);
        let active = own.iter().any(|a| is_active(a) && a.role == "lead");
        let fits = match matter.state.as_str() {
            "registered" | "screened" | "attached" | "returned" | "disputed" => !active,
            "closed" => !active && own.iter().any(|a| a.state == "closed"),
            _ => active,
        };
        // An accusation whose accused units are not known can be handed to nobody.
        let stuck = matter.restricted == 1 && matter.facts_known == 0;
        if !fits || stuck {
            found.push(Broken::NowhereAtAll.at(format!("{} in {}", matter.id, matter.state)));
        }
    }
}
