//! Finds a refused thing by its name: word lists against names (fields, columns, routes) and texts.

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A field or code word of an event, a command or its answer.
    Field,
    /// A table or column.
    Column,
    /// A route of the console.
    Route,
    /// The code of an error.
    ErrorCode,
    /// A key of the sample data or of a profile.
    SampleField,
    /// A sentence of a page, a message or a document.
    Text,
    /// What handlers write in the sample's papers.
    Opinion,
}

/// One name or text of the suite.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub place: String,
    /// The name or the text.
    pub text: String,
}

impl Piece {
    /// A piece.
    pub fn new(kind: Kind, place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind, place: place.into(), text: text.into() }
    }
}

/// The words of one refusal.
#[derive(Debug)]
pub struct Refusal {
    /// Its number in domain.md section 5.
    pub number: usize,
    /// Parts of names, in snake_case; each word of the part stands alone: `risk` finds `risk_score`, not `brisk`.
    pub names: &'static [&'static str],
    /// Chinese words, found anywhere.
    pub zh: &'static [&'static str],
    /// English phrases, found as whole words; names are looked for in texts under their own words too.
    pub en: &'static [&'static str],
}

/// Every place where a refusal is broken: `place: word`.
pub fn detect(pieces: &[Piece], refusal: &Refusal) -> Vec<String> {
    let mut found = Vec::new();
    for piece in pieces {
        let words = words(&piece.text);
        let (names, en): (&[&str], &[&str]) = match piece.kind {
            Kind::Text | Kind::Opinion => (&[], refusal.en),
            _ => (refusal.names, &[]),
        };
        for phrase in names.iter().chain(en) {
            if contains(&words, &self::words(phrase)) {
                found.push(format!("{}: `{phrase}` in `{}`", piece.place, short(&piece.text, phrase)));
            }
        }
        for word in refusal.zh.iter().filter(|w| piece.text.contains(*w)) {
            found.push(format!("{}: `{word}` in `{}`", piece.place, short(&piece.text, word)));
        }
    }
    found
}

/// Lower-case words of a name or a text; camelCase parts and a plural `s` goes.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let starts = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase());
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words.retain(|w| !w.is_empty());
    for word in &mut words {
        if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
            word.pop();
        }
    }
    words
}

fn contains(words: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && words.windows(phrase.len()).any(|w| w == phrase)
}

fn short(text: &str, near: &str) -> String {
    let at = text.find(near).unwrap_or(0);
    let from = text.char_indices().map(|(i, _)| i).take_while(|i| *i <= at).last().unwrap_or(0);
    text[from..].chars().take(60).collect::<String>().replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WATCH: Refusal =
        Refusal { number: 2, names: &["watch_list"], zh: &["重点人员"], en: &["watch list"] };

    #[test]
    fn a_planted_name_or_word_is_found_wherever_it_stands() {
        for (kind, text) in [
            (Kind::Field, "watchList"),
            (Kind::Column, "petitioner.watch_lists"),
            (Kind::Route, "/api/v1/watch_list/{id}"),
            (Kind::ErrorCode, "on_watch_list"),
            (Kind::SampleField, "watch-list"),
            (Kind::Text, "Remove from the watch list"),
            (Kind::Text, "列为重点人员"),
        ] {
            let found = detect(&[Piece::new(kind, "here", text)], &WATCH);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].starts_with("here: "), "{found:?}");
        }
    }

    #[test]
    fn parts_of_other_words_are_not_found() {
        for text in ["stopwatch_list", "watch", "list_watch", "Watch the list."] {
            assert!(detect(&[Piece::new(Kind::Field, "here", text)], &WATCH).is_empty(), "{text}");
        }
    }
}
