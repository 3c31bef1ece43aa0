//! The working of a date as text a person reads, in zh-CN and in English.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::{
    DayNote, Duty, Explanation, Lang, PauseReason, Shape, Standing, Unit, Words, explain::HolidayMet,
};

impl Explanation {
    /// The working as lines of text.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let lines = [
            format!("{} {}", self.rule, self.name.get(lang)),
            self.basis(lang),
            self.parties(lang),
            self.begin(lang),
            self.length(lang),
            self.pauses_line(lang),
            self.holidays_line(lang),
            self.make_up_line(lang),
            self.nominal_line(lang),
            self.legal_line(lang),
            self.provisional_line(lang),
            self.version_line(lang),
        ];
        let mut text = String::new();
        for line in lines.into_iter().filter(|l| !l.is_empty()) {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    fn basis(&self, lang: Lang) -> String {
        let mut line = match (lang, self.article.as_str()) {
            (Lang::Zh, "") => format!("依据：{}", self.law.zh),
            (Lang::Zh, article) => format!("依据：{}{}", self.law.zh, article_zh(article)),
            (Lang::En, "") => format!("Basis: {}", self.law.en),
            (Lang::En, article) => format!("Basis: {}, {article}", self.law.en),
        };
        if self.standing != Standing::Statute {
            let _ = match lang {
                Lang::Zh => write!(line, "（{}）", self.standing.word(lang)),
                Lang::En => write!(line, " ({})", self.standing.word(lang)),
            };
        }
        if let Some(words) = &self.article_text {
            let _ = match lang {
                Lang::Zh => write!(line, "：“{words}”"),
                Lang::En => write!(line, ": “{words}”"),
            };
        }
        line
    }

    fn parties(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => {
                format!("主体：{}；至“{}”为止", self.duty.word(lang), self.stop_event.zh)
            }
            Lang::En => format!("Duty of: {}, until: {}", self.duty.word(lang), self.stop_event.en),
        }
    }

    fn begin(&self, lang: Lang) -> String {
        let start = day(self.start_on, lang);
        let back = self.shape == Shape::Before;
        match (lang, self.first_counted_on) {
            (Lang::Zh, Some(first)) => format!(
                "起算：{start} {}，当日不计；{}自 {} 起计",
                self.start_event.zh,
                if back { "向前" } else { "" },
                day(first, lang)
            ),
            (Lang::Zh, None) => format!("起算：{start} {}，当日办结", self.start_event.zh),
            (Lang::En, Some(first)) => format!(
                "Start: {start}, {}; not counted, the first day counted{} is {}",
                self.start_event.en,
                if back { " back" } else { "" },
                day(first, lang)
            ),
            (Lang::En, None) => format!("Start: {start}, {}; due the same day", self.start_event.en),
        }
    }

    fn length(&self, lang: Lang) -> String {
        let unit = |n: u32| match (lang, self.unit) {
            (Lang::Zh, Unit::Natural) => format!("{n} 日"),
            (Lang::Zh, Unit::Working) => format!("{n} 个工作日"),
            (Lang::En, Unit::Natural) => format!("{n} {}", plural(n, "day", "days")),
            (Lang::En, Unit::Working) => format!("{n} working {}", plural(n, "day", "days")),
        };
        match (lang, self.extended_days) {
            (Lang::Zh, 0) if self.unit == Unit::Natural => {
                format!("期限：{}（自然日）", unit(self.days))
            }
            (Lang::Zh, 0) => format!("期限：{}", unit(self.days)),
            (Lang::Zh, more) => {
                format!("期限：{}，延长 {}，共 {}", unit(self.days), unit(more), unit(self.counted_days))
            }
            (Lang::En, 0) => format!("Limit: {}", unit(self.days)),
            (Lang::En, more) => {
                format!("Limit: {}, extended by {}: {}", unit(self.days), unit(more), unit(self.counted_days))
            }
        }
    }

    fn pauses_line(&self, lang: Lang) -> String {
        if self.pauses.is_empty() {
            return String::new();
        }
        let spans = self.pauses.iter().map(|p| {
            let (from, to) = (p.from_on, p.to_on);
            match lang {
                Lang::Zh => format!("{} {}", reason(p.reason, lang), range(from, to, lang)),
                Lang::En => format!("{}, {}", reason(p.reason, lang), range(from, to, lang)),
            }
        });
        let spans: Vec<String> = spans.collect();
        match lang {
            Lang::Zh => format!("不计入：{}（共 {} 日）", spans.join("；"), self.paused_days),
            Lang::En => format!(
                "Not counted: {} ({} {} in all)",
                spans.join("; "),
                self.paused_days,
                plural(self.paused_days, "day", "days")
            ),
        }
    }

    fn holidays_line(&self, lang: Lang) -> String {
        let spans: Vec<String> = self.holidays.iter().map(|h| holiday(h, lang)).collect();
        match (lang, spans.is_empty()) {
            (_, true) => String::new(),
            (Lang::Zh, false) => format!("期间放假：{}", spans.join("；")),
            (Lang::En, false) => format!("Holidays met: {}", spans.join("; ")),
        }
    }

    fn make_up_line(&self, lang: Lang) -> String {
        let days = self.make_up_days.iter().map(|d| match lang {
            Lang::Zh => format!("{}（{}，{}）", day(d.on, lang), d.name.zh, d.notice),
            Lang::En => format!("{} ({}, {})", day(d.on, lang), d.name.en, d.notice),
        });
        let days: Vec<String> = days.collect();
        match (lang, days.is_empty()) {
            (_, true) => String::new(),
            (Lang::Zh, false) => format!("调休上班：{}", days.join("；")),
            (Lang::En, false) => format!("Make-up working days: {}", days.join("; ")),
        }
    }

    fn nominal_line(&self, lang: Lang) -> String {
        let on = day(self.nominal_on, lang);
        let note = match (lang, &self.nominal_day) {
            (Lang::Zh, DayNote::Working) => "工作日".to_owned(),
            (Lang::Zh, DayNote::MakeUp { name }) => format!("{}调休上班", name.zh),
            (Lang::Zh, DayNote::Weekend) => "周末".to_owned(),
            (Lang::Zh, DayNote::Holiday { name }) => format!("{}放假", name.zh),
            (Lang::Zh, DayNote::Unknown) => "工作日历未知".to_owned(),
            (Lang::En, DayNote::Working) => "a working day".to_owned(),
            (Lang::En, DayNote::MakeUp { name }) => format!("make-up working day of {}", name.en),
            (Lang::En, DayNote::Weekend) => "a weekend".to_owned(),
            (Lang::En, DayNote::Holiday { name }) => format!("day off, {}", name.en),
            (Lang::En, DayNote::Unknown) => "calendar unknown".to_owned(),
        };
        match lang {
            Lang::Zh if self.shape == Shape::Before => format!("最迟日：{on}，{note}"),
            Lang::Zh => format!("期满日：{on}，{note}"),
            Lang::En => format!("Nominal date: {on}, {note}"),
        }
    }

    fn legal_line(&self, lang: Lang) -> String {
        let on = day(self.legal_on, lang);
        let back = self.shape == Shape::Before;
        let why = match (lang, self.rolled_days, back) {
            (Lang::Zh, 0, _) => String::new(),
            (Lang::Zh, _, false) => "，期满日为休息日，顺延至其后的第一个工作日".to_owned(),
            (Lang::Zh, _, true) => "，当日为休息日，提前至其前的最后一个工作日".to_owned(),
            (Lang::En, 0, _) => String::new(),
            (Lang::En, _, false) => ", the first working day after a day of rest".to_owned(),
            (Lang::En, _, true) => ", the last working day before a day of rest".to_owned(),
        };
        let favour = match (lang, self.duty == Duty::Petitioner) {
            (Lang::Zh, true) => "（信访人的期限以此为准）",
            (Lang::En, true) => " (this date counts for the petitioner)",
            (_, false) => "",
        };
        match lang {
            Lang::Zh => format!("法定截止：{on} 24:00{why}{favour}"),
            Lang::En => format!("Legal date: {on}, 24:00{why}{favour}"),
        }
    }

    fn provisional_line(&self, lang: Lang) -> String {
        let years: Vec<String> = self.missing_years.iter().map(i32::to_string).collect();
        match (lang, self.provisional) {
            (_, false) => String::new(),
            (Lang::Zh, true) => format!(
                "暂定：{} 年工作日历尚未公布或未载入，以上日期是可能的最早日期，载入后重新计算；此前不计逾期",
                years.join("、")
            ),
            (Lang::En, true) => format!(
                "Provisional: the calendar of {} is not known; this is the earliest it can be, no breach until it is loaded",
                years.join(", ")
            ),
        }
    }

    fn version_line(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("规则版本：{}", self.profile_version),
            Lang::En => format!("Rule version: {}", self.profile_version),
        }
    }
}

fn plural<'a>(n: u32, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

fn holiday(met: &HolidayMet, lang: Lang) -> String {
    let Words { zh, en } = &met.name;
    match lang {
        Lang::Zh => format!("{zh} {}（{}）", range(met.from_on, met.to_on, lang), met.notice),
        Lang::En => format!("{en}, {} ({})", range(met.from_on, met.to_on, lang), met.notice),
    }
}

fn range(from: NaiveDate, to: NaiveDate, lang: Lang) -> String {
    match lang {
        _ if from == to => from.to_string(),
        Lang::Zh => format!("{from} 至 {to}"),
        Lang::En => format!("{from} to {to}"),
    }
}

fn reason(reason: PauseReason, lang: Lang) -> &'static str {
    match (reason, lang) {
        (PauseReason::Hearing, Lang::Zh) => "听证",
        (PauseReason::Hearing, Lang::En) => "hearing",
        (PauseReason::Appraisal, Lang::Zh) => "鉴定",
        (PauseReason::Appraisal, Lang::En) => "appraisal",
        (PauseReason::SiteInspection, Lang::Zh) => "勘验",
        (PauseReason::SiteInspection, Lang::En) => "site inspection",
        (PauseReason::Suspension, Lang::Zh) => "中止",
        (PauseReason::Suspension, Lang::En) => "suspension",
    }
}

/// `Art. 31(6)` as 第31条第（6）项, `Arts 39, 41` as 第39、41条; other texts as they are.
fn article_zh(article: &str) -> String {
    if let Some(rest) = article.strip_prefix("Art. ") {
        return match rest.strip_suffix(')').and_then(|r| r.split_once('(')) {
            Some((number, item)) => format!("第{number}条第（{item}）项"),
            None => format!("第{rest}条"),
        };
    }
    match article.strip_prefix("Arts ") {
        Some(numbers) => format!("第{}条", numbers.replace(", ", "、")),
        None => article.to_owned(),
    }
}

fn day(on: NaiveDate, lang: Lang) -> String {
    let (zh, en) = match on.weekday() {
        Weekday::Mon => ("一", "Mon"),
        Weekday::Tue => ("二", "Tue"),
        Weekday::Wed => ("三", "Wed"),
        Weekday::Thu => ("四", "Thu"),
        Weekday::Fri => ("五", "Fri"),
        Weekday::Sat => ("六", "Sat"),
        Weekday::Sun => ("日", "Sun"),
    };
    match lang {
        Lang::Zh => format!("{on}（周{zh}）"),
        Lang::En => format!("{en} {on}"),
    }
}
