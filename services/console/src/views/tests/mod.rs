//! Every template with realistic views of a fictional place (region 990100), in both languages, with
//! strict undefined; and the texts, complete. With `CONSOLE_UI_OUT` set to a folder the pages are written
//! there, to be looked at in a browser.

mod agencies;
mod co;
mod codes;
mod documents;
mod frames;
mod matters;
mod meetings;
mod notices;
mod registrations;
mod rendering;
mod screenings;
mod suggestions;
mod supervision;
mod tasks;

use std::sync::Arc;

use web::Pages;

fn pages() -> Pages {
    let texts = Arc::new(super::texts().expect("texts parse"));
    super::pages(texts, super::assets()).expect("templates compile")
}
