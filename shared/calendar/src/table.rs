//! One year's arrangement as data: read from CSV and checked to be whole, so that a torn or mistyped
//! file can never make wrong dates.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

/// The table shipped with the suite; its origin and licence stand in `data/NOTICE`.
pub(crate) const SHIPPED: &str = include_str!("../data/working_days.csv");

/// Years a table may be for.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2200;
/// Bytes of one CSV text.
const MOST_BYTES: usize = 1 << 20;
/// Characters of a name or a notice number.
const MOST_CHARS: usize = 60;
/// The statute has given at least eleven days off since 2008 (thirteen since 2025).
const FEWEST_DAYS_OFF: usize = 11;
/// Holidays with a fixed date (全国年节及纪念日放假办法, Art. 2): a table without them is torn.
const FIXED: [(u32, u32, &str); 5] =
    [(1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节")];

/// How a notice arranges a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// 放假: off.
    Off,
    /// 上班: a Saturday or Sunday that is worked.
    Work,
}

/// One day that a notice names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrangedDay {
    /// The day.
    pub on: NaiveDate,
    /// Off or worked.
    pub kind: DayKind,
    /// The holiday, in Chinese (`春节`).
    pub name: Box<str>,
    /// The number of the notice (`国办发明电〔2025〕7号`).
    pub notice: Box<str>,
}

impl ArrangedDay {
    /// The holiday's name in English; a name that is not one of the seven stays as it is.
    #[must_use]
    pub fn name_en(&self) -> &str {
        match self.name.as_ref() {
            "元旦" => "New Year's Day",
            "春节" => "Spring Festival",
            "清明" | "清明节" => "Tomb-Sweeping Day",
            "劳动节" => "Labour Day",
            "端午" | "端午节" => "Dragon Boat Festival",
            "中秋" | "中秋节" => "Mid-Autumn Festival",
            "国庆节" => "National Day",
            other => other,
        }
    }
}

/// What is wrong with a calendar text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A line cannot be read.
    #[error("line {line}, field `{field}`: {why}")]
    Line {
        /// Line of the text, from 1.
        line: u64,
        /// The column.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The days of a year are not a whole arrangement.
    #[error("the table of {year} is not whole: {why}")]
    Year {
        /// The year.
        year: i32,
        /// What is missing.
        why: String,
    },
    /// The text is too long, or holds no year at all.
    #[error("not a calendar table: {0}")]
    Text(String),
}

/// The arrangement of one year: its days, ascending and checked. It may begin in December of the year
/// before (the New Year's holidays of 2019 and 2023 did).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearTable {
    year: i32,
    days: Vec<ArrangedDay>,
}

impl YearTable {
    /// Builds and checks the table of a year.
    ///
    /// # Errors
    /// When a day is named twice or lies outside the year, a make-up day is no Saturday or Sunday, a
    /// holiday with a fixed date is missing, or there are fewer than eleven days off.
    pub fn try_new(year: i32, mut days: Vec<ArrangedDay>) -> Result<Self, CalendarError> {
        let refuse = |why: String| Err(CalendarError::Year { year, why });
        if !YEARS.contains(&year) {
            return refuse(format!("the year must be {} to {}", YEARS.start(), YEARS.end()));
        }
        days.sort_by_key(|d| d.on);
        for pair in days.windows(2) {
            if let [a, b] = pair
                && a.on == b.on
            {
                return refuse(format!("{} is named twice", a.on));
            }
        }
        for day in &days {
            let inside = day.on.year() == year || (day.on.year() + 1 == year && day.on.month() == 12);
            if !inside {
                return refuse(format!("{} lies outside the year", day.on));
            }
            if day.kind == DayKind::Work && !matches!(day.on.weekday(), Weekday::Sat | Weekday::Sun) {
                return refuse(format!("{} is worked anyway: a make-up day is a Saturday or Sunday", day.on));
            }
        }
        let off = |on: NaiveDate| days.iter().any(|d| d.on == on && d.kind == DayKind::Off);
        for (month, day, name) in FIXED {
            if NaiveDate::from_ymd_opt(year, month, day).is_none_or(|on| !off(on)) {
                return refuse(format!("{name} {year}-{month:02}-{day:02} is not a day off"));
            }
        }
        let count = days.iter().filter(|d| d.kind == DayKind::Off && d.on.year() == year).count();
        if count < FEWEST_DAYS_OFF {
            return refuse(format!("{count} days off, fewer than the statute's {FEWEST_DAYS_OFF}"));
        }
        Ok(Self { year, days })
    }

    /// Reads CSV text with the columns `year,date,kind,name,notice`; `kind` is `off` or `work`, `date`
    /// is `YYYY-MM-DD`. Several years may stand in one text.
    ///
    /// # Errors
    /// When a line is wrong (line and field are named) or a year is not whole.
    pub fn read_csv(text: &str) -> Result<Vec<Self>, CalendarError> {
        if text.len() > MOST_BYTES {
            return Err(CalendarError::Text(format!("longer than {MOST_BYTES} bytes")));
        }
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| CalendarError::Text(e.to_string()))?;
        if header.iter().ne(["year", "date", "kind", "name", "notice"]) {
            return Err(CalendarError::Text("the first line must be `year,date,kind,name,notice`".into()));
        }
        let mut years: BTreeMap<i32, Vec<ArrangedDay>> = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|e| CalendarError::Text(e.to_string()))?;
            let (year, day) = read_day(&record)?;
            years.entry(year).or_default().push(day);
        }
        if years.is_empty() {
            return Err(CalendarError::Text("no day in it".into()));
        }
        years.into_iter().map(|(year, days)| Self::try_new(year, days)).collect()
    }

    /// The year.
    #[must_use]
    pub const fn year(&self) -> i32 {
        self.year
    }

    /// Its arranged days, ascending.
    #[must_use]
    pub fn days(&self) -> &[ArrangedDay] {
        &self.days
    }

    /// The notices it follows, in the order of their first day, each once.
    #[must_use]
    pub fn notices(&self) -> Vec<&str> {
        let mut notices: Vec<&str> = Vec::new();
        for day in &self.days {
            if !notices.contains(&day.notice.as_ref()) {
                notices.push(&day.notice);
            }
        }
        notices
    }
}

fn read_day(record: &csv::StringRecord) -> Result<(i32, ArrangedDay), CalendarError> {
    let line = record.position().map_or(0, csv::Position::line);
    let refuse = |field: &'static str, why: String| CalendarError::Line { line, field, why };
    let field = |at: usize| record.get(at).unwrap_or_default();
    let year = field(0).parse().map_err(|_| refuse("year", format!("`{}` is not a year", clip(field(0)))))?;
    let on = read_date(field(1).as_bytes())
        .ok_or_else(|| refuse("date", format!("`{}` is not a date (YYYY-MM-DD)", clip(field(1)))))?;
    let kind = match field(2) {
        "off" => DayKind::Off,
        "work" => DayKind::Work,
        other => return Err(refuse("kind", format!("`{}` is neither `off` nor `work`", clip(other)))),
    };
    let text = |at: usize, name: &'static str| match field(at) {
        "" => Err(refuse(name, "is empty".into())),
        t if t.chars().count() > MOST_CHARS => {
            Err(refuse(name, format!("longer than {MOST_CHARS} characters")))
        }
        t => Ok(Box::from(t)),
    };
    Ok((year, ArrangedDay { on, kind, name: text(3, "name")?, notice: text(4, "notice")? }))
}

/// A civil date written `YYYY-MM-DD`, and in no other way.
pub(crate) fn read_date(text: &[u8]) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0')))
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)
}

/// The start of a text that somebody else wrote, short enough for an error.
pub(crate) fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
