//! The files that pages link to: our style sheets and script, and two files of npm packages, compiled in.
//! `npm ci` in `assets/` fetches the packages before the build.

use std::borrow::Cow;

macro_rules! own {
    ($name:literal) => {
        include_str!(concat!("../../assets/static/", $name))
    };
}

macro_rules! package {
    ($path:literal) => {
        include_str!(concat!("../../assets/node_modules/", $path))
    };
}

/// Every file by its name. The kit comes in a layer of its own, so that any rule of ours outweighs any of
/// the kit's, whatever their selectors.
const FILES: &[(&str, &str)] = &[
    ("console.js", own!("console.js")),
    ("favicon.svg", own!("favicon.svg")),
    ("forms.css", own!("forms.css")),
    ("htmx.min.js", package!("htmx.org/dist/htmx.min.js")),
    (
        "kit.css",
        concat!("@layer kit{", package!("@picocss/pico/css/pico.classless.min.css"), "}\n", own!("kit.css")),
    ),
    ("paper.css", own!("paper.css")),
    ("parts.css", own!("parts.css")),
    ("shell.css", own!("shell.css")),
    ("tables.css", own!("tables.css")),
];

/// Bytes and media type of a file; a `web::AssetSource`.
#[must_use]
pub fn find(name: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
    let (name, text) = FILES.iter().find(|(known, _)| *known == name)?;
    Some((Cow::Borrowed(text.as_bytes()), web::mime_of(name)))
}

/// The names of all files.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}
