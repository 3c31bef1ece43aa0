//! `explain` and `batch` as a person or a script calls them.

use std::{fmt::Write as _, io};

use calendar::{BatchError, Calendar, Explanation, batch, cli};

use crate::{national, on};

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

fn run(line: &str, input: &str) -> Result<(String, Vec<String>), String> {
    let mut output = Vec::new();
    let alarms = cli::run(&words(line), input.as_bytes(), &mut output, &national(), &Calendar::shipped())
        .map_err(|e| e.to_string())?;
    Ok((String::from_utf8(output).expect("text"), alarms))
}

#[test]
fn explain_prints_text_and_json_or_one_of_them() {
    let (both, _) = run("explain --rule T06 --start 2026-08-03", "").expect("a working");
    let last = both.lines().last().expect("a line");
    let working: Explanation = serde_json::from_str(last).expect("json");
    assert_eq!((working.nominal_on, working.legal_on), (on("2026-10-02"), on("2026-10-08")));
    assert!(both.starts_with("T06 信访事项办理期限\n"));
    let (text, _) = run("explain --rule T06 --start 2026-08-03 --format text --lang en", "").expect("text");
    assert!(text.contains("Legal date: Thu 2026-10-08") && !text.contains('{'));
    let (json, _) = run("explain --rule=t06 --start=2026-08-03 --format=json", "").expect("json");
    assert_eq!(serde_json::from_str::<Explanation>(&json).expect("json"), working);
}

#[test]
fn explain_takes_extension_pause_named_limit_and_tier() {
    for (line, legal) in [
        ("explain --rule T06 --start 2026-08-03 --extend 30 --granted 2026-09-30", "2026-11-02"),
        ("explain --rule T10 --start 2026-08-20 --pause hearing:2026-09-01..2026-09-03", "2026-09-22"),
        ("explain --rule T05 --start 2026-08-03 --days 45 --unit N", "2026-09-17"),
        ("explain --rule T01a --start 2026-09-17 --tier province", "2026-09-20"),
    ] {
        let (json, _) = run(&format!("{line} --format json"), "").expect(line);
        assert_eq!(serde_json::from_str::<Explanation>(&json).expect("json").legal_on, on(legal), "{line}");
    }
}

#[test]
fn a_wrong_command_line_says_what_is_wrong() {
    for (line, wanted) in [
        ("", "which command?"),
        ("explane", "no such command: `explane`"),
        ("explain --start 2026-08-03", "--rule is missing"),
        ("explain --rule T06", "--start is missing"),
        ("explain --rule T06 --start 2026-13-01", "--start: `2026-13-01` is not a date"),
        ("explain --rule T66 --start 2026-08-03", "no such rule: `T66`"),
        ("explain --rule T06 --start 2026-08-03 --format xml", "neither text nor json"),
        ("explain --rule T06 --start 2026-08-03 --start 2026-08-04", "--start is given twice"),
        ("explain --rule T06 --start 2026-08-03 --colour red", "unknown flag --colour"),
        ("explain --rule T06 --start", "--start needs a value"),
        ("explain T06", "unknown word `T06`"),
        ("explain --rule T05 --start 2026-08-03 --days 5", "--days and --unit go together"),
        ("explain --rule T05 --start 2026-08-03", "needs the limit that the assigner named"),
        ("explain --rule T06 --start 2026-08-03 --extend 31", "1 to 30 days, not by 31"),
        ("explain --rule T06 --start 2026-08-03 --granted 2026-08-04", "--granted goes with --extend"),
        ("explain --rule T06 --start 2026-08-03 --pause hearing:2026-09-01..2026-09-03", "does not pause"),
        ("explain --rule T18 --start 2026-08-03", "no number of days"),
        ("batch now", "unknown word `now`"),
    ] {
        let error = run(line, "").expect_err(line);
        assert!(error.contains(wanted), "{line}: {error}");
    }
}

#[test]
fn batch_reckons_each_line_and_marks_provisional_dates() {
    let input = "unit,start,days\nN,2026-08-03,60\nW,2026-09-30,5\nN,2026-12-17,15\nW,2026-12-30,3\n";
    let (output, alarms) = run("batch", input).expect("a batch");
    assert_eq!(
        output,
        "unit,start,days,nominal,legal\n\
         N,2026-08-03,60,2026-10-02,2026-10-08\n\
         W,2026-09-30,5,2026-10-13,2026-10-13\n\
         N,2026-12-17,15,2027-01-01,2027-01-01 provisional\n\
         W,2026-12-30,3,2027-01-02 provisional,2027-01-02 provisional\n"
    );
    assert_eq!(alarms.len(), 1, "one alarm per missing year");
    assert!(alarms[0].contains("2027") && alarms[0].contains("2 of 4"), "{alarms:?}");
}

#[test]
fn batch_takes_windows_lines_quotes_spaces_a_bom_and_no_header() {
    for input in [
        "\u{feff}unit,start,days\r\nN,2026-08-03,60\r\n",
        "N,2026-08-03,60",
        "\"N\",\"2026-08-03\",\"60\"\n\n",
        " n , 2026-08-03 , 060 \n",
        "\n\nunit,start,days\nN,2026-08-03,60\n",
    ] {
        let (output, _) = run("batch", input).expect(input);
        assert_eq!(
            output, "unit,start,days,nominal,legal\nN,2026-08-03,60,2026-10-02,2026-10-08\n",
            "{input:?}"
        );
    }
    let (output, _) = run("batch", "").expect("nothing");
    assert_eq!(output, "unit,start,days,nominal,legal\n");
}

#[test]
fn a_wrong_line_is_named_with_its_field_and_the_lines_before_it_are_written() {
    for (line, wanted) in [
        ("X,2026-08-03,60", "line 3, field `unit`: `X`"),
        ("N,2026-8-3,60", "line 3, field `start`: `2026-8-3`"),
        ("N,2026-02-29,60", "line 3, field `start`"),
        ("N,0026-02-28,60", "line 3, field `start`"),
        ("N,2026-08-03,-1", "line 3, field `days`: `-1`"),
        ("N,2026-08-03,1.5", "line 3, field `days`"),
        ("N,2026-08-03,", "line 3, field `days`"),
        ("N,2026-08-03,36501", "line 3, field `days`: 36501 days"),
        ("N,2026-08-03,99999999999", "line 3, field `days`"),
        ("N,2026-08-03", "line 3: 2 fields"),
        ("N,2026-08-03,60,1", "line 3: 4 fields"),
        ("unit,start,days", "line 3, field `unit`"),
    ] {
        let input = format!("unit,start,days\nN,2026-08-03,60\n{line}\nN,2026-08-03,60\n");
        let mut output = Vec::new();
        let error = batch(input.as_bytes(), &mut output, &Calendar::shipped()).expect_err(line);
        assert!(error.to_string().contains(wanted), "{error} / {wanted}");
        assert_eq!(output.iter().filter(|b| **b == b'\n').count(), 2, "{line}");
    }
}

#[test]
fn a_large_batch_streams_through() {
    let mut input = String::from("unit,start,days\n");
    for n in 0..100_000 {
        let _ =
            writeln!(input, "{},2026-08-{:02},{}", if n % 2 == 0 { 'N' } else { 'W' }, n % 28 + 1, n % 60);
    }
    let report = batch(input.as_bytes(), io::sink(), &Calendar::shipped()).expect("a batch");
    assert_eq!((report.limits, report.provisional), (100_000, 0));
}

#[test]
fn a_reader_or_writer_that_fails_is_no_panic() {
    struct Broken;
    impl io::Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("pipe"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let stopped = batch("N,2026-08-03,60\n".as_bytes(), Broken, &Calendar::shipped());
    assert!(matches!(stopped, Err(BatchError::Io(_))));
}
