//! 登记: the form for clerks and for the public, and what stands after it.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    due::Due,
    form::{Choice, CommandForm, Field},
};

/// The registration form at the office.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RegisterPage {
    /// The frame.
    pub chrome: Chrome,
    /// The form.
    pub form: RegisterForm,
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "register.html";
}

/// 网上信访: the same form for a petitioner.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PortalRegisterPage {
    /// The frame.
    pub chrome: Chrome,
    /// The form; channel is fixed.
    pub form: RegisterForm,
}

impl Page for PortalRegisterPage {
    const TEMPLATE: &'static str = "portal_register.html";
}

/// Everything that is asked at registration. No ethnicity, party, occupation or remark on the person.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RegisterForm {
    /// Where to.
    pub command: CommandForm,
    /// Where a row is added or removed without losing what is typed (POST, the same fields).
    pub rows_href: String,
    /// Problems of the whole, each with the id of its field.
    pub problems: Vec<FormProblem>,
    /// Something looks wrong and must be confirmed.
    pub has_warnings: bool,
    /// The doubtful values were confirmed.
    pub warnings_confirmed: bool,
    /// Channels (texts `channel-*`); empty on the portal.
    pub channels: Vec<Choice>,
    /// The day the office got it (ISO).
    pub received_on: Field,
    /// The date on the letter (ISO).
    pub written_on: Field,
    /// Purposes (texts `purpose-*`).
    pub purposes: Vec<Choice>,
    /// Regions, named.
    pub regions: Vec<Choice>,
    /// One line of what it is about.
    pub title: Field,
    /// The facts and reasons.
    pub text: Field,
    /// The claims, at least one.
    pub claims: Vec<Field>,
    /// Only for an accusation: the units it is against, named; they must never get it.
    pub accused: Vec<Choice>,
    /// Anonymous: no petitioner block is asked for.
    pub anonymous: bool,
    /// The petitioner asks that identity stays with the office.
    pub withhold_identity: bool,
    /// `citizen`, `legal_person`, `other_org` (texts `petitioner-kind-*`).
    pub petitioner_kinds: Vec<Choice>,
    /// The petitioner.
    pub petitioner: PetitionerFields,
    /// Further petitioners of a joint submission.
    pub co_petitioners: Vec<PetitionerFields>,
    /// 人次: how many people stand behind it.
    pub heads: Field,
    /// Files already taken with this form.
    pub kept_files: Vec<KeptFile>,
    /// A file was refused, in the page's language.
    pub files_problem: Option<String>,
    /// Largest size of one file, in bytes.
    pub file_limit_bytes: u64,
    /// Most files.
    pub file_limit_count: u32,
}

/// The block that is sealed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PetitionerFields {
    /// Name.
    pub name: Field,
    /// `citizen_id`, `uscc`, `passport`, `other` (texts `id-kind-*`).
    pub id_kinds: Vec<Choice>,
    /// Citizen's number (GB 11643) or unified social credit code (GB 32100).
    pub id_number: Field,
    /// Telephone.
    pub telephone: Field,
    /// Address.
    pub address: Field,
    /// Mail address, for notices.
    pub email: Field,
}

/// A line of the list above a form with mistakes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FormProblem {
    /// The id of the field's element.
    pub field_id: String,
    /// What is wrong, in the page's language.
    pub text: String,
}

/// A file that came with an earlier try and needs not be chosen again.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KeptFile {
    /// Its attachment id, sent along.
    pub token: String,
    /// Its name as chosen; shown here only, never stored.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
}

/// 登记完成: number, query code and what comes next. Shown once.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RegisteredPage {
    /// The frame.
    pub chrome: Chrome,
    /// The public number.
    pub number: String,
    /// The query code.
    pub query_code: String,
    /// When it was registered (RFC 3339).
    pub registered_at: String,
    /// The office that owes the next step.
    pub office: String,
    /// The limit that began.
    pub due: Option<Due>,
    /// Page of the printable receipt.
    pub receipt_href: String,
    /// Page of the public look-up.
    pub lookup_href: String,
    /// The matter's page, for clerks.
    pub matter_href: Option<String>,
    /// Another registration.
    pub again_href: String,
}

impl Page for RegisteredPage {
    const TEMPLATE: &'static str = "registered.html";
}
