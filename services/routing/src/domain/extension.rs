//! 延期 (Art. 34): what an agency granted itself is checked once more before it counts.

use calendar::{DueDate, Law, LimitRefused, RuleId};
use chrono::NaiveDate;
use contracts::agency::ExtendedV1;

use super::matter::Assignment;

/// T06 as it runs after an extension granted on a day.
///
/// # Errors
/// Why it is set aside: nothing that can be lengthened, without the head's approval, a second one, too long,
/// too late.
pub fn lengthen(
    assignment: &Assignment,
    granted: &ExtendedV1,
    granted_on: NaiveDate,
    law: &Law,
) -> Result<DueDate, &'static str> {
    if !granted.approved {
        return Err("extension_not_approved");
    }
    let t06 = assignment.dues.iter().find(|due| due.rule == RuleId::T06).ok_or("no_limit_to_extend")?;
    law.extended(t06, granted.days, granted_on).map_err(|refused| match refused {
        LimitRefused::SecondExtension { .. } => "second_extension",
        LimitRefused::ExtensionOutOfBounds { .. } => "extension_too_long",
        LimitRefused::ExtensionOutOfTime { .. } => "extension_too_late",
        _ => "no_limit_to_extend",
    })
}
