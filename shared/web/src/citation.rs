//! How the law is cited: its name with the article, as the law writes it.

use crate::Language;

const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// `《信访工作条例》第二十三条`, `Regulations on Petition Work, Art. 23`.
#[must_use]
pub fn basis(language: Language, law: &str, article: &str) -> String {
    match (language, article) {
        (_, "") => law.to_owned(),
        (Language::ZhCn, article) => format!("{law}{}", article_zh(article)),
        (Language::En, article) => format!("{law}, {article}"),
    }
}

/// `Art. 22(1)` of the regulations, as a letter names its ground.
#[must_use]
pub fn ground(language: Language, article: &str) -> String {
    let law = match language {
        Language::ZhCn => "《信访工作条例》",
        Language::En => "Regulations on Petition Work",
    };
    basis(language, law, article)
}

fn article_zh(article: &str) -> String {
    let Some(rest) = article.strip_prefix("Art. ") else { return article.to_owned() };
    let (number, item) = rest.split_once('(').unwrap_or((rest, ""));
    let item = item.trim_end_matches(')');
    match (number.trim().parse::<usize>(), item.parse::<usize>()) {
        (Ok(number), Ok(item)) => format!("第{}条第{}项", numeral(number), numeral(item)),
        (Ok(number), Err(_)) => format!("第{}条", numeral(number)),
        (Err(_), _) => article.to_owned(),
    }
}

/// 1 to 99 in Chinese.
fn numeral(n: usize) -> String {
    let digit = |n: usize| DIGITS.get(n).copied().unwrap_or_default();
    match (n / 10, n % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens @ 2..=9, ones) => format!("{}十{}", digit(tens), digit(ones)),
        _ => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_written_as_the_law_writes_them() {
        assert_eq!(ground(Language::ZhCn, "Art. 22(3)"), "《信访工作条例》第二十二条第三项");
        assert_eq!(ground(Language::ZhCn, "Art. 34"), "《信访工作条例》第三十四条");
        assert_eq!(article_zh("Art. 10"), "第十条");
        assert_eq!(ground(Language::En, "Art. 23"), "Regulations on Petition Work, Art. 23");
        assert_eq!(article_zh("§ 7"), "§ 7");
    }
}
