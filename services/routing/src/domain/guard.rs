//! The guard of Art. 30: an accusation never reaches the accused unit, nor a unit under it, nor one that continues
//! the accused unit after it ended.

use kernel::{AgencyCode, Refusal};

use super::agency::Register;
use crate::error;

/// Refuses a hand-over to an accused unit or to a unit under one.
///
/// # Errors
/// `accused_unit`. The text does not say which unit is accused: the one who forwards may not know.
pub fn keep_from_accused(
    to: &AgencyCode,
    accused: &[AgencyCode],
    register: &Register,
) -> Result<(), Refusal> {
    let heirs = |unit: &AgencyCode| {
        register.all().any(|a| register.continues(&a.code, unit) && register.is_under(to, &a.code))
    };
    if accused.iter().any(|unit| register.is_under(to, unit) || heirs(unit)) {
        return Err(error::ACCUSED_UNIT.refuse().at("hand_over.agency"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::agency::tests::agency;
    use super::*;

    #[test]
    fn the_accused_unit_and_every_unit_under_it_are_refused_and_others_are_not() {
        let register = Register::new([
            agency("shifu", None, "990100", &[]),
            agency("qingyan", Some("shifu"), "990102", &[]),
            agency("huaiqiao", Some("qingyan"), "990102002", &[]),
            agency("jiwei", None, "990100", &[]),
        ]);
        let code = |t: &str| t.parse::<AgencyCode>().expect("code");
        let accused = [code("qingyan")];
        for under in ["qingyan", "huaiqiao"] {
            let refusal = keep_from_accused(&code(under), &accused, &register).expect_err("guarded");
            assert_eq!(refusal.code, "accused_unit");
            assert_eq!(refusal.article.as_deref(), Some("Art. 30"));
            assert!(!refusal.text(false).contains("qingyan"));
        }
        for other in ["jiwei", "shifu"] {
            assert_eq!(keep_from_accused(&code(other), &accused, &register), Ok(()));
        }
    }

    #[test]
    fn who_continues_the_accused_unit_is_guarded_as_it_was_and_its_superior_is_not() {
        let mut ended = agency("qingyan", Some("shifu"), "990102", &[]);
        let share = |unit: &str| contracts::routing::Succession {
            agency: unit.parse().expect("code"),
            categories: Vec::new(),
            regions: Vec::new(),
        };
        ended.ending = Some(contracts::routing::Ending {
            kind: contracts::codes::AgencyEndKind::Abolished,
            last_on: "2026-08-31".parse().expect("date"),
            successors: vec![share("xinqing"), share("shifu")],
            ground: "云编〔2026〕1号".to_owned(),
        });
        let register = Register::new([
            ended,
            agency("shifu", None, "990100", &[]),
            agency("xinqing", Some("shifu"), "990102", &[]),
            agency("xiaqing", Some("xinqing"), "990102", &[]),
            agency("jiwei", None, "990100", &[]),
        ]);
        let code = |t: &str| t.parse::<AgencyCode>().expect("code");
        let guarded = |to: &str| keep_from_accused(&code(to), &[code("qingyan")], &register).is_err();
        assert!(guarded("qingyan") && guarded("xinqing") && guarded("xiaqing"));
        assert!(!guarded("shifu") && !guarded("jiwei"));
    }
}
