//! What stands around every page: place, person, date, ways onward, language.

use std::collections::BTreeMap;

use serde::Serialize;

/// The frame of a page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Chrome {
    /// Path and query of this page, without `lang`: the language switch adds it.
    pub here: String,
    /// The place this console stands in.
    pub place: PlaceView,
    /// The civil date it is on the business clock (ISO).
    pub today: String,
    /// The business clock was moved (demo and tests): said on every page.
    pub clock_moved: bool,
    /// It can be moved from here: the demo.
    pub clock_hand: bool,
    /// Who is signed in.
    pub user: Option<UserView>,
    /// The ways onward that this person may go.
    pub nav: Vec<NavItem>,
    /// One line about what was just done.
    pub notice: Option<Notice>,
}

/// The office, one agency, or the public door.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PlaceView {
    /// `office`, `agency` or `portal`.
    pub kind: String,
    /// Its full name, e.g. 云岭县信访工作联席会议办公室.
    pub name: String,
    /// The region's name.
    pub region_name: String,
}

/// The person at the keyboard.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UserView {
    /// Display name.
    pub name: String,
    /// Code words of `kernel::Role`: `registrar`, `screener` … (texts `role-*`).
    pub roles: Vec<String>,
}

/// A link of the main navigation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NavItem {
    /// `board`, `register`, `restricted`, `tasks`, `users`, `status`, `portal_lookup`,
    /// `portal_register` (texts `nav-*`).
    pub code: String,
    /// Where it leads.
    pub href: String,
    /// This is the page shown.
    pub current: bool,
    /// How many wait there, if that is worth saying.
    pub count: Option<u64>,
}

/// What was just done, in one line above the page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Notice {
    /// `done`, `info` or `warning`.
    pub tone: String,
    /// Text key `notice-*`.
    pub key: String,
    /// Values for the text; never personal data.
    pub args: BTreeMap<String, String>,
}

/// A link with its text, data rather than a label.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub text: String,
}
