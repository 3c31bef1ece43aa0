//! `lianxi ops`: one table of what is stuck on this data folder, wrong things first, each with what to do.

use std::{collections::BTreeMap, path::Path};

use anyhow::bail;
use bus::{Bus, server::ServerPlan, streams};
use db::{dead_letter, outbox};
use kernel::{AgencyCode, Clock, UnixMillis};

use crate::{
    books::{self, Book},
    config::Config,
    hub::Hub,
    say,
    site::Site,
};

/// A row that the bus has not taken for longer than this is stuck, in milliseconds.
const UNSENT_MS: i64 = 60_000;
/// A dispatch without a receipt for longer than this means that the site is silent, in milliseconds.
const SILENT_MS: i64 = 600_000;
/// Messages that wait for a consumer before it counts as behind.
const BEHIND: u64 = 1_000;
/// Dispatches looked at for silent sites.
const LOOKED_AT: i64 = 1_000;
/// Hours after which another backup is owed.
const BACKUP_HOURS: i64 = 26;
/// From which share of its limit on the message store is an alarm, in percent.
const STORE_ALARM: u64 = 70;

/// What the name of an agency's book begins with.
const AGENCY: &str = "agency-";

/// How bad a line is; the worst sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Somebody has to act.
    Wrong,
    /// On its way.
    Moving,
    /// At rest.
    Fine,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    level: Level,
    subject: String,
    text: String,
}

impl Line {
    fn new(level: Level, subject: &str, text: impl Into<String>) -> Self {
        Self { level, subject: subject.to_owned(), text: text.into() }
    }
}

/// Prints the table.
///
/// # Errors
/// When a book cannot be read, or something is wrong: for scripts.
pub async fn show(config: Config) -> anyhow::Result<()> {
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config, shutdown)?;
    let mut lines = Vec::new();
    let books = books::open(&site).await?;
    let clocks = &site.place.clocks;
    for book in &books {
        lines.extend(of_book(book, clocks.business.now(), clocks.technical.now()).await?);
    }
    if let Some(book) = books.iter().find(|book| book.name == "notification") {
        lines.extend(of_notices(book).await?);
    }
    for book in books.iter().filter(|book| book.name.starts_with(AGENCY)) {
        lines.extend(of_announcements(book).await?);
    }
    books::close(books).await;
    match Hub::reach(&site).await {
        Some(admin) => lines.extend(of_bus(&admin, &site.agencies()).await),
        None => lines.push(Line::new(
            Level::Wrong,
            "bus",
            "没有应答 does not answer: lianxi status; lianxi run --only bus",
        )),
    }
    let plan = ServerPlan::local(&site.place.dir().join("nats"));
    lines.push(of_store(bytes_below(&plan.dir.join("store")), plan.max_file_store));
    lines.push(of_backup(site.place.last_backup(), clocks.technical.now()));
    lines.sort();
    for line in &lines {
        let mark = match line.level {
            Level::Wrong => "异常 STUCK ",
            Level::Moving => "在途 moving",
            Level::Fine => "正常 fine  ",
        };
        say::line(&format!("{mark}  {:<24} {}", line.subject, line.text));
    }
    let wrong = lines.iter().filter(|line| line.level == Level::Wrong).count();
    if wrong > 0 {
        bail!("{wrong} things are stuck");
    }
    Ok(())
}

async fn of_book(book: &Book, business: UnixMillis, technical: UnixMillis) -> anyhow::Result<Vec<Line>> {
    let counts = outbox::counts(&book.db).await?;
    let mut lines = vec![of_outbox(&book.name, counts.unsent, counts.oldest_unsent_at, business)];
    let buried = dead_letter::count(&book.db).await?;
    if buried > 0 {
        lines.push(Line::new(
            Level::Wrong,
            &book.name,
            format!("{buried} 件死信 dead letters: 控制台“运行状态”页查看原因后重投 read and requeue on the page Status"),
        ));
    }
    let before = technical.plus_ms(-SILENT_MS);
    let mut silent: BTreeMap<String, usize> = BTreeMap::new();
    for row in outbox::unreceipted(&book.db, before, LOOKED_AT).await? {
        if let Some(seal) = row.message.dispatch {
            *silent.entry(seal.agency.to_string()).or_default() += 1;
        }
    }
    for (agency, n) in silent {
        let text =
            format!("{n} 件发出十分钟未收悉 dispatches without a receipt: 检查该单位节点 look at its node");
        lines.push(Line::new(Level::Wrong, &format!("{} → {agency}", book.name), text));
    }
    Ok(lines)
}

/// What of the notices to petitioners needs a person.
async fn of_notices(book: &Book) -> anyhow::Result<Vec<Line>> {
    let counts = book.db.read(|tx| Box::pin(async move { notification::store::counts(tx).await })).await?;
    let of = |state: &str| counts.iter().filter(|(_, s, _)| s == state).map(|(.., n)| n).sum::<i64>();
    Ok(notice_lines(of("unknown"), of("unreachable"), of("queued") + of("sending") + of("printed")))
}

fn notice_lines(unknown: i64, unreachable: i64, waiting: i64) -> Vec<Line> {
    let mut lines = Vec::new();
    if unknown > 0 {
        let text = format!(
            "{unknown} 件结果不明 of unknown fate: 控制台“通知寄发”由人决定 a person decides on the page Notices"
        );
        lines.push(Line::new(Level::Wrong, "notices", text));
    }
    let level = if waiting + unreachable > 0 { Level::Moving } else { Level::Fine };
    lines.push(Line::new(
        level,
        "notices",
        format!("待打印、待寄、待发 to print, post or send {waiting}, 无法送达 unreachable {unreachable}"),
    ));
    lines
}

/// Dispatches that an agency's own address did not take, and those that wait for it.
async fn of_announcements(book: &Book) -> anyhow::Result<Vec<Line>> {
    use contracts::codes::AnnouncementState::{Dead, Pending};
    let count = |state| async move {
        book.db.read(move |tx| Box::pin(async move { agency::store::webhooks::count(tx, state).await })).await
    };
    Ok(announcement_lines(&book.name, count(Dead).await?, count(Pending).await?))
}

fn announcement_lines(name: &str, dead: i64, pending: i64) -> Vec<Line> {
    let subject = format!("{name} webhooks");
    let line = |level, text| Line::new(level, &subject, text);
    let mut lines = Vec::new();
    if dead > 0 {
        let text = format!(
            "{dead} 件推送已停止 given up: 单位负责人在“推送”页查看后再次推送 its head sends again on the page Webhooks"
        );
        lines.push(line(Level::Wrong, text));
    }
    if pending > 0 {
        lines.push(line(Level::Moving, format!("{pending} 件待推送 waiting")));
    }
    lines
}

fn of_outbox(name: &str, unsent: i64, oldest: Option<i64>, now: UnixMillis) -> Line {
    let Some(oldest) = oldest.filter(|_| unsent > 0) else {
        return Line::new(Level::Fine, name, "发件箱已清 outbox empty");
    };
    let age_ms = now.0 - oldest;
    let level = if age_ms > UNSENT_MS { Level::Wrong } else { Level::Moving };
    let seconds = age_ms / 1_000;
    Line::new(level, name, format!("发件箱 {unsent} 件未发 unsent, 最早 oldest {seconds} s: lianxi status"))
}

async fn of_bus(admin: &Bus, agencies: &[AgencyCode]) -> Vec<Line> {
    let mut lines = Vec::new();
    for spec in streams::consumers(agencies) {
        let subject = format!("{}/{}", spec.stream, spec.durable);
        match admin.consumer_state(&spec).await {
            Ok(state) => lines.push(of_consumer(&subject, state.pending, state.unacked)),
            Err(error) => lines.push(Line::new(Level::Wrong, &subject, error.to_string())),
        }
    }
    lines
}

fn of_consumer(subject: &str, pending: u64, unacked: u64) -> Line {
    let text = format!("待收 pending {pending}, 未确认 unacknowledged {unacked}");
    let level = match (pending, unacked) {
        (0, 0) => Level::Fine,
        (pending, _) if pending > BEHIND => Level::Wrong,
        _ => Level::Moving,
    };
    Line::new(level, subject, text)
}

fn of_store(bytes: u64, limit: u64) -> Line {
    let percent = bytes.saturating_mul(100) / limit.max(1);
    let level = if percent >= STORE_ALARM { Level::Wrong } else { Level::Fine };
    Line::new(level, "message store", format!("{} MiB, {percent} % 的上限 of its limit", bytes / 1_048_576))
}

fn of_backup(last: Option<UnixMillis>, now: UnixMillis) -> Line {
    let how = "lianxi backup take --to 备份目录 --keys-to 另一目录";
    match last {
        None => Line::new(Level::Wrong, "backup", format!("从未备份 never taken: {how}")),
        Some(at) => {
            let hours = (now.0 - at.0) / 3_600_000;
            let level = if hours > BACKUP_HOURS { Level::Wrong } else { Level::Fine };
            Line::new(level, "backup", format!("{hours} 小时前 hours ago: {how}"))
        }
    }
}

fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => bytes_below(&entry.path()),
        Ok(_) => entry.metadata().map_or(0, |about| about.len()),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_of_unknown_fate_is_a_persons_to_judge() {
        let level = |lines: Vec<Line>| lines.into_iter().map(|l| l.level).collect::<Vec<_>>();
        assert_eq!(level(notice_lines(0, 0, 0)), [Level::Fine]);
        assert_eq!(level(notice_lines(0, 1, 0)), [Level::Moving]);
        assert_eq!(level(notice_lines(1, 0, 2)), [Level::Wrong, Level::Moving]);
    }

    #[test]
    fn an_announcement_that_was_given_up_is_a_persons_and_silence_says_nothing() {
        let level = |lines: Vec<Line>| lines.into_iter().map(|l| l.level).collect::<Vec<_>>();
        assert!(announcement_lines("agency-renshe", 0, 0).is_empty());
        assert_eq!(level(announcement_lines("agency-renshe", 0, 2)), [Level::Moving]);
        assert_eq!(level(announcement_lines("agency-renshe", 1, 2)), [Level::Wrong, Level::Moving]);
    }

    #[test]
    fn what_waits_too_long_is_stuck_and_comes_first() {
        let now = UnixMillis(1_000_000_000);
        let mut lines = [
            of_outbox("routing", 0, None, now),
            of_outbox("intake", 3, Some(now.0 - UNSENT_MS), now),
            of_outbox("console", 1, Some(now.0 - UNSENT_MS - 1), now),
            of_consumer("EVT/board", BEHIND + 1, 0),
            of_consumer("EVT/routing", BEHIND, 2),
            of_store(STORE_ALARM - 1, 100),
            of_store(STORE_ALARM, 100),
            of_backup(Some(UnixMillis(now.0 - BACKUP_HOURS * 3_600_000)), now),
            of_backup(Some(UnixMillis(now.0 - (BACKUP_HOURS + 1) * 3_600_000)), now),
        ];
        lines.sort();
        let seen: Vec<(Level, &str)> = lines.iter().map(|l| (l.level, l.subject.as_str())).collect();
        assert_eq!(
            seen,
            [
                (Level::Wrong, "EVT/board"),
                (Level::Wrong, "backup"),
                (Level::Wrong, "console"),
                (Level::Wrong, "message store"),
                (Level::Moving, "EVT/routing"),
                (Level::Moving, "intake"),
                (Level::Fine, "backup"),
                (Level::Fine, "message store"),
                (Level::Fine, "routing"),
            ]
        );
    }
}
