//! Pages of lists that their owner gives whole: the cursor is the key of the last row, as with the long lists.

use contracts::{Page, PageRequest};
use kernel::Refusal;

use crate::error;

/// Cuts one page out of a list; each row has a key of its own.
///
/// # Errors
/// `bad_cursor` for a key that no row has.
pub fn cut<T>(rows: Vec<T>, page: &PageRequest, key: impl Fn(&T) -> String) -> Result<Page<T>, Refusal> {
    let begin = match &page.after {
        None => 0,
        Some(after) => {
            let last = rows.iter().position(|row| key(row) == *after);
            last.ok_or_else(|| error::BAD_CURSOR.refuse().at("after"))?.saturating_add(1)
        }
    };
    let most = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    let all = rows.len();
    let items: Vec<T> = rows.into_iter().skip(begin).take(most).collect();
    let more = begin.saturating_add(items.len()) < all;
    let next = items.last().filter(|_| more).map(key);
    Ok(Page { items, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(after: Option<&str>, limit: i64) -> PageRequest {
        PageRequest { after: after.map(str::to_owned), limit: Some(limit) }
    }

    #[test]
    fn every_row_is_on_one_page_and_the_last_page_says_so() {
        let rows = || vec!["a", "b", "c"];
        let cut = |after, limit| cut(rows(), &page(after, limit), |row| (*row).to_owned());
        assert_eq!(cut(None, 2), Ok(Page { items: vec!["a", "b"], next: Some("b".to_owned()) }));
        assert_eq!(cut(Some("b"), 2), Ok(Page { items: vec!["c"], next: None }));
        assert_eq!(cut(None, 3), Ok(Page { items: rows(), next: None }));
        assert_eq!(cut(Some("c"), 3), Ok(Page { items: vec![], next: None }));
        assert_eq!(cut(Some("x"), 3).map_err(|r| r.code.to_string()), Err("bad_cursor".to_owned()));
    }
}
