//! Tables of working days: the shipped one, later years, torn ones.

use calendar::{Calendar, CalendarError, CalendarUnknown, Day, YearTable};

use crate::{MADE_UP_2027, on, with_2027};

#[test]
fn the_shipped_table_holds_2016_to_2026_with_their_notices() {
    let calendar = Calendar::shipped();
    assert!(calendar.years().eq(2016..=2026));
    let notices = |year| calendar.year(year).expect("a year").notices();
    assert_eq!(notices(2026), ["国办发明电〔2025〕7号"]);
    assert_eq!(notices(2019), ["国办发明电〔2018〕15号", "国办发明电〔2019〕3号"]);
    assert_eq!(notices(2020), ["国办发明电〔2019〕16号", "国办发明电〔2020〕1号"]);
}

#[test]
fn a_day_says_what_it_is() {
    let calendar = Calendar::shipped();
    assert_eq!(calendar.day(on("2026-08-03")), Day::Working);
    assert_eq!(calendar.day(on("2026-08-02")), Day::Weekend);
    let Day::Holiday(spring) = calendar.day(on("2026-02-17")) else { panic!("a day off") };
    assert_eq!((spring.name.as_ref(), spring.name_en()), ("春节", "Spring Festival"));
    let Day::MakeUp(sunday) = calendar.day(on("2026-09-20")) else { panic!("a make-up day") };
    assert_eq!(sunday.name.as_ref(), "国庆节");
    assert_eq!(calendar.day(on("2018-12-31")).is_worked(), Some(false));
}

#[test]
fn beyond_the_table_the_calendar_is_unknown_and_monday_is_not_guessed() {
    let calendar = Calendar::shipped();
    for (day, year) in [("2027-01-04", 2027), ("2015-12-31", 2015)] {
        assert_eq!(calendar.is_working(on(day)), Err(CalendarUnknown { year }));
    }
    assert_eq!(Calendar::default().is_working(on("2026-08-03")), Err(CalendarUnknown { year: 2026 }));
}

#[test]
fn a_year_can_be_loaded_replaced_and_taken_away() {
    let mut calendar = Calendar::shipped();
    assert_eq!(calendar.load_csv(MADE_UP_2027), Ok(vec![2027]));
    assert_eq!(calendar.is_working(on("2027-01-04")), Ok(true));
    let shorter = MADE_UP_2027.replace("2027,2027-01-02,off,元旦", "2027,2027-01-08,off,元旦");
    assert_eq!(calendar.load_csv(&shorter), Ok(vec![2027]));
    assert_eq!(calendar.is_working(on("2027-01-08")), Ok(false));
    assert_eq!(calendar.without_year(2027), Calendar::shipped());
}

#[test]
fn loading_a_table_changes_nothing_when_any_part_is_wrong() {
    let mut calendar = Calendar::shipped();
    let text = format!("{MADE_UP_2027}2028,2028-01-01,off,元旦,虚构〔2027〕1号\n");
    assert!(matches!(calendar.load_csv(&text), Err(CalendarError::Year { year: 2028, .. })));
    assert_eq!(calendar, Calendar::shipped());
}

#[test]
fn a_year_without_its_neighbour_leaves_a_hole() {
    let calendar = with_2027().without_year(2026);
    assert_eq!(calendar.is_working(on("2025-12-31")), Ok(true));
    assert_eq!(calendar.is_working(on("2026-08-03")), Err(CalendarUnknown { year: 2026 }));
    assert_eq!(calendar.is_working(on("2027-01-04")), Ok(true));
    let bound = calendar.nth_working_after(on("2025-12-31"), 366);
    assert_eq!(bound.on, on("2027-01-04"), "365 days at most in 2026, then the first working day of 2027");
    assert_eq!(bound.missing, [CalendarUnknown { year: 2026 }]);
}

#[test]
fn a_torn_or_mistyped_table_is_refused_with_line_and_field() {
    let line = |from: &str, to: &str| MADE_UP_2027.replacen(from, to, 1);
    let cases = [
        (line("2027-01-02,off", "2027-1-2,off"), "line 3, field `date`: `2027-1-2`"),
        (line("2027-01-02,off", "2027-02-30,off"), "line 3, field `date`"),
        (line("2027-02-20,work", "2027-02-20,Work"), "line 9, field `kind`"),
        (line("2027,2027-01-02", "soon,2027-01-02"), "line 3, field `year`"),
        (line("off,元旦,", "off,,"), "line 2, field `name`"),
        (line("year,date", "date,year"), "the first line must be"),
        (line("2027,2027-10-02,off,国庆节,虚构〔2026〕1号\n", ""), "国庆节 2027-10-02 is not a day off"),
        (line("2027-02-20,work", "2027-02-19,work"), "2027-02-19 is worked anyway"),
        (line("2027,2027-02-20", "2027,2028-02-20"), "outside the year"),
        (line("2027-01-02", "2027-01-01"), "named twice"),
        (
            line("2027,2027-02-05,off,春节,虚构〔2026〕1号\n", "").replacen(
                "2027-02-06,off",
                "2027-02-06,work",
                1,
            ),
            "fewer than",
        ),
        ("year,date,kind,name,notice\n".to_owned(), "no day in it"),
        (String::new(), "the first line must be"),
    ];
    for (text, wanted) in cases {
        let error = YearTable::read_csv(&text).expect_err(wanted).to_string();
        assert!(error.contains(wanted), "{error} / {wanted}");
    }
}
