//! Where a click came from: a word for the site or app that showed the link.
//!
//! Read from the referrer's host, and where there is none from the app that the user agent names
//! (most apps send no referrer). An Android app that opens the system's browser refers to itself
//! as `android-app://com.linkedin.android`, whose host is its package's name.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Nothing says where the click came from: typed, a bookmark, a native mail or chat program.
pub const DIRECT: &str = "direct";
/// A site that has no word of its own.
pub const OTHER: &str = "other";

/// Longest host name, in bytes (RFC 1035).
const MAX_HOST: usize = 253;

/// The network of a click: a word of the table below, [`DIRECT`] or [`OTHER`].
///
/// `referrer_host` may be any bytes; `app` is the network of the app that the user agent names.
pub fn network(referrer_host: &[u8], app: Option<&'static str>) -> &'static str {
    if referrer_host.is_empty() {
        return app.unwrap_or(DIRECT);
    }
    let mut buffer = [0; MAX_HOST];
    let Some(host) = buffer.get_mut(..referrer_host.len()) else { return OTHER };
    host.copy_from_slice(referrer_host);
    host.make_ascii_lowercase();
    let host = host.split(|&byte| byte == b':').next().unwrap_or_default(); // a port
    let host = host.strip_suffix(b".").unwrap_or(host);
    named(host).or_else(|| national(host)).unwrap_or(OTHER)
}

/// Domains and the word for them and everything below; a longer domain wins over a shorter one.
/// Names without a familiar ending are Android packages.
const DOMAINS: &[(&str, &[&str])] = &[
    (
        "linkedin",
        &["linkedin.com", "lnkd.in", "linkedin.cn", "com.linkedin.android", "com.linkedin.android.salesnavigator"],
    ),
    (
        "facebook",
        &[
            "facebook.com",
            "fb.com",
            "fb.me",
            "fb.watch",
            "messenger.com",
            "workplace.com",
            "com.facebook.katana",
            "com.facebook.lite",
            "com.facebook.orca",
        ],
    ),
    ("x", &["t.co", "x.com", "twitter.com", "com.twitter.android"]),
    ("instagram", &["instagram.com", "com.instagram.android", "com.instagram.lite"]),
    ("threads", &["threads.net", "threads.com", "com.instagram.barcelona"]),
    ("whatsapp", &["whatsapp.com", "wa.me", "com.whatsapp", "com.whatsapp.w4b"]),
    ("telegram", &["t.me", "telegram.org", "telegram.me", "org.telegram.messenger", "org.telegram.messenger.web"]),
    ("bluesky", &["bsky.app", "bsky.social", "xyz.blueskyweb.app"]),
    ("youtube", &["youtube.com", "youtu.be", "com.google.android.youtube"]),
    ("tiktok", &["tiktok.com", "com.zhiliaoapp.musically", "com.ss.android.ugc.trill"]),
    ("pinterest", &["pinterest.com", "pin.it", "com.pinterest"]),
    ("reddit", &["reddit.com", "redd.it", "com.reddit.frontpage"]),
    ("xing", &["xing.com", "xing.to", "com.xing.android"]),
    (
        "mastodon",
        &[
            "mastodon.social",
            "mastodon.online",
            "mstdn.social",
            "mas.to",
            "mastodon.world",
            "fosstodon.org",
            "hachyderm.io",
            "infosec.exchange",
            "piaille.fr",
            "mamot.fr",
            "mastodon.xyz",
            "framapiaf.org",
            "toot.community",
            "techhub.social",
            "chaos.social",
            "norden.social",
            "org.joinmastodon.android",
        ],
    ),
    (
        "teams",
        &[
            "teams.microsoft.com",
            "teams.live.com",
            "teams.cloud.microsoft",
            "statics.teams.cdn.office.net",
            "com.microsoft.teams",
        ],
    ),
    ("slack", &["slack.com", "slack-redir.net", "com.slack"]),
    ("yammer", &["yammer.com", "engage.cloud.microsoft", "com.yammer.v1"]),
    ("discord", &["discord.com", "discordapp.com", "com.discord"]),
    ("snapchat", &["snapchat.com", "com.snapchat.android"]),
    ("viber", &["viber.com", "com.viber.voip"]),
    ("line", &["line.me", "jp.naver.line.android"]),
    ("wechat", &["weixin.qq.com", "wechat.com", "com.tencent.mm"]),
    ("kakaotalk", &["kakao.com", "com.kakao.talk"]),
    ("medium", &["medium.com"]),
    ("quora", &["quora.com"]),
    ("github", &["github.com"]),
    ("hackernews", &["news.ycombinator.com"]),
    ("vk", &["vk.com", "com.vkontakte.android"]),
    (
        "google",
        &["google.com", "com.google.android.googlequicksearchbox", "com.google.android.apps.searchlite", "cn.google"],
    ),
    ("bing", &["bing.com", "copilot.microsoft.com", "com.microsoft.bing"]),
    ("duckduckgo", &["duckduckgo.com", "com.duckduckgo.mobile.android"]),
    ("qwant", &["qwant.com"]),
    ("ecosia", &["ecosia.org"]),
    ("yahoo", &["yahoo.com", "yahoo.co.jp"]),
    ("brave", &["search.brave.com"]),
    ("startpage", &["startpage.com"]),
    ("yandex", &["yandex.com", "yandex.ru", "ya.ru"]),
    ("baidu", &["baidu.com"]),
    ("naver", &["naver.com"]),
    ("seznam", &["seznam.cz"]),
    ("chatgpt", &["chatgpt.com", "chat.openai.com", "com.openai.chatgpt"]),
    ("perplexity", &["perplexity.ai"]),
    (
        "email",
        &[
            "mail.google.com",
            "com.google.android.gm",
            "outlook.live.com",
            "outlook.office.com",
            "outlook.office365.com",
            "outlook.cloud.microsoft",
            "outlook.com",
            "com.microsoft.office.outlook",
            "safelinks.protection.outlook.com",
            "urldefense.com",
            "urldefense.proofpoint.com",
            "linkprotect.cudasvc.com",
            "mail.yahoo.com",
            "mail.proton.me",
            "mail.aol.com",
            "mail.zoho.com",
            "mail.zoho.eu",
            "mail.yandex.com",
            "mail.yandex.ru",
            "mail.ru",
            "gmx.net",
            "gmx.com",
            "web.de",
            "fastmail.com",
            "tutanota.com",
            "app.tuta.com",
            "icloud.com",
            "mail.orange.fr",
            "webmail.free.fr",
            "messagerie.sfr.fr",
            "mail.infomaniak.com",
            "mailo.com",
            "mail.ovh.net",
            "com.yahoo.mobile.client.android.mail",
            "com.samsung.android.email.provider",
        ],
    ),
];

static BY_DOMAIN: LazyLock<HashMap<&'static [u8], &'static str>> = LazyLock::new(|| {
    let pairs = DOMAINS.iter().flat_map(|(word, domains)| domains.iter().map(move |domain| (domain.as_bytes(), *word)));
    pairs.collect()
});

/// The word of the longest known domain that `host` is or lies in.
fn named(host: &[u8]) -> Option<&'static str> {
    let mut rest = host;
    loop {
        if let Some(word) = BY_DOMAIN.get(rest) {
            return Some(word);
        }
        let dot = rest.iter().position(|&byte| byte == b'.')?;
        rest = &rest[dot + 1..];
    }
}

/// Networks with a domain for each country: `www.google.fr`, `pinterest.co.uk`.
fn national(host: &[u8]) -> Option<&'static str> {
    const NAMES: [&str; 4] = ["google", "yahoo", "yandex", "pinterest"];
    let is_ending = |label: &[u8]| (2..=3).contains(&label.len()) && label.iter().all(u8::is_ascii_lowercase);
    let mut labels = host.rsplit(|&byte| byte == b'.');
    is_ending(labels.next()?).then_some(())?;
    let second = labels.next()?;
    let name_of = |label: &[u8]| NAMES.into_iter().find(|name| name.as_bytes() == label);
    name_of(second).or_else(|| is_ending(second).then(|| name_of(labels.next()?))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hosts_and_apps_have_their_network() {
        for (host, expected) in [
            ("www.linkedin.com", "linkedin"),
            ("lnkd.in", "linkedin"),
            ("com.linkedin.android", "linkedin"),
            ("l.facebook.com", "facebook"),
            ("lm.facebook.com", "facebook"),
            ("m.facebook.com", "facebook"),
            ("fb.me", "facebook"),
            ("t.co", "x"),
            ("X.com", "x"),
            ("twitter.com:443", "x"),
            ("l.instagram.com", "instagram"),
            ("l.threads.net", "threads"),
            ("l.threads.com", "threads"),
            ("web.whatsapp.com", "whatsapp"),
            ("t.me", "telegram"),
            ("web.telegram.org", "telegram"),
            ("bsky.app", "bluesky"),
            ("go.bsky.app", "bluesky"),
            ("www.youtube.com", "youtube"),
            ("m.youtube.com.", "youtube"),
            ("www.tiktok.com", "tiktok"),
            ("www.pinterest.fr", "pinterest"),
            ("out.reddit.com", "reddit"),
            ("www.xing.com", "xing"),
            ("mastodon.social", "mastodon"),
            ("teams.microsoft.com", "teams"),
            ("app.slack.com", "slack"),
            ("www.google.com", "google"),
            ("www.google.fr", "google"),
            ("google.co.uk", "google"),
            ("fr.search.yahoo.com", "yahoo"),
            ("www.bing.com", "bing"),
            ("www.ecosia.org", "ecosia"),
            ("mail.google.com", "email"),
            ("outlook.live.com", "email"),
            ("eur03.safelinks.protection.outlook.com", "email"),
            ("outlook.office.com", "email"),
            ("blog.example", "other"),
            ("notlinkedin.com", "other"),
            ("linkedin.com.example.org", "other"),
            ("google.example", "other"),
            (".", "other"),
        ] {
            assert_eq!(network(host.as_bytes(), Some("instagram")), expected, "{host}");
        }
    }

    #[test]
    fn without_a_referrer_the_app_is_believed() {
        assert_eq!(network(b"", None), DIRECT);
        assert_eq!(network(b"", Some("linkedin")), "linkedin");
    }

    #[test]
    fn a_domain_belongs_to_one_network() {
        let all: Vec<&str> = DOMAINS.iter().flat_map(|(_, domains)| *domains).copied().collect();
        assert_eq!(all.len(), BY_DOMAIN.len());
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_network(host in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(!network(&host, None).is_empty());
        }
    }
}
