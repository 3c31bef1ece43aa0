//! A register, a catalogue and matters to begin with. Fictional, region 990100.

use calendar::Law;
use std::collections::BTreeMap;

use calendar::{Calendar, Profile, RuleId};
use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, AssignmentState, Channel, Level, MatterState, Purpose, Route},
    routing::commands::{HandOver, Screen},
};
use kernel::{AgencyCode, AssignmentId, MatterId, UnixMillis};
use routing::domain::{
    agency::{Agency, Competence, Register},
    catalogue::{Catalogue, Category},
    matter::{Assignment, Claim, Matter, OFFICE, Summary},
};

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("date")
}

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("code")
}

pub fn matter_id(n: u128) -> MatterId {
    MatterId::from_parts(UnixMillis(1_785_718_800_000), n)
}

pub fn assignment_id(n: u128) -> AssignmentId {
    AssignmentId::from_parts(UnixMillis(1_785_718_800_000), n)
}

pub fn law() -> Law {
    Law { profile: Profile::national().expect("national"), calendar: Calendar::shipped() }
}

pub fn agency(name: &str, superior: Option<&str>, region: &str, categories: &[&str]) -> Agency {
    Agency {
        code: code(name),
        name_zh: format!("云岭市{name}"),
        name_en: name.to_owned(),
        level: if region.ends_with("00") { Level::City } else { Level::County },
        region: region.parse().expect("region"),
        superior: superior.map(code),
        line: "government".to_owned(),
        doc_prefix: "云".to_owned(),
        review_unit: "云岭市人民政府".to_owned(),
        site: "hosted".to_owned(),
        computer: true,
        valid_from: day("2024-01-01"),
        valid_to: None,
        competence: vec![Competence {
            region: region.parse().expect("region"),
            categories: categories.iter().map(|c| (*c).to_owned()).collect(),
        }],
        telephone: "0990-8800100".to_owned(),
        email: String::new(),
        ending: None,
    }
}

pub fn agencies() -> Vec<Agency> {
    let mut ended = agency("jiuju", None, "990100", &[]);
    ended.valid_to = Some(day("2025-12-31"));
    vec![
        agency("shifu", None, "990100", &["other"]),
        agency("renshe", Some("shifu"), "990100", &["labour"]),
        agency("jiwei", None, "990100", &["discipline"]),
        agency("qingyan", Some("shifu"), "990102", &["rural"]),
        agency("huaiqiao", Some("qingyan"), "990102", &[]),
        ended,
    ]
}

pub fn register() -> Register {
    Register::new(agencies())
}

pub fn catalogue() -> Catalogue {
    let category = Category {
        code: "labour.wages".to_owned(),
        parent: Some("labour".to_owned()),
        name_zh: "工资报酬".to_owned(),
        name_en: "Wages".to_owned(),
        usual_level: Some(Level::City),
        route: Some(Route::R6),
        service_request: false,
        keywords: vec![("拖欠工资".to_owned(), 8)],
    };
    let noise = Category {
        code: "urban.noise".to_owned(),
        parent: Some("urban".to_owned()),
        name_zh: "噪音扰民".to_owned(),
        name_en: "Noise".to_owned(),
        usual_level: None,
        keywords: vec![("噪音".to_owned(), 8)],
        ..category
    };
    Catalogue { version: "test".to_owned(), valid_from: None, categories: vec![category, noise] }
}

pub fn matter() -> Matter {
    Matter {
        id: matter_id(1),
        version: 0,
        state: MatterState::Registered,
        purpose: Purpose::Claim,
        category: None,
        route: None,
        restricted: false,
        facts_known: true,
        place_region: Some("990102".parse().expect("region")),
        received_on: day("2026-08-03"),
        t01: law().due(RuleId::T01, day("2026-08-03")).expect("T01"),
        summary: Summary {
            number: Some("XF990100-260803-0001".to_owned()),
            channel: Some(Channel::Letter),
            heads: 1,
            joint: false,
            anonymous: false,
            identity_withheld: false,
            content_id: None,
            content_hash: None,
        },
        claims: (1..=2).map(|no| Claim { no, holder: OFFICE.to_owned(), outcome: None }).collect(),
        assignments: Vec::new(),
        accused: Vec::new(),
        categories: Vec::new(),
        agencies: Vec::new(),
        bounces: 0,
        dispute: None,
    }
}

pub fn screened() -> Matter {
    Matter {
        state: MatterState::Screened,
        category: Some("labour.wages".to_owned()),
        route: Some(Route::R6),
        ..matter()
    }
}

/// A matter that lies with `renshe`, in a state of its assignment.
pub fn held(state: AssignmentState) -> Matter {
    let mut matter = screened();
    matter.state = MatterState::Forwarded;
    matter.claims.iter_mut().for_each(|c| c.holder = "renshe".to_owned());
    matter.assignments.push(Assignment {
        id: assignment_id(7),
        no: 1,
        agency: code("renshe"),
        mode: AssignmentMode::Forward,
        state,
        document_number: "信转〔2026〕1号".to_owned(),
        legal_ground: "Art. 22(1)".to_owned(),
        sent_on: day("2026-08-04"),
        limit_on: None,
        dispatch_seq: 1,
        days: BTreeMap::new(),
        stated: BTreeMap::new(),
        dues: Vec::new(),
        papers: Vec::new(),
        close_code: None,
        binding: false,
        override_reason: None,
        objections: Vec::new(),
        role: AssignmentRole::Lead,
        share: None,
    });
    matter
}

pub fn forward_to(agency: &str) -> HandOver {
    HandOver {
        agency: code(agency),
        mode: AssignmentMode::Forward,
        limit_on: None,
        override_reason: None,
        co: Vec::new(),
    }
}

pub fn screen_command(version: i64) -> Screen {
    Screen {
        matter_id: matter_id(1),
        expected_version: version,
        purpose: Purpose::Claim,
        category: Some("labour.wages".to_owned()),
        route: Some(Route::R6),
        level: Level::City,
        hand_over: None,
        seen: None,
    }
}
