//! The identity block of a petitioner: what blocks, and what only warns.

use chrono::NaiveDate;
use contracts::{
    codes::IdKind,
    intake::commands::{Identity, Warning},
};
use kernel::{ErrorDef, Refusal};

use super::{citizen_id, credit_code, digits::folded, email, telephone};
use crate::error;

/// Longest name, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Longest address, in characters.
pub const MAX_ADDRESS_CHARS: usize = 300;
/// Longest number of a passport or another paper, in characters.
const MAX_PAPER_CHARS: usize = 40;

/// Checks one identity. `path` is where it stands in the input: `petitioner`, `co_petitioners[3]`.
///
/// # Errors
/// The first field that cannot be right, named by its path.
pub fn check(identity: &Identity, path: &str, today: NaiveDate) -> Result<Vec<Warning>, Refusal> {
    let field = |name: &str| format!("{path}.{name}");
    if identity.name.trim().is_empty() {
        return Err(error::NAME_OWED.refuse().at(field("name")));
    }
    bounded(&identity.name, MAX_NAME_CHARS, field("name"))?;
    if let Some(address) = &identity.address {
        bounded(address, MAX_ADDRESS_CHARS, field("address"))?;
    }
    if let Some(email) = given(identity.email.as_ref())
        && !email::looks_right(email)
    {
        return Err(error::EMAIL_SHAPE.refuse().at(field("email")));
    }
    let mut warnings = Vec::new();
    if let Some(code) = number(identity, &field("id_number"), today)? {
        warnings.push(Warning { field: field("id_number"), code: code.to_owned() });
    }
    if let Some(typed) = given(identity.telephone.as_ref()) {
        bounded(typed, telephone::MAX_CHARS, field("telephone"))?;
        if !telephone::looks_right(&folded(typed)) {
            warnings.push(Warning { field: field("telephone"), code: "telephone_shape".to_owned() });
        }
    }
    Ok(warnings)
}

/// A field that was filled in: blanks count as nothing.
#[must_use]
pub fn given(field: Option<&String>) -> Option<&str> {
    field.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn bounded(text: &str, most: usize, field: String) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(error::NUL_IN_TEXT.refuse().at(field));
    }
    if text.chars().count() > most {
        return Err(error::FIELD_TOO_LONG.refuse().at(field).with("most", most));
    }
    Ok(())
}

/// The number of the paper: refused, doubted (a warning's code), or right.
fn number(identity: &Identity, field: &str, today: NaiveDate) -> Result<Option<&'static str>, Refusal> {
    let Some(typed) = given(identity.id_number.as_ref()) else { return Ok(None) };
    let blocked = |def: &'static ErrorDef| Err(def.refuse().at(field));
    bounded(typed, MAX_PAPER_CHARS, field.to_owned())?;
    let number = folded(typed);
    match identity.id_kind {
        None => blocked(&error::ID_KIND_OWED),
        Some(IdKind::CitizenId) => match citizen_id::check(&number, today) {
            Ok(()) => Ok(None),
            Err(citizen_id::Fault::Shape) => blocked(&error::ID_SHAPE),
            Err(citizen_id::Fault::BirthDate) => blocked(&error::ID_BIRTH_DATE),
            Err(citizen_id::Fault::CheckDigit) => Ok(Some("id_check_digit")),
        },
        Some(IdKind::CreditCode) => match credit_code::check(&number) {
            Ok(()) => Ok(None),
            Err(credit_code::Fault::Shape) => blocked(&error::CREDIT_CODE_SHAPE),
            Err(credit_code::Fault::CheckDigit) => Ok(Some("credit_code_check_digit")),
        },
        Some(IdKind::Passport | IdKind::OtherPaper) => Ok(None),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn identity(kind: Option<IdKind>, number: &str, telephone: &str) -> Identity {
        Identity {
            name: "罗根生".into(),
            id_kind: kind,
            id_number: (!number.is_empty()).then(|| number.to_owned()),
            telephone: (!telephone.is_empty()).then(|| telephone.to_owned()),
            address: None,
            email: None,
        }
    }

    fn checked(identity: &Identity) -> Result<Vec<String>, (String, String)> {
        let today = NaiveDate::from_ymd_opt(2026, 8, 3).expect("date");
        check(identity, "petitioner", today)
            .map(|all| all.into_iter().map(|w| format!("{}={}", w.field, w.code)).collect())
            .map_err(|r| (r.code.into_owned(), r.field.unwrap_or_default()))
    }

    #[test]
    fn what_is_right_passes_in_any_form() {
        for (kind, number, telephone) in [
            (Some(IdKind::CitizenId), "990000 19851230 002x", "199 0099 0008"),
            (Some(IdKind::CreditCode), "91350100M000100Y43", ""),
            (Some(IdKind::Passport), "E12345678", "+852 2345 6789"),
            (Some(IdKind::CitizenId), "", "  "),
            (None, "", ""),
        ] {
            assert_eq!(checked(&identity(kind, number, telephone)), Ok(vec![]), "{number}");
        }
    }

    #[test]
    fn doubts_warn_and_name_their_field() {
        let warned = |kind, number, telephone| checked(&identity(Some(kind), number, telephone));
        assert_eq!(
            warned(IdKind::CitizenId, "990000198512300020", "12345"),
            Ok(vec![
                "petitioner.id_number=id_check_digit".into(),
                "petitioner.telephone=telephone_shape".into()
            ])
        );
        assert_eq!(
            warned(IdKind::CreditCode, "91350211M0000XUF46", ""),
            Ok(vec!["petitioner.id_number=credit_code_check_digit".into()])
        );
    }

    #[test]
    fn what_cannot_be_blocks() {
        let blocked = |kind, number| checked(&identity(kind, number, "")).expect_err("blocked");
        let at = |code: &str| (code.to_owned(), "petitioner.id_number".to_owned());
        assert_eq!(blocked(Some(IdKind::CitizenId), "990000198502300010"), at("id_birth_date"));
        assert_eq!(blocked(Some(IdKind::CitizenId), "990000850230001"), at("id_shape"));
        assert_eq!(blocked(Some(IdKind::CreditCode), "91350100M000100Y4"), at("credit_code_shape"));
        assert_eq!(blocked(None, "99000019851230002X"), at("id_kind_owed"));
        assert_eq!(blocked(Some(IdKind::Passport), &"E".repeat(41)), at("field_too_long"));
    }

    #[test]
    fn a_name_is_owed_and_everything_is_bounded() {
        let mut nameless = identity(None, "", "");
        nameless.name = " ".into();
        assert_eq!(checked(&nameless), Err(("name_owed".into(), "petitioner.name".into())));
        let mut long = identity(None, "", "");
        long.name = "罗".repeat(MAX_NAME_CHARS + 1);
        assert_eq!(checked(&long), Err(("field_too_long".into(), "petitioner.name".into())));
        let mut nul = identity(None, "", "");
        nul.address = Some("中街\0".into());
        assert_eq!(checked(&nul), Err(("nul_in_text".into(), "petitioner.address".into())));
        assert_eq!(
            checked(&identity(None, "", &"1".repeat(33))),
            Err(("field_too_long".into(), "petitioner.telephone".into()))
        );
    }
}
