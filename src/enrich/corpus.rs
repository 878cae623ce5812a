//! User agents that the tests share.

use crate::model::Class;

/// Sample user agents of the crawler list: its tag for them, and the text. None is a person's.
pub(super) fn crawlers() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("testdata/crawlers.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').expect("two columns"))
}

/// User agents of people's browsers: expected device, system and browser, and the text.
pub(super) fn people() -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static str)> {
    let lines = include_str!("testdata/people.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [device, os, browser, user_agent] = columns[..] else { panic!("four columns: {line:?}") };
        (device, os, browser, user_agent)
    })
}

/// Robots with the class and reason that each must have.
pub(super) const ROBOTS: &[(Class, &str, &str)] = &[
    (
        Class::Preview,
        "agent:linkedinbot",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    ),
    (
        Class::Preview,
        "agent:facebookexternalhit",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    ),
    (Class::Preview, "agent:facebookexternalhit", "facebookexternalhit/1.1"),
    (Class::Preview, "agent:twitterbot", "Twitterbot/1.0"),
    (
        Class::Preview,
        "agent:imessage",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    ),
    (Class::Preview, "agent:whatsapp", "WhatsApp/2.23.20.0 A"),
    (Class::Preview, "agent:whatsapp", "WhatsApp/2"),
    (Class::Preview, "agent:telegrambot", "TelegramBot (like TwitterBot)"),
    (Class::Preview, "agent:slackbot-linkexpanding", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
    (Class::Preview, "agent:slackbot", "Slackbot 1.0 (+https://api.slack.com/robots)"),
    (Class::Preview, "agent:slack-imgproxy", "Slack-ImgProxy 1.148 (+https://api.slack.com/robots)"),
    (
        Class::Preview,
        "agent:skypeuripreview",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    ),
    (Class::Preview, "agent:discordbot", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"),
    (
        Class::Preview,
        "agent:pinterestbot",
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)",
    ),
    (Class::Preview, "agent:pinterestbot", "Pinterest/0.2 (+https://www.pinterest.com/)"),
    (Class::Preview, "agent:cardyb", "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)"),
    (Class::Preview, "agent:mastodon", "http.rb/5.1.1 (Mastodon/4.2.10; +https://mastodon.social/) Bot"),
    (Class::Preview, "agent:mastodon", "Mastodon/4.3.2 (http.rb/5.2.0; +https://piaille.fr/)"),
    (Class::Preview, "agent:pleroma", "Pleroma 2.5.5; https://example.social <admin@example.social>"),
    (Class::Preview, "agent:misskey", "SummalyBot/5.1.0"),
    (Class::Preview, "agent:mattermost", "mattermost-bot/1.1"),
    (Class::Preview, "agent:redditbot", "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)"),
    (
        Class::Preview,
        "agent:snapchat",
        "Mozilla/5.0 (compatible; Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots)",
    ),
    (Class::Preview, "agent:viber", "Viber/18.4.0 CFNetwork/1335.0.3 Darwin/21.6.0"),
    (Class::Preview, "agent:line", "facebookexternalhit/1.1;line-poker/1.0"),
    (
        Class::Preview,
        "agent:kakaotalk",
        "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    ),
    (
        Class::Preview,
        "agent:google-pagerenderer",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0 Mobile Safari/537.36 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)",
    ),
    (Class::Preview, "agent:notion", "Notion/1.0 (https://notion.so; team@makenotion.com)"),
    (Class::Preview, "agent:embedly", "Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)"),
    (Class::Preview, "agent:iframely", "Iframely/1.3.1 (+https://iframely.com/docs/about)"),
    (Class::Preview, "generic:link-preview", "AcmeChat-LinkPreview/3.1"),
    (Class::Preview, "generic:link-preview", "Mozilla/5.0 (compatible; SomethingUnfurler/1.0)"),
    (
        Class::Scanner,
        "agent:bingpreview",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    ),
    (Class::Scanner, "agent:proofpoint", "Mozilla/5.0 (compatible; Proofpoint URL Defense)"),
    (Class::Scanner, "agent:mimecast", "Mozilla/5.0 (Windows NT 10.0) MimecastURLProtect/1.0"),
    (Class::Scanner, "agent:barracuda", "Barracuda Sentinel (EE)"),
    (Class::Scanner, "agent:google-safety", "Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)"),
    (
        Class::Scanner,
        "agent:virustotal",
        "AppEngine-Google; (+http://code.google.com/appengine; appid: s~virustotalcloud)",
    ),
    (Class::Scanner, "agent:palo-alto", "Expanse, a Palo Alto Networks company, searches across the global IPv4 space"),
    (Class::Scanner, "agent:trend-micro", "TrendMicro-WTP/1.0"),
    (Class::Prefetch, "agent:chrome-prefetch-proxy", "Chrome Privacy Preserving Prefetch Proxy"),
    (Class::Bot, "agent:ms-office", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"),
    (Class::Bot, "agent:ms-office", "Microsoft Office Word 2014 (16.0.12345) Windows NT 10.0"),
    (
        Class::Bot,
        "agent:headlesschrome",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
    ),
    (Class::Bot, "agent:googlebot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    (
        Class::Bot,
        "agent:bingbot",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/112.0.0.0 Safari/537.36",
    ),
    (Class::Bot, "library:curl", "curl/8.5.0"),
    (Class::Bot, "library:wget", "Wget/1.21.4"),
    (Class::Bot, "library:python", "python-requests/2.32.3"),
    (Class::Bot, "library:go-http-client", "Go-http-client/2.0"),
    (Class::Bot, "library:okhttp", "okhttp/4.12.0"),
    (Class::Bot, "library:java", "Java/17.0.9"),
    (Class::Bot, "library:dalvik", "Dalvik/2.1.0 (Linux; U; Android 13; SM-A546B Build/TP1A.220624.014)"),
    (Class::Bot, "library:cfnetwork", "MobileSafari/8618.2.12.11.6 CFNetwork/1498.700.2 Darwin/23.6.0"),
    (Class::Bot, "empty-agent", ""),
    (Class::Bot, "empty-agent", " - "),
    (Class::Bot, "generic:address", "Mozilla/5.0 (Windows NT 10.0) Acme/1.0 (+https://acme.example/about)"),
    (Class::Bot, "generic:robot-word", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) NeverHeardOfBot"),
    (Class::Bot, "generic:compatible", "Mozilla/5.0 (compatible; Acme 2.1)"),
    (Class::Bot, "not-a-browser", "Acme/2.1"),
    (
        Class::Bot,
        "not-a-browser",
        "Instagram 301.0.0.29.124 (iPhone14,5; iOS 17_0; fr_FR; fr; scale=3.00; 1170x2532; 512345678)",
    ),
];
