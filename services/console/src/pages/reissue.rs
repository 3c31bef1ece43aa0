//! 补发查询码: the counter compares the document shown with the sealed one and prints the receipt anew.

use contracts::intake::commands::ReissueCode;
use kernel::Refusal;

use super::{
    Names, Shown, Visit,
    form::{self, Draft},
    print,
    typed::Typed,
};
use crate::views::{form::Field, notices::ReissuePage};

/// Fields of the form.
const FIELDS: &[&str] = &["number", "id_number"];

/// `GET /reissue`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, None).await
}

async fn page(visit: &Visit, tried: Option<(&Typed, &Refusal)>) -> Shown {
    let names = Names::of(visit).await?;
    let draft = Draft::new(visit, FIELDS).tried(tried);
    let view = ReissuePage {
        chrome: visit.chrome(&names, "reissue").await?,
        command: draft.command("/reissue", None),
        number: draft.field("number", ""),
        // What was read off a document never comes back.
        id_number: Field { value: String::new(), ..draft.secret("id_number") },
    };
    Ok(form::answer(visit.site.page(visit.language, &view)?, tried.map(|(_, refusal)| refusal)))
}

/// `POST /reissue`: the receipt with the new code; the old one opens nothing any more.
pub async fn submit(visit: Visit, typed: Typed) -> Shown {
    let command =
        ReissueCode { number: typed.get("number").to_owned(), id_number: typed.get("id_number").to_owned() };
    let key = typed.some("key");
    match visit.site.ask_once(&visit.caller, "intake", key.as_deref(), &command).await {
        Ok(receipt) => print::receipt_page(&visit, &receipt, "/reissue".to_owned()).await,
        Err(refusal) => page(&visit, Some((&typed, &refusal))).await,
    }
}
