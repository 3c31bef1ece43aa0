//! The 18 refusals of domain.md section 5: what the suite must not be able to do has no field, list, route,
//! column, error or sentence. Each test can fail: `detector` and the tests at the end plant what they look for.

mod detector;
mod surface;
mod words;

use std::{collections::BTreeSet, sync::LazyLock};

use detector::{Kind, Piece};

use crate::architecture::{files, root};

static SURFACE: LazyLock<Vec<Piece>> = LazyLock::new(surface::all);

/// No name and no text of the suite has a word of this refusal.
fn absent(number: usize) {
    let refusal = &words::ALL[number - 1];
    assert_eq!(refusal.number, number);
    let pieces: Vec<Piece> =
        SURFACE.iter().filter(|p| p.kind != Kind::Opinion || number == 8).cloned().collect();
    let found = detector::detect(&pieces, refusal);
    assert!(found.is_empty(), "refusal {number} of domain.md section 5:\n{}", found.join("\n"));
}

#[test]
fn r01_no_person_or_family_is_scored_labelled_or_listed() {
    absent(1);
}

#[test]
fn r02_nobody_is_watched_for_and_no_appearance_alarms() {
    absent(2);
}

#[test]
fn r03_no_tracking_and_no_join_with_other_registers() {
    absent(3);
}

#[test]
fn r04_nobody_is_predicted_minded_or_intercepted() {
    absent(4);
}

#[test]
fn r05_petitioning_costs_no_credit_and_no_benefit() {
    absent(5);
}

#[test]
fn r06_no_screen_counts_a_persons_petitions() {
    absent(6);
    // No command or query but the registration takes an identity, so none can gather what one person wrote.
    for command in surface::commands() {
        let asked = identity_fields(&surface::properties(&command.request));
        let lawful: &[&str] = match command.name {
            "intake.Register" | "intake.CheckRegistration" => &IDENTITY,
            // The desk's own telephone, told to the petitioner; the file's name.
            "agency.NotifyAcceptance" => &["telephone"],
            "intake.Attach" => &["name"],
            // Compared with the one submission that is named by its number: yes or no, and never a list.
            "intake.ReissueCode" => &["id_number"],
            // Of a unit's petition desk, in the public register: no person's.
            "routing.AddAgency" | "routing.ChangeAgency" => &["telephone", "email"],
            _ => &[],
        };
        assert!(asked.iter().all(|f| lawful.contains(&f.as_str())), "{} takes {asked:?}", command.name);
    }
}

/// What may be one matter: asked about one submission, five pairs at most, each by itself; nothing leads from a person
/// to them, and nothing says how many there are.
#[test]
fn r06_likeness_is_of_matters_and_nobody_is_counted() {
    let fields = |name: &str, reply: bool| {
        let command = surface::commands().into_iter().find(|c| c.name == name).expect("command");
        surface::properties(if reply { &command.reply } else { &command.request })
    };
    let set = |words: &str| words.split(' ').map(str::to_owned).collect::<BTreeSet<String>>();
    let pair = "submission_id pairs matter_id number open likeness passages compared what here there same common_petitioner";
    assert_eq!(fields("intake.LikeSubmissions", false), set("submission_id agency"));
    assert_eq!(fields("intake.LikeSubmissions", true), set(pair));
    assert_eq!(fields("intake.SameMatter", false), set("submissions submission_id agency"));
    assert_eq!(
        fields("intake.SameMatter", true),
        set("submission_id matter_id"),
        "no person is compared for it"
    );
    assert_eq!(suggest::repeats::PAIRS_AT_MOST, 5);
    // The blind indexes are compared within a named pair and looked up nowhere: no statement starts from one but the
    // desk's own question about one submission.
    for sql in intake::STATEMENTS.iter().map(|sql| sql.sqlite()).filter(|text| text.contains("id_index =")) {
        assert!(sql.contains("submission_id = $1"), "{sql}");
    }
}

#[test]
fn r07_nothing_marks_origin_belief_work_or_health() {
    absent(7);
    let identity =
        surface::commands().into_iter().find(|c| c.name == "intake.RevealIdentity").expect("command");
    let known: BTreeSet<String> = IDENTITY.iter().map(|f| (*f).to_owned()).collect();
    let mut fields = surface::properties(&identity.reply);
    fields.remove("petitioners");
    assert_eq!(
        fields, known,
        "a petitioner is a name, a number, a telephone and two addresses; nothing more"
    );
}

#[test]
fn r08_nothing_closes_or_pays_on_a_promise_to_stop() {
    absent(8);
    let close = contracts::codes::CloseCode::ALL.iter().map(|c| c.code()).collect::<Vec<_>>();
    assert_eq!(close, ["S", "P", "E", "U", "A", "R", "D", "T"], "ways to close: an answer, never a promise");
}

#[test]
fn r09_receiving_petitions_costs_an_agency_nothing() {
    absent(9);
}

#[test]
fn r10_petitioners_are_never_exposed() {
    absent(10);
    // What goes on the bus and what the public look-up answers has no identity.
    for event in contracts::registry::ALL {
        let fields = surface::properties((event.schema)().as_value());
        let mut found = identity_fields(&fields);
        // The mailbox of a unit's petition desk, in the public register: no person's.
        found.retain(|field| {
            let register = ["agency_listed", "agency_changed", "agency_ended"];
            let of_register = register.iter().any(|r| event.event_type == format!("lianxi.routing.{r}.v1"));
            !(of_register && field == "email")
        });
        assert!(found.is_empty(), "{} carries {found:?}", event.event_type);
    }
    let looked_up = surface::commands().into_iter().find(|c| c.name == "intake.LookUp").expect("command");
    assert!(identity_fields(&surface::properties(&looked_up.reply)).is_empty());
}

#[test]
fn r11_no_search_over_petitioners_names() {
    absent(11);
    // Names, numbers and telephones of petitioners lie in no column that can be read or searched.
    for (place, column) in surface::columns() {
        let name = column.split('.').nth(1).unwrap_or_default();
        let own = ["lease", "series", "meta"].iter().any(|t| column.starts_with(&format!("{t}.")));
        let petitioners = ["name", "id_number", "telephone", "address", "petitioner"].contains(&name);
        assert!(!petitioners || own || column.starts_with("agency."), "{place}: {column}");
    }
}

#[test]
fn r12_nobody_reads_emotion_into_a_letter() {
    absent(12);
}

#[test]
fn r13_no_bulk_export_with_identity() {
    absent(13);
    // Identities come back from two commands, each for one matter named, with a purpose that is logged.
    let gives = |c: &surface::CommandSchema| surface::properties(&c.reply).contains("id_number");
    let givers: Vec<_> = surface::commands().into_iter().filter(gives).collect();
    let names: Vec<_> = givers.iter().map(|c| c.name).collect();
    assert_eq!(names, ["intake.RevealIdentity", "agency.Open"]);
    for command in givers {
        let asked = surface::properties(&command.request);
        assert!(asked.contains("purpose"), "{} gives identities without a purpose", command.name);
        let one = ["submission_id", "assignment_id"].iter().any(|id| asked.contains(*id));
        assert!(one && !asked.contains("after") && !asked.contains("limit"), "{} gives lists", command.name);
    }
}

#[test]
fn r14_a_submission_is_never_deleted_or_edited() {
    absent(14);
    for file in files(&root().join("services/intake/src"), "rs") {
        let found = edits(&surface::read(&file));
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
    for dialect in ["sqlite", "postgres"] {
        let folder = root().join("services/intake/migrations").join(dialect);
        let text: String = files(&folder, "sql").iter().map(|f| surface::read(f)).collect();
        for table in ["submission_stays", "identity_stays"] {
            assert!(text.contains(table), "{dialect}: nothing forbids the database itself to edit ({table})");
        }
    }
    let deleted: Vec<_> = surface::routes().into_iter().filter(|(method, _)| method == "delete").collect();
    let own = |path: &str| path.contains("/sessions/") || path.contains("/keys/");
    assert!(deleted.iter().all(|(_, path)| own(path)), "{deleted:?}");
}

#[test]
fn r15_no_date_of_the_suites_own_can_be_stated() {
    absent(15);
    // The dates that a person states: those on the letter and of acts outside the suite, and limits ahead.
    let acts = ["written_on", "received_on", "accepted_on", "objected_on", "served_on"];
    // The post office's days are acts outside as well.
    let post = ["posted_on", "delivered_on", "returned_on"];
    // None of these lies before today: the day for replies, of a deferral, that an agency asks for.
    let ahead = ["limit_on", "due_on", "reply_by", "until_on", "asks_until"];
    let lawful = [&acts[..], &post[..], &ahead[..]].concat();
    for command in surface::commands() {
        let stated = surface::dates(&command.request);
        // From when to when a unit exists is decided outside the suite, by who sets units up (Art. 24).
        let more: &[&str] = match command.name {
            "routing.AddAgency" | "routing.ChangeAgency" => &["valid_from"],
            "routing.EndAgency" => &["last_on"],
            // The period that a count is asked for.
            "routing.ShowAgreement" => &["from", "to"],
            _ => &[],
        };
        let lawful = [&lawful[..], more].concat();
        let wrong: Vec<_> = stated.iter().filter(|d| !lawful.contains(&d.as_str())).collect();
        assert!(wrong.is_empty(), "{} lets its sender state {wrong:?}", command.name);
        let own = surface::properties(&command.request);
        for field in ["registered_at", "registered_on", "issued_on", "closed_on", "sent_on", "at", "now"] {
            assert!(!own.contains(field), "{} lets its sender state `{field}`", command.name);
        }
    }
}

#[test]
fn r16_no_machine_refuses_or_decides() {
    absent(16);
    let states: Vec<_> = contracts::codes::MatterState::ALL.iter().map(|s| s.code()).collect();
    assert!(states.iter().all(|s| !["refused", "rejected", "dismissed"].contains(s)), "{states:?}");
    // What runs by itself proposes and fetches; deciding is done by commands, and each has an actor.
    let sweeps = surface::read(&root().join("services/routing/src/sweeps.rs"));
    for fact in ["MatterScreened", "MatterForwarded", "MatterClosed", "AssignmentDispatch"] {
        assert!(!sweeps.contains(fact), "routing's sweeps publish {fact}");
    }
    // A breach proposes an order; a person issues it.
    let timers = surface::read(&root().join("services/supervision/src/sweeps.rs"));
    for fact in ["OrderIssued", "OrderDispatch", ".dispatch("] {
        assert!(!timers.contains(fact), "supervision's sweep issues orders: {fact}");
    }
}

#[test]
fn r17_no_hidden_filter_of_channels_or_words() {
    absent(17);
}

#[test]
fn r18_no_evidence_on_conduct_is_collected() {
    absent(18);
}

/// The fields of a petitioner.
const IDENTITY: [&str; 6] = ["name", "id_kind", "id_number", "telephone", "address", "email"];

fn identity_fields(fields: &BTreeSet<String>) -> Vec<String> {
    fields.iter().filter(|f| IDENTITY.contains(&f.as_str())).cloned().collect()
}

/// Statements of a source that would edit or delete a submission or an identity; a key may be wrapped anew.
fn edits(source: &str) -> Vec<String> {
    let plain = source.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join(" ");
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let mut found = Vec::new();
    for window in words.windows(4) {
        let [one, two, three, four] = window else { continue };
        let ours = |t: &str| ["submission", "identity"].contains(&t);
        let deletes = *one == "DELETE" && *two == "FROM" && ours(three);
        let edits = *one == "UPDATE" && ours(two) && *three == "SET" && *four != "data_key";
        if deletes || edits {
            found.push(window.join(" "));
        }
    }
    found
}

mod can_fail {
    use super::*;

    #[test]
    fn every_refusal_finds_each_of_its_words() {
        for refusal in &words::ALL {
            for word in refusal.names {
                let planted = [Piece::new(Kind::Column, "planted", format!("petitioner.{word}"))];
                assert!(!detector::detect(&planted, refusal).is_empty(), "{word}");
            }
            for word in refusal.zh.iter().chain(refusal.en) {
                let planted = [Piece::new(Kind::Text, "planted", format!("请 {word} 。"))];
                assert!(!detector::detect(&planted, refusal).is_empty(), "{word}");
            }
        }
    }

    #[test]
    fn the_surface_is_all_there() {
        let named: BTreeSet<String> = surface::commands().iter().map(|c| c.name.to_owned()).collect();
        assert_eq!(named, surface::commands_in_sources(), "a command is missing in `surface::commands`");
        for (kind, least) in [
            (Kind::Field, 300),
            (Kind::Column, 150),
            (Kind::Route, 25),
            (Kind::ErrorCode, 60),
            (Kind::SampleField, 100),
            (Kind::Text, 300),
        ] {
            let n = SURFACE.iter().filter(|p| p.kind == kind).count();
            assert!(n >= least, "{kind:?}: only {n}");
        }
    }

    #[test]
    fn planted_columns_routes_fields_and_statements_are_seen() {
        let sql = "CREATE TABLE person (\n  id TEXT PRIMARY KEY, -- comment\n  risk_score INTEGER,\n  CHECK (id > 0)\n);\nALTER TABLE board ADD COLUMN emotion TEXT;";
        assert_eq!(surface::columns_of(sql), ["person.id", "person.risk_score", "board.emotion"]);
        let source = "x.get(\"/api/v1/people/{id}\", Right::Board, f).post(\n  \"/watch_list\", r, g)";
        let paths: Vec<_> = surface::routes_of(source).into_iter().map(|(_, p)| p).collect();
        assert_eq!(paths, ["/api/v1/people/{id}", "/watch_list"]);
        let schema = serde_json::json!({"properties": {"a": {"$ref": "#/$defs/B"}}, "$defs": {"B": {"properties": {"id_number": {"type": "string"}, "registered_on": {"format": "date"}}}}});
        assert!(surface::properties(&schema).contains("id_number"));
        assert!(surface::dates(&schema).contains("registered_on"));
        assert_eq!(edits("\"UPDATE submission SET title = $1\", \"DELETE FROM identity WHERE id\"").len(), 2);
        assert!(edits("UPDATE submission SET data_key = $1 WHERE id").is_empty());
    }
}
