//! Would this be registered? The checks of 登记 alone; nothing is recorded and no number is used up.

use contracts::intake::commands::{CheckRegistration, RegistrationChecked};
use kernel::Refusal;
use web::door::Asked;

use super::register;
use crate::{Intake, error, store};

/// Checks a registration and whether its key was used before.
///
/// # Errors
/// As `register`.
pub async fn run(intake: &Intake, asked: Asked<CheckRegistration>) -> Result<RegistrationChecked, Refusal> {
    let Asked { actor, command: CheckRegistration { registration }, idempotency_key } = asked;
    let today = intake.clocks.business.today();
    let checked = register::check(intake, &actor, &registration, today)?;
    let mut registered = false;
    if let Some(key) = idempotency_key {
        let key = register::stored_key(&actor, &key)?;
        let found = intake.db.read(move |tx| Box::pin(async move { store::known_key(tx, &key).await })).await;
        if let Some(first) = found.map_err(|e| error::store(&e))? {
            register::repeat(intake, first, &registration).await?;
            registered = true;
        }
    }
    Ok(RegistrationChecked { warnings: checked.warnings, registered })
}
