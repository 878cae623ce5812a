//! Feeds of jobs.

use super::*;

const JOBS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!-- as boards take it -->
<source><publisher>Acme Careers</publisher><publisherurl>https://acme.example</publisherurl>
<job><title><![CDATA[Baker (m/f/d)]]></title><date><![CDATA[Mon, 02 Mar 2026 10:00:00 GMT]]></date>
  <referencenumber>J-1</referencenumber><url>https://acme.example/jobs/1?a=1&amp;b=2</url>
  <company>Acme</company><city>Lyon</city><country>FR</country>
  <description><![CDATA[<p>Bread &amp; butter.</p><ul><li>Early</li><li>Daily</li></ul>]]></description></job>
<JOB><Title>Miller &amp; driver</Title><reference_number>J-2</reference_number><link>/jobs/2</link>
  <location><name>Nantes</name></location><expiration_date>2026-06-01</expiration_date></JOB>
<job><title>No address</title><referencenumber>J-3</referencenumber></job>
<job><title>Baker again</title><referencenumber>J-1</referencenumber><url>https://acme.example/jobs/1b</url></job>
</source>"#;

#[test]
fn jobs_are_read_with_their_references() {
    let Ok(Found::Entries(entries)) = feed(FeedKind::JobsXml, JOBS.as_bytes(), None, &base()) else { panic!("jobs") };
    assert_eq!(entries.title.as_deref(), Some("Acme Careers"));
    let [baker, miller] = entries.drafts.as_slice() else { panic!("{:#?}", entries.drafts) };
    assert_eq!((baker.key.as_str(), baker.reference.as_deref()), ("J-1", Some("J-1")));
    assert_eq!((baker.title.as_str(), baker.kind), ("Baker (m/f/d)", Some(ContentKind::Job)));
    assert_eq!(baker.url, "https://acme.example/jobs/1?a=1&b=2");
    assert_eq!(baker.summary.as_deref(), Some("Acme, Lyon. Bread & butter. Early Daily"));
    assert_eq!((baker.site.as_deref(), baker.place.as_deref()), (Some("Acme"), Some("Lyon")));
    assert_eq!(baker.published_at_ms, Some(1_772_445_600_000));
    assert_eq!((miller.title.as_str(), miller.url.as_str()), ("Miller & driver", "https://site.example/jobs/2"));
    assert_eq!((miller.place.as_deref(), miller.reference.as_deref()), (Some("Nantes"), Some("J-2")));
    assert!(miller.expires_at_ms.is_some());
    assert_eq!(drafts(FeedKind::Auto, JOBS), entries.drafts);
}

#[test]
fn a_feed_without_jobs_is_empty_and_half_a_feed_is_none() {
    assert_eq!(drafts(FeedKind::JobsXml, "<source><publisher>Acme</publisher></source>"), []);
    for document in [&JOBS[..JOBS.len() / 2], "<source>", "<source><job></source>", "no xml", "<source></job>"] {
        let found = feed(FeedKind::JobsXml, document.as_bytes(), None, &base());
        assert_eq!(found, Err(Unreadable::NotA(FeedKind::JobsXml)), "{document}");
    }
}

#[test]
fn a_page_with_job_postings_is_a_feed_of_them() {
    let document = r#"<html><head><title>Careers</title><script type="application/ld+json">
        [{"@type":"JobPosting","title":"Baker","url":"/jobs/1","identifier":{"value":"J-1"}},
         {"@type":"JobPosting","title":"Miller","url":"/jobs/2"}]</script></head></html>"#;
    for kind in [FeedKind::JobPosting, FeedKind::Auto] {
        let found = drafts(kind, document);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].key.as_str(), found[0].url.as_str()), ("J-1", "https://site.example/jobs/1"));
        assert_eq!(found[1].key, "site.example/jobs/2");
    }
    let one = r#"<html><script type="application/ld+json">{"@type":"JobPosting","title":"Baker"}</script>"#;
    assert_eq!(drafts(FeedKind::JobPosting, one)[0].url, base().as_str());
}

#[test]
fn security_13_hostile_texts_are_inert_wherever_a_job_says_them() {
    for hostile in HOSTILE.lines() {
        let escaped = hostile.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let document = format!(
            "<source><job><title>x {escaped}</title><referencenumber>{escaped}</referencenumber>\
             <url>https://a.example/{escaped}</url><company>{escaped}</company><city>{escaped}</city>\
             <image>{escaped}</image><description>{escaped}</description></job></source>"
        );
        if let Ok(Found::Entries(entries)) = feed(FeedKind::JobsXml, document.as_bytes(), None, &base()) {
            entries.drafts.iter().for_each(assert_draft_is_inert);
        }
    }
}
