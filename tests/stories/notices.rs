//! 通知: the receipt is printed with the contact and posted; each step is told once; agencies have their inbox; of an
//! accusation nothing is told but a number; a lost query code is given anew.

use contracts::{
    Page,
    codes::{NoticeChannel, NoticeState},
    intake::commands::Receipt,
    notification::commands::{InboxItem, NoticeCounts, NoticeView, NoticesChanged, PrintedLetters, Unread},
};
use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office, Store,
    letter::{
        CANARIES, TEXT_CANARY, at, claim, code_of, forward_to, notice, opinion, register, screen, step, task,
        with,
    },
    wait::wait_for,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_told_once_on_sqlite() {
    let office = Office::start(&["renshe", "qingyan"]).await;
    told(&office).await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_told_once_on_postgresql() {
    let Some(office) = Office::start_on(Store::Postgres, &["renshe", "qingyan"]).await else { return };
    told(&office).await;
    office.stop().await;
}

async fn told(office: &Office) {
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let (handler, head) = (office.person("renshe.handler").await, office.person("renshe.head").await);
    let receipt = register(&registrar, "notices-1", &claim()).await;
    let id = receipt.submission_id.to_string();

    let queued = of_kind(&registrar, &id, "receipt", NoticeState::Queued).await;
    assert_eq!(
        (queued.channel, queued.number.as_deref()),
        (NoticeChannel::Letter, Some(receipt.number.as_str()))
    );
    receipt_is_posted(&registrar, &receipt, &queued).await;

    screen(&screener, &id, forward_to("renshe")).await.expect("screened and forwarded");
    let mut task = task(&handler, &id, "").await;
    in_inbox(&handler, &receipt.number).await;
    step(&handler, &mut task, "sign", json!({}), "").await.expect("signed");
    step(&handler, &mut task, "notify_acceptance", notice(), "").await.expect("notified");
    let longer = json!({ "days": 30, "reason": "工资台账分散在三家劳务公司，需要逐一核对", "approver": "沈志强 局长" });
    step(&head, &mut task, "extend", longer, "").await.expect("extended");
    step(&head, &mut task, "issue_opinion", opinion(2), "").await.expect("issued");
    for kind in ["forwarded", "accepted", "extended", "answered"] {
        of_kind(&registrar, &id, kind, NoticeState::Queued).await;
    }
    let all: Page<NoticeView> =
        registrar.get(&format!("/api/v1/matters/{id}/notices")).await.expect("the matter's notices");
    let all = all.items;
    assert_eq!(all.len(), 5, "each step is told once: {all:#?}");
    words_name_unit_and_date(&registrar, &all, &receipt).await;
    no_notice_says_a_name(&registrar, office).await;
    lost_code(office, &registrar, &receipt).await;
    accusation_is_told_by_its_number(office, &registrar).await;
    let counts: NoticeCounts = registrar.get("/api/v1/notices/counts").await.expect("counts");
    assert_eq!(counts.twice, 0);
}

/// The notice of a kind, once it is there in a state.
async fn of_kind(by: &Client, matter: &str, kind: &str, state: NoticeState) -> NoticeView {
    wait_for(&format!("a notice `{kind}` is {state}"), || async {
        // A registration answers after its commit; notification hears of it a moment later.
        let all = match by.get::<Page<NoticeView>>(&format!("/api/v1/matters/{matter}/notices")).await {
            Ok(all) => all.items,
            Err(error) if suite::client::problem_code(&error) == Some("no_such_notice") => return None,
            Err(error) => panic!("{error:#}"),
        };
        let mut of_kind = all.into_iter().filter(|n| n.template == kind);
        let found = of_kind.next()?;
        assert!(of_kind.next().is_none(), "two notices `{kind}`");
        (found.state == state).then_some(found)
    })
    .await
}

async fn receipt_is_posted(registrar: &Client, receipt: &Receipt, queued: &NoticeView) {
    let id = queued.notice_id;
    let early = json!({ "notices": [id], "posted_on": "2026-08-03", "way": "mail" });
    assert_eq!(code_of(registrar.post::<Value>("/api/v1/notices/post", &early).await), "notice_state");
    let print = json!({ "notices": [id] });
    let printed: PrintedLetters = registrar.post("/api/v1/notices/print", &print).await.expect("printed");
    let letter = &printed.letters[0];
    assert_eq!((letter.name.as_str(), letter.address.as_str()), (CANARIES[0], CANARIES[3]));
    assert_eq!(letter.query_code.as_deref(), Some(receipt.query_code.as_str()));
    assert!(letter.paragraphs[0].contains(&receipt.number), "{:?}", letter.paragraphs);
    assert!(letter.paragraphs.iter().any(|p| p.contains("2026年8月18日")), "{:?}", letter.paragraphs);
    // Paper is printed as often as the printer jams; it is posted once.
    let again: PrintedLetters = registrar.post("/api/v1/notices/print", &print).await.expect("printed again");
    assert_eq!(again.letters.len(), 1);
    let tomorrow = json!({ "notices": [id], "posted_on": "2026-08-04", "way": "mail" });
    assert_eq!(code_of(registrar.post::<Value>("/api/v1/notices/post", &tomorrow).await), "notice_day");
    let post = json!({ "notices": [id], "posted_on": "2026-08-03", "way": "mail", "proof": "XA00000000199" });
    for changed in [1, 0] {
        let posted: NoticesChanged = registrar.post("/api/v1/notices/post", &post).await.expect("posted");
        assert_eq!(posted.changed, changed, "posted once, said twice");
    }
    let proof = json!({ "delivered_on": "2026-08-03", "way": "mail", "proof": "回执XA00000000199" });
    for changed in [1, 0] {
        let path = format!("/api/v1/notices/{id}/deliver");
        let delivered: NoticesChanged = registrar.post(&path, &proof).await.expect("delivered");
        assert_eq!(delivered.changed, changed);
    }
    let found = of_kind(registrar, &queued.matter_id.to_string(), "receipt", NoticeState::Delivered).await;
    assert_eq!(found.proof.as_deref(), Some("回执XA00000000199"));
}

async fn in_inbox(handler: &Client, number: &str) {
    let item = wait_for("the agency's inbox has the assignment", || async {
        let page: Value = handler.get("/api/v1/inbox").await.expect("the inbox");
        let items: Vec<InboxItem> = serde_json::from_value(at(&page, "/items").clone()).expect("items");
        items.into_iter().find(|item| item.template == "assignment")
    })
    .await;
    assert!(item.title.contains(number) && !item.read, "{item:?}");
    assert!(item.paragraphs[0].contains("2026年8月18日"), "T03 is named: {item:?}");
    let unread: Unread = handler.get("/api/v1/inbox/unread").await.expect("unread");
    let read: NoticesChanged =
        handler.post("/api/v1/inbox/read", &json!({ "notices": [item.notice_id] })).await.expect("read");
    assert_eq!(read.changed, 1);
    let after: Unread = handler.get("/api/v1/inbox/unread").await.expect("unread");
    assert_eq!(after.unread, unread.unread - 1);
}

/// What the petitioner is told names the unit, the day and the limit.
async fn words_name_unit_and_date(registrar: &Client, all: &[NoticeView], receipt: &Receipt) {
    let ids: Vec<_> =
        all.iter().filter(|n| n.state == NoticeState::Queued).map(|n| n.notice_id.to_string()).collect();
    let printed: PrintedLetters =
        registrar.post("/api/v1/notices/print", &json!({ "notices": ids })).await.expect("printed");
    assert_eq!(printed.letters.len(), 4);
    for letter in &printed.letters {
        let text = letter.paragraphs.join("");
        assert!(text.contains("云岭市人力资源和社会保障局") && text.contains("2026年8月3日"), "{text}");
        assert!(
            text.contains(&receipt.number) && letter.query_code.is_none(),
            "the code stands on the receipt alone"
        );
    }
    let accepted = printed.letters.iter().find(|l| l.title.contains("受理")).expect("accepted");
    assert!(accepted.paragraphs[0].contains("2026年10月8日"), "{:?}", accepted.paragraphs);
    assert!(accepted.paragraphs[0].contains("第三十四条"), "{:?}", accepted.paragraphs);
    let post = json!({ "notices": ids, "posted_on": "2026-08-03", "way": "mail" });
    let posted: NoticesChanged = registrar.post("/api/v1/notices/post", &post).await.expect("posted");
    assert_eq!(posted.changed, 4);
}

/// No list of notices, no inbox, no file has a name, a number or an address.
async fn no_notice_says_a_name(registrar: &Client, office: &Office) {
    for path in ["/api/v1/notices", "/api/v1/inbox", "/api/v1/notices?state=sent"] {
        let page: Value = registrar.get(path).await.expect("a list");
        let text = page.to_string();
        for canary in CANARIES.iter().chain([&TEXT_CANARY]) {
            assert!(!text.contains(canary), "{path} says {canary}");
        }
    }
    let found = office.folder.files_with(&[CANARIES.as_slice(), &[TEXT_CANARY]].concat());
    assert!(found.is_empty(), "plain text on disk: {found:?}");
}

/// The petitioner sees the look, the dates and the states; a new code takes the place of the old one.
async fn lost_code(office: &Office, registrar: &Client, receipt: &Receipt) {
    let look_up = async |code: &str| {
        let asked = json!({ "number": receipt.number, "query_code": code });
        office.door.post::<Value>("/api/v1/lookup", &asked).await
    };
    let seen = wait_for("the look-up shows the receipt's delivery", || async {
        let seen = look_up(&receipt.query_code).await.expect("looked up");
        let codes: Vec<&str> = at(&seen, "/milestones")
            .as_array()
            .expect("milestones")
            .iter()
            .map(|m| at(m, "/code").as_str().expect("code"))
            .collect();
        let all = ["notice_sent", "notice_delivered"].iter().all(|code| codes.contains(code));
        all.then(|| seen.clone())
    })
    .await;
    let looks = at(&seen, "/openings").as_array().expect("openings");
    let of_notices = |o: &&Value| at(o, "/unit/at") == "notification" && at(o, "/purpose") == "notice";
    assert_eq!(looks.iter().filter(of_notices).count(), 6, "each print is a look: {looks:#?}");

    let wish = |number: &str, document: &str| json!({ "number": number, "id_number": document });
    let ask = async |key: &str, wish: &Value| {
        registrar.post_once::<Receipt>("/api/v1/query_codes", key, wish).await
    };
    let wrong = ask("k1", &wish(&receipt.number, "11010519491231002X")).await;
    assert_eq!(code_of(wrong), "document_differs");
    let nowhere = ask("k2", &wish("XF990100-260803-9999", CANARIES[1])).await;
    assert_eq!(code_of(nowhere), "document_differs", "an unknown number gives the same answer");
    let right = wish(&receipt.number, CANARIES[1]);
    let fresh = ask("k3", &right).await.expect("a new code");
    assert_ne!(fresh.query_code, receipt.query_code);
    let same = ask("k3", &right).await.expect("the same request again");
    assert_eq!(same.query_code, fresh.query_code);
    assert_eq!(code_of(look_up(&receipt.query_code).await), "no_such_pair", "the old code is dead");
    look_up(&fresh.query_code).await.expect("the new one lives");
    let second = ask("k4", &right).await.expect("a second one that day");
    assert_eq!(code_of(look_up(&fresh.query_code).await), "no_such_pair");
    assert_eq!(code_of(ask("k5", &right).await), "code_tries_spent");
    look_up(&second.query_code).await.expect("the last one lives");
    let handler = office.person("renshe.handler").await;
    assert_eq!(code_of(handler.post::<Value>("/api/v1/query_codes", &right).await), "not_allowed");
}

async fn accusation_is_told_by_its_number(office: &Office, registrar: &Client) {
    let officer = office.person("restricted").await;
    let letter = with(
        claim(),
        json!({ "purpose": "accusation", "title": format!("反映{TEXT_CANARY}采购回扣"), "accused_agencies": ["qingyan"] }),
    );
    let receipt = register(registrar, "notices-2", &letter).await;
    let id = receipt.submission_id.to_string();
    let queued = of_kind(&officer, &id, "receipt", NoticeState::Queued).await;
    assert_eq!((queued.number, queued.channel), (None, NoticeChannel::Letter));
    let notice = json!({ "notices": [queued.notice_id] });
    for login in ["registrar", "screener", "director", "qingyan.handler"] {
        let person = office.person(login).await;
        let refused = code_of(person.post::<Value>("/api/v1/notices/print", &notice).await);
        assert!(["no_such_notice", "not_allowed"].contains(&refused.as_str()), "{login}: {refused}");
        let shown = person.get::<Value>(&format!("/api/v1/matters/{id}/notices")).await;
        let shown = code_of(shown);
        assert!(["no_such_notice", "not_allowed"].contains(&shown.as_str()), "{login}: {shown}");
        if let Ok(page) = person.get::<Value>("/api/v1/notices").await {
            assert!(!page.to_string().contains(&id), "{login} sees it in a list");
        }
        if let Ok(page) = person.get::<Value>("/api/v1/inbox").await {
            assert!(!page.to_string().contains(&id), "{login} sees it in the inbox");
        }
    }
    assert_eq!(
        code_of(registrar.get::<Value>("/api/v1/notices?restricted=true").await),
        "notification_not_allowed"
    );
    let printed: PrintedLetters = officer.post("/api/v1/notices/print", &notice).await.expect("printed");
    let letter = &printed.letters[0];
    assert!(letter.restricted && letter.name == CANARIES[0]);
    let text = format!("{}{}", letter.title, letter.paragraphs.join(""));
    assert!(text.contains(&receipt.number) && text.contains(&receipt.query_code), "{text}");
    for word in ["信访", "联席", "办公室", "检举", "控告", "举报", TEXT_CANARY] {
        assert!(!text.contains(word), "the letter says {word}: {text}");
    }
}
