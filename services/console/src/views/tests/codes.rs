//! Each code word that a view may carry has its text, in both languages, and both have the same keys.

use std::{collections::BTreeSet, fs, path::Path};

use kernel::Role;

use crate::views::{TEMPLATES, TEXTS, assets, texts};

/// Prefix of the texts and the code words that follow it.
const WORDS: &[(&str, &str)] = &[
    ("meeting-kind-", "plenary working coordination case"),
    ("meeting-state-", "called called_off held minutes_fixed"),
    ("agenda-kind-", "competence coordination"),
    (
        "agenda-state-",
        "proposed screened scheduled discussed resolved deferred returned reported_up withdrawn",
    ),
    ("agenda-outcome-", "resolved deferred returned reported_up"),
    ("invitation-reply-", "accepted declined tentative"),
    ("reply-reason-", "other_meeting out_of_office not_our_matter other"),
    ("attendance-", "present substitute absent"),
    ("call-off-", "too_few settled merged emergency other"),
    ("resolution-state-", "adopted binding set_aside void"),
    ("resolution-role-", "lead assist"),
    ("resolution-task-", "issued received reported sent_back done withdrawn"),
    ("task-checker-", "director supervisor screener"),
    ("tab-", "agenda meetings resolution_tasks"),
    ("invite-", "none required optional"),
    ("minutes-", "present substitute absent"),
    ("document-", "meeting_notice minutes task_order"),
    (
        "state-",
        "registered screened forwarded assigned objected disputed returned handling extended opinion_issued \
        served closed attached",
    ),
    (
        "assignment-state-",
        "sent delivered signed accepted opinion_issued served closed recalled objected returned answered",
    ),
    ("purpose-", "suggestion accusation appeal claim inquiry other"),
    ("purpose-hint-", "suggestion accusation appeal claim inquiry other"),
    (
        "channel-",
        "letter visit web mobile wechat phone hotline fax leader_mailbox web_suggestion \
        superior_forwarded superior_assigned discipline_transfer congress_transfer cppcc_transfer \
        media_transfer proxy reception outreach",
    ),
    ("petitioner-kind-", "citizen legal_person other_org"),
    ("id-kind-", "citizen_id uscc passport other"),
    ("route-", "R1 R2 R3 R4 R5 R6"),
    ("level-", "city county township"),
    ("agency-", "computer computer-no"),
    ("agency-site-", "hosted own"),
    ("agency-life-", "now later ending ended"),
    ("agency-end-", "abolished merged split"),
    ("this-", "office"),
    ("mode-", "forward assign later"),
    ("mode-hint-", "forward assign later"),
    ("outcome-", "supported reasonable_no_basis not_supported"),
    ("close-", "S P E U A R D T"),
    ("service-way-", "in_person mail electronic left notice entrusted"),
    ("part-", "text contact attachment"),
    ("read-purpose-", "screening handling contacting serving auditing notice"),
    ("unit-", "notification"),
    ("notices-tab-", "to_print printed sent mail problems restricted ordinary"),
    ("notice-kind-", "receipt attached forwarded accepted extended answered"),
    ("notice-channel-", "letter mail inbox on_the_spot"),
    ("notice-state-", "queued sending unknown printed sent delivered unreachable withdrawn"),
    ("notice-trouble-", "anonymous no_contact refused tried_enough returned"),
    ("recall-reason-", "wrong_agency wrong_category duplicate agency_ended other"),
    ("ruling-", "upheld rejected disputed of-office"),
    (
        "ruling-reason-",
        "not_competent competent_elsewhere duties_moved within_duties not_substantiated first_receiver repeated \
        other",
    ),
    ("objection-", "uphold reject hint-uphold hint-reject do-uphold do-reject late-barred"),
    ("reason-", "keyword region category_line level purpose learned outside off_line"),
    ("claim-state-", "open answered closed"),
    (
        "flag-",
        "joint urgent repeat multi_agency recalled deemed anonymous withheld restricted late on_behalf \
        objected",
    ),
    (
        "document-",
        "receipt forwarding_letter assignment_letter acceptance_notice opinion service_record report paper \
        objection extension_notice position task_report co_letter co_part",
    ),
    (
        "cause-",
        "acceptance_rules_breached handling_rules_breached shirking delay falsification \
        opinion_not_executed result_not_fed_back",
    ),
    ("co-state-", "awaited answered released"),
    (
        "co-released-",
        "not_needed not_competent overdue other objection_upheld lead_ended opinion_signed matter_closed",
    ),
    ("co-task-", "facts opinion records measures"),
    ("owed-", "acceptance_notice opinion report execution explanation co_part"),
    ("order-state-", "draft issued acknowledged replied sent_back closed dropped"),
    ("verdict-", "accept send_back"),
    ("send-back-", "not_answered no_proof no_date not_done untrue"),
    ("duty-state-", "running met breached cancelled lapsed"),
    ("step-", "registered screened sent delivered signed accepted answered served closed co_answered"),
    ("step-state-", "done current ahead skipped"),
    (
        "step-form-",
        "sign notify_acceptance object extend issue_opinion record_service close answer_co draft_part",
    ),
    ("step-hint-", "sign notify_acceptance object extend issue_opinion record_service close answer_co"),
    (
        "step-do-",
        "sign notify_acceptance object extend issue_opinion record_service close answer_co draft_part",
    ),
    (
        "event-",
        "submission_registered submission_linked content_opened matter_proposed matter_screened \
        matter_forwarded assignment_recalled assignment_delivered assignment_signed acceptance_notified \
        opinion_issued opinion_served matter_closed return_set_aside acceptance_deemed duty_warned \
        duty_breached order_issued order_acknowledged order_replied order_closed order_sent_back \
        assignment_objected objection_decided dispute_raised competence_decided handling_extended \
        notice_sent notice_delivered notice_failed query_code_reissued \
        item_proposed item_settled resolution_adopted resolution_set_aside task_issued task_received \
        task_reported task_checked task_overdue co_assigned co_answered co_released",
    ),
    (
        "milestone-",
        "registered screened forwarded assigned helped delivered accepted extended opinion served closed notice_sent \
        notice_delivered notice_failed code_reissued",
    ),
    ("next-step-", "screen notify answer serve review close"),
    ("rule-", "T01 T01a T02 T03 T04 T05 T06 T07 T08 T09 T10 T11 T12 T13 T14 T15 T16 T17 T18 T19 T20 T21"),
    ("duty-", "office agency petitioner"),
    ("unit-", "N W"),
    ("bucket-", "overdue today three_days week later none"),
    ("start-", "received delivered accepted assigned served"),
    ("working-state-", "running met met_late missed ended"),
    ("working-rest-", "N W"),
    (
        "tab-",
        "mine to_screen to_send to_sign at_agency handling answered to_accept to_answer to_serve to_close \
        contested objected open done closed all duties orders co_answered",
    ),
    ("sort-", "due received updated"),
    (
        "action-",
        "screen forward recall on_behalf link_repeat print_receipt print_letter rule_objection decide_competence \
        co on_behalf_co on_behalf_order like",
    ),
    ("extended-", "until"),
    ("sealed-", "text contact text-why contact-why open-text open-contact"),
    ("lamp-", "green yellow red"),
    ("nav-", "board supervision register restricted tasks users status portal_lookup portal_register"),
    ("place-kind-", "office agency portal"),
    (
        "notice-",
        "registered screened forwarded assigned recalled linked accused_named signed accepted \
        opinion_issued served closed on_behalf_recorded on_its_way user_added user_changed password_changed \
        requeued signed_out notices_changed order_issued order_judged order_answered objected objection_upheld \
        objection_rejected competence_decided extended co_added co_released co_answered co_drafted \
        meeting_called meeting_changed item_changed task_checked invitation_answered task_answered",
    ),
    ("health-", "ok attention down"),
    (
        "alarm-",
        "service_down bus_away outbox_stuck consumer_stuck stream_full dead_letters \
        calendar_year_missing chain_broken",
    ),
    (
        "alarm-next-",
        "service_down bus_away outbox_stuck consumer_stuck stream_full dead_letters \
        calendar_year_missing chain_broken",
    ),
    (
        "problem-",
        "invalid unauthenticated forbidden not_found conflict not_here_yet too_large too_many \
        unavailable internal",
    ),
    (
        "problem-next-",
        "invalid unauthenticated forbidden not_found conflict not_here_yet too_large too_many \
        unavailable internal",
    ),
    ("acts-", "sender petitioner office agency administrator operator"),
    ("warning-", "id_check_digit credit_code_check_digit telephone_shape written_long_ago"),
    ("task-head-", "signs"),
    (
        "right-",
        "public signed_in register board matter content identity paper route rule \
        duties urge agenda meetings prepare confer check link_repeat notices letters inbox restricted tasks task_counts on_behalf users status open311 webhooks \
        agencies keep_agencies",
    ),
    // Asked for by the face of Open311 (`src/open311`).
    ("nav-", "webhooks"),
    ("notice-", "webhook_changed agency_kept reassigned"),
    ("announcement-", "pending delivered dead"),
    ("attempt-", "open delivered refused gone unreachable timed_out forbidden_target bad_certificate"),
    (
        "webhook-type-",
        "assignment_dispatched recall_dispatched ruling_dispatched co_answer_dispatched co_change_dispatched \
        order_dispatched verdict_dispatched meeting_dispatched cancellation_dispatched minutes_dispatched \
        task_dispatched task_verdict_dispatched",
    ),
    ("nav-", "suggestions"),
    ("right-", "suggestions"),
    ("notice-", "learning_asked suggestions_switched"),
    ("suggestion-kind-", "category agency"),
    ("suggestion-state-", "learned rules off damaged"),
    ("suggestion-means-", "learned rules off damaged"),
    ("suggestion-do-", "off on back"),
    ("learning-end-", "taken kept too_few failed"),
    ("open311-", "notice place region withhold_identity yes"),
    ("like-", "place agency day same different unknown"),
];

/// Texts that a macro asks for by a number.
fn of_the_calendar() -> impl Iterator<Item = String> {
    (1..=12).map(|m| format!("month-{m}")).chain((0..7).map(|d| format!("weekday-{d}")))
}

#[test]
fn every_code_word_has_its_text() {
    let texts = texts().expect("texts");
    for (prefix, words) in WORDS {
        for word in words.split_whitespace() {
            assert!(texts.has(&format!("{prefix}{word}")), "{prefix}{word}");
        }
    }
    for role in Role::ALL {
        assert!(texts.has(&format!("role-{role}")) && texts.has(&format!("role-hint-{role}")), "{role}");
    }
}

#[test]
fn every_code_of_the_contracts_has_its_text() {
    use contracts::codes as c;
    let texts = texts().expect("texts");
    let mut lacking = Vec::new();
    let mut want = |prefix: &str, codes: Vec<&'static str>| {
        let keys = codes.into_iter().map(|code| format!("{prefix}{code}"));
        lacking.extend(keys.filter(|key| !texts.has(key)));
    };
    want("announcement-", c::AnnouncementState::ALL.iter().map(|v| v.code()).collect());
    want("attempt-", c::AnnouncementOutcome::ALL.iter().map(|v| v.code()).collect());
    let dispatches =
        contracts::registry::ALL.iter().filter(|event| event.kind == contracts::MessageKind::Dispatch);
    want("webhook-type-", dispatches.map(|event| contracts::type_token(event.event_type)).collect());
    want("channel-", c::Channel::ALL.iter().map(|v| v.code()).collect());
    want("purpose-", c::Purpose::ALL.iter().map(|v| v.code()).collect());
    want("petitioner-kind-", c::PetitionerKind::ALL.iter().map(|v| v.code()).collect());
    want("id-kind-", c::IdKind::ALL.iter().map(|v| v.code()).collect());
    want("route-", c::Route::ALL.iter().map(|v| v.code()).collect());
    want("level-", c::Level::ALL.iter().map(|v| v.code()).collect());
    want("state-", c::MatterState::ALL.iter().map(|v| v.code()).collect());
    want("assignment-state-", c::AssignmentState::ALL.iter().map(|v| v.code()).collect());
    want("mode-", c::AssignmentMode::ALL.iter().map(|v| v.code()).collect());
    want("outcome-", c::Outcome::ALL.iter().map(|v| v.code()).collect());
    want("close-", c::CloseCode::ALL.iter().map(|v| v.code()).collect());
    want("service-way-", c::ServiceWay::ALL.iter().map(|v| v.code()).collect());
    want("cause-", c::OrderCause::ALL.iter().map(|v| v.code()).collect());
    want("co-state-", c::CoState::ALL.iter().map(|v| v.code()).collect());
    want("co-released-", c::CoReleaseReason::ALL.iter().map(|v| v.code()).collect());
    want("co-task-", c::CoTask::ALL.iter().map(|v| v.code()).collect());
    want("role-", c::AssignmentRole::ALL.iter().map(|v| v.code()).collect());
    want("owed-", c::OrderOwed::ALL.iter().map(|v| v.code()).collect());
    want("order-state-", c::OrderState::ALL.iter().map(|v| v.code()).collect());
    want("verdict-", c::OrderVerdict::ALL.iter().map(|v| v.code()).collect());
    want("send-back-", c::SendBackReason::ALL.iter().map(|v| v.code()).collect());
    want("duty-state-", c::DutyState::ALL.iter().map(|v| v.code()).collect());
    want("notice-channel-", c::NoticeChannel::ALL.iter().map(|v| v.code()).collect());
    want("notice-state-", c::NoticeState::ALL.iter().map(|v| v.code()).collect());
    want("notice-trouble-", c::NoticeTrouble::ALL.iter().map(|v| v.code()).collect());
    want("part-", c::ContentPart::ALL.iter().map(|v| v.code()).collect());
    want("suggestion-kind-", c::SuggestionKind::ALL.iter().map(|v| v.code()).collect());
    want("learning-end-", c::LearningEnd::ALL.iter().map(|v| v.code()).collect());
    want("read-purpose-", c::OpenPurpose::ALL.iter().map(|v| v.code()).collect());
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn both_languages_have_the_same_texts_and_arguments() {
    texts().expect("texts").assert_complete();
}

#[test]
fn every_text_is_used_by_a_template_or_is_a_code_word() {
    let of_words: BTreeSet<String> = WORDS
        .iter()
        .flat_map(|(prefix, words)| words.split_whitespace().map(move |word| format!("{prefix}{word}")))
        .chain(Role::ALL.iter().flat_map(|role| [format!("role-{role}"), format!("role-hint-{role}")]))
        .chain(of_the_calendar())
        .collect();
    let texts = texts().expect("texts");
    let asked = |key: &str| TEMPLATES.iter().any(|(_, source)| source.contains(&format!("'{key}'")));
    let idle: Vec<&str> =
        texts.keys().into_iter().filter(|key| !of_words.contains(*key) && !asked(key)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_file_of_templates_texts_and_assets_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = |name: &str| TEMPLATES.iter().any(|(known, _)| *known == name);
    for folder in ["", "parts/", "print/"] {
        for name in files(&root.join("templates").join(folder)) {
            assert!(listed(&format!("{folder}{name}")), "templates/{folder}{name}");
        }
    }
    for name in files(&root.join("texts/zh-CN")).into_iter().chain(files(&root.join("texts/en"))) {
        let owner = format!("console/{}", name.trim_end_matches(".ftl"));
        assert!(TEXTS.iter().any(|source| source.owner == owner), "{name}");
    }
    for name in files(&root.join("assets/static")) {
        assert!(assets::names().any(|known| known == name), "{name}");
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry"));
    let files = entries.filter(|entry| entry.file_type().expect("type").is_file());
    files.map(|entry| entry.file_name().into_string().expect("name")).collect()
}
