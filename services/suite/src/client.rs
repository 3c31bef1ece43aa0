//! The command line's half of the REST face: a session, commands, refusals as they are told to people.

use anyhow::{Context, bail};
use contracts::Page;
use reqwest::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A signed-in (or anonymous) caller of the REST face.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// A problem document (RFC 9457) of the REST face.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: String,
    /// What happened and what to do.
    pub detail: String,
    /// The field it is about.
    pub field: Option<String>,
}

impl Client {
    /// A caller without a session.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        // Asked of this machine or of an office's own address: never through a proxy.
        let http = reqwest::Client::builder().no_proxy().build().context("the HTTP client")?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), token: None })
    }

    /// The same, signed in.
    ///
    /// # Errors
    /// When login and password do not fit, or nobody answers.
    pub async fn sign_in(&self, login: &str, password: &str) -> anyhow::Result<Self> {
        let body = serde_json::json!({ "login": login, "password": password });
        let session: Value =
            self.post("/api/v1/sessions", &body).await.with_context(|| format!("signing in as {login}"))?;
        let token = session.get("token").and_then(Value::as_str).context("a session without token")?;
        Ok(Self { token: Some(token.to_owned()), ..self.clone() })
    }

    /// The same with an API key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { token: Some(key.to_owned()), ..self.clone() }
    }

    /// Reads.
    ///
    /// # Errors
    /// A [`Problem`], or that nobody answers.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.send(Method::GET, path, None::<&()>, None).await
    }

    /// A whole list, page by page.
    ///
    /// # Errors
    /// A [`Problem`], or that nobody answers.
    pub async fn get_all<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Vec<T>> {
        let (mut rows, mut after) = (Vec::new(), None::<String>);
        loop {
            let asked = self.http.get(format!("{}{path}", self.base)).query(&[("limit", "200")]);
            let asked = asked.query(&after.as_ref().map(|after| [("after", after)]));
            let page: Page<T> = serde_json::from_value(self.answer(asked).await?)?;
            rows.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(rows);
            }
        }
    }

    /// Commands.
    ///
    /// # Errors
    /// A [`Problem`], or that nobody answers.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
        self.send(Method::POST, path, Some(body), None).await
    }

    /// Commands, done once under a key however often they are sent.
    ///
    /// # Errors
    /// A [`Problem`], or that nobody answers.
    pub async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        self.send(Method::POST, path, Some(body), Some(key)).await
    }

    /// Uploads a file.
    ///
    /// # Errors
    /// A [`Problem`], or that nobody answers.
    pub async fn upload(&self, name: &str, bytes: Vec<u8>) -> anyhow::Result<Value> {
        let request = self
            .http
            .post(format!("{}/api/v1/attachments", self.base))
            .query(&[("name", name)])
            .header("content-type", "application/octet-stream")
            .body(bytes);
        self.answer(request).await
    }

    /// Ends what a path names.
    ///
    /// # Errors
    /// A [`Problem`], or that nobody answers.
    pub async fn delete(&self, path: &str) -> anyhow::Result<()> {
        self.send::<Value>(Method::DELETE, path, None::<&()>, None).await.map(drop)
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
        key: Option<&str>,
    ) -> anyhow::Result<T> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.answer(request).await
    }

    async fn answer<T: DeserializeOwned>(&self, mut request: reqwest::RequestBuilder) -> anyhow::Result<T> {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.context("nobody answers; is `lianxi run` up?")?;
        let status = response.status();
        let bytes = response.bytes().await.context("the answer broke off")?;
        if status == StatusCode::NO_CONTENT {
            return serde_json::from_str("null").context("nothing, where something was expected");
        }
        if status.is_success() {
            return serde_json::from_slice(&bytes)
                .with_context(|| format!("not the answer expected: {}", String::from_utf8_lossy(&bytes)));
        }
        let problem: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let text = |name: &str| problem.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if problem.is_null() {
            bail!("{status}: {}", String::from_utf8_lossy(&bytes));
        }
        let field = problem.get("field").and_then(Value::as_str).map(str::to_owned);
        let shown = field.as_ref().map(|f| format!(" [{f}]")).unwrap_or_default();
        bail!(Problem { status, code: text("code"), detail: text("detail") + &shown, field })
    }
}

/// Whether waiting mends it: a part of the suite is away, or a fact has not arrived where it is asked for.
#[must_use]
pub fn passes(error: &anyhow::Error) -> bool {
    let problem = error.chain().find_map(|e| e.downcast_ref::<Problem>());
    problem.is_some_and(|p| {
        let early = ["_here_yet", "_not_here", "_known_yet"].iter().any(|end| p.code.ends_with(end));
        early || p.status == StatusCode::SERVICE_UNAVAILABLE
    })
}

/// What a repeated attempt gave: its value, nothing yet, or an error that waiting does not mend.
///
/// # Errors
/// The error that waiting does not mend.
pub fn patiently<T>(attempt: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match attempt {
        Ok(value) => Ok(Some(value)),
        Err(error) if passes(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The code of the problem behind an error, if it is one.
#[must_use]
pub fn problem_code(error: &anyhow::Error) -> Option<&str> {
    error.chain().find_map(|e| e.downcast_ref::<Problem>()).map(|p| p.code.as_str())
}
