//! The matrix: every route with every role. A route without a row here fails.

use std::{collections::BTreeSet, sync::Arc};

use axum::{body::Body, http::StatusCode};
use console::{
    accounts::{self, NewAccount, PasswordBench},
    door::{self, Site},
    rights::{Right, roles_of},
};
use kernel::{Actor, Place, Role};

use crate::{
    browser::{Matter, Person, accepted, location, routing_view},
    facts::Teller,
    support::{PASSWORD, Rig},
};

/// Each route with the roles of the office and of an agency that may use it. `*` is everybody, also
/// without an account; `+` whoever is signed in.
const MATRIX: &[(&str, &str, &str, &str)] = include!("matrix.in");

fn expected(list: &str, role: Role) -> bool {
    list == "*" || list == "+" || list.split(' ').any(|code| code == role.code())
}

#[tokio::test]
async fn every_route_has_a_row_and_every_row_a_route() {
    let (rig, fresh) = Rig::fresh().await;
    let site = Arc::new(Site::try_new(&rig.deps).expect("site"));
    let made: BTreeSet<(&str, &str)> =
        door::routes(&site).table().iter().map(|r| (r.method, r.path)).collect();
    let listed: BTreeSet<(&str, &str)> = MATRIX.iter().map(|row| (row.0, row.1)).collect();
    let unlisted: Vec<_> = made.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&made).collect();
    assert!(
        unlisted.is_empty() && gone.is_empty(),
        "without a row: {unlisted:#?}\nwithout a route: {gone:#?}"
    );
    assert_eq!(made.len(), MATRIX.len(), "a row twice");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn every_role_passes_where_the_matrix_says_and_nowhere_else() {
    let (rig, fresh) = Rig::fresh().await;
    let bench = PasswordBench::new(rig.deps.mint.clone()).expect("bench");
    let agency = Place::Agency("renshe".parse().expect("code"));
    let mut people = Vec::new();
    for place in [Place::Office, agency] {
        for role in roles_of(&place) {
            let login = format!(
                "{}.{}",
                if place == Place::Office { "o" } else { "a" },
                role.code().replace('_', "-")
            );
            let (roles, password) = (vec![*role], PASSWORD.to_owned());
            let new = NewAccount {
                login: login.clone(),
                display: login.clone(),
                place: place.clone(),
                roles,
                password,
                must_change: false,
            };
            accounts::add_hashed(&rig.deps.db, &bench, new).await.expect("account");
            let signed = accounts::sign_in(&rig.deps.db, &bench, &login, PASSWORD).await.expect("signed in");
            people.push((place.clone(), *role, signed.token.expose().to_owned()));
        }
    }
    for (method, path, office, at_agency) in MATRIX {
        let address = address(path);
        let open = *office == "*";
        let outcome = passes(&rig, method, &address, None).await;
        assert_eq!(outcome, open, "{method} {path} without an account");
        // What ends or counts sessions and limits is not tried with everybody; the live inbox never ends.
        if open || *path == "/inbox/live" || *path == "/api/v1/sessions/current" || *path == "/logout" {
            continue;
        }
        for (place, role, token) in &people {
            let list = if *place == Place::Office { office } else { at_agency };
            let outcome = passes(&rig, method, &address, Some(token)).await;
            assert_eq!(outcome, expected(list, *role), "{method} {path} as {role} of {place:?}");
        }
    }
    fresh.discard().await.expect("discarded");
}

/// Whether the guard lets a caller through, whatever the handler then says.
async fn passes(rig: &Rig, method: &str, address: &str, token: Option<&str>) -> bool {
    let headers = [("content-type", "application/json")];
    let answer = rig.send(method, address, token, &headers, Body::from("{}")).await;
    let to_login = answer
        .headers
        .get("location")
        .is_some_and(|l| l.to_str().is_ok_and(|l| l.starts_with("/login?back=")));
    let code = serde_json::from_str::<serde_json::Value>(&answer.text).ok();
    let code = code.as_ref().and_then(|c| c["code"].as_str()).unwrap_or_default();
    let refused = match answer.status {
        StatusCode::UNAUTHORIZED => code == "not_signed_in",
        StatusCode::FORBIDDEN => code == "not_allowed",
        _ => to_login,
    };
    !refused
}

fn address(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "xf_01k1v7f5r00000000000000000" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_director_hands_over_and_assigns_like_a_screener() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, notice } = accepted(&rig, &mut teller).await;
    rig.scripts.on("routing.matter", move |_| {
        let mut view = routing_view(id, assignment, notice);
        (view["state"], view["assignments"]) = ("registered".into(), serde_json::json!([]));
        Ok(view)
    });
    let director = Person::office(&rig, Role::OfficeDirector).await;
    let page = director.sees(&format!("/matters/{id}")).await.replace("&#x2f;", "/");
    assert!(page.contains(&format!("/matters/{id}/screen")), "{page}");
    assert!(!page.contains("/link-repeat"), "a repeat is the screener's to tie");
    rig.scripts.on("routing.screen", move |got| {
        assert_eq!(got.body["hand_over"]["mode"], "assign");
        Ok(serde_json::json!({ "matter_id": id, "version": 1 }))
    });
    let fields = [
        ("purpose", "claim"),
        ("category", "labour.wages"),
        ("route", "R6"),
        ("level", "city"),
        ("mode", "assign"),
        ("agency", "renshe"),
        ("limit_on", "2026-09-01"),
    ];
    let answer = director.submit(&format!("/matters/{id}/screen"), &fields).await;
    assert_eq!(location(&answer), format!("/matters/{id}?notice=assigned"), "{}", answer.text);
    fresh.discard().await.expect("discarded");
}

#[test]
fn nobody_without_an_account_has_a_right_but_the_public_one() {
    for right in Right::ALL {
        assert_eq!(right.is_held_by(None), *right == Right::Public, "{right:?}");
        for place in [Place::Portal, Place::Suite] {
            let roles = Role::ALL.to_vec();
            let actor = Actor { user: kernel::IdMint::system().mint(), place, roles };
            assert_eq!(right.is_held_by(Some(&actor)), *right == Right::Public, "{right:?}");
        }
    }
}

#[test]
fn an_accusation_is_for_one_role_alone() {
    let holders: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| {
            let actor =
                Actor { user: kernel::IdMint::system().mint(), place: Place::Office, roles: vec![*role] };
            Right::Restricted.is_held_by(Some(&actor))
        })
        .collect();
    assert_eq!(holders, [Role::RestrictedOfficer]);
}
