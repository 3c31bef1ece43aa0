//! Chromium under ChromeDriver: a browser of a test's own, and the few things a person does with one.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use serde_json::{Value, json};

use crate::office::{folder::Folder, wait::wait_for};

/// Names the ChromeDriver; otherwise it is looked for on the path.
const DRIVER: &str = "LIANXI_CHROMEDRIVER";
/// Where pictures of the pages go, if anywhere: a folder to look at.
const PICTURES: &str = "LIANXI_TEST_PICTURES";
/// What ChromeDriver says when it is ready; the port follows.
const READY: &str = "started successfully on port ";
/// Nothing of the machine's own profile, nothing over the network, and Chinese first.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
    "--window-size=1280,1000",
];

/// A browser and the console it looks at.
pub struct Browser {
    page: Client,
    base: String,
    driver: Driver,
}

/// ChromeDriver as a child that ends with its test.
struct Driver {
    child: Child,
    _profile: Folder,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A test that failed has not closed its window: Chromium stands in the driver's process group.
        let group = format!("-{}", self.child.id());
        let told = Command::new("kill").args(["-KILL", "--", &group]).status();
        if !told.is_ok_and(|status| status.success()) {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

fn start() -> (Child, u16) {
    let program = std::env::var_os(DRIVER).map_or_else(|| PathBuf::from("chromedriver"), PathBuf::from);
    let mut child = Command::new(&program)
        .arg("--port=0")
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| panic!("{} did not start ({e}); run: make setup-test", program.display()));
    let said = BufReader::new(child.stdout.take().expect("its output"));
    let port = said.lines().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once(READY)?;
        port.trim_end_matches('.').parse().ok()
    });
    (child, port.expect("ChromeDriver names its port"))
}

impl Browser {
    /// A new one before this console.
    pub async fn open(base: &str) -> Self {
        let (child, port) = start();
        let profile = Folder::new("chromium");
        let user_data = format!("--user-data-dir={}", profile.path().display());
        let flags: Vec<&str> = FLAGS.iter().copied().chain([user_data.as_str()]).collect();
        let options = json!({ "args": flags, "prefs": { "intl.accept_languages": "zh-CN,zh" } });
        let wanted = serde_json::Map::from_iter([("goog:chromeOptions".to_owned(), options)]);
        let driver = Driver { child, _profile: profile };
        let page = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap_or_else(|e| panic!("Chromium did not start: {e}"));
        Self { page, base: base.to_owned(), driver }
    }

    /// Closes the window and ends the driver.
    pub async fn close(self) {
        self.page.close().await.expect("the window closes");
        drop(self.driver);
    }

    /// Opens an address of the console.
    pub async fn go(&self, path: &str) {
        self.page.goto(&format!("{}{path}", self.base)).await.unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    /// One page back.
    pub async fn back(&self) {
        self.page.back().await.expect("a page before");
    }

    /// Path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.page.current_url().await.expect("an address");
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Waits until the address has this in it; gives it.
    pub async fn arrives(&self, part: &str) -> String {
        wait_for(&format!("an address with {part}"), || async {
            Some(self.path().await).filter(|path| path.contains(part))
        })
        .await
    }

    /// The first element, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        wait_for(css, || async { self.page.find(Locator::Css(css)).await.ok() }).await
    }

    /// Whether such an element is there now.
    pub async fn has(&self, css: &str) -> bool {
        !self.page.find_all(Locator::Css(css)).await.expect("a page").is_empty()
    }

    /// The text of the first element, once it has some.
    pub async fn text(&self, css: &str) -> String {
        wait_for(&format!("text in {css}"), || async {
            let element = self.page.find(Locator::Css(css)).await.ok()?;
            element.text().await.ok().filter(|text| !text.is_empty())
        })
        .await
    }

    /// Waits until an element says this.
    pub async fn sees(&self, css: &str, words: &str) {
        wait_for(&format!("`{words}` in {css}"), || async {
            let element = self.page.find(Locator::Css(css)).await.ok()?;
            element.text().await.ok().filter(|text| text.contains(words)).map(drop)
        })
        .await;
    }

    /// Opens an address again until an element says this: for what arrives by events.
    pub async fn comes(&self, path: &str, css: &str, words: &str) {
        wait_for(&format!("`{words}` in {css} of {path}"), || async {
            self.go(path).await;
            let element = self.page.find(Locator::Css(css)).await.ok()?;
            element.text().await.ok().filter(|text| text.contains(words)).map(drop)
        })
        .await;
    }

    /// Clicks, as soon as it can be clicked.
    pub async fn click(&self, css: &str) {
        // To the middle, as a person would scroll: the driver stops at the edge, which a bar may cover.
        let scroll = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
        wait_for(&format!("{css} to click"), || async {
            self.page.execute(scroll, vec![Value::from(css)]).await.ok()?;
            let element = self.page.find(Locator::Css(css)).await.ok()?;
            element.click().await.ok()
        })
        .await;
    }

    /// Types into a field, in place of what stands there.
    pub async fn fill(&self, id: &str, text: &str) {
        self.type_in(&format!("[id='{id}']"), text).await;
    }

    /// The same for a field whose id has a number in it.
    pub async fn type_in(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap_or_else(|e| panic!("{css}: {e}"));
        field.send_keys(text).await.unwrap_or_else(|e| panic!("{css}: {e}"));
    }

    /// Sets a day: how one is typed depends on the browser's language.
    pub async fn set_day(&self, css: &str, day: &str) {
        self.find(css).await;
        let script = "document.querySelector(arguments[0]).value = arguments[1]";
        self.page.execute(script, vec![Value::from(css), Value::from(day)]).await.expect("a field");
    }

    /// What stands in a field.
    pub async fn value(&self, id: &str) -> String {
        let field = self.find(&format!("[id='{id}']")).await;
        field.prop("value").await.expect("a page").unwrap_or_default()
    }

    /// Chooses from a list.
    pub async fn select(&self, id: &str, code: &str) {
        let list = self.find(&format!("[id='{id}']")).await;
        list.select_by_value(code).await.unwrap_or_else(|e| panic!("{code} of {id}: {e}"));
    }

    /// Ticks a box or chooses one of several.
    pub async fn choose(&self, name: &str, code: &str) {
        self.click(&format!("input[name='{name}'][value='{code}']")).await;
    }

    /// The addresses that such links lead to.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((a) => a.getAttribute('href'))";
        let found = self.page.execute(script, vec![Value::from(css)]).await.expect("a page");
        serde_json::from_value(found).expect("addresses")
    }

    /// The status with which a page of the console answers this session.
    pub async fn status(&self, path: &str) -> i64 {
        let script = "const done = arguments[1]; \
            fetch(arguments[0], { redirect: 'manual' }).then((answer) => done(answer.status), () => done(-1))";
        let found = self.page.execute_async(script, vec![Value::from(path)]).await.expect("a page");
        found.as_i64().expect("a status")
    }

    /// Keeps a picture of the page where `LIANXI_TEST_PICTURES` names a folder.
    pub async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os(PICTURES) {
            let png = self.page.screenshot().await.expect("a picture");
            std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), png)
                .expect("a picture is kept");
        }
    }
}
