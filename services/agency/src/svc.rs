//! The NATS door: command → function. `svc.agency.<code>.<command>`.

use std::sync::Arc;

use bus::Service;
use contracts::agency::commands::{
    AcknowledgeOrder, AddWebhook, AnnounceAgain, AnswerCo, Complete, CountTasks, DraftPart, Extend,
    FilePosition, IssueOpinion, ListAnnouncements, ListInvitations, ListOrders, ListResolutionTasks,
    ListTasks, ListWebhooks, NotifyAcceptance, Object, Open, OpenPart, ReceiveTask, RecordService,
    ReplyInvitation, ReplyOrder, ReportTask, RotateWebhook, SetWebhook, ShowDraft, ShowInvitation, ShowOrder,
    ShowPaper, ShowResolutionTask, ShowTask, Sign,
};

use crate::{
    Deps,
    commands::{meeting, open, order, part, queries, resolution_task, step, webhook},
};

/// The endpoints of one agency's node.
#[must_use]
pub fn service(deps: &Deps) -> Service {
    let node = Arc::new(deps.clone());
    let door = &deps.door;
    let mut service = Service::agency(&deps.code, env!("CARGO_PKG_VERSION"), "tasks of one agency");
    macro_rules! serve {
        ($($command:ty => $run:path;)*) => {$({
            let node = node.clone();
            service = door.command::<$command, _, _>(service, move |asked| $run(node.clone(), asked));
        })*};
    }
    serve! {
        ListTasks => queries::tasks;
        ShowTask => queries::task;
        CountTasks => queries::counts;
        ShowPaper => queries::paper;
        Open => open::run;
        Sign => step::carry_out;
        NotifyAcceptance => step::carry_out;
        Object => step::carry_out;
        Extend => step::carry_out;
        IssueOpinion => step::carry_out;
        RecordService => step::carry_out;
        Complete => step::carry_out;
        AnswerCo => step::carry_out;
        DraftPart => part::draft;
        ShowDraft => part::show_draft;
        OpenPart => part::open;
        ListOrders => order::list;
        ShowOrder => order::show;
        AcknowledgeOrder => order::acknowledge;
        ReplyOrder => order::reply;
        ListInvitations => meeting::list;
        ShowInvitation => meeting::show;
        ReplyInvitation => meeting::reply;
        FilePosition => meeting::file;
        ListResolutionTasks => resolution_task::list;
        ShowResolutionTask => resolution_task::show;
        ReceiveTask => resolution_task::receive;
        ReportTask => resolution_task::report;
        ListWebhooks => webhook::list;
        AddWebhook => webhook::add;
        SetWebhook => webhook::set;
        RotateWebhook => webhook::rotate;
        ListAnnouncements => webhook::announcements;
        AnnounceAgain => webhook::again;
    }
    service
}
