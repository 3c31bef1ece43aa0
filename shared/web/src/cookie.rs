//! Cookies as the suite sets them: host-only, `HttpOnly`, `SameSite=Lax`, and under TLS `Secure` with
//! the `__Host-` prefix, which a neighbouring site cannot forge.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

/// The longest value set or read, in bytes.
pub const VALUE_MAX: usize = 1_024;

/// A cookie by name; the value comes and goes by request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    name: String,
    secure: bool,
}

/// A value that cannot stand in a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cookie's value is 1 to {VALUE_MAX} letters, digits or any of `-_.~=`")]
pub struct BadCookieValue;

impl Cookie {
    /// A cookie named `name`, or `__Host-<name>` when the site is served under TLS.
    #[must_use]
    pub fn new(name: &str, secure: bool) -> Self {
        let prefix = if secure { "__Host-" } else { "" };
        Self { name: format!("{prefix}{name}"), secure }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value in a request, if it came and could have been set by us.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap) -> Option<String> {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, value)| *name == self.name && is_value(value))
            .map(|(_, value)| value.to_owned())
    }

    /// The `Set-Cookie` that gives it a value; without `max_age_s` it ends with the browser.
    ///
    /// # Errors
    /// When the value has characters that a cookie cannot carry.
    pub fn set(&self, value: &str, max_age_s: Option<u32>) -> Result<HeaderValue, BadCookieValue> {
        if !is_value(value) {
            return Err(BadCookieValue);
        }
        let age = max_age_s.map_or_else(String::new, |s| format!("; Max-Age={s}"));
        HeaderValue::from_str(&format!("{}={value}{age}{}", self.name, self.attributes()))
            .map_err(|_| BadCookieValue)
    }

    /// The `Set-Cookie` that removes it.
    #[must_use]
    pub fn clear(&self) -> HeaderValue {
        HeaderValue::from_str(&format!("{}=; Max-Age=0{}", self.name, self.attributes()))
            // The name is ours; were it not printable, an expired cookie without a name does no harm.
            .unwrap_or_else(|_| HeaderValue::from_static("=; Max-Age=0"))
    }

    fn attributes(&self) -> &'static str {
        if self.secure {
            "; Path=/; HttpOnly; SameSite=Lax; Secure"
        } else {
            "; Path=/; HttpOnly; SameSite=Lax"
        }
    }
}

fn is_value(text: &str) -> bool {
    (1..=VALUE_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~=".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_under_tls_has_the_host_prefix_and_is_secure() {
        let cookie = Cookie::new("session", true);
        let set = cookie.set("abc-1", Some(60)).expect("set");
        assert_eq!(set, "__Host-session=abc-1; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure");
        let plain = Cookie::new("session", false).set("abc-1", None).expect("set");
        assert_eq!(plain, "session=abc-1; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(cookie.clear(), "__Host-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("xsession=1; __Host-session=abc"));
        headers.append(COOKIE, HeaderValue::from_static("session=plain"));
        assert_eq!(Cookie::new("session", true).read(&headers).as_deref(), Some("abc"));
        assert_eq!(Cookie::new("session", false).read(&headers).as_deref(), Some("plain"));
        assert_eq!(Cookie::new("other", false).read(&headers), None);
    }

    #[test]
    fn a_value_cannot_smuggle_attributes() {
        let cookie = Cookie::new("session", false);
        for bad in ["", "a; Domain=evil", "a\r\nSet-Cookie: b=1", "张", &"x".repeat(VALUE_MAX + 1)] {
            assert_eq!(cookie.set(bad, None), Err(BadCookieValue), "{bad}");
        }
    }
}
