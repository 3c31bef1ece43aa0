//! The NATS door: which command is answered by which function.

use std::{future::Future, sync::Arc};

use bus::Service;
use contracts::{
    Command,
    intake::commands::{
        AgencyOpen, AgencyPut, Attach, CheckRegistration, FetchAttachment, LikeSubmissions, LinkRepeat,
        LookUp, MaskedTexts, NotifyContact, OpenContent, OpenPaper, Register, ReissueCode, RestrictedFacts,
        RevealIdentity, SameMatter, ShowReceipt,
    },
};
use kernel::Refusal;
use web::door::{Asked, Door};

use crate::{Intake, commands};

/// `svc.intake.<command>`, and one subject for each agency of `open` and `put`.
pub(crate) fn service(door: &Arc<Door>, intake: &Arc<Intake>) -> Service {
    let service =
        Service::core("intake", env!("CARGO_PKG_VERSION"), "Registers submissions and keeps what is sealed");
    let table = Table { door, intake };
    let service =
        table.add::<Register, _, _>(service, |i, a| async move { commands::register::run(&i, a).await });
    let service =
        table.add::<ShowReceipt, _, _>(service, |i, a| async move { commands::receipt::run(&i, a).await });
    let service =
        table.add::<OpenContent, _, _>(service, |i, a| async move { commands::content::run(&i, a).await });
    let service =
        table.add::<RevealIdentity, _, _>(service, |i, a| async move { commands::reveal::run(&i, a).await });
    let service =
        table.add::<LookUp, _, _>(service, |i, a| async move { commands::lookup::run(&i, a).await });
    let service =
        table.add::<Attach, _, _>(service, |i, a| async move { commands::attach::run(&i, a).await });
    let service = table.add::<FetchAttachment, _, _>(service, |i, a| async move {
        commands::fetch_attachment::run(&i, a).await
    });
    let service =
        table.add::<LinkRepeat, _, _>(service, |i, a| async move { commands::link_repeat::run(&i, a).await });
    let service = table
        .add::<RestrictedFacts, _, _>(service, |i, a| async move { commands::restricted::run(&i, a).await });
    let service =
        table.add::<MaskedTexts, _, _>(service, |i, a| async move { commands::masked::run(&i, a).await });
    let service =
        table.add::<OpenPaper, _, _>(service, |i, a| async move { commands::paper::run(&i, a).await });
    let service = table.add::<NotifyContact, _, _>(service, |i, a| async move {
        commands::notify_contact::run(&i, a).await
    });
    let service =
        table.add::<ReissueCode, _, _>(service, |i, a| async move { commands::reissue::run(&i, a).await });
    let service = table.add::<CheckRegistration, _, _>(service, |i, a| async move {
        commands::check_registration::run(&i, a).await
    });
    let service =
        table.add::<LikeSubmissions, _, _>(service, |i, a| async move { commands::like::run(&i, a).await });
    let service =
        table.add::<SameMatter, _, _>(service, |i, a| async move { commands::same_matter::run(&i, a).await });
    let (opening, putting) = (intake.clone(), intake.clone());
    let service = door.agency_command::<AgencyOpen, _, _>(service, move |agency, command| {
        let intake = opening.clone();
        async move { commands::open::run(&intake, agency, command).await }
    });
    door.agency_command::<AgencyPut, _, _>(service, move |agency, command| {
        let intake = putting.clone();
        async move { commands::put::run(&intake, agency, command).await }
    })
}

struct Table<'a> {
    door: &'a Arc<Door>,
    intake: &'a Arc<Intake>,
}

impl Table<'_> {
    fn add<C, H, F>(&self, service: Service, run: H) -> Service
    where
        C: Command,
        H: Fn(Arc<Intake>, Asked<C>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<C::Reply, Refusal>> + Send + 'static,
    {
        let intake = self.intake.clone();
        self.door.command::<C, _, _>(service, move |asked| run(intake.clone(), asked))
    }
}
