//! 登记 (Art. 22): checks, seals, files, and gives the receipt after the commit.

use calendar::RuleId;
use contracts::{
    Due,
    intake::{
        OpenSummary,
        commands::{Identity, Receipt, Register, Registration},
    },
};
use kernel::{Actor, Clock, Place, Refusal, SubmissionId, civil_date};
use trust::{QueryCode, SealError, chain::ChainHasher};
use web::door::Asked;

use super::{desk::NotFiled, receipt};
use crate::{
    Intake,
    domain::{
        registration::{self, Checked},
        rights,
    },
    error,
    sealing::{SealedText, SubmissionSeal},
    store::{
        self,
        batch::{Filed, Prepared},
    },
};

/// Longest idempotency key, in characters.
const MAX_KEY_CHARS: usize = 200;

/// Registers a submission.
///
/// # Errors
/// A wrong input with its field, a channel that is not the actor's, files that are not there, or the store.
pub async fn run(intake: &Intake, asked: Asked<Register>) -> Result<Registration, Refusal> {
    let Asked { actor, command, idempotency_key } = asked;
    let now = intake.clocks.business.now();
    let checked = check(intake, &actor, &command, civil_date(now))?;
    if !checked.warnings.is_empty() && !command.warnings_confirmed {
        return Ok(Registration::Unconfirmed { warnings: checked.warnings });
    }
    let t01 = intake.law.due(RuleId::T01, checked.received_on).map_err(|why| {
        tracing::error!(%why, "no forwarding limit");
        error::NO_RULE_FOR_DAY.refuse().at("received_on")
    })?;
    let id: SubmissionId = intake.mint.mint();
    let key = request_key(&actor, idempotency_key.as_deref(), id)?;
    let draft = Draft { id, key, actor: &actor, command: &command, checked, t01 };
    let prepared = draft.seal(intake, now).map_err(|e| error::sealed(&e))?;
    let given = Given::of(&prepared);
    match intake.desk.file(prepared).await {
        Ok(Filed::New { number, version }) => Ok(Registration::Registered(given.receipt(number, version))),
        Ok(Filed::Repeat(first)) => repeat(intake, first, &command).await,
        Ok(Filed::Refused(refusal)) => Err(refusal),
        Err(NotFiled::Full) => Err(error::TOO_BUSY.refuse()),
        Err(NotFiled::Store(why)) => Err(error::store(&why)),
    }
}

/// Whether the actor may register this, and whether it is right.
pub(super) fn check(
    intake: &Intake,
    actor: &Actor,
    command: &Register,
    today: chrono::NaiveDate,
) -> Result<Checked, Refusal> {
    rights::register(actor, command.channel)?;
    let policy = &intake.config.policy;
    let checked = registration::check(command, today, &policy.registration)?;
    check_door(actor, command, &checked, today)?;
    if command.attachments.len() > policy.attachments.max_count {
        let most = policy.attachments.max_count;
        return Err(error::TOO_MANY_ENTRIES.refuse().at("attachments").with("most", most));
    }
    Ok(checked)
}

/// The public door registers what it gets today; only a counter knows of letters that lay elsewhere. A file is
/// named once.
fn check_door(
    actor: &Actor,
    command: &Register,
    checked: &Checked,
    today: chrono::NaiveDate,
) -> Result<(), Refusal> {
    if actor.place == Place::Portal && checked.received_on != today {
        return Err(error::RECEIVED_NOT_TODAY.refuse().at("received_on"));
    }
    let mut files = command.attachments.clone();
    files.sort_unstable();
    files.dedup();
    if files.len() == command.attachments.len() {
        Ok(())
    } else {
        Err(error::ATTACHMENT_TAKEN.refuse().at("attachments"))
    }
}

/// The key as stored: hashed together with who sends it, so that nobody meets another one's receipt. Without a
/// key the submission's own id serves, which makes a taken-over batch safe and a repetition a new submission.
fn request_key(actor: &Actor, key: Option<&str>, id: SubmissionId) -> Result<String, Refusal> {
    key.map_or_else(|| Ok(id.to_string()), |key| stored_key(actor, key))
}

/// A key as it is stored.
pub(super) fn stored_key(actor: &Actor, key: &str) -> Result<String, Refusal> {
    if !(1..=MAX_KEY_CHARS).contains(&key.chars().count()) {
        return Err(error::IDEMPOTENCY_KEY_WRONG.refuse());
    }
    let hash = ChainHasher::v1().field("register").field(rights::key_owner(actor, key)).field(key);
    // Half of the hash is 128 bits: no two keys meet, and the index stays small.
    Ok(hash.finish().to_hex().get(..32).unwrap_or_default().to_owned())
}

/// What is known of a registration before it is sealed.
struct Draft<'a> {
    id: SubmissionId,
    key: String,
    actor: &'a Actor,
    command: &'a Register,
    checked: Checked,
    t01: Due,
}

impl Draft<'_> {
    fn seal(self, intake: &Intake, now: kernel::UnixMillis) -> Result<Prepared, SealError> {
        let Self { id, key, actor, command, checked, t01 } = self;
        let (mint, keys) = (&intake.mint, &intake.keys);
        let (seal, data_key) = SubmissionSeal::fresh(keys, mint, id)?;
        let content = seal.seal_content(
            mint,
            &command.title,
            &command.text,
            &command.claims,
            &command.accused_agencies,
        )?;
        let said = [command.title.as_str(), &command.text]
            .into_iter()
            .chain(command.claims.iter().map(String::as_str));
        let sketch = (!checked.restricted).then(|| intake.repeats.sketch(said)).flatten();
        let code = QueryCode::mint(mint);
        let sealed_code = seal.seal_code(mint, &code)?;
        let people = people(command)
            .enumerate()
            .map(|(position, person)| seal.seal_person(keys, mint, position, person))
            .collect::<Result<_, _>>()?;
        let summary = OpenSummary {
            number: String::new(),
            channel: command.channel,
            purpose: command.purpose,
            petitioner_kind: command.petitioner_kind,
            anonymous: command.anonymous,
            joint: checked.joint,
            heads: command.heads,
            place_region: command.place_region.clone(),
            written_on: command.written_on,
            received_on: checked.received_on,
            claims: count(command.claims.len()),
            attachments: count(command.attachments.len()),
            identity_withheld: command.withhold_identity,
            content_id: mint.mint(),
            content_hash: content.hash.clone(),
            t01,
        };
        Ok(Prepared {
            id,
            key,
            owner: rights::owner(actor),
            today: civil_date(now),
            at: now,
            summary,
            restricted: checked.restricted,
            data_key,
            content,
            code,
            sealed_code,
            people,
            sketch,
            files: command.attachments.clone(),
            max_file_bytes: intake.config.policy.attachments.max_bytes_total,
        })
    }
}

fn people(command: &Register) -> impl Iterator<Item = &Identity> {
    command.petitioner.iter().chain(&command.co_petitioners)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What the receipt of a new registration says, but for its number.
struct Given {
    id: SubmissionId,
    code: String,
    at: kernel::UnixMillis,
    summary: OpenSummary,
}

impl Given {
    fn of(prepared: &Prepared) -> Self {
        let (id, at, summary) = (prepared.id, prepared.at, prepared.summary.clone());
        Self { id, code: prepared.code.grouped(), at, summary }
    }

    fn receipt(self, number: String, version: i64) -> Receipt {
        Receipt {
            submission_id: self.id,
            number,
            query_code: self.code,
            registered_at: self.at,
            received_on: self.summary.received_on,
            channel: self.summary.channel,
            claims: self.summary.claims,
            attachments: self.summary.attachments,
            t01: self.summary.t01,
            version,
        }
    }
}

/// The same request again: the same receipt, if it says the same.
pub(super) async fn repeat(
    intake: &Intake,
    first: SubmissionId,
    command: &Register,
) -> Result<Registration, Refusal> {
    let found = intake
        .db
        .read(|tx| {
            Box::pin(
                async move { Ok((store::submission(tx, first).await?, store::people(tx, first).await?)) },
            )
        })
        .await;
    let (row, sealed) = found.map_err(|e| error::store(&e))?;
    let Some(row) = row else { return Err(error::STORE_FAULT.refuse()) };
    let seal = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?;
    let mut stored = Vec::with_capacity(sealed.len());
    for person in &sealed {
        stored.push(seal.open_person(usize::try_from(person.position).unwrap_or(0), &person.person)?);
    }
    let said = SealedText {
        title: command.title.clone(),
        text: command.text.clone(),
        claims: command.claims.clone(),
        accused: command.accused_agencies.clone(),
    };
    let same = seal.open_content(&row.content)? == said
        && (row.channel, row.purpose, &row.place_region)
            == (command.channel, command.purpose, &command.place_region)
        && row.attachments == count(command.attachments.len())
        && people(command).eq(&stored);
    if same {
        receipt::of(&intake.keys, &row).map(Registration::Registered)
    } else {
        Err(error::IDEMPOTENCY_KEY_REUSED.refuse())
    }
}
