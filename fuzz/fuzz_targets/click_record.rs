//! Any bytes as a click of the spool: refused with a reason, or a click that is the same once more.
//!
//! What decodes is encoded again and decoded once more: the same click, with the texts cut that are longer than their
//! bounds (which no Relais wrote), and from then on the same bytes.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use relais::model::Click;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(click) = Click::decode(bytes) else {
        return if bytes.len() > 2 * Click::MAX_ENCODED { Corpus::Reject } else { Corpus::Keep };
    };
    let length = click.encoded_len();
    assert!(length <= Click::MAX_ENCODED);
    let mut again = vec![0; length];
    assert_eq!(click.encode(&mut again), length);
    let same = Click::decode(&again).expect("what was encoded is a click");
    assert_eq!(same, bounded(&click));
    let mut third = vec![0; same.encoded_len()];
    same.encode(&mut third);
    assert_eq!(again, third, "encoding is a fixed point");
    Corpus::Keep
});

/// The click with its texts cut as `encode` promises to cut them.
fn bounded<'a>(click: &Click<'a>) -> Click<'a> {
    let cut = |text: &'a [u8], most: usize| &text[..text.len().min(most)];
    let mut bounded = *click;
    bounded.code = text(click.code, 64);
    bounded.channel = text(click.channel, 32);
    bounded.cohort = text(click.cohort, Click::MAX_COHORT);
    bounded.accept_language = cut(click.accept_language, Click::MAX_ACCEPT_LANGUAGE);
    for value in [
        &mut bounded.utm.source,
        &mut bounded.utm.medium,
        &mut bounded.utm.campaign,
        &mut bounded.utm.term,
        &mut bounded.utm.content,
    ] {
        *value = cut(value, Click::MAX_UTM);
    }
    bounded.referrer_host = cut(click.referrer_host, Click::MAX_REFERRER_HOST);
    bounded.user_agent = cut(click.user_agent, Click::MAX_USER_AGENT);
    bounded
}

fn text(text: &str, most: usize) -> &str {
    (0..=text.len().min(most)).rev().find_map(|end| text.get(..end)).expect("0 is a boundary")
}
