//! `Browser`: posts forms and reads pages as a browser without scripting does.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use futures_util::StreamExt;
use scraper::{Html, Selector};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use tower::ServiceExt;

/// A browser without scripting: it keeps cookies, posts forms, follows nothing by itself.
pub struct Browser {
    router: Router,
    cookies: Mutex<BTreeMap<String, String>>,
    /// Its `Accept-Language`.
    pub lang: &'static str,
    /// Where it stands.
    pub ip: IpAddr,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: axum::http::HeaderMap,
    /// The body as text.
    pub body: String,
}

impl Browser {
    /// A browser that brings these cookies.
    pub fn new(router: Router, cookies: &str) -> Browser {
        let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
        let cookies = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Browser { router, cookies: Mutex::new(cookies), lang: "zh-CN", ip: IpAddr::from([127, 0, 0, 1]) }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Posts a form of a page; fields are those of the server function's input.
    pub async fn post(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(
            Method::POST,
            action,
            Some(encoded(fields)),
            &[("referer", &format!("http://127.0.0.1:8080{page}")), ("origin", "http://127.0.0.1:8080")],
        )
        .await
    }

    /// Posts a form and opens the page it leads to.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post(page, action, fields).await;
        assert!((300..400).contains(&answer.status), "{action} answers {}: {}", answer.status, answer.body);
        self.get(&answer.location()).await
    }

    /// Calls a server function as scripts do, which want JSON and no page.
    pub async fn call(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, action, Some(encoded(fields)), &[("accept", "application/json"), ("origin", "http://127.0.0.1:8080")]).await
    }

    /// Posts a form with files; each has its field, name and content.
    pub async fn upload(&self, page: &str, action: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let headers = [("referer", &*format!("http://127.0.0.1:8080{page}")), ("origin", "http://127.0.0.1:8080")];
        self.transmit(Method::POST, action, Some(multipart(fields, files)), &headers).await
    }

    /// Calls a server function that takes files as scripts do.
    pub async fn call_with_files(&self, action: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let headers = [("accept", "application/json"), ("origin", "http://127.0.0.1:8080")];
        self.transmit(Method::POST, action, Some(multipart(fields, files)), &headers).await
    }

    /// Sends any request; headers given here win over the browser's own.
    pub async fn send(&self, method: Method, path: &str, form: Option<String>, headers: &[(&str, &str)]) -> Answer {
        self.transmit(method, path, form.map(|form| ("application/x-www-form-urlencoded", form.into_bytes())), headers).await
    }

    /// Sends JSON, as programs do, without an origin.
    pub async fn send_json(&self, path: &str, body: &serde_json::Value, headers: &[(&str, &str)]) -> Answer {
        self.transmit(Method::POST, path, Some(("application/json", body.to_string().into_bytes())), headers).await
    }

    async fn transmit(&self, method: Method, path: &str, content: Option<(&'static str, Vec<u8>)>, headers: &[(&str, &str)]) -> Answer {
        let response = self.begin(method, path, content, headers).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
        Answer { status: parts.status.as_u16(), headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Opens the live stream; its body is read by whoever asked.
    pub async fn listen(&self, headers: &[(&str, &str)]) -> axum::response::Response {
        self.begin(Method::GET, "/live", None, headers).await
    }

    /// What a live stream says until it has said `word`; everything so far when that takes too long.
    pub async fn first_of_stream(&self, path: &str, word: &str) -> String {
        let mut body = self.begin(Method::GET, path, None, &[]).await.into_body().into_data_stream();
        let mut said = String::new();
        let listen = async {
            while !said.contains(word) || !said.ends_with("\n\n") {
                let Some(Ok(data)) = body.next().await else { break };
                said.push_str(&String::from_utf8_lossy(&data));
            }
        };
        let _ = tokio::time::timeout(std::time::Duration::from_secs(10), listen).await;
        said
    }

    async fn begin(
        &self,
        method: Method,
        path: &str,
        content: Option<(&'static str, Vec<u8>)>,
        headers: &[(&str, &str)],
    ) -> axum::response::Response {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("an address");
        let cookie = self.cookie();
        let own = [("accept", "text/html"), ("accept-language", self.lang), ("host", "127.0.0.1:8080"), ("cookie", &*cookie)];
        for (name, value) in own.iter().filter(|(_, value)| !value.is_empty()).chain(headers) {
            let name: header::HeaderName = name.parse().expect("a header");
            request.headers_mut().insert(name, value.parse().expect("a value"));
        }
        if let Some((kind, content)) = content {
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().expect("a type"));
            *request.body_mut() = Body::from(content);
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((self.ip, 40_000))));
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        for set in response.headers().get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap_or("");
            let (name, value) = set.split(';').next().unwrap_or("").split_once('=').unwrap_or(("", ""));
            let is_gone = value.is_empty() || set.to_ascii_lowercase().contains("max-age=0");
            let mut cookies = self.cookies.lock().expect("cookies");
            if is_gone {
                cookies.remove(name)
            } else {
                cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        response
    }

    /// The cookies, to look at.
    pub fn cookie(&self) -> String {
        let pairs: Vec<String> = self.cookies.lock().expect("cookies").iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}

/// A form with files, as a browser writes it: its type and its bytes.
fn multipart(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> (&'static str, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let name = ui::form::html_name(name);
        body.extend(format!("--kefu-test\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (field, name, content) in files {
        let name = name.replace('"', "%22");
        let head = format!(
            "--kefu-test\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes().chain(content.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(*b"--kefu-test--\r\n");
    ("multipart/form-data; boundary=kefu-test", body)
}

/// Fields of a server function's input, as a form writes them.
fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", ui::visit::encoded(&ui::form::html_name(name)), ui::visit::encoded(value)))
        .collect();
    pairs.join("&")
}

impl Answer {
    /// Where it leads.
    pub fn location(&self) -> String {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
    }

    /// Text of the first element of a selector, spaces collapsed.
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_default()
    }

    /// Texts of all elements of a selector.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        let document = Html::parse_document(&self.body);
        document
            .select(&selector)
            .map(|element| element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// An attribute of the first element of a selector.
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let selector = Selector::parse(selector).expect("a selector");
        let document = Html::parse_document(&self.body);
        document.select(&selector).next().and_then(|element| element.value().attr(name)).unwrap_or("").to_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The body without what differs from one request to the next: the nonce, the request's id, and what the test itself
    /// chose to differ.
    pub fn without(&self, differing: &[&str]) -> String {
        let policy = self.headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok()).unwrap_or("");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("");
        let id = self.headers.get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or("");
        let gone = differing.iter().copied().chain([nonce, id]).filter(|text| !text.is_empty());
        gone.fold(self.body.clone(), |body, text| body.replace(text, "…"))
    }
}
