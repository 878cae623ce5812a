//! Mails as they are handed over: files, and a mail server on loopback that speaks SMTP.

use std::os::unix::fs::PermissionsExt as _;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::*;
use crate::model::programme::Language;

const ADDRESS: &str = "https://share.test/sign-in/link/abc";

fn mail<'a>(space: &'a str, language: Language) -> SignInMail<'a> {
    SignInMail { to: "ada@acme.test", language, space, code: "7QRT-2MKP", address: ADDRESS, minutes: 10 }
}

fn text_of(mail: &SignInMail<'_>) -> String {
    let message = mail.compose("relais@share.test", 1_772_445_600_000).expect("a mail");
    String::from_utf8(message.bytes).expect("mails are ASCII")
}

/// The lines of a message's head, continued ones joined.
fn head(text: &str) -> Vec<String> {
    let (head, _) = text.split_once("\r\n\r\n").expect("a head");
    head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn both_languages_say_the_same_messages_and_all_of_them() {
    crate::texts::testing::languages_agree(&TEXTS);
    crate::texts::testing::said_and_written_agree(&TEXTS, "src/mail");
}

#[test]
fn a_mail_says_code_and_address_in_both_parts_and_languages() {
    for (language, word) in [(Language::English, "Hello"), (Language::French, "Bonjour")] {
        let text = text_of(&mail("Acme", language));
        // Quoted-printable breaks long lines and writes "=" as "=3D".
        let body = text.replace("=\r\n", "").replace("=3D", "=");
        assert_eq!(body.matches(word).count(), 2, "{body}");
        // The subject, the plain part, and the HTML part's title and body.
        assert!(body.matches("7QRT-2MKP").count() >= 3, "{body}");
        assert_eq!(body.matches(ADDRESS).count(), 2, "{body}");
        assert!(body.contains("multipart/alternative"));
        assert!(!body.contains("<img") && !body.contains("src="));
    }
}

/// The texts that every page, export and mail is tried with.
fn hostile() -> Vec<String> {
    serde_json::from_str(include_str!("../tests/hostile.json")).expect("a list of texts")
}

#[test]
fn security_13_hostile_names_are_inert_in_mails() {
    for hostile in &hostile() {
        let text = text_of(&mail(hostile, Language::English));
        let names: Vec<String> =
            head(&text).iter().filter_map(|line| line.split_once(':')).map(|(name, _)| name.to_lowercase()).collect();
        assert!(!names.iter().any(|name| name == "bcc" || name == "x-evil"), "{names:?}");
        assert_eq!(names.iter().filter(|name| *name == "from").count(), 1);
        let message = mail(hostile, Language::English).compose("relais@share.test", 0).expect("a mail");
        let to: Vec<String> = message.envelope.to().iter().map(ToString::to_string).collect();
        assert_eq!(to, ["ada@acme.test"]);
        assert_eq!(message.envelope.from().map(ToString::to_string).as_deref(), Some("relais@share.test"));
        let (_, html) = text.split_once("Content-Type: text/html").expect("an HTML part");
        let html = html.replace("=\r\n", "").replace("=3D", "=");
        assert!(html.contains("<html") && !html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(!text.contains('\0') && !text.contains('\u{1b}'));
    }
    let hostile = SignInMail { to: "ada@acme.test>\r\nRCPT TO:<eve@evil.test", ..mail("Acme", Language::English) };
    assert!(hostile.compose("relais@share.test", 0).is_err());
}

#[tokio::test]
async fn without_a_server_each_mail_is_a_private_file_and_files_sort_by_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let outbox = folder.path().join("outbox");
    let post = Post::new(&Config::default(), outbox.clone()).expect("the default works");
    for (at_ms, space) in [(1_772_445_600_000, "First"), (1_772_445_600_001, "Second"), (10_000_000_000_000, "Third")] {
        post.send(&mail(space, Language::English), at_ms).await.expect("written");
    }
    assert_eq!(std::fs::metadata(&outbox).expect("the folder").permissions().mode() & 0o077, 0);
    let mut files: Vec<_> =
        std::fs::read_dir(&outbox).expect("the folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let spaces: Vec<_> = files
        .iter()
        .map(|file| {
            assert_eq!(file.extension().and_then(|kind| kind.to_str()), Some("eml"));
            assert_eq!(std::fs::metadata(file).expect("a file").permissions().mode() & 0o077, 0);
            let text = std::fs::read_to_string(file).expect("a mail");
            ["First", "Second", "Third"].into_iter().find(|space| text.contains(space)).expect("one of them")
        })
        .collect();
    assert_eq!(spaces, ["First", "Second", "Third"]);
}

/// Speaks SMTP with one client; answers RCPT with `answer`, and gives back what it was sent.
async fn server(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let talk = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let (mut heard, mut in_data) = (String::new(), false);
        write.write_all(b"220 mail.test\r\n").await.expect("writes");
        while let Ok(Some(line)) = lines.next_line().await {
            heard.push_str(&line);
            heard.push('\n');
            let reply = match line.split(' ').next().unwrap_or_default() {
                _ if in_data && line != "." => continue,
                "." => {
                    in_data = false;
                    "250 taken\r\n".to_owned()
                }
                "EHLO" => "250 mail.test\r\n".to_owned(),
                "RCPT" => format!("{answer}\r\n"),
                "DATA" => {
                    in_data = true;
                    "354 go on\r\n".to_owned()
                }
                "QUIT" => "221 bye\r\n".to_owned(),
                _ => "250 ok\r\n".to_owned(),
            };
            write.write_all(reply.as_bytes()).await.expect("writes");
            if line == "QUIT" || line == "." {
                break;
            }
        }
        heard
    });
    (url, talk)
}

#[tokio::test]
async fn a_mail_server_is_handed_the_mail_and_its_refusals_are_told_apart() {
    let outbox = || "nowhere".into();
    let (smtp_url, talk) = server("250 ok").await;
    let post = Post::new(&Config { smtp_url, ..Config::default() }, outbox()).expect("a server");
    post.send(&mail("Acme", Language::French), 0).await.expect("taken");
    let heard = talk.await.expect("a talk");
    assert!(heard.contains("RCPT TO:<ada@acme.test>") && heard.contains("7QRT-2MKP"), "{heard}");

    for (answer, is_for_now, said) in [
        ("550 <ada@acme.test>: no such person", false, "the mail server refuses the mail for good: 550"),
        ("450 <ada@acme.test>: later", true, "the mail server does not take the mail for now: 450"),
        ("no: <ada@acme.test>", true, "the mail server's answer cannot be read"),
    ] {
        let (smtp_url, _talk) = server(answer).await;
        let post = Post::new(&Config { smtp_url, ..Config::default() }, outbox()).expect("a server");
        let error = post.send(&mail("Acme", Language::French), 0).await.expect_err("not taken");
        assert_eq!((error.is_for_now(), error.to_string().as_str()), (is_for_now, said), "{answer}");
        assert!(!format!("{error:?}").contains("ada@"), "errors are logged, addresses are not: {error:?}");
    }

    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let post = Post::new(&Config { smtp_url: format!("smtp://{closed}"), ..Config::default() }, outbox());
    let error = post.expect("a server").send(&mail("Acme", Language::French), 0).await.expect_err("away");
    assert!(error.is_for_now(), "{error}");
}

#[test]
fn a_section_that_cannot_work_is_refused() {
    let refused = |smtp_url: &str, from: &str| {
        Post::new(&Config { smtp_url: smtp_url.into(), from: from.into() }, "outbox".into()).err()
    };
    assert!(matches!(refused("mail.test:25", "a@b.test"), Some(InvalidMail::Server(_))));
    assert!(matches!(refused("http://mail.test", "a@b.test"), Some(InvalidMail::Server(_))));
    assert!(matches!(refused("", "Relais"), Some(InvalidMail::From(_))));
    let config = Config { smtp_url: "smtps://me:hunter2@mail.test".into(), ..Config::default() };
    assert!(!format!("{config:?}").contains("hunter2"));
}

fn digest<'a>(space: &'a str, title: &'a str) -> DigestMail<'a> {
    DigestMail {
        to: "ada@acme.test",
        name: Some("Ada"),
        language: Language::English,
        space,
        contents: vec![DigestContent { title, summary: Some("In a sentence."), address: format!("{ADDRESS}/cnt") }],
        more: 2,
        address: "https://share.test/",
        stop: "https://share.test/digest/stop/abc",
    }
}

#[test]
fn a_digest_says_what_is_new_and_how_to_stop_it_in_text_html_and_head() {
    let message = digest("Acme", "A title").compose("relais@share.test", 0).expect("a mail");
    let text = String::from_utf8(message.bytes).expect("mails are ASCII");
    let head = head(&text);
    assert!(head.contains(&"List-Unsubscribe: <https://share.test/digest/stop/abc>".to_owned()), "{head:?}");
    assert!(head.contains(&"List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned()), "{head:?}");
    let body = text.replace("=\r\n", "").replace("=3D", "=");
    assert_eq!(body.matches("/digest/stop/abc").count(), 3, "{body}");
    assert!(body.matches("A title").count() >= 2 && body.contains("3 new things to share"), "{body}");
    assert!(!text_of(&mail("Acme", Language::English)).contains("List-Unsubscribe"), "whoever signs in asked for it");
}

#[test]
fn security_13_hostile_titles_are_inert_in_digests() {
    for hostile in &hostile() {
        let message = digest(hostile, hostile).compose("relais@share.test", 0).expect("a mail");
        let text = String::from_utf8(message.bytes).expect("mails are ASCII");
        assert!(!head(&text).iter().any(|line| line.to_lowercase().starts_with("bcc")), "{text}");
        let (_, html) = text.split_once("Content-Type: text/html").expect("an HTML part");
        let html = html.replace("=\r\n", "").replace("=3D", "=");
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(!text.contains('\0') && !text.contains('\u{1b}'));
    }
}
