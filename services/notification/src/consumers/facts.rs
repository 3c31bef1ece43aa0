//! Facts of the others → notices in their queues.

use std::{collections::BTreeMap, sync::Arc};

use bus::{Applied, Handler};
use contracts::{
    BadMessage, Event, Message,
    codes::{NoticeChannel, NoticeState, NoticeTrouble, ServiceWay},
    intake::SubmissionRegisteredV1,
    routing::{AgencyChangedV1, AgencyEndedV1, AgencyListedV1, MatterScreenedV1},
};
use db::{BoxFuture, StoreError, Tx};
use kernel::{Clock, MatterId, UnixMillis, civil_date};

use crate::{
    domain::{
        audience::Audience,
        notice::Notice,
        table::{Row, Table, Whom},
        told::{self, Told},
    },
    publish::publish,
    store::{self, Matter},
    texts::Texts,
};

/// Tells who is to be told.
pub struct Facts {
    /// Who, by which way, in which words.
    pub table: Arc<Table>,
    /// The words.
    pub texts: Texts,
    /// Whether mail leaves from here.
    pub mail: bool,
}

impl Handler for Facts {
    fn name(&self) -> &'static str {
        "notification"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            match message.event_type.as_str() {
                AgencyListedV1::TYPE => return listed(tx, message.decode()).await,
                AgencyChangedV1::TYPE => {
                    return listed(tx, message.decode().map(|f: AgencyChangedV1| f.entry)).await;
                }
                AgencyEndedV1::TYPE => {
                    return listed(tx, message.decode().map(|f: AgencyEndedV1| f.entry)).await;
                }
                MatterScreenedV1::TYPE => return screened(tx, message).await,
                SubmissionRegisteredV1::TYPE => match message.decode() {
                    Ok(fact) => enter(tx, &fact).await?,
                    Err(bad) => return Ok(Applied::Poison(bad.to_string())),
                },
                _ => {}
            }
            match told::read(message) {
                Ok(Some(told)) => self.tell(tx, told, message).await,
                Ok(None) if super::FACTS.iter().any(|(known, _)| *known == message.event_type) => {
                    Ok(Applied::Ignored)
                }
                Ok(None) => Ok(Applied::Poison(format!("`{}` is not known here", message.event_type))),
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

async fn listed(tx: &mut Tx<'_>, read: Result<AgencyListedV1, BadMessage>) -> Result<Applied, StoreError> {
    match read {
        Ok(listed) => store::list_agency(tx, &listed).await.map(|()| Applied::Done),
        Err(bad) => Ok(Applied::Poison(bad.to_string())),
    }
}

async fn enter(tx: &mut Tx<'_>, fact: &SubmissionRegisteredV1) -> Result<(), StoreError> {
    let open = fact.open.as_ref();
    let matter = Matter {
        number: open.map(|o| o.number.clone()),
        restricted: open.is_none(),
        anonymous: open.is_some_and(|o| o.anonymous),
    };
    let now = tx.clocks().business.now();
    store::enter(tx, fact.submission_id, &matter, now).await
}

/// 甄别: what turns out to be an accusation is told by its officer's letters alone from now on.
async fn screened(tx: &mut Tx<'_>, message: &Message) -> Result<Applied, StoreError> {
    let fact: MatterScreenedV1 = match message.decode() {
        Ok(fact) => fact,
        Err(bad) => return Ok(Applied::Poison(bad.to_string())),
    };
    let Some(matter) = store::matter(tx, fact.matter_id).await? else { return Ok(Applied::Wait) };
    if !fact.restricted || matter.restricted {
        return Ok(Applied::Ignored);
    }
    store::restrict(tx, fact.matter_id).await?;
    let technical = tx.clocks().technical.now();
    for mut listed in store::of_matter(tx, fact.matter_id).await? {
        let loaded = listed.notice.version;
        listed.notice.restrict(technical);
        store::save(tx, &listed.notice, loaded).await?;
    }
    store::raise_mark(tx).await?;
    Ok(Applied::Done)
}

impl Facts {
    async fn tell(&self, tx: &mut Tx<'_>, told: Told, message: &Message) -> Result<Applied, StoreError> {
        let matter = match told.matter_id {
            Some(id) => match store::matter(tx, id).await? {
                Some(matter) => Some((id, matter)),
                // The registration is not here yet.
                None => return Ok(Applied::Wait),
            },
            None => None,
        };
        let restricted = matter.as_ref().is_some_and(|(_, m)| m.restricted);
        let mut inbox = false;
        for row in self.table.of(message.type_token(), told.arrived) {
            // Of an accusation only the informant hears, by letter (Art. 30).
            if restricted && row.whom != Whom::Petitioner {
                continue;
            }
            for audience in audiences(row, &told) {
                let Some(notice) = self.notice(tx, row, audience, (&told, matter.as_ref()), message).await?
                else {
                    continue;
                };
                inbox |= notice.channel == NoticeChannel::Inbox;
                if store::insert(tx, &notice).await? {
                    publish(tx, &notice, tx.clocks().business.now(), Some(message.id)).await?;
                }
            }
        }
        if inbox {
            store::raise_mark(tx).await?;
        }
        Ok(Applied::Done)
    }

    async fn notice(
        &self,
        tx: &mut Tx<'_>,
        row: &Row,
        audience: Audience,
        (told, matter): (&Told, Option<&(MatterId, Matter)>),
        message: &Message,
    ) -> Result<Option<Notice>, StoreError> {
        let restricted = matter.is_some_and(|(_, m)| m.restricted);
        let ways = self.ways(tx, row, &audience, restricted).await?;
        let Some((channel, rest)) = ways.split_first() else { return Ok(None) };
        let (now, technical) = (tx.clocks().business.now(), tx.clocks().technical.now());
        let mut notice = Notice {
            id: tx.mint().mint(),
            event_id: message.id,
            event_type: message.event_type.clone(),
            subject_id: message.subject_id.clone(),
            matter_id: told.matter_id,
            template: row.template.clone(),
            template_version: self.texts.version(&row.template),
            told: if restricted { BTreeMap::new() } else { words(told, &audience) },
            channel: *channel,
            ways: rest.to_vec(),
            restricted,
            state: NoticeState::Queued,
            trouble: None,
            attempts: 0,
            next_attempt_at: (*channel == NoticeChannel::Mail).then_some(technical),
            queued_at: now,
            sent_on: None,
            delivered_on: None,
            way: None,
            proof: None,
            read: false,
            version: 1,
            audience,
        };
        let nameless = notice.audience == Audience::Petitioner && matter.is_some_and(|(_, m)| m.anonymous);
        settle(&mut notice, nameless, now);
        Ok(Some(notice))
    }

    /// The ways of a row that are open here.
    async fn ways(
        &self,
        tx: &mut Tx<'_>,
        row: &Row,
        audience: &Audience,
        restricted: bool,
    ) -> Result<Vec<NoticeChannel>, StoreError> {
        if restricted {
            return Ok(vec![NoticeChannel::Letter]);
        }
        let mail = match audience {
            // A unit without a mailbox has its inbox.
            Audience::AgencyDesk(code) => self.mail && store::desk_of(tx, code).await?.is_some(),
            Audience::Petitioner | Audience::Agency(_) | Audience::Office(_) => self.mail,
        };
        Ok(row.channels.iter().copied().filter(|c| mail || *c != NoticeChannel::Mail).collect())
    }
}

/// What is at its end when it begins: an inbox is where it lies, and what was said on the spot was said. Nobody
/// writes to somebody without a name.
fn settle(notice: &mut Notice, nameless: bool, now: UnixMillis) {
    let today = civil_date(now);
    let (state, way) = match notice.channel {
        NoticeChannel::Inbox => (NoticeState::Delivered, ServiceWay::Electronic),
        NoticeChannel::OnTheSpot => (NoticeState::Delivered, ServiceWay::InPerson),
        NoticeChannel::Letter | NoticeChannel::Mail if nameless => {
            (notice.state, notice.trouble) = (NoticeState::Unreachable, Some(NoticeTrouble::Anonymous));
            (notice.next_attempt_at, notice.ways) = (None, Vec::new());
            return;
        }
        NoticeChannel::Letter | NoticeChannel::Mail => return,
    };
    (notice.state, notice.way) = (state, Some(way));
    (notice.sent_on, notice.delivered_on) = (Some(today), Some(today));
}

/// What an audience is told: who is invited no more gets a cancellation.
fn words(told: &Told, audience: &Audience) -> BTreeMap<String, String> {
    let mut words = told.words.clone();
    if let Audience::Agency(code) | Audience::AgencyDesk(code) = audience
        && told.dropped.contains(code)
    {
        words.insert("method".to_owned(), "CANCEL".to_owned());
    }
    words
}

fn audiences(row: &Row, told: &Told) -> Vec<Audience> {
    match row.whom {
        Whom::Petitioner => vec![Audience::Petitioner],
        Whom::Office(role) => vec![Audience::Office(role)],
        Whom::Agency => told.agencies.iter().cloned().map(Audience::Agency).collect(),
        Whom::AgencyDesk => told.agencies.iter().cloned().map(Audience::AgencyDesk).collect(),
    }
}
