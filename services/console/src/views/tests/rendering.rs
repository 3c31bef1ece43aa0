//! Every page renders in both languages, and says nothing that it must not.

use std::{env, fs, path::Path, sync::LazyLock};

use web::{Language, Pages};

use super::{
    agencies, co, documents, frames, matters, meetings, notices, pages, registrations, screenings,
    suggestions, supervision, tasks,
};
use crate::views::{Page, assets};

struct Gallery {
    pages: Pages,
    shown: Vec<(String, String)>,
}

impl Gallery {
    fn show<P: Page>(&mut self, name: &str, page: &P) {
        for language in Language::ALL {
            let html = self
                .pages
                .render(language, P::TEMPLATE, page)
                .unwrap_or_else(|e| panic!("{name} {}: {e}", language.tag()));
            // The engine writes a slash as a reference; a browser reads both alike.
            self.shown.push((format!("{name}.{}.html", language.tag()), html.replace("&#x2f;", "/")));
        }
    }
}

fn gallery() -> &'static [(String, String)] {
    static GALLERY: LazyLock<Vec<(String, String)>> = LazyLock::new(hang);
    &GALLERY
}

fn hang() -> Vec<(String, String)> {
    let mut gallery = Gallery { pages: pages(), shown: Vec::new() };
    gallery.show("login", &frames::login());
    gallery.show("first-run", &frames::first_run());
    gallery.show("account", &frames::account());
    gallery.show("users", &frames::users());
    gallery.show("status", &frames::status());
    gallery.show("suggestions", &suggestions::page());
    gallery.show("agencies", &agencies::list());
    gallery.show("agency", &agencies::one());
    gallery.show("agency-new", &agencies::new());
    gallery.show("agency-cases", &agencies::cases());
    gallery.show("webhooks", &frames::webhooks());
    gallery.show("problem", &frames::problem());
    gallery.show("board", &matters::board());
    gallery.show("board-empty", &matters::empty_board());
    gallery.show("matter", &matters::matter());
    gallery.show("matter-opened", &matters::opened_matter());
    gallery.show("screening", &screenings::screening());
    gallery.show("like", &screenings::like());
    gallery.show("like-none", &screenings::like_none());
    gallery.show("screening-restricted", &screenings::restricted_screening());
    gallery.show("recall", &screenings::recall());
    gallery.show("objection", &screenings::objection());
    gallery.show("competence", &screenings::competence());
    gallery.show("co", &co::page());
    gallery.show("print-co-letter", &co::letter());
    gallery.show("print-co-part", &co::part());
    gallery.show("print-extension", &documents::extension());
    gallery.show("print-objection", &documents::objection());
    gallery.show("restricted", &screenings::restricted());
    gallery.show("register", &registrations::register());
    gallery.show("register-again", &registrations::register_again());
    gallery.show("registered", &registrations::registered());
    gallery.show("portal-register", &registrations::portal_register());
    gallery.show("portal-lookup", &registrations::lookup());
    gallery.show("portal-result", &registrations::lookup_result());
    for (name, page) in notices::queues() {
        gallery.show(name, &page);
    }
    gallery.show("print-notices", &notices::letters());
    gallery.show("inbox", &notices::inbox());
    gallery.show("reissue", &notices::reissue());
    gallery.show("duties", &supervision::duties());
    gallery.show("orders", &supervision::orders());
    for (name, page) in meetings::lists() {
        gallery.show(name, &page);
    }
    for (name, page) in meetings::every_meeting() {
        gallery.show(name, &page);
    }
    gallery.show("meeting-call", &meetings::call());
    gallery.show("conference", &meetings::conference());
    gallery.show("print-notice", &meetings::notice());
    gallery.show("print-minutes", &meetings::minutes());
    gallery.show("print-task-order", &meetings::task_order());
    gallery.show("tasks", &tasks::tasks());
    for (name, page) in tasks::every_task() {
        gallery.show(name, &page);
    }
    gallery.show("on-behalf", &tasks::on_behalf());
    gallery.show("print-receipt", &documents::receipt());
    gallery.show("print-forwarding", &documents::forwarding());
    gallery.show("print-assignment", &documents::assignment());
    gallery.show("print-acceptance", &documents::acceptance());
    gallery.show("print-opinion", &documents::opinion());
    for (name, page) in documents::services() {
        gallery.show(name, &page);
    }
    gallery.show("order_reply", &documents::order_reply());
    gallery.show("print-position", &documents::position());
    gallery.show("print-task-report", &documents::task_report());
    for (name, page) in documents::reports() {
        gallery.show(name, &page);
    }
    gallery.shown
}

#[test]
fn every_page_renders_in_both_languages() {
    let shown = gallery();
    for (name, html) in shown {
        assert!(html.trim_start().starts_with("<!doctype html>"), "{name}");
        assert!(html.trim_end().ends_with("</html>"), "{name}");
        assert!(!html.contains('⟦'), "{name}: a text is missing");
    }
    if let Ok(folder) = env::var("CONSOLE_UI_OUT") {
        write(Path::new(&folder), shown);
    }
}

fn write(folder: &Path, shown: &[(String, String)]) {
    let assets_folder = folder.join("assets");
    fs::create_dir_all(&assets_folder).expect("folder");
    for name in assets::names() {
        let (bytes, _) = assets::find(name).expect("listed");
        fs::write(assets_folder.join(name), bytes).expect("asset");
    }
    for (name, html) in shown {
        fs::write(folder.join(name), html.replace("=\"/assets/", "=\"assets/")).expect("page");
    }
}

#[test]
fn no_page_needs_an_inline_script_style_or_handler() {
    for (name, html) in gallery() {
        assert!(!html.contains("<style") && !html.contains(" style=\""), "{name}: inline style");
        assert!(!html.contains("javascript:") && !html.contains(" onclick"), "{name}: inline handler");
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" src="), "{name}: inline script");
        }
    }
}

#[test]
fn every_link_to_an_asset_finds_a_file() {
    for (page, html) in gallery() {
        assert!(html.contains("\"/assets/"), "{page}: no style");
        for rest in html.split("\"/assets/").skip(1) {
            let name = rest.split(['"', '?']).next().unwrap_or_default();
            assert!(assets::find(name).is_some(), "{page}: {name}");
        }
    }
}

#[test]
fn every_form_that_gives_a_command_carries_its_key() {
    for (page, html) in gallery() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            // Neither gives a command to a service.
            let own = ["action=\"/logout\"", "action=\"/demo/clock\""].iter().any(|own| form.contains(own));
            let is_command = form.contains("method=\"post\"") && !own;
            assert!(!is_command || form.contains("name=\"key\""), "{page}: {form}");
        }
    }
}

#[test]
fn every_input_has_a_label() {
    for (page, html) in gallery() {
        for input in html.split("<input").chain(html.split("<select")).chain(html.split("<textarea")).skip(1)
        {
            let tag = input.split('>').next().unwrap_or_default();
            let Some(id) = tag.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            assert!(html.contains(&format!("for=\"{id}\"")), "{page}: {id}");
        }
    }
}

#[test]
fn ids_are_unique_on_a_page() {
    for (page, html) in gallery() {
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{page}: {ids:?}");
    }
}

#[test]
fn enter_in_a_field_never_removes_a_row_or_opens_a_seal() {
    for (page, html) in gallery() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let first = form.split("type=\"submit\"").nth(1).and_then(|rest| rest.split('>').next());
            assert!(!first.is_some_and(|button| button.contains("formaction")), "{page}: {form}");
        }
    }
}

#[test]
fn what_the_petitioner_typed_is_escaped() {
    let mut page = registrations::register_again();
    page.form.text.value = "</textarea><script>alert(1)</script>".into();
    let html = pages().render(Language::ZhCn, "register.html", &page).expect("renders");
    assert!(!html.contains("<script>alert") && html.contains("&lt;script&gt;"));
}
