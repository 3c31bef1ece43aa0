//! Columns that are dropped whatever a mapping says (domain.md section 5): named in the report, their values unread.

/// The words; one a line.
const WORDS: &str = include_str!("denied.txt");

/// Whether a column of this heading is dropped.
#[must_use]
pub fn is_denied(heading: &str) -> bool {
    let heading = heading.to_lowercase().replace(['_', '-'], " ");
    words().any(|word| heading.contains(word))
}

fn words() -> impl Iterator<Item = &'static str> {
    WORDS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_domain_md_are_dropped_and_ordinary_ones_kept() {
        for heading in ["民族", "政治面貌", "职业", "是否特殊人员", "扬言情况", "老户标记", "稳控责任人"]
        {
            assert!(is_denied(heading), "{heading}");
        }
        for heading in ["Ethnicity", "political_status", "RISK-LEVEL", "petition_count"] {
            assert!(is_denied(heading), "{heading}");
        }
        for heading in ["标题", "内容", "来信日期", "county", "query", "reply_agency", "姓名", "联系电话"]
        {
            assert!(!is_denied(heading), "{heading}");
        }
    }
}
