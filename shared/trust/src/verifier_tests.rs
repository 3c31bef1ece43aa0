//! Tests of signed actors: who may speak for whom, the edges of time, forged tokens, the memory.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use kernel::{Actor, IdMint, ManualClock, Role};

use super::*;
use crate::{ActorSigner, DEFAULT_LIFETIME_MS, Secret32};

const NOW: UnixMillis = UnixMillis(1_785_686_400_000);

fn code(text: &str) -> AgencyCode {
    text.parse().expect("code")
}

fn actor(place: Place) -> Actor {
    let mint = IdMint::seeded(Arc::new(ManualClock::at(NOW)), 3);
    Actor { user: mint.mint(), place, roles: vec![Role::Handler, Role::AgencyHead] }
}

fn signer(seed: u8, issuer: Place) -> ActorSigner {
    ActorSigner::new(&Secret32::from([seed; 32]), issuer)
}

fn office() -> ActorSigner {
    signer(1, Place::Office)
}

fn site() -> ActorSigner {
    signer(2, Place::Agency(code("renshe")))
}

fn suite() -> ActorSigner {
    signer(3, Place::Suite)
}

fn issuers() -> Vec<TrustedIssuer> {
    vec![
        TrustedIssuer {
            key: office().public_key(),
            scope: IssuerScope::Office { hosted: BTreeSet::from([code("jiaotong")]) },
        },
        TrustedIssuer { key: site().public_key(), scope: IssuerScope::Agency(code("renshe")) },
        TrustedIssuer { key: suite().public_key(), scope: IssuerScope::Suite },
    ]
}

fn verifier() -> ActorVerifier {
    ActorVerifier::new(issuers())
}

#[test]
fn a_token_states_its_actor() {
    let who = actor(Place::Office);
    let token = office().sign(&who, Some("reveal_contact"), NOW).expect("sign");
    let claims = verifier().verify(token.expose(), NOW).expect("verify");
    assert_eq!((&claims.actor, &claims.issuer), (&who, &Place::Office));
    assert_eq!(claims.purpose.as_deref(), Some("reveal_contact"));
    assert_eq!(claims.expires_at, NOW.plus_ms(DEFAULT_LIFETIME_MS));
}

/// The format is frozen; this token was signed in Python (PyNaCl) from the doc comments.
#[test]
fn the_first_format_is_read_for_ever() {
    let claims = verifier().verify(PYTHON, NOW).expect("verify");
    assert_eq!(claims.actor.user.to_string(), "us_01j4aaaaaaaaaaaaaaaaaaaaaa");
    assert_eq!(
        (&claims.actor.place, claims.actor.roles.as_slice()),
        (&Place::Office, &[Role::Registrar][..])
    );
    assert_eq!((claims.issued_at, claims.expires_at), (NOW, NOW.plus_ms(DEFAULT_LIFETIME_MS)));
    assert_eq!(claims.purpose.as_deref(), Some("reveal_contact"));
}

const PYTHON: &str = "v1.eyJraWQiOiJlNDM0YzJjNzU5MmNjZTI1IiwiaXNzIjp7ImF0Ijoib2ZmaWNlIn0sImFjdCI6eyJ1c2VyIjoidXNfMDFqN\
    GFhYWFhYWFhYWFhYWFhYWFhYWFhYWEiLCJwbGFjZSI6eyJhdCI6Im9mZmljZSJ9LCJyb2xlcyI6WyJyZWdpc3RyYXIiXX0sI\
    mlhdCI6MTc4NTY4NjQwMDAwMCwiZXhwIjoxNzg1Njg2NTIwMDAwLCJwdXIiOiJyZXZlYWxfY29udGFjdCJ9.cB7KIYlZkJ3T\
    gxqBTbofTW14p5LAOpPrKhY6kzIVfjJrxZ6eXNN5SDO7JO-L-yytj5hrsEx0zFKSc7W25YSJAg";

#[test]
fn each_issuer_speaks_for_its_places_only() {
    let places = [
        Place::Office,
        Place::Portal,
        Place::Suite,
        Place::Agency(code("jiaotong")),
        Place::Agency(code("renshe")),
        Place::Agency(code("other")),
    ];
    let may = [
        (office(), [true, true, false, true, false, false]),
        (site(), [false, false, false, false, true, false]),
        (suite(), [false, false, true, false, false, false]),
    ];
    for (signer, row) in may {
        for (place, good) in places.iter().zip(row) {
            let token = signer.sign(&actor(place.clone()), None, NOW).expect("sign");
            let outcome = verifier().verify(token.expose(), NOW);
            assert_eq!(outcome.is_ok(), good, "{signer:?} for {place:?}: {outcome:?}");
            assert!(good || matches!(outcome, Err(TokenError::PlaceForbidden { .. })));
        }
    }
}

#[test]
fn an_issuer_cannot_pass_for_another() {
    // The site's key, claiming to be the office's console; and the office's, claiming to be the site.
    let (as_office, as_site) = (signer(2, Place::Office), signer(1, Place::Agency(code("renshe"))));
    for (signer, place) in [(as_office, Place::Agency(code("renshe"))), (as_site, Place::Office)] {
        let token = signer.sign(&actor(place), None, NOW).expect("sign");
        let error = verifier().verify(token.expose(), NOW).expect_err("passed for another");
        assert!(matches!(error, TokenError::PlaceForbidden { .. }), "{error}");
    }
}

#[test]
fn time_counts_to_the_millisecond_and_skew_is_tolerated() {
    let token = office().sign(&actor(Place::Office), None, NOW).expect("sign");
    let verifier = verifier();
    let verify = |at: UnixMillis| verifier.verify(token.expose(), at).map(|_| ());
    let end = NOW.plus_ms(DEFAULT_LIFETIME_MS);
    assert_eq!(verify(NOW.plus_ms(-DEFAULT_SKEW_MS)), Ok(()));
    assert_eq!(verify(NOW.plus_ms(-DEFAULT_SKEW_MS - 1)), Err(TokenError::NotYet(NOW)));
    assert_eq!(verify(end.plus_ms(DEFAULT_SKEW_MS - 1)), Ok(()));
    // From the memory too: what was good a moment ago is refused when its time is over.
    assert_eq!(verify(end.plus_ms(DEFAULT_SKEW_MS)), Err(TokenError::Expired(end)));
}

#[test]
fn an_unknown_key_is_named() {
    let stranger = signer(9, Place::Office);
    let token = stranger.sign(&actor(Place::Office), None, NOW).expect("sign");
    let error = verifier().verify(token.expose(), NOW).expect_err("stranger");
    assert_eq!(error, TokenError::UnknownKey(stranger.public_key().id()));
}

#[test]
fn every_changed_letter_is_seen() {
    let token = office().sign(&actor(Place::Office), None, NOW).expect("sign");
    let verifier = verifier();
    for at in 0..token.expose().len() {
        for letter in [b'A', b'b', b'.', b'_'] {
            let mut bent = token.expose().to_owned().into_bytes();
            if bent[at] == letter {
                continue;
            }
            bent[at] = letter;
            let bent = String::from_utf8(bent).expect("ascii");
            assert!(verifier.verify(&bent, NOW).is_err(), "{at}");
        }
        assert!(verifier.verify(&token.expose()[..at], NOW).is_err(), "cut {at}");
    }
}

/// Signs any payload with the office's key, as a faulty console might.
fn forge(prefix: &str, payload: &str) -> String {
    let head = format!("v1.{}", BASE64_URL_SAFE_NO_PAD.encode(payload));
    let signature = SigningKey::from_bytes(&[1; 32]).sign(format!("{prefix}{head}").as_bytes());
    format!("{head}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn payload(life_ms: i64, more: &str) -> String {
    let who = serde_json::to_string(&actor(Place::Office)).expect("json");
    format!(
        r#"{{"kid":"{}","iss":{{"at":"office"}},"act":{who},"iat":{},"exp":{}{more}}}"#,
        office().public_key().id(),
        NOW.0,
        NOW.0 + life_ms
    )
}

#[test]
fn prefix_lifetime_and_unknown_fields_are_checked() {
    const PREFIX: &str = "lianxi actor token\n";
    let verify = |token: String| verifier().verify(&token, NOW).map(|_| ());
    assert_eq!(verify(forge(PREFIX, &payload(MAX_LIFETIME_MS, ""))), Ok(()));
    assert_eq!(
        verify(forge(PREFIX, &payload(MAX_LIFETIME_MS + 1, ""))),
        Err(TokenError::LivesTooLong(MAX_LIFETIME_MS))
    );
    assert_eq!(verify(forge("", &payload(1000, ""))), Err(TokenError::BadSignature));
    assert_eq!(verify(forge(PREFIX, &payload(1000, r#","only":"x""#))), Err(TokenError::Malformed));
    assert_eq!(verify(forge(PREFIX, "{}")), Err(TokenError::Malformed));
    assert_eq!(verify("v1..".into()), Err(TokenError::Malformed));
    assert_eq!(verify("x".repeat(MAX_TOKEN_BYTES + 1)), Err(TokenError::TooLong));
}

#[test]
fn a_key_that_is_no_longer_trusted_is_refused_at_once() {
    let token = site().sign(&actor(Place::Agency(code("renshe"))), None, NOW).expect("sign");
    let verifier = verifier();
    verifier.verify(token.expose(), NOW).expect("trusted");
    verifier.trust(issuers().into_iter().take(1));
    let error = verifier.verify(token.expose(), NOW).expect_err("no longer");
    assert_eq!(error, TokenError::UnknownKey(site().public_key().id()));
}

#[test]
fn the_first_scope_of_a_key_counts() {
    let usurper = TrustedIssuer { key: office().public_key(), scope: IssuerScope::Agency(code("renshe")) };
    let verifier = ActorVerifier::new(issuers().into_iter().chain([usurper]));
    let token = office().sign(&actor(Place::Office), None, NOW).expect("sign");
    assert!(verifier.verify(token.expose(), NOW).is_ok());
}

#[test]
fn the_memory_is_bounded() {
    let (signer, verifier) = (office(), verifier());
    let claims = {
        let token = signer.sign(&actor(Place::Office), None, NOW).expect("sign");
        verifier.verify(token.expose(), NOW).expect("verify")
    };
    for n in 0..3 * REMEMBERED {
        verifier.recent.put(&n.to_string(), claims.clone());
    }
    assert!(verifier.recent.len() <= REMEMBERED);
}

#[test]
fn the_signer_uses_a_token_again_for_half_its_life() {
    let (signer, who) = (office(), actor(Place::Office));
    let token = |purpose, at| signer.token(&who, purpose, at).expect("token").into_exposed();
    let (first, half) = (token(None, NOW), NOW.plus_ms(DEFAULT_LIFETIME_MS / 2));
    assert_eq!(token(None, half.plus_ms(-1)), first);
    assert_ne!(token(Some("audit"), half.plus_ms(-1)), first);
    assert_ne!(token(None, half), first);
    // A clock set back must not hand out tokens of the future.
    assert_ne!(token(None, NOW.plus_ms(-1)), first);
    let mut fewer = who.clone();
    fewer.roles.pop();
    assert_ne!(signer.token(&fewer, None, NOW).expect("token").into_exposed(), first);
}

#[test]
fn purposes_are_bounded_and_the_largest_actor_fits() {
    let mut who = actor(Place::Agency(code("a234567890123456")));
    who.roles = Role::ALL.to_vec();
    assert!(office().sign(&who, Some(&"p".repeat(200)), NOW).is_ok());
    let error = office().sign(&who, Some(&"p".repeat(201)), NOW).expect_err("too long");
    assert_eq!(error, TokenError::PurposeTooLong(200));
}

#[test]
fn a_public_key_reads_back_and_weak_ones_are_refused() {
    let key = office().public_key();
    assert_eq!(key.to_string().parse(), Ok(key));
    let zero_point = format!("01{}", "00".repeat(31));
    for bad in ["", "00", zero_point.as_str()] {
        assert_eq!(bad.parse::<ActorPublicKey>(), Err(TokenError::BadPublicKey), "{bad}");
    }
}

#[test]
fn the_private_key_is_not_printed() {
    let shown = format!("{:?}", signer(0x5a, Place::Office));
    assert!(!shown.contains("5a5a") && !shown.contains("90, 90"), "{shown}");
}
