//! Names, addresses, ports and certificates.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::*;

#[tokio::test]
async fn security_26_what_is_not_public_is_not_connected_to() {
    let site = Site::new(|_| page(b"secret")).await;
    let closed = Fetcher::new(Config::default(), Arc::new(Metrics::new()));
    for url in [
        site.url("/"),
        format!("http://localhost:{}/", site.address.port()),
        format!("http://0x7f.1:{}/", site.address.port()),
        format!("http://2130706433:{}/", site.address.port()),
        "http://127.0.0.1/".to_owned(),
        "http://[::1]/".to_owned(),
        "https://192.168.0.1/".to_owned(),
        "http://[fd00::1]/".to_owned(),
        "http://[64:ff9b::a00:1]/".to_owned(),
    ] {
        let outcome = fetch(&closed, &url).await;
        assert!(matches!(outcome, Err(FetchError::Refused(Refused::Private(_)))), "{url}: {outcome:?}");
    }
    for url in ["ftp://example.com/", "//example.com", "javascript:alert(1)", "https://a@example.com/", "", "http://"] {
        assert_eq!(fetch(&closed, url).await, Err(FetchError::Refused(Refused::Form)), "{url}");
    }
    assert_eq!(site.heads().len(), 0);
}

#[tokio::test]
async fn security_26_ports_other_than_the_webs_are_refused_before_a_connection() {
    let fetcher = fetcher_knowing(&[], |_, _| vec![ip("8.8.8.8")]);
    for port in [22, 25, 8080, 6379] {
        assert_eq!(
            fetch(&fetcher, &format!("http://example.com:{port}/")).await,
            Err(FetchError::Refused(Refused::Port))
        );
    }
}

#[tokio::test]
async fn security_26_one_private_address_condemns_the_name() {
    let site = Site::new(|_| page(b"secret")).await;
    let fetcher = fetcher_knowing(&["127.0.0.1/32"], |_, _| vec![ip("127.0.0.1"), ip("10.0.0.1")]);
    let url = format!("http://mixed.test:{}/", site.address.port());
    assert_eq!(fetch(&fetcher, &url).await, Err(FetchError::Refused(Refused::Private("mixed.test".to_owned()))));
    assert_eq!(site.heads().len(), 0);
}

#[tokio::test]
async fn security_26_a_name_that_changes_its_mind_is_held_to_what_was_checked() {
    // The first lookup says what is allowed, every later one says something else: a fetch asks
    // once, so it is the first that is connected to.
    let site = Site::new(|path| if path == "/hop" { moved("/again") } else { page(b"here") }).await;
    let port = site.address.port();
    let rebinding = || {
        fetcher_knowing(&["127.0.0.1/32"], |_, lookups| {
            vec![if lookups == 0 { ip("127.0.0.1") } else { ip("169.254.169.254") }]
        })
    };
    let fetched = fetch(&rebinding(), &format!("http://rebinding.test:{port}/")).await.expect("a page");
    assert_eq!(fetched.body, b"here");
    assert!(site.heads()[0].to_ascii_lowercase().contains(&format!("host: rebinding.test:{port}\r\n")));
    // A second hop is a second lookup, and is checked again.
    let outcome = fetch(&rebinding(), &format!("http://rebinding.test:{port}/hop")).await;
    assert_eq!(outcome, Err(FetchError::Refused(Refused::Private("rebinding.test".to_owned()))));
}

#[tokio::test]
async fn a_name_without_an_address_and_a_closed_port_are_told_apart() {
    let fetcher =
        fetcher_knowing(&["127.0.0.0/8"], |host, _| if host == "known.test" { vec![ip("127.0.0.1")] } else { vec![] });
    assert_eq!(
        fetch(&fetcher, "http://unknown.test/").await,
        Err(FetchError::Refused(Refused::Unknown("unknown.test".to_owned())))
    );
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    let outcome = fetch(&fetcher, &format!("http://known.test:{port}/")).await;
    assert!(matches!(outcome, Err(FetchError::Unreachable { .. })), "{outcome:?}");
}

#[tokio::test]
async fn certificates_are_checked_for_the_name_that_was_asked_for() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["secure.test".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring's versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a server");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                converse(stream, Arc::default(), Arc::new(|_: &str| page(b"secret garden"))).await;
            }
        }
    });
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("a root");
    let with_roots = |roots| {
        let names = Arc::new(Names(|_: &str, _| vec![ip("127.0.0.1")], Mutex::new(0)));
        Fetcher::with(&allowing(&["127.0.0.0/8"]), Arc::new(Metrics::new()), names, roots, TIME_LIMIT)
    };
    let trusting = with_roots(roots);
    let fetched = fetch(&trusting, &format!("https://secure.test:{port}/")).await.expect("a page");
    assert_eq!(fetched.body, b"secret garden");
    let outcome = fetch(&trusting, &format!("https://other.test:{port}/")).await;
    assert_eq!(outcome, Err(FetchError::Tls { host: "other.test".to_owned() }));
    let outcome = fetch(&with_roots(web_roots()), &format!("https://secure.test:{port}/")).await;
    assert_eq!(outcome, Err(FetchError::Tls { host: "secure.test".to_owned() }));
}
