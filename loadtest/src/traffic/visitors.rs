//! A small, believable crowd: who clicks on a link that was shared on a network.
//!
//! The shares are a mix to exercise every class of the server at once, not a measured population.

/// Where a kind of visitor comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor {
    /// How many of 100 requests.
    pub(super) weight: u32,
    pub(super) user_agent: &'static str,
    pub(super) accept: &'static str,
    /// Values of `Accept-Language`; empty for programs that send none.
    pub(super) languages: &'static [&'static str],
    /// Values of `Referer`; an empty one stands for a request without.
    pub(super) referrers: &'static [&'static str],
}

const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const ANY: &str = "*/*";
const TONGUES: &[&str] =
    &["fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "en-GB,en;q=0.9", "de-DE,de;q=0.9,en;q=0.6", "fr-CH,fr;q=0.9", "nl"];
const NETWORKS: &[&str] = &[
    "https://www.linkedin.com/",
    "https://www.linkedin.com/feed/",
    "https://l.facebook.com/",
    "https://t.co/4bVxYt2QpL",
    "https://www.xing.com/",
    "",
    "",
];

pub(super) const VISITORS: &[Visitor] = &[
    // people at a desk
    Visitor {
        weight: 16,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        accept: PAGE,
        languages: TONGUES,
        referrers: NETWORKS,
    },
    Visitor {
        weight: 6,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
        accept: PAGE,
        languages: TONGUES,
        referrers: NETWORKS,
    },
    Visitor {
        weight: 6,
        user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        accept: PAGE,
        languages: TONGUES,
        referrers: NETWORKS,
    },
    Visitor {
        weight: 6,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
        accept: PAGE,
        languages: TONGUES,
        referrers: NETWORKS,
    },
    // people with a phone
    Visitor {
        weight: 14,
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        accept: PAGE,
        languages: TONGUES,
        referrers: NETWORKS,
    },
    Visitor {
        weight: 14,
        user_agent: "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        accept: PAGE,
        languages: TONGUES,
        referrers: NETWORKS,
    },
    Visitor {
        weight: 3,
        user_agent: "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        accept: PAGE,
        languages: TONGUES,
        referrers: NETWORKS,
    },
    // people inside an app
    Visitor {
        weight: 8,
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29.7502",
        accept: PAGE,
        languages: TONGUES,
        referrers: &["https://www.linkedin.com/", "https://lnkd.in/", ""],
    },
    Visitor {
        weight: 5,
        user_agent: "Mozilla/5.0 (Linux; Android 14; SM-S921B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/468.1.0.56.78;]",
        accept: PAGE,
        languages: TONGUES,
        referrers: &["http://m.facebook.com/", "https://lm.facebook.com/", ""],
    },
    Visitor {
        weight: 2,
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 337.0.0.28.88",
        accept: PAGE,
        languages: TONGUES,
        referrers: &["https://l.instagram.com/", ""],
    },
    // networks and messengers that unfurl
    Visitor {
        weight: 5,
        user_agent: "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        accept: ANY,
        languages: &[],
        referrers: &[""],
    },
    Visitor {
        weight: 3,
        user_agent: "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        accept: ANY,
        languages: &[],
        referrers: &[""],
    },
    Visitor { weight: 2, user_agent: "Twitterbot/1.0", accept: ANY, languages: &[], referrers: &[""] },
    Visitor {
        weight: 1,
        user_agent: "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        accept: ANY,
        languages: &[],
        referrers: &[""],
    },
    Visitor { weight: 1, user_agent: "WhatsApp/2.23.20.0", accept: ANY, languages: &["en"], referrers: &[""] },
    // crawlers, scanners and scripts
    Visitor {
        weight: 3,
        user_agent: "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/126.0.6478.71 Safari/537.36",
        accept: PAGE,
        languages: &[],
        referrers: &[""],
    },
    Visitor {
        weight: 2,
        user_agent: "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        accept: ANY,
        languages: &[],
        referrers: &[""],
    },
    Visitor { weight: 1, user_agent: "Barracuda Sentinel (EE)", accept: ANY, languages: &["en-US"], referrers: &[""] },
    Visitor { weight: 1, user_agent: "python-requests/2.32.3", accept: ANY, languages: &[], referrers: &[""] },
    Visitor { weight: 1, user_agent: "curl/8.8.0", accept: ANY, languages: &[], referrers: &[""] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_shares_of_a_hundred() {
        assert_eq!(VISITORS.iter().map(|visitor| visitor.weight).sum::<u32>(), 100);
    }
}
