//! The templates and texts, compiled in. A file that is not listed here is found by a test.

use web::TextSource;

macro_rules! templates {
    ($($name:literal)*) => {
        /// Every template by name, for `web::PagesBuilder::templates`.
        pub const TEMPLATES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../templates/", $name)))),*];
    };
}

macro_rules! texts {
    ($($name:literal)*) => {
        /// Every text in both languages, for `web::Texts::try_new`.
        pub const TEXTS: &[TextSource] = &[$(TextSource {
            owner: concat!("console/", $name),
            zh: include_str!(concat!("../../texts/zh-CN/", $name, ".ftl")),
            en: include_str!(concat!("../../texts/en/", $name, ".ftl")),
        }),*];
    };
}

templates! {
    "account.html"
    "agencies.html"
    "agency.html"
    "agency_cases.html"
    "agency_new.html"
    "parts/agency_form.html"
    "board.html"
    "co.html"
    "competence.html"
    "conference.html"
    "first_run.html"
    "inbox.html"
    "layout.html"
    "like.html"
    "login.html"
    "matter.html"
    "notices.html"
    "meeting.html"
    "meeting_call.html"
    "meetings.html"
    "objection.html"
    "on_behalf.html"
    "parts/co.html"
    "parts/agenda.html"
    "parts/matter_parts.html"
    "parts/order.html"
    "parts/register_form.html"
    "parts/step_form.html"
    "parts/ui.html"
    "portal_lookup.html"
    "portal_register.html"
    "portal_result.html"
    "print/acceptance_notice.html"
    "print/assignment_letter.html"
    "print/base.html"
    "print/co_letter.html"
    "print/co_part.html"
    "print/extension_notice.html"
    "print/forwarding_letter.html"
    "print/notice_letters.html"
    "print/meeting_notice.html"
    "print/minutes.html"
    "print/objection.html"
    "print/opinion.html"
    "print/order_reply.html"
    "print/position.html"
    "print/receipt.html"
    "print/report.html"
    "print/service_record.html"
    "print/task_order.html"
    "print/task_report.html"
    "problem.html"
    "recall.html"
    "register.html"
    "registered.html"
    "reissue.html"
    "restricted.html"
    "screening.html"
    "status.html"
    "suggestions.html"
    "supervision.html"
    "task.html"
    "tasks.html"
    "users.html"
    "webhooks.html"
}

texts! {
    "accounts" "agencies" "co" "codes" "contest" "frame" "like" "limits" "matters" "meetings" "notices" "open311" "papers" "portal" "problems" "register" "screening" "sealed" "status" "steps" "suggestions" "supervision" "webhooks"
}
