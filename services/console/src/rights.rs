//! Who may use which door: denied unless granted here. The owner of the data checks again behind it.

use kernel::{Actor, Place, Role};

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Everybody, signed in or not.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// 登记: the office's counter.
    Register,
    /// The list of matters: the office's readers; an agency's people see those of their agency.
    Board,
    /// One matter's page at the office.
    Matter,
    /// Texts of submissions, opened with a purpose.
    Content,
    /// Identities, opened with a purpose.
    Identity,
    /// Papers of agencies, opened with a purpose.
    Paper,
    /// 甄别、转送、交办、撤回.
    Route,
    /// 异议核实、指定管辖.
    Rule,
    /// 督查: duties with their limits, and orders.
    Duties,
    /// 督办: issues and judges orders.
    Urge,
    /// 联席会议议题: the office's readers.
    Agenda,
    /// 会议和交办单: the office's readers, and an agency's people of what concerns it.
    Meetings,
    /// 审核议题、记录意见.
    Prepare,
    /// 召集、变更、取消、召开会议，审定纪要.
    Confer,
    /// 核验交办单.
    Check,
    /// 认定重复件.
    LinkRepeat,
    /// 通知: states and days of notices; of accusations for their officer.
    Notices,
    /// 打印、寄发通知，补发查询码: the office's desk.
    Letters,
    /// 消息: the inbox of a unit or of a post.
    Inbox,
    /// 检举控告.
    Restricted,
    /// 承办: an agency's own people, or the office for an agency without computers.
    Tasks,
    /// How many tasks an agency holds.
    TaskCounts,
    /// 代录: the office's clerks.
    OnBehalf,
    /// 单位名录: the office's people.
    Agencies,
    /// 单位名录管理: the administrator and the director.
    KeepAgencies,
    /// Accounts.
    Users,
    /// Queues and dead letters.
    Status,
    /// 开放 311: a program's registrations of ordinary service requests.
    Open311,
    /// 推送: where an agency has its own dispatches announced.
    Webhooks,
    /// 系统建议: learned versions, and whether people take what is proposed.
    Suggestions,
}

impl Right {
    /// Every right, for the tests of the matrix.
    pub const ALL: &'static [Self] = &[
        Self::Public,
        Self::SignedIn,
        Self::Register,
        Self::Board,
        Self::Matter,
        Self::Content,
        Self::Identity,
        Self::Paper,
        Self::Route,
        Self::Rule,
        Self::Duties,
        Self::Urge,
        Self::Agenda,
        Self::Meetings,
        Self::Prepare,
        Self::Confer,
        Self::Check,
        Self::LinkRepeat,
        Self::Notices,
        Self::Letters,
        Self::Inbox,
        Self::Restricted,
        Self::Tasks,
        Self::TaskCounts,
        Self::OnBehalf,
        Self::Agencies,
        Self::KeepAgencies,
        Self::Users,
        Self::Status,
        Self::Open311,
        Self::Webhooks,
        Self::Suggestions,
    ];

    /// The code word: a scope of an API key.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::SignedIn => "signed_in",
            Self::Register => "register",
            Self::Board => "board",
            Self::Matter => "matter",
            Self::Content => "content",
            Self::Identity => "identity",
            Self::Paper => "paper",
            Self::Route => "route",
            Self::Rule => "rule",
            Self::Duties => "duties",
            Self::Urge => "urge",
            Self::Agenda => "agenda",
            Self::Meetings => "meetings",
            Self::Prepare => "prepare",
            Self::Confer => "confer",
            Self::Check => "check",
            Self::LinkRepeat => "link_repeat",
            Self::Notices => "notices",
            Self::Letters => "letters",
            Self::Inbox => "inbox",
            Self::Restricted => "restricted",
            Self::Tasks => "tasks",
            Self::TaskCounts => "task_counts",
            Self::OnBehalf => "on_behalf",
            Self::Agencies => "agencies",
            Self::KeepAgencies => "keep_agencies",
            Self::Users => "users",
            Self::Status => "status",
            Self::Open311 => "open311",
            Self::Webhooks => "webhooks",
            Self::Suggestions => "suggestions",
        }
    }

    /// Reads a code word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|right| right.code() == code)
    }

    /// Whether a caller has it; `None` is a caller without an account.
    #[must_use]
    pub fn is_held_by(self, caller: Option<&Actor>) -> bool {
        let Some(actor) = caller else { return self == Self::Public };
        match &actor.place {
            Place::Office => self.at_office(actor),
            Place::Agency(_) => self.at_agency(actor),
            // Neither has an account that could sign in.
            Place::Portal | Place::Suite => self == Self::Public,
        }
    }

    fn at_office(self, actor: &Actor) -> bool {
        use Role::{
            Administrator, Auditor, Leader, OfficeDirector, Operator, Registrar, RestrictedOfficer, Screener,
            Supervisor,
        };
        let granted: &[Role] = match self {
            Self::Public | Self::SignedIn | Self::Inbox | Self::Agencies => return true,
            Self::KeepAgencies | Self::Suggestions => &[Administrator, OfficeDirector],
            Self::Register | Self::Open311 => &[Registrar, Screener],
            Self::Board | Self::Matter => {
                &[Registrar, Screener, RestrictedOfficer, OfficeDirector, Supervisor, Leader, Auditor]
            }
            Self::Content => &[Registrar, Screener, OfficeDirector, RestrictedOfficer],
            Self::Identity => &[Registrar, Screener, RestrictedOfficer],
            Self::Paper => &[Screener, OfficeDirector, Supervisor, Auditor, RestrictedOfficer],
            Self::Route | Self::Rule => &[Screener, OfficeDirector, RestrictedOfficer],
            Self::Letters => &[Registrar, Screener, RestrictedOfficer],
            Self::Duties | Self::Notices => &[
                Registrar,
                Screener,
                RestrictedOfficer,
                OfficeDirector,
                Supervisor,
                Leader,
                Auditor,
                Operator,
            ],
            Self::Urge => &[OfficeDirector, Supervisor, RestrictedOfficer],
            Self::Agenda | Self::Meetings => {
                &[Registrar, Screener, OfficeDirector, Supervisor, Leader, Auditor, Operator]
            }
            Self::Prepare => &[Screener, OfficeDirector],
            Self::Confer => &[OfficeDirector],
            Self::Check => &[Screener, OfficeDirector, Supervisor],
            Self::LinkRepeat => &[Screener],
            Self::Restricted => &[RestrictedOfficer],
            Self::Tasks | Self::OnBehalf => &[Registrar, Screener, RestrictedOfficer],
            Self::TaskCounts => {
                &[Registrar, Screener, RestrictedOfficer, OfficeDirector, Operator, Administrator]
            }
            Self::Users => &[Administrator],
            Self::Status => &[Operator, Administrator],
            // Whose dispatches they are, says where they go.
            Self::Webhooks => &[],
        };
        granted.iter().any(|role| actor.has(*role))
    }

    fn at_agency(self, actor: &Actor) -> bool {
        let granted: &[Role] = match self {
            Self::Public | Self::SignedIn => return true,
            Self::Board | Self::Meetings | Self::Tasks | Self::TaskCounts | Self::Inbox => {
                &[Role::Handler, Role::AgencyHead]
            }
            Self::Users => &[Role::Administrator],
            Self::Webhooks => &[Role::AgencyHead, Role::Administrator],
            Self::Register
            | Self::Matter
            | Self::Content
            | Self::Identity
            | Self::Paper
            | Self::Route
            | Self::Rule
            | Self::Duties
            | Self::Urge
            | Self::Agenda
            | Self::Prepare
            | Self::Confer
            | Self::Check
            | Self::LinkRepeat
            | Self::Notices
            | Self::Letters
            | Self::Restricted
            | Self::OnBehalf
            | Self::Agencies
            | Self::KeepAgencies
            | Self::Suggestions
            | Self::Status
            | Self::Open311 => &[],
        };
        granted.iter().any(|role| actor.has(*role))
    }
}

/// The roles that exist at a place.
#[must_use]
pub fn roles_of(place: &Place) -> &'static [Role] {
    match place {
        Place::Office => &[
            Role::Registrar,
            Role::Screener,
            Role::RestrictedOfficer,
            Role::OfficeDirector,
            Role::Supervisor,
            Role::Leader,
            Role::Auditor,
            Role::Operator,
            Role::Administrator,
        ],
        Place::Agency(_) => &[Role::Handler, Role::AgencyHead, Role::Administrator],
        Place::Portal | Place::Suite => &[],
    }
}
