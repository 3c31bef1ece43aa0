//! The table of notices, and what becomes of one.

use contracts::codes::{Channel, NoticeChannel, NoticeState, ServiceWay};
use kernel::{EventId, NoticeId, UnixMillis};
use notification::{
    Config, MailTls,
    domain::{
        audience::Audience,
        notice::{Attempt, Notice},
        table::{Table, Whom},
    },
    texts::{NAMES, Texts},
};

use crate::fixtures::day;

const NOON: UnixMillis = UnixMillis(1_785_729_600_000);

fn notice(channel: NoticeChannel, ways: &[NoticeChannel]) -> Notice {
    Notice {
        id: NoticeId::from_parts(NOON, 1),
        event_id: EventId::from_parts(NOON, 1),
        event_type: "lianxi.routing.matter_forwarded.v1".to_owned(),
        audience: Audience::Petitioner,
        subject_id: String::new(),
        matter_id: None,
        template: "forwarded".to_owned(),
        template_version: 1,
        told: std::collections::BTreeMap::new(),
        channel,
        ways: ways.to_vec(),
        restricted: false,
        state: NoticeState::Queued,
        trouble: None,
        attempts: 0,
        next_attempt_at: (channel == NoticeChannel::Mail).then_some(NOON),
        queued_at: NOON,
        sent_on: None,
        delivered_on: None,
        way: None,
        proof: None,
        read: false,
        version: 1,
    }
}

fn refused(rows: &str) -> String {
    Table::read(Some(rows), NAMES).expect_err("a bad table").to_string()
}

#[test]
fn the_table_that_is_shipped_names_what_exists() {
    let table = Table::read(None, NAMES).expect("the table");
    let by_letter = table.of("submission_registered", Some(Channel::Letter));
    assert_eq!(by_letter[0].channels, [NoticeChannel::Letter, NoticeChannel::Mail]);
    let at_the_counter = table.of("submission_registered", Some(Channel::Visit));
    assert_eq!(
        (at_the_counter.len(), at_the_counter[0].channels.as_slice()),
        (1, [NoticeChannel::OnTheSpot].as_slice())
    );
    assert!(table.of("matter_closed", None).is_empty());
    let warned: Vec<Whom> = table.of("duty_warned", None).iter().map(|row| row.whom).collect();
    assert_eq!(warned, [Whom::Agency, Whom::AgencyDesk]);
}

#[test]
fn a_profile_replaces_the_rows_of_an_event_and_audience() {
    let own = "[[notice]]\nevent = \"submission_registered\"\naudience = \"petitioner\"\nchannels = [\"letter\"]\n\
               template = \"receipt\"\n[[notice]]\nevent = \"duty_warned\"\naudience = \"agency\"\nchannels = []\n";
    let table = Table::read(Some(own), NAMES).expect("the table");
    let receipt = table.of("submission_registered", Some(Channel::Visit));
    assert_eq!((receipt.len(), receipt[0].channels.as_slice()), (1, [NoticeChannel::Letter].as_slice()));
    let warned: Vec<Whom> = table.of("duty_warned", None).iter().map(|row| row.whom).collect();
    assert_eq!(warned, [Whom::AgencyDesk], "an agency is not told where the profile says so");
}

#[test]
fn a_bad_row_is_refused_with_its_field() {
    let row = |event: &str, audience: &str, channels: &str, template: &str| {
        refused(&format!(
            "[[notice]]\nevent = \"{event}\"\naudience = \"{audience}\"\nchannels = {channels}\ntemplate = \"{template}\"\n"
        ))
    };
    let good = ("matter_forwarded", "petitioner", "[\"letter\"]", "forwarded");
    for (text, field) in [
        (row("matter_forgotten", good.1, good.2, good.3), "`event`"),
        (row("content_opened", good.1, good.2, good.3), "`event`"),
        (row("submission_registered", "agency", "[\"inbox\"]", good.3), "`audience`"),
        (row(good.0, "office:king", "[\"inbox\"]", good.3), "`audience`"),
        (row(good.0, good.1, "[\"inbox\"]", good.3), "`channels`"),
        (row(good.0, good.1, "[\"letter\", \"letter\"]", good.3), "`channels`"),
        (row(good.0, "agency", "[\"mail\"]", good.3), "`channels`"),
        (row(good.0, good.1, good.2, "poem"), "`template`"),
    ] {
        assert!(text.starts_with("notice 1: ") && text.contains(field), "{field}: {text}");
    }
    assert!(refused("[[notice]]\nevent = \"x\"\nwhom = \"y\"\n").contains("whom"));
    let arrived = "[[notice]]\nevent = \"submission_registered\"\naudience = \"petitioner\"\narrived = [\"pigeon\"]\n\
                   channels = [\"letter\"]\ntemplate = \"receipt\"\n";
    assert!(refused(arrived).contains("`arrived`"));
}

#[test]
fn every_template_has_words_in_both_languages() {
    let texts = Texts::try_new().expect("templates");
    let all = [
        ("number", "XF990100-260803-0001"),
        ("on", "2026-08-03"),
        ("due_on", "2026-08-18"),
        ("registered_on", "2026-08-03"),
        ("rule", "T03"),
        ("agency", "云岭市人社局"),
        ("mode", "assign"),
        ("document_number", "信交〔2026〕1号"),
        ("upheld", "yes"),
        ("stage", "80"),
        ("query_code", "K7M-RQ4X-2WD"),
        ("title", "第0001次工作会议"),
        ("organizer", "云岭市联席办"),
        ("place", "一号会议室"),
        ("starts_at", "1785978000000"),
        ("ends_at", "1785985200000"),
        ("reply_by", "2026-08-05"),
        ("method", "REQUEST"),
    ];
    let told = all.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    for name in NAMES {
        for english in [false, true] {
            let words = texts.words(name, english, &told).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(!words.title.is_empty() && !words.paragraphs.is_empty(), "{name}");
            let text = format!("{}{}", words.title, words.paragraphs.join(""));
            assert!(!text.contains("{{") && text.contains("0001"), "{name}: {text}");
        }
        assert!(texts.version(name) >= 1, "{name}");
    }
    let none =
        texts.words("forwarded", false, &std::collections::BTreeMap::new()).expect_err("nothing was told");
    assert_eq!(none.code, "notice_template_fault");
}

#[test]
fn an_attempt_is_claimed_once_and_retried_with_growing_waits() {
    let mut mail = notice(NoticeChannel::Mail, &[NoticeChannel::Letter]);
    assert!(!mail.clone().claim(NOON.plus_ms(-1)), "not early");
    assert!(mail.claim(NOON) && !mail.claim(NOON), "once");
    mail.attempted(Attempt::NotNow, day("2026-08-03"), NOON, &[60, 600]);
    assert_eq!((mail.state, mail.next_attempt_at), (NoticeState::Queued, Some(NOON.plus_ms(60))));
    assert!(mail.claim(NOON.plus_ms(60)));
    mail.attempted(Attempt::NotNow, day("2026-08-03"), NOON, &[60, 600]);
    assert_eq!(mail.next_attempt_at, Some(NOON.plus_ms(600)));
    assert!(mail.claim(NOON.plus_ms(600)));
    mail.attempted(Attempt::NotNow, day("2026-08-03"), NOON, &[60, 600]);
    assert_eq!((mail.channel, mail.state), (NoticeChannel::Letter, NoticeState::Queued));
    mail.attempted(Attempt::Taken("250".to_owned()), day("2026-08-03"), NOON, &[]);
    assert_eq!(mail.state, NoticeState::Queued, "no attempt is under way");
}

#[test]
fn what_may_have_been_sent_is_sent_again_by_a_person_alone() {
    let mut mail = notice(NoticeChannel::Mail, &[NoticeChannel::Letter]);
    assert!(mail.claim(NOON));
    mail.attempted(Attempt::Unknown, day("2026-08-03"), NOON, &[60]);
    assert_eq!(mail.state, NoticeState::Unknown);
    assert!(!mail.claim(NOON.plus_ms(i64::from(u32::MAX))));
    let mut delivered = mail.clone();
    assert_eq!(
        delivered.deliver(day("2026-08-03"), ServiceWay::Electronic, "来电确认", day("2026-08-03")),
        Ok(true)
    );
    assert_eq!(delivered.state, NoticeState::Delivered);
    mail.send_again(NoticeChannel::Mail, true, NOON).expect("again");
    assert!(mail.claim(NOON));
    assert_eq!(
        mail.deliver(day("2026-08-03"), ServiceWay::Mail, "x", day("2026-08-03"))
            .expect_err("under way")
            .code,
        "notice_state"
    );
}

#[test]
fn an_accusation_leaves_every_way_but_the_letter() {
    let mut mail = notice(NoticeChannel::Mail, &[NoticeChannel::Letter]);
    mail.restrict(NOON);
    assert_eq!((mail.channel, mail.next_attempt_at), (NoticeChannel::Letter, None));
    assert!(mail.ways.is_empty() && !mail.claim(NOON.plus_ms(1)));
    mail.state = NoticeState::Unreachable;
    assert_eq!(mail.send_again(NoticeChannel::Mail, true, NOON).expect_err("never").code, "notice_channel");
}

#[test]
fn of_an_accusation_its_informant_is_told_by_letter_and_nobody_else_at_all() {
    let desk = || Notice {
        audience: Audience::AgencyDesk("renshe".parse().expect("code")),
        ..notice(NoticeChannel::Mail, &[])
    };
    let mut waits = desk();
    waits.restrict(NOON);
    assert_eq!((waits.state, waits.next_attempt_at), (NoticeState::Withdrawn, None));
    assert!(waits.send_again(NoticeChannel::Mail, true, NOON).is_err());
    let mut under_way = desk();
    assert!(under_way.claim(NOON));
    under_way.restrict(NOON);
    assert_eq!(under_way.state, NoticeState::Sending, "nobody can call a mail back");
    under_way.attempted(Attempt::NotNow, day("2026-08-03"), NOON, &[60_000]);
    assert_eq!(under_way.state, NoticeState::Withdrawn, "and none follows it");
    let mut informant = notice(NoticeChannel::Mail, &[]);
    assert!(informant.claim(NOON));
    informant.restrict(NOON);
    informant.attempted(Attempt::NotNow, day("2026-08-03"), NOON, &[60_000]);
    assert_eq!((informant.state, informant.channel), (NoticeState::Queued, NoticeChannel::Letter));
    let mut read = Notice { state: NoticeState::Delivered, ..desk() };
    read.restrict(NOON);
    assert_eq!(read.state, NoticeState::Delivered, "what was said is not unsaid");
}

#[test]
fn settings_are_read_or_refused() {
    assert_eq!(Config::waits("60, 600"), Ok(vec![60_000, 600_000]));
    assert_eq!(Config::waits(""), Ok(Vec::new()));
    assert!(Config::waits("0").is_err() && Config::waits("soon").is_err());
    assert_eq!(MailTls::read("starttls"), Ok(MailTls::Starttls));
    assert!(MailTls::read("maybe").is_err());
}
