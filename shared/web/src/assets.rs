//! Embedded files: addressed with a digest of their content, so that a browser may keep them for a
//! year and never shows a stale one.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, RawQuery, State},
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

/// Where assets are served.
pub const PREFIX: &str = "/assets";
/// Digits (hex) of the digest in addresses and tags: 80 bits of SHA-256.
const DIGEST_DIGITS: usize = 20;
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "public, no-cache";

/// Gives a file's bytes and media type by its path. With `rust-embed`:
/// `&|path| Files::get(path).map(|f| (f.data, web::mime_of(path)))`.
pub type AssetSource = &'static (dyn Fn(&str) -> Option<(Cow<'static, [u8]>, &'static str)> + Send + Sync);

struct Asset {
    bytes: Bytes,
    mime: &'static str,
    digest: String,
}

/// The embedded files of a process; clones share them.
#[derive(Clone)]
pub struct Assets {
    source: AssetSource,
    /// Only files that exist are kept, so that the source bounds it.
    known: Arc<RwLock<HashMap<String, Arc<Asset>>>>,
}

impl Assets {
    /// The files of a source.
    #[must_use]
    pub fn new(source: AssetSource) -> Self {
        Self { source, known: Arc::default() }
    }

    /// The address of a file, its digest included; `None` when there is no such file.
    #[must_use]
    pub fn url(&self, path: &str) -> Option<String> {
        self.asset(path).map(|asset| format!("{PREFIX}/{path}?v={}", asset.digest))
    }

    /// The route that serves them.
    pub fn router(&self) -> Router {
        Router::new().route(&format!("{PREFIX}/{{*path}}"), get(serve)).with_state(self.clone())
    }

    fn asset(&self, path: &str) -> Option<Arc<Asset>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if known.is_some() {
            return known;
        }
        let (bytes, mime) = (self.source)(path)?;
        let embedded = matches!(bytes, Cow::Borrowed(_));
        let mut digest = hex::encode(Sha256::digest(&bytes));
        digest.truncate(DIGEST_DIGITS);
        let bytes = match bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let asset = Arc::new(Asset { bytes, mime, digest });
        // Owned bytes were read from disk by a development build, and may change.
        if embedded {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(path.to_owned(), asset.clone());
        }
        Some(asset)
    }
}

async fn serve(
    State(assets): State<Assets>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = assets.asset(&path) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", asset.digest);
    let addressed = query.as_deref().and_then(|q| q.strip_prefix("v=")) == Some(asset.digest.as_str());
    let kept =
        [(CACHE_CONTROL, if addressed { FOR_EVER } else { ASK_EACH_TIME }.to_owned()), (ETAG, tag.clone())];
    let has = |value: &str| {
        value.split(',').any(|t| matches!(t.trim().trim_start_matches("W/"), t if t == tag || t == "*"))
    };
    if headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(has) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(CONTENT_TYPE, asset.mime)], Body::from(asset.bytes.clone())).into_response()
}

/// The media type of a file by the end of its name; unknown ones are bytes, which no browser runs.
#[must_use]
pub fn mime_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    fn source(path: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
        match path {
            "css/app.css" => Some((Cow::Borrowed(b"body{}"), mime_of(path))),
            "dev.js" => Some((Cow::Owned(b"1".to_vec()), mime_of(path))),
            _ => None,
        }
    }

    async fn ask(path: &str, if_none_match: Option<&str>) -> (Response<()>, Bytes) {
        let mut request = Request::get(path);
        if let Some(tag) = if_none_match {
            request = request.header(IF_NONE_MATCH, tag);
        }
        let router = Assets::new(&source).router();
        let response = router.oneshot(request.body(Body::empty()).expect("request")).await.expect("answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.expect("body");
        (Response::from_parts(parts, ()), bytes)
    }

    #[tokio::test]
    async fn an_addressed_file_is_kept_for_ever_and_a_plain_one_asked_for() {
        let url = Assets::new(&source).url("css/app.css").expect("there");
        let (head, bytes) = ask(&url, None).await;
        assert_eq!((head.status(), bytes.as_ref()), (StatusCode::OK, b"body{}".as_ref()));
        assert_eq!(head.headers()[CACHE_CONTROL], FOR_EVER);
        assert_eq!(head.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        let (head, _) = ask("/assets/css/app.css?v=old", None).await;
        assert_eq!(head.headers()[CACHE_CONTROL], ASK_EACH_TIME, "an old address must not pin new bytes");
    }

    #[tokio::test]
    async fn a_browser_that_has_it_gets_no_bytes() {
        let (head, _) = ask("/assets/css/app.css", None).await;
        let tag = head.headers()[ETAG].to_str().expect("text").to_owned();
        for sent in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let (head, bytes) = ask("/assets/css/app.css", Some(&sent)).await;
            assert_eq!((head.status(), bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{sent}");
        }
        assert_eq!(ask("/assets/css/app.css", Some("\"x\"")).await.0.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn there_is_nothing_beside_the_source() {
        for path in ["/assets/none.css", "/assets/../Cargo.toml", "/assets/"] {
            assert_eq!(ask(path, None).await.0.status(), StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(Assets::new(&source).url("none.css"), None);
    }

    #[test]
    fn only_embedded_files_are_remembered() {
        let assets = Assets::new(&source);
        assert!(assets.url("dev.js").is_some() && assets.url("css/app.css").is_some());
        assert_eq!(assets.known.read().expect("known").len(), 1);
    }
}
