//! The REST face: JSON in, JSON or a problem (RFC 9457) out. Every route with its right in one table, and with what
//! the OpenAPI document says of it.

mod agencies;
pub mod attachments;
pub mod body;
mod commands;
mod conference;
mod etag;
pub mod keys;
pub mod lookup;
pub mod matters;
pub mod meetings;
mod notices;
pub mod openapi;
mod paging;
mod papers;
mod registers;
pub mod sessions;
pub mod status;
pub mod submissions;
mod suggestions;
pub mod supervision;
pub mod tasks;
pub mod users;
mod webhooks;

use contracts::{
    Page, PageRequest, agency::commands as agency, intake::commands as intake, routing::commands as routing,
    supervision::commands as orders,
};

use crate::{
    board::{Counts, Listed, list::Asked},
    door::{Operation, Routes},
    rights::Right,
};

/// Adds the REST face.
pub fn routes(routes: Routes) -> Routes {
    let routes = entering(routes);
    let routes = lists(routes);
    let routes = of_matters(routes);
    let routes = of_orders(routes);
    let routes = agencies::routes(routes);
    let routes = suggestions::routes(routes);
    let routes = meetings::routes(routes);
    let routes = conference::routes(routes);
    let routes = notices::routes(routes);
    let routes = papers::routes(routes);
    let routes = webhooks::routes(routes);
    let routes = of_tasks(routes);
    of_users(routes)
}

fn entering(routes: Routes) -> Routes {
    let op = Operation::new;
    routes
        .post("/api/v1/sessions", Right::Public, sessions::open)
        .says(
            op("Signs in", "console").reads::<sessions::Credentials>().gives::<sessions::Opened>().with(&[201]),
        )
        .delete("/api/v1/sessions/current", Right::SignedIn, sessions::close)
        .says(op("Signs out", "console").with(&[204]))
        .post("/api/v1/submissions", Right::Public, submissions::register)
        .says(
            op("登记: registers a submission; 200 when nothing was recorded and warnings are to be confirmed", "intake")
                .reads::<intake::Register>()
                .gives::<intake::Registration>()
                .with(&[200, 201])
                .once(),
        )
        .post("/api/v1/submissions/check", Right::Public, submissions::check)
        .says(
            op("What a registration would say; nothing is recorded", "intake")
                .reads::<intake::Register>()
                .gives::<intake::RegistrationChecked>()
                .once(),
        )
        .upload("/api/v1/attachments", Right::Public, attachments::BODY_MAX, attachments::attach)
        .says(
            op("Uploads a file", "intake")
                .asks::<attachments::Named>()
                .reads_bytes()
                .gives::<intake::AttachmentMeta>()
                .with(&[201]),
        )
        .get("/api/v1/attachments/{id}", Right::Content, attachments::fetch)
        .says(op("Opens a file, with a purpose", "intake").asks::<attachments::Why>().gives_bytes())
        .post("/api/v1/lookup", Right::Public, lookup::look_up)
        .says(
            op("查询: the petitioner's own look-up", "intake")
                .reads::<intake::LookUp>()
                .gives::<lookup::PublicView>(),
        )
}

fn lists(routes: Routes) -> Routes {
    let op = Operation::new;
    routes
        .get("/api/v1/matters", Right::Board, matters::list)
        .says(op("Matters by filters", "console").asks::<Asked>().gives::<Page<Listed>>())
        .get("/api/v1/matters/{id}", Right::Board, matters::show)
        .says(op("One matter", "routing").gives::<matters::Shown>().versioned())
        .get("/api/v1/counts", Right::Board, matters::counts)
        .says(op("How many matters, by state and holder", "console").gives::<Counts>())
        .get("/api/v1/restricted", Right::Restricted, matters::restricted)
        .says(
            op("检举控告: the officer's queue", "routing")
                .asks::<PageRequest>()
                .gives::<Page<routing::RestrictedRow>>(),
        )
        .get("/api/v1/agencies", Right::SignedIn, registers::agencies)
        .says(
            op("The register of agencies", "routing")
                .asks::<PageRequest>()
                .gives::<Page<routing::AgencyRow>>(),
        )
        .get("/api/v1/categories", Right::Public, registers::categories)
        .says(op("The catalogue", "routing").asks::<PageRequest>().gives::<Page<routing::CategoryRow>>())
}

fn of_matters(routes: Routes) -> Routes {
    fn route<C: contracts::Command>(summary: &'static str) -> Operation {
        Operation::command::<C>(summary, "routing", "matter_id").versioned()
    }
    fn open<C: contracts::Command>(summary: &'static str) -> Operation {
        Operation::look::<C>(summary, "intake", "submission_id")
    }
    routes
        .post("/api/v1/matters/{id}/screen", Right::Route, commands::screen)
        .says(route::<routing::Screen>("甄别: class, category, route; may hand over"))
        .post("/api/v1/matters/{id}/forward", Right::Route, commands::forward)
        .says(route::<routing::Forward>("转送 or 交办"))
        .post("/api/v1/matters/{id}/recall", Right::Route, commands::recall)
        .says(route::<routing::Recall>("撤回误转"))
        .post("/api/v1/matters/{id}/uphold_objection", Right::Rule, commands::uphold_objection)
        .says(route::<routing::UpholdObjection>("同意异议"))
        .post("/api/v1/matters/{id}/reject_objection", Right::Rule, commands::reject_objection)
        .says(route::<routing::RejectObjection>("不同意异议"))
        .post("/api/v1/matters/{id}/decide_competence", Right::Rule, commands::decide_competence)
        .says(route::<routing::DecideCompetence>("指定管辖"))
        .post("/api/v1/matters/{id}/add_co", Right::Route, commands::add_co)
        .says(route::<routing::AddCo>("增加协办单位"))
        .post("/api/v1/matters/{id}/release_co", Right::Route, commands::release_co)
        .says(route::<routing::ReleaseCo>("解除协办"))
        .post("/api/v1/matters/{id}/name_accused", Right::Restricted, commands::name_accused)
        .says(route::<routing::NameAccused>("Names the accused units"))
        .get("/api/v1/matters/{id}/like", Right::LinkRepeat, matters::like)
        .says(
            Operation::new(
                "可能的重复件、联名件: others that may be the same matter, with the evidence; logged",
                "intake",
            )
            .gives::<intake::LikeFound>(),
        )
        .post("/api/v1/matters/{id}/link_repeat", Right::LinkRepeat, commands::link_repeat)
        .says(open::<intake::LinkRepeat>("认定重复件").once())
        .post("/api/v1/matters/{id}/content", Right::Content, commands::content)
        .says(open::<intake::OpenContent>("Opens the text, with a purpose"))
        .post("/api/v1/matters/{id}/identity", Right::Identity, commands::identity)
        .says(open::<intake::RevealIdentity>("Opens the identities, with a purpose"))
        .post("/api/v1/matters/{id}/paper", Right::Paper, commands::paper)
        .says(Operation::look::<intake::OpenPaper>("Opens an agency's paper", "intake", "matter_id"))
        .post("/api/v1/matters/{id}/receipt", Right::Identity, commands::receipt)
        .says(open::<intake::ShowReceipt>("The receipt once more"))
}

fn of_orders(routes: Routes) -> Routes {
    use supervision::{answer, step};
    let op = Operation::new;
    fn order<C: contracts::Command>(summary: &'static str, owner: &'static str) -> Operation {
        Operation::command::<C>(summary, owner, "order_id").versioned()
    }
    routes
        .get("/api/v1/duties", Right::Duties, supervision::duties)
        .says(
            op("Duties with their limits", "supervision")
                .asks::<supervision::AskedDuties>()
                .gives::<Page<orders::DutyView>>(),
        )
        .get("/api/v1/duties/counts", Right::Duties, supervision::counts)
        .says(op("How many duties run", "supervision").gives::<orders::DutyCounts>())
        .get("/api/v1/matters/{id}/duties", Right::Duties, supervision::of_matter)
        .says(op("A matter's duties", "supervision").asks::<PageRequest>().gives::<Page<orders::DutyView>>())
        .get("/api/v1/orders", Right::Duties, supervision::orders)
        .says(
            op("督办函", "supervision").asks::<supervision::AskedOrders>().gives::<Page<orders::OrderView>>(),
        )
        .get("/api/v1/orders/{id}", Right::Duties, supervision::order)
        .says(op("One order", "supervision").gives::<orders::OrderView>().versioned())
        .post("/api/v1/matters/{id}/issue_order", Right::Urge, supervision::issue)
        .says(Operation::command::<orders::IssueOrder>("Issues a 督办函", "supervision", "matter_id"))
        .post("/api/v1/orders/{id}/judge_order", Right::Urge, step::<orders::JudgeOrder>)
        .says(order::<orders::JudgeOrder>("Accepts a reply or sends it back", "supervision"))
        .post("/api/v1/orders/{id}/drop_order", Right::Urge, step::<orders::DropOrder>)
        .says(order::<orders::DropOrder>("Drops a proposed order", "supervision"))
        .get("/api/v1/tasks/orders", Right::Tasks, supervision::received)
        .says(
            op("Orders that the agency received", "agency")
                .asks::<supervision::AskedReceived>()
                .gives::<Page<agency::ReceivedOrder>>(),
        )
        .get("/api/v1/tasks/orders/{id}", Right::Tasks, supervision::received_order)
        .says(
            op("One order that the agency received", "agency")
                .asks::<tasks::Whose>()
                .gives::<agency::ReceivedOrder>()
                .versioned(),
        )
        .post("/api/v1/tasks/orders/{id}/acknowledge_order", Right::Tasks, answer::<agency::AcknowledgeOrder>)
        .says(order::<agency::AcknowledgeOrder>("签收督办函", "agency").asks::<tasks::Whose>())
        .post("/api/v1/tasks/orders/{id}/reply_order", Right::Tasks, answer::<agency::ReplyOrder>)
        .says(order::<agency::ReplyOrder>("答复督办函", "agency").asks::<tasks::Whose>())
}

fn of_tasks(routes: Routes) -> Routes {
    use tasks::{Whose, step};
    let op = Operation::new;
    fn task<C: contracts::Command>(summary: &'static str) -> Operation {
        Operation::command::<C>(summary, "agency", "assignment_id").asks::<Whose>().versioned()
    }
    fn opened<C: contracts::Command>(summary: &'static str) -> Operation {
        Operation::look::<C>(summary, "agency", "assignment_id").asks::<Whose>()
    }
    routes
        .get("/api/v1/tasks", Right::Tasks, tasks::list)
        .says(op("待办", "agency").asks::<tasks::Listing>().gives::<Page<agency::Task>>())
        .get("/api/v1/tasks/counts", Right::TaskCounts, tasks::counts)
        .says(op("How many tasks", "agency").asks::<Whose>().gives::<agency::TaskCounts>())
        .get("/api/v1/tasks/{id}", Right::Tasks, tasks::show)
        .says(op("One task", "agency").asks::<Whose>().gives::<agency::Task>().versioned())
        .post("/api/v1/tasks/{id}/sign", Right::Tasks, step::<agency::Sign>)
        .says(task::<agency::Sign>("签收"))
        .post("/api/v1/tasks/{id}/open", Right::Tasks, step::<agency::Open>)
        .says(opened::<agency::Open>("Opens text, contact or a file, with a purpose"))
        .post("/api/v1/tasks/{id}/notify_acceptance", Right::Tasks, step::<agency::NotifyAcceptance>)
        .says(task::<agency::NotifyAcceptance>("受理告知"))
        .post("/api/v1/tasks/{id}/object", Right::Tasks, step::<agency::Object>)
        .says(task::<agency::Object>("提出异议"))
        .post("/api/v1/tasks/{id}/extend", Right::Tasks, step::<agency::Extend>)
        .says(task::<agency::Extend>("延期"))
        .post("/api/v1/tasks/{id}/issue_opinion", Right::Tasks, step::<agency::IssueOpinion>)
        .says(task::<agency::IssueOpinion>("出具处理意见"))
        .post("/api/v1/tasks/{id}/draft_part", Right::Tasks, step::<agency::DraftPart>)
        .says(task::<agency::DraftPart>("起草协办意见"))
        .post("/api/v1/tasks/{id}/draft", Right::Tasks, step::<agency::ShowDraft>)
        .says(opened::<agency::ShowDraft>("The draft of a part"))
        .post("/api/v1/tasks/{id}/answer_co", Right::Tasks, step::<agency::AnswerCo>)
        .says(task::<agency::AnswerCo>("协办意见送主办"))
        .post("/api/v1/tasks/{id}/open_part", Right::Tasks, step::<agency::OpenPart>)
        .says(opened::<agency::OpenPart>("查阅协办意见"))
        .post("/api/v1/tasks/{id}/record_service", Right::Tasks, step::<agency::RecordService>)
        .says(task::<agency::RecordService>("送达"))
        .post("/api/v1/tasks/{id}/complete", Right::Tasks, step::<agency::Complete>)
        .says(task::<agency::Complete>("办结"))
}

fn of_users(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, "console");
    routes
        .get("/api/v1/users", Right::Users, users::list)
        .says(op("Accounts").asks::<PageRequest>().gives::<Page<users::User>>())
        .post("/api/v1/users", Right::Users, users::add)
        .says(op("Makes an account").reads::<users::NewUser>().gives::<users::Issued>().with(&[201]))
        .post("/api/v1/users/{id}/roles", Right::Users, users::roles)
        .says(op("Other roles").reads::<users::SetRoles>().gives::<users::User>())
        .post("/api/v1/users/{id}/disabled", Right::Users, users::disabled)
        .says(op("Disables or enables").reads::<users::SetDisabled>().gives::<users::User>())
        .post("/api/v1/users/{id}/password", Right::Users, users::password)
        .says(op("Issues a new password").reads::<users::ResetPassword>().gives::<users::Issued>())
        .post("/api/v1/account/password", Right::SignedIn, users::own_password)
        .says(op("Changes one's own password").reads::<users::NewPassword>().with(&[204]))
        .get("/api/v1/keys", Right::Users, keys::list)
        .says(op("API keys, revoked ones too").asks::<PageRequest>().gives::<Page<keys::Shown>>())
        .post("/api/v1/keys", Right::Users, keys::make)
        .says(
            op("Makes an API key; the token is given once")
                .reads::<keys::Asked>()
                .gives::<keys::Made>()
                .with(&[201]),
        )
        .delete("/api/v1/keys/{id}", Right::Users, keys::revoke)
        .says(op("Revokes an API key").with(&[204]))
}
