//! 可能的重复件、联名件: what looks like one matter, side by side; the form of the link stands with each.

use axum::extract::Path;
use contracts::{
    codes::MatterState,
    intake::commands::{LikeCompared, LikePair},
};
use kernel::MatterId;

use super::{Names, Shown as Page, Visit, form::Draft, html, matter_parts::head};
use crate::{
    board::Listed,
    rest::{body, matters},
    rights::Right,
    views::{
        chrome::Link,
        form::Field,
        like::{Compared, LikePage, LikeView, Passage},
        matter::LinkRepeatForm,
    },
};

/// What a list and the screening page say of a matter that may be a repeat, to whoever may link it.
pub fn repeat(visit: &Visit, id: MatterId, listed: &Listed) -> Option<Link> {
    let number = listed.repeat_number.clone()?;
    let may = Right::LinkRepeat.is_held_by(visit.caller.actor());
    may.then(|| Link { href: format!("/matters/{id}/like"), text: number })
}

/// `GET /matters/{id}/like`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Page {
    let id = body::matter_id(&id)?;
    let shown = matters::find(&visit.site, &visit.caller, id).await?;
    let found = matters::like_of(&visit.site, &visit.caller, id, shown.routing.as_ref()).await?;
    let names = Names::of(&visit).await?;
    let head = head(&visit, &names, id, &shown);
    let waits = head.state == MatterState::Registered.code();
    let page = LikePage {
        chrome: visit.chrome_of(&names, "board", &head.number).await?,
        back_href: format!("/matters/{id}"),
        pairs: found.pairs.into_iter().map(|pair| one(&visit, &names, id, pair, waits)).collect(),
        matter: head,
    };
    Ok(html(visit.site.page(visit.language, &page)?))
}

fn one(visit: &Visit, names: &Names, id: MatterId, pair: LikePair, waits: bool) -> LikeView {
    let link = (waits && pair.open).then(|| LinkRepeatForm {
        form: Draft::new(visit, &[]).command(format!("/matters/{id}/link-repeat"), None),
        earlier_number: Field::of(&pair.number),
        reason: Field::default(),
    });
    let person = match pair.common_petitioner {
        Some(true) => "same",
        Some(false) => "different",
        None => "unknown",
    };
    LikeView {
        href: format!("/matters/{}", pair.matter_id),
        likeness: pair.likeness,
        person: person.to_owned(),
        open: pair.open,
        compared: pair.compared.iter().map(|c| compared(names, c)).collect(),
        passages: pair.passages.into_iter().map(|p| Passage { here: p.here, there: p.there }).collect(),
        number: pair.number,
        link,
    }
}

fn compared(names: &Names, c: &LikeCompared) -> Compared {
    let named = |code: &str| match c.what.as_str() {
        "place" => code.parse().map_or_else(|_| code.to_owned(), |region| names.region(&region)),
        "agency" if !code.is_empty() => names.holder(code),
        _ => code.to_owned(),
    };
    Compared { what: c.what.clone(), here: named(&c.here), there: named(&c.there), same: c.same }
}
