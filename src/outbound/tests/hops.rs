//! Redirects: every hop is an address like the first.

use super::*;

#[tokio::test]
async fn redirects_are_followed_to_where_the_page_is() {
    let site = Site::new(|path| match path {
        "/a/start" => moved("next"),
        "/a/next" => answer("301 Moved Permanently", "Location: /b?c=d\r\n", b""),
        "/b?c=d" => page(b"here"),
        _ => answer("404 Not Found", "", b""),
    })
    .await;
    let fetched = fetch(&fetcher(), &site.url("/a/start")).await.expect("a page");
    assert_eq!((fetched.body.as_slice(), fetched.url.as_str()), (&b"here"[..], site.url("/b?c=d").as_str()));
}

#[tokio::test]
async fn security_26_five_redirects_are_followed_and_no_sixth() {
    let site = Site::new(|path| match path.trim_start_matches('/').parse::<u32>() {
        Ok(0) => page(b"here"),
        Ok(left) => moved(&format!("/{}", left - 1)),
        Err(_) => moved("/circle"),
    })
    .await;
    assert_eq!(fetch(&fetcher(), &site.url("/5")).await.expect("a page").body, b"here");
    for path in ["/6", "/circle"] {
        assert_eq!(fetch(&fetcher(), &site.url(path)).await, Err(FetchError::Redirects), "{path}");
    }
    assert_eq!(site.heads().len(), 18);
}

#[tokio::test]
async fn security_26_a_redirect_leads_nowhere_that_could_not_be_asked_for() {
    let site = Site::new(|path| match path {
        "/private" => moved("http://10.0.0.1/admin"),
        "/metadata" => moved("http://169.254.169.254/latest/meta-data/"),
        "/mapped" => moved("http://[::ffff:10.0.0.1]/"),
        "/file" => moved("file:///etc/passwd"),
        "/user" => moved("http://me:secret@example.com/"),
        "/gopher" => moved("gopher://example.com/"),
        _ => answer("302 Found", "", b""),
    })
    .await;
    for path in ["/private", "/metadata", "/mapped"] {
        let outcome = fetch(&fetcher(), &site.url(path)).await;
        assert!(matches!(outcome, Err(FetchError::Refused(Refused::Private(_)))), "{path}: {outcome:?}");
    }
    for path in ["/file", "/user", "/gopher"] {
        assert_eq!(fetch(&fetcher(), &site.url(path)).await, Err(FetchError::Refused(Refused::Form)), "{path}");
    }
    assert_eq!(fetch(&fetcher(), &site.url("/nowhere")).await, Err(FetchError::Redirects));
}
