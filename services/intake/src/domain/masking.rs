//! Masks who a petitioner is in the texts that the board indexes and routing's rules read.
//!
//! Known names, numbers, telephones, postal and mail addresses are looked for in a folded form of the text (half-width,
//! without spaces and hyphens), so that `1 9 9 - 0099 0008` is found too; then every longer run of digits.
//! What the rules do not know (names of others, nicknames) stays: nothing beyond this reads the texts.

use contracts::intake::commands::Identity;

use super::digits::fold;

/// What stands for whatever was masked; one sign, so that its length says nothing.
pub const MASK: char = '■';
/// Digits in a row that may be a telephone or an identity number.
const MIN_RUN: usize = 7;
/// Fewest characters of a name or an address that are looked for: one alone is in every text.
const MIN_CHARS: usize = 2;

/// What is looked for, of all petitioners of one submission.
#[derive(Debug, Default)]
pub struct Patterns(Vec<String>);

impl Patterns {
    /// The patterns of these people.
    #[must_use]
    pub fn of(people: &[Identity]) -> Self {
        let mut all: Vec<String> = people.iter().flat_map(of_one).collect();
        // The longest first, so that an address goes whole before its tail.
        all.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.dedup();
        Self(all)
    }

    /// The text with everything masked that must be.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let folded = Folded::of(text);
        let mut hidden = vec![false; folded.chars.len()];
        for pattern in &self.0 {
            let mut from = 0;
            while let Some(at) = folded.text.get(from..).and_then(|rest| rest.find(pattern.as_str())) {
                let begin = from + at;
                folded.hide(&mut hidden, begin, begin + pattern.len());
                from = begin + pattern.len();
            }
        }
        folded.hide_runs(&mut hidden);
        folded.unfold(text, &hidden)
    }
}

fn of_one(person: &Identity) -> Vec<String> {
    let whole = [
        Some(&person.name),
        person.id_number.as_ref(),
        person.telephone.as_ref(),
        person.address.as_ref(),
        person.email.as_ref(),
    ];
    let folded = |text: &str| text.chars().filter_map(letter).collect::<String>();
    let mut patterns: Vec<String> = whole.into_iter().flatten().map(|t| folded(t)).collect();
    if let Some(tail) =
        person.address.as_deref().and_then(|address| tail(&folded(address)).map(str::to_owned))
    {
        patterns.push(tail);
    }
    patterns.retain(|p| p.chars().count() >= MIN_CHARS);
    patterns
}

/// One letter of the folded form: the middle dots of names fall away as well.
fn letter(typed: char) -> Option<char> {
    if matches!(typed, '·' | '•' | '・') { None } else { fold(typed) }
}

/// The part of an address that points to a door: what follows the last division that many share. People
/// write `中街151号` where the form says `云岭市青岩县槐桥镇中街151号`.
fn tail(address: &str) -> Option<&str> {
    let shared = ['省', '市', '区', '县', '镇', '乡', '村', '道'];
    let end = address
        .char_indices()
        .filter(|(_, c)| shared.contains(c))
        .map(|(at, c)| at + c.len_utf8())
        .next_back()?;
    let tail = address.get(end..)?;
    let points = tail.bytes().any(|b| b.is_ascii_digit()) && tail.chars().count() >= 4;
    points.then_some(tail)
}

/// A text in folded form, and where each of its letters stood.
struct Folded {
    text: String,
    chars: Vec<Place>,
}

/// One letter of the folded form.
struct Place {
    /// Where it begins in the folded text, in bytes.
    folded_at: usize,
    /// Where it begins in the original, in bytes.
    at: usize,
    /// Where it ends there.
    end: usize,
    /// What it is.
    letter: char,
}

impl Folded {
    fn of(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut chars = Vec::with_capacity(original.len() / 3);
        for (at, typed) in original.char_indices() {
            if let Some(letter) = letter(typed) {
                chars.push(Place { folded_at: text.len(), at, end: at + typed.len_utf8(), letter });
                text.push(letter);
            }
        }
        Self { text, chars }
    }

    /// Hides the letters between two places of the folded text, in bytes.
    fn hide(&self, hidden: &mut [bool], begin: usize, end: usize) {
        let first = self.chars.partition_point(|c| c.folded_at < begin);
        let last = self.chars.partition_point(|c| c.folded_at < end);
        hidden.get_mut(first..last).unwrap_or_default().fill(true);
    }

    /// Hides runs of digits, with the X that may end an identity number; dates stay.
    fn hide_runs(&self, hidden: &mut [bool]) {
        let mut at = 0;
        while at < self.chars.len() {
            let run = self.run_from(at);
            if run >= MIN_RUN && !self.is_date(at, run) {
                let ends_in_x = run == 17 && self.chars.get(at + run).is_some_and(|c| c.letter == 'X');
                hidden.get_mut(at..at + run + usize::from(ends_in_x)).unwrap_or_default().fill(true);
            }
            at += run.max(1);
        }
    }

    fn run_from(&self, at: usize) -> usize {
        self.chars.iter().skip(at).take_while(|c| c.letter.is_ascii_digit()).count()
    }

    /// Written `2026-08-03`: eight digits, parted after the fourth and the sixth, a year of ours.
    fn is_date(&self, at: usize, run: usize) -> bool {
        let digits = self.chars.get(at..at + run).unwrap_or_default();
        let parted = |n: usize| {
            let pair = digits.get(n.wrapping_sub(1)..=n);
            pair.is_some_and(|p| matches!(p, [a, b] if a.end < b.at))
        };
        let century: String = digits.iter().take(2).map(|c| c.letter).collect();
        run == 8 && (1..8).all(|n| parted(n) == matches!(n, 4 | 6)) && matches!(century.as_str(), "19" | "20")
    }

    /// The original with each hidden stretch as one sign. What falls away at folding and stands between two
    /// hidden letters is hidden with them.
    fn unfold(&self, original: &str, hidden: &[bool]) -> String {
        let mut text = String::with_capacity(original.len());
        let mut shown_to = 0;
        let mut before = false;
        for (place, hide) in self.chars.iter().zip(hidden) {
            if *hide {
                if !before {
                    text.push_str(original.get(shown_to..place.at).unwrap_or_default());
                    text.push(MASK);
                }
                shown_to = place.end;
            }
            before = *hide;
        }
        text.push_str(original.get(shown_to..).unwrap_or_default());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luo() -> Identity {
        Identity {
            name: "罗根生".into(),
            id_kind: None,
            id_number: Some("99010219710101806x".into()),
            telephone: Some("19900990008".into()),
            address: Some("云岭市青岩县槐桥镇中街151号".into()),
            email: Some("luo.gs@mail.example".into()),
        }
    }

    fn masked(text: &str) -> String {
        Patterns::of(&[luo()]).mask(text)
    }

    #[test]
    fn a_person_is_masked_however_it_is_typed() {
        for (text, expected) in [
            ("我叫罗根生，今年五十五岁。", "我叫■，今年五十五岁。"),
            ("罗 根 生", "■"),
            ("电话199-0099 0008，请联系", "电话■，请联系"),
            ("电话１９９００９９０００８", "电话■"),
            ("身份证99010219710101806X。", "身份证■。"),
            ("身份证 990102 19710101 806x", "身份证 ■"),
            ("住中街151号", "住■"),
            ("家在云岭市青岩县槐桥镇中街 151 号。", "家在■。"),
            ("罗根生罗根生", "■"),
            ("回信请发Luo.GS@mail.example，谢谢", "回信请发■，谢谢"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn longer_runs_of_digits_are_masked_and_sums_and_dates_stay() {
        for (text, expected) in [
            ("联系138 0000 0001", "联系■"),
            ("座机8123456", "座机■"),
            ("共计46800元，2025年3月", "共计46800元，2025年3月"),
            ("2026-07-16去过，２０２６—０７—１６", "2026-07-16去过，２０２６—０７—１６"),
            ("20260716", "■"),
            ("3026-07-16", "■"),
            ("另一人99010219710101806X", "另一人■"),
            ("卡号6222 0212 3456 7890 123", "卡号■"),
            ("", ""),
        ] {
            assert_eq!(Patterns::of(&[]).mask(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_of_one_letter_and_shared_places_stay() {
        let mut one = luo();
        one.name = "罗".into();
        one.address = Some("云岭市青岩县槐桥镇".into());
        assert_eq!(Patterns::of(&[one]).mask("罗桥镇的罗师傅，槐桥镇"), "罗桥镇的罗师傅，槐桥镇");
        assert_eq!(tail("云岭市明湖区映月街道映月巷34号3栋2单元201室"), Some("映月巷34号3栋2单元201室"));
        assert_eq!(tail("大湾村"), None);
    }

    #[test]
    fn every_co_petitioner_is_masked() {
        let people: Vec<Identity> = (0..40)
            .map(|n| Identity { name: format!("阿迪力·吐尔逊{n}"), id_number: None, ..luo() })
            .collect();
        let text: String = people.iter().map(|p| format!("{}、", p.name)).collect();
        let masked = Patterns::of(&people).mask(&text);
        assert!(!masked.contains("阿迪力") && masked.contains(MASK), "{masked}");
        assert_eq!(Patterns::of(&people).mask("阿迪力吐尔逊7和阿迪力•吐尔逊12来过"), "■和■来过");
    }

    #[test]
    fn masking_twice_changes_nothing_more() {
        let once = masked("罗根生 19900990008 住中街151号");
        assert_eq!(masked(&once), once);
    }
}
