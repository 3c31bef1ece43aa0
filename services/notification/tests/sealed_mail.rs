//! Mail as most servers want it: over STARTTLS, from a login. A certificate or a password that is not right sends
//! nothing, and the mail waits.

use std::{fs, path::PathBuf};

use kernel::{NoticeId, UnixMillis};
use notification::{
    MailConfig, MailTls,
    channels::mail::{Letter, send},
    domain::notice::Attempt,
};

use crate::server::MailServer;

/// A folder with a certificate of its own making for `localhost`.
fn certificate() -> (PathBuf, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let folder = std::env::temp_dir().join(format!("lianxi-mail-ca-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("folder");
    fs::write(folder.join("cert.pem"), made.cert.pem()).expect("cert");
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("key");
    (folder, made.cert.pem().into_bytes())
}

fn letter() -> Letter {
    Letter {
        id: NoticeId::from_parts(UnixMillis(1_785_729_600_000), 1),
        to: "luo@mail.example".to_owned(),
        from_name: "云岭市联席办".to_owned(),
        subject: "去向告知".to_owned(),
        text: "已转送。".to_owned(),
        calendar: None,
        at: UnixMillis(1_785_729_600_000),
    }
}

#[tokio::test]
async fn a_mail_goes_over_a_sealed_line_from_a_login() {
    let (folder, ca) = certificate();
    let server = MailServer::sealed("sealed", &folder);
    let right = MailConfig {
        host: "localhost".to_owned(),
        port: server.port,
        tls: MailTls::Starttls,
        user: "lianxi".to_owned(),
        password: "lantern".to_owned(),
        from: "xinfang@yunling.example".to_owned(),
        ca: Some(ca),
    };
    let strange = MailConfig { ca: None, ..right.clone() };
    let wrong = MailConfig { password: "lamp".to_owned(), ..right.clone() };
    let plain = MailConfig { tls: MailTls::None, ..right.clone() };
    for config in [&strange, &wrong, &plain] {
        let attempt = send(config, &letter()).await;
        assert_eq!(attempt, Attempt::NotNow, "{config:?}");
    }
    assert!(server.mails().is_empty(), "nothing left on a line that is not right");
    let attempt = send(&right, &letter()).await;
    assert!(matches!(&attempt, Attempt::Taken(answer) if answer.starts_with("250")), "{attempt:?}");
    assert_eq!(server.mails().len(), 1);
    drop(fs::remove_dir_all(folder));
}
