//! Typed, time-ordered ids. Each kind has a prefix, so a wrong id is seen by eye and refused by type.

use std::{fmt, marker::PhantomData, str::FromStr, sync::Arc, sync::Mutex};

use rand::{Rng, SeedableRng, rngs::StdRng};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Clock, SystemClock, UnixMillis};

/// A kind of id: its prefix on the wire.
pub trait IdKind: Copy + Eq + Ord + std::hash::Hash + Send + Sync + 'static {
    /// Two lower-case letters that stand before the underscore.
    const PREFIX: &'static str;
}

/// 48 bits of milliseconds, 80 bits of chance; as text `<prefix>_` and 26 Crockford base-32 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<K: IdKind>(u128, PhantomData<K>);

macro_rules! kinds {
    ($($(#[$doc:meta])* $alias:ident = $kind:ident $prefix:literal;)*) => {$(
        #[doc(hidden)]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $kind;
        impl IdKind for $kind { const PREFIX: &'static str = $prefix; }
        $(#[$doc])*
        pub type $alias = Id<$kind>;
    )*};
}

// Append-only and alphabetical: a prefix that was used once is never given another meaning.
kinds! {
    /// 议题: one item of the joint conference's agenda.
    AgendaItemId = AgendaItemKind "ag";
    /// 交转件: one agency's job on a matter.
    AssignmentId = AssignmentKind "as";
    /// 附件: one uploaded file.
    AttachmentId = AttachmentKind "at";
    /// 诉求: one claim of a matter.
    ClaimId = ClaimKind "cl";
    /// A sealed text or paper in intake's content store.
    ContentId = ContentKind "ct";
    /// One message of the bus; also its `Nats-Msg-Id`.
    EventId = EventKind "ev";
    /// 会议: one meeting of a joint conference.
    MeetingId = MeetingKind "mt";
    /// 通知: one notice to one audience about one fact.
    NoticeId = NoticeKind "nt";
    /// 处理意见: one opinion.
    OpinionId = OpinionKind "op";
    /// 督办函: one supervision order.
    OrderId = OrderKind "or";
    /// 议定事项: one resolution of a joint conference.
    ResolutionId = ResolutionKind "rs";
    /// 交办单: one task that a resolution gives an agency.
    ResolutionTaskId = ResolutionTaskKind "tk";
    /// 用户: an account of one place.
    UserId = UserKind "us";
    /// 推送记录: one dispatch announced at one address of an agency.
    WebhookDeliveryId = WebhookDeliveryKind "wd";
    /// 推送地址: where an agency has its dispatches announced.
    WebhookId = WebhookKind "wh";
    /// 信访件 and, of the first one, 信访事项: a matter's id is its first submission's id.
    SubmissionId = SubmissionKind "xf";
}

/// 信访事项: a matter's id is its first submission's id.
pub type MatterId = SubmissionId;

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl<K: IdKind> Id<K> {
    /// Builds an id from its instant and 80 bits of chance.
    #[must_use]
    pub fn from_parts(at: UnixMillis, chance: u128) -> Self {
        let ms = u128::from(at.0.max(0).unsigned_abs()) & ((1 << 48) - 1);
        Self((ms << 80) | (chance & ((1 << 80) - 1)), PhantomData)
    }

    /// The instant at which the id was minted.
    #[must_use]
    pub fn minted_at(self) -> UnixMillis {
        UnixMillis(i64::try_from(self.0 >> 80).unwrap_or(i64::MAX))
    }
}

impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; 26];
        let mut rest = self.0;
        for slot in text.iter_mut().rev() {
            let digit = usize::try_from(rest & 31).unwrap_or(0);
            *slot = DIGITS.get(digit).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        write!(f, "{}_{}", K::PREFIX, std::str::from_utf8(&text).unwrap_or(""))
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of kind `{wanted}_`: `{text}`")]
pub struct BadId {
    wanted: &'static str,
    text: String,
}

impl<K: IdKind> FromStr for Id<K> {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { wanted: K::PREFIX, text: text.chars().take(40).collect() };
        let digits = text.strip_prefix(K::PREFIX).and_then(|t| t.strip_prefix('_')).ok_or_else(bad)?;
        if digits.len() != 26 || digits.as_bytes().first().is_none_or(|d| *d > b'7') {
            return Err(bad());
        }
        let mut value = 0_u128;
        for digit in digits.bytes() {
            let at = DIGITS.iter().position(|d| *d == digit).ok_or_else(bad)?;
            value = (value << 5) | u128::try_from(at).unwrap_or(0);
        }
        Ok(Self(value, PhantomData))
    }
}

impl<K: IdKind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl<K: IdKind> JsonSchema for Id<K> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Id_{}", K::PREFIX).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX) })
    }
}

/// Mints ids; the seam for chance, so that a simulation repeats itself from its seed.
#[derive(Clone)]
pub struct IdMint {
    clock: Arc<dyn Clock>,
    rng: Arc<Mutex<StdRng>>,
}

impl IdMint {
    /// Ids from the machine's clock and its source of chance.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one door to the machine's source of chance")]
    pub fn system() -> Self {
        let mut seed = [0_u8; 32];
        rand::rng().fill_bytes(&mut seed);
        Self::with(Arc::new(SystemClock), StdRng::from_seed(seed))
    }

    /// Ids that repeat themselves for the same clock and seed.
    #[must_use]
    pub fn seeded(clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self::with(clock, StdRng::seed_from_u64(seed))
    }

    fn with(clock: Arc<dyn Clock>, rng: StdRng) -> Self {
        Self { clock, rng: Arc::new(Mutex::new(rng)) }
    }

    /// A fresh id.
    #[must_use]
    pub fn mint<K: IdKind>(&self) -> Id<K> {
        let mut chance = [0_u8; 16];
        self.fill(&mut chance);
        Id::from_parts(self.clock.now(), u128::from_le_bytes(chance))
    }

    /// Fills a buffer with chance: query codes, nonces, data keys.
    pub fn fill(&self, bytes: &mut [u8]) {
        match self.rng.lock() {
            Ok(mut rng) => rng.fill_bytes(bytes),
            Err(poisoned) => poisoned.into_inner().fill_bytes(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ManualClock;

    #[test]
    fn an_id_reads_back_from_its_text_and_keeps_the_order_of_time() {
        let clock = Arc::new(ManualClock::at(UnixMillis(1_785_686_400_000)));
        let mint = IdMint::seeded(clock.clone(), 7);
        let first: MatterId = mint.mint();
        clock.advance_ms(1);
        let second: MatterId = mint.mint();
        assert!(first < second && first.to_string() < second.to_string());
        assert_eq!(first.to_string().parse::<MatterId>(), Ok(first));
        assert_eq!(first.minted_at(), UnixMillis(1_785_686_400_000));
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        let event: EventId = IdMint::seeded(Arc::new(SystemClock), 1).mint();
        for text in [
            event.to_string(),
            "xf_".into(),
            "xf_zzzzzzzzzzzzzzzzzzzzzzzzzz".into(),
            format!("xf_{}", "i".repeat(26)),
        ] {
            assert!(text.parse::<MatterId>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(UnixMillis(5)));
        let (a, b) = (IdMint::seeded(clock.clone(), 3), IdMint::seeded(clock, 3));
        assert_eq!(a.mint::<EventKind>(), b.mint::<EventKind>());
    }
}
