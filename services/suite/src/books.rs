//! The books of a data folder: every service's database, as audits and rebuilds need them together.

use db::{Db, outbox};

use crate::{assemble, place::agency_database, site::Site};

/// A service's database, by the name of its service.
pub struct Book {
    /// `intake`, `agency-renshe`.
    pub name: String,
    /// The database.
    pub db: Db,
}

/// Opens the book of every service and of every agency that this place hosts.
///
/// # Errors
/// When one cannot be opened.
pub async fn open(site: &Site) -> anyhow::Result<Vec<Book>> {
    let mut books = vec![
        Book { name: "intake".to_owned(), db: site.store("intake", &intake::MIGRATIONS).await? },
        Book { name: "routing".to_owned(), db: site.store("routing", &routing::MIGRATIONS).await? },
        Book {
            name: "supervision".to_owned(),
            db: site.store("supervision", &supervision::MIGRATIONS).await?,
        },
        Book { name: "meetings".to_owned(), db: site.store("meetings", &meetings::MIGRATIONS).await? },
        Book {
            name: "notification".to_owned(),
            db: site.store("notification", &notification::MIGRATIONS).await?,
        },
        Book { name: "console".to_owned(), db: assemble::console::store(site).await? },
    ];
    for code in site.hosted() {
        let name = agency_database(&code);
        let db = site.store(&name, &agency::MIGRATIONS).await?;
        books.push(Book { name, db });
    }
    Ok(books)
}

/// Closes them.
pub async fn close(books: Vec<Book>) {
    for book in books {
        book.db.close().await;
    }
}

/// Whether anything was ever said from here.
///
/// # Errors
/// What the store says.
pub async fn has_log(db: &Db) -> anyhow::Result<bool> {
    Ok(!outbox::page(db, None, 0, 1).await?.is_empty())
}
