//! What may be bound to a statement: `i64`, text, bytes, the kernel's words, and options of them.
//! No `bool` and no `i32`: the two databases do not agree on them (README, traps 3 and 11).

use kernel::{
    AgencyCode, AgendaItemId, AssignmentId, AttachmentId, ClaimId, ContentId, EventId, MeetingId, NoticeId,
    OpinionId, OrderId, RegionCode, ResolutionId, ResolutionTaskId, SubmissionId, UnixMillis, UserId,
    WebhookDeliveryId, WebhookId,
};
use sqlx::{Arguments, error::BoxDynError, postgres::PgArguments, sqlite::SqliteArguments};

/// Arguments in the making, for one of the databases.
pub enum Args {
    #[doc(hidden)]
    Sqlite(SqliteArguments),
    #[doc(hidden)]
    Postgres(PgArguments),
}

/// A value that both databases store alike.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound: the two databases would not store it alike",
    note = "bind `i64`, text, bytes, ids, codes, instants, dates, `JsonText`, or an `Option` of them; a truth value is 0 or 1"
)]
pub trait Value {
    /// Adds the value.
    ///
    /// # Errors
    /// When it cannot be encoded.
    fn put(self, args: &mut Args) -> Result<(), BoxDynError>;

    /// Adds a NULL of this type.
    ///
    /// # Errors
    /// When it cannot be encoded.
    fn put_null(args: &mut Args) -> Result<(), BoxDynError>;
}

macro_rules! native {
    ($($native:ty),* $(,)?) => {$(
        impl Value for $native {
            fn put(self, args: &mut Args) -> Result<(), BoxDynError> {
                match args {
                    Args::Sqlite(args) => args.add(self),
                    Args::Postgres(args) => args.add(self),
                }
            }
            fn put_null(args: &mut Args) -> Result<(), BoxDynError> {
                match args {
                    Args::Sqlite(args) => args.add(None::<$native>),
                    Args::Postgres(args) => args.add(None::<$native>),
                }
            }
        }
    )*};
}
native!(i64, &str, String, &String, &[u8], Vec<u8>);

macro_rules! through {
    ($ty:ty => $inner:ty, $value:ident: $make:expr) => {
        impl Value for $ty {
            fn put(self, args: &mut Args) -> Result<(), BoxDynError> {
                let $value = self;
                <$inner as Value>::put($make, args)
            }
            fn put_null(args: &mut Args) -> Result<(), BoxDynError> {
                <$inner as Value>::put_null(args)
            }
        }
    };
}
through!(&i64 => i64, v: *v);
through!(&Vec<u8> => Vec<u8>, v: v.clone());
through!(UnixMillis => i64, v: v.0);
through!(&AgencyCode => String, v: v.as_str().to_owned());
through!(AgencyCode => String, v: v.as_str().to_owned());
through!(&RegionCode => String, v: v.as_str().to_owned());
through!(RegionCode => String, v: v.as_str().to_owned());
through!(chrono::NaiveDate => String, v: v.to_string());

macro_rules! ids {
    ($($id:ty),* $(,)?) => {$(
        through!($id => String, v: v.to_string());
        through!(&$id => String, v: v.to_string());
    )*};
}
ids!(
    AgendaItemId,
    AssignmentId,
    AttachmentId,
    ClaimId,
    ContentId,
    EventId,
    MeetingId,
    NoticeId,
    OpinionId,
    OrderId,
    ResolutionId,
    ResolutionTaskId,
    WebhookDeliveryId,
    WebhookId,
    SubmissionId,
    UserId
);

impl<T: Value> Value for Option<T> {
    fn put(self, args: &mut Args) -> Result<(), BoxDynError> {
        match self {
            Some(value) => value.put(args),
            None => T::put_null(args),
        }
    }
    fn put_null(args: &mut Args) -> Result<(), BoxDynError> {
        T::put_null(args)
    }
}
