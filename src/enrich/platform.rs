//! Device, system and browser of a user agent, as words of small closed lists.
//!
//! First our own rules, for what has changed since 2021 and for apps; then `woothee`, whose data
//! ends in that year, for what is older or rarer. Nothing of the user agent's own text gets
//! through: every word is one of this file.
//!
//! What no rule can know: Safari on an iPad says that it is a Mac unless it is asked for the
//! mobile site, and a browser that passes for another one is taken at its word.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::sync::LazyLock;

use crate::model::Class;

/// What a user agent says of the machine and the program. Empty where it says nothing known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    /// `desktop`, `mobile`, `tablet`, `bot`, `tv`, `console` or `other`.
    pub device: &'static str,
    /// Such as `iOS`, `iPadOS`, `Android`, `Windows`, `macOS`, `Linux`, `ChromeOS`, `HarmonyOS`.
    pub os: &'static str,
    /// Such as `Chrome`, `Safari`, `Samsung Internet`, or the app whose browser it is: `LinkedIn`.
    pub browser: &'static str,
    /// The network that the app belongs to, a word of [`super::network`].
    pub app_network: Option<&'static str>,
}

/// Reads `user_agent`, whose class is known already.
pub(super) fn platform(user_agent: &str, class: Class) -> Platform {
    let said = Said::by(user_agent);
    let (os, os_device) = os(&said);
    let (browser, app_network) = browser(&said);
    let (mut os, mut device, mut browser) = (os, device(&said, os_device), browser);
    if os.is_empty() || browser.is_empty() {
        let known = woothee::parser::Parser::new().parse(user_agent).unwrap_or_default();
        if os.is_empty() {
            (os, device) = older_os(known.os, known.category, device);
        }
        if browser.is_empty() {
            browser = older_browser(known.name);
        }
    }
    // Robots pass for phones and desktops; what they say of a machine is no machine.
    if !matches!(class, Class::Human) {
        device = "bot";
    }
    Platform { device, os, browser, app_network }
}

/// Which of [`MARKS`] stand in a user agent.
struct Said([bool; MARKS.len()]);

/// What the rules below look for, without regard to ASCII case.
const MARKS: &[&str] = &[
    "android",
    "iphone",
    "ipod",
    "ipad",
    "macintosh",
    "windows nt",
    "windows phone",
    "cros ",
    "linux",
    "x11",
    "harmonyos",
    "openharmony",
    "kaios",
    "tizen",
    "web0s",
    "webos",
    "tablet",
    "mobile",
    "; tv",
    "smart-tv",
    "smarttv",
    "android tv",
    "googletv",
    "google tv",
    "appletv",
    "apple tv",
    "crkey",
    "bravia",
    "hbbtv",
    "netcast",
    "roku",
    "aft",
    "playstation",
    "xbox",
    "nintendo",
    "phone; open",
    "pc; open",
    "sm-t",
    "sm-x",
    "kindle",
    // browsers
    "chrome/",
    "chromium/",
    "safari/",
    "firefox/",
    "fxios/",
    "crios/",
    "edg/",
    "edga/",
    "edgios/",
    "edge/",
    "opr/",
    "opios/",
    "opt/",
    "opera mini",
    "opera/",
    "opx/",
    "samsungbrowser/",
    "ucbrowser/",
    "ucweb",
    "yabrowser/",
    "vivaldi/",
    "duckduckgo/",
    "ddg/",
    "huaweibrowser/",
    "miuibrowser/",
    "heytapbrowser/",
    "vivobrowser/",
    "qqbrowser/",
    "whale/",
    "brave/",
    "ecosia",
    "coc_coc_browser/",
    "silk/",
    "focus/",
    "klar/",
    "gsa/",
    "msie ",
    "trident/",
    "wv)",
    "konqueror",
    "lynx/",
    "epiphany/",
    "falkon/",
    "seamonkey/",
    "palemoon/",
    "arkweb/",
    "headlesschrome/",
    "electron/",
    "qwant",
    "avast/",
    "norton/",
    "puffin/",
    "maxthon/",
    "mxios/",
    "phoenix/",
    // apps
    "linkedinapp",
    "linkedin/",
    "fban/",
    "fbav/",
    "fb_iab/",
    "metaiab",
    "instagram",
    "barcelona",
    "twitter for",
    "twitterandroid",
    "tiktok",
    "musical_ly",
    "bytedancewebview",
    "bytelocale",
    "trill_",
    "pinterest/",
    "snapchat",
    "whatsapp",
    "telegram",
    "micromessenger",
    "line/",
    "kakaotalk",
    "teams/",
    "teamsmobile",
    "slack",
    "reddit/",
    "xing/",
    "fbmessenger",
    "messengerforios",
    "orca-android",
    "viber",
];

static SEARCH: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(MARKS)
        .expect("a hundred short marks fit an automaton")
});

impl Said {
    fn by(user_agent: &str) -> Self {
        let mut said = [false; MARKS.len()];
        for found in SEARCH.find_overlapping_iter(user_agent) {
            // A mark is the beginning of a word: `aft` is a Fire TV and no craft.
            let (bytes, start) = (user_agent.as_bytes(), found.start());
            let letter = |index: usize| bytes[index].is_ascii_alphanumeric();
            let inside = start > 0 && letter(start) && letter(start - 1);
            said[found.pattern().as_usize()] |= !inside;
        }
        Self(said)
    }

    fn any(&self, marks: &[&str]) -> bool {
        marks.iter().any(|mark| {
            let index = MARKS.iter().position(|known| known == mark);
            debug_assert!(index.is_some(), "{mark:?} must stand in MARKS");
            index.is_some_and(|index| self.0[index])
        })
    }
}

/// The system and the device that it implies, if it implies one.
fn os(said: &Said) -> (&'static str, &'static str) {
    let rules: [(&[&str], &str, &str); 17] = [
        (&["xbox"], "Xbox", "console"),
        (&["playstation"], "PlayStation", "console"),
        (&["nintendo"], "Nintendo", "console"),
        (&["windows phone"], "Windows Phone", "mobile"),
        (&["kaios"], "KaiOS", "mobile"),
        (&["openharmony", "harmonyos"], "HarmonyOS", ""),
        (&["appletv", "apple tv"], "tvOS", "tv"),
        (&["ipad"], "iPadOS", "tablet"),
        (&["iphone", "ipod"], "iOS", "mobile"),
        (&["roku"], "Roku", "tv"),
        (&["tizen"], "Tizen", ""),
        (&["web0s", "webos", "netcast"], "webOS", "tv"),
        (&["android"], "Android", ""),
        (&["cros "], "ChromeOS", "desktop"),
        (&["windows nt"], "Windows", "desktop"),
        (&["macintosh"], "macOS", "desktop"),
        (&["linux", "x11"], "Linux", "desktop"),
    ];
    rules.iter().find(|(marks, ..)| said.any(marks)).map_or(("", ""), |(_, os, device)| (os, device))
}

fn device(said: &Said, implied: &'static str) -> &'static str {
    const TELEVISIONS: &[&str] = &[
        "; tv",
        "smart-tv",
        "smarttv",
        "android tv",
        "googletv",
        "google tv",
        "crkey",
        "bravia",
        "hbbtv",
        "netcast",
        "roku",
        "aft",
    ];
    if implied == "console" {
        return implied;
    }
    if said.any(TELEVISIONS) {
        return "tv";
    }
    // The LinkedIn app on an iPad, among others, says Macintosh and Mobile in one breath.
    if said.any(&["macintosh"]) && said.any(&["mobile"]) {
        return "tablet";
    }
    if !implied.is_empty() {
        return implied;
    }
    // Android, HarmonyOS and Tizen run on everything. Chrome's rule: a phone says Mobile.
    if said.any(&["tablet", "sm-t", "sm-x", "kindle"]) {
        "tablet"
    } else if said.any(&["mobile", "phone; open"]) {
        "mobile"
    } else if said.any(&["pc; open"]) {
        "desktop"
    } else if said.any(&["android"]) {
        "tablet"
    } else {
        "other"
    }
}

/// The browser, and the network of the app that it belongs to. Apps first: they carry a browser's
/// name too, and where a click came from is what is asked.
fn browser(said: &Said) -> (&'static str, Option<&'static str>) {
    let apps: [(&[&str], &str, &str); 19] = [
        (&["linkedinapp", "linkedin/"], "LinkedIn", "linkedin"),
        (&["barcelona"], "Threads", "threads"),
        (&["instagram"], "Instagram", "instagram"),
        (&["fbmessenger", "messengerforios", "orca-android"], "Messenger", "facebook"),
        (&["fban/", "fbav/", "fb_iab/", "metaiab"], "Facebook", "facebook"),
        (&["twitter for", "twitterandroid"], "X", "x"),
        (&["tiktok", "musical_ly", "trill_", "bytedancewebview", "bytelocale"], "TikTok", "tiktok"),
        (&["pinterest/"], "Pinterest", "pinterest"),
        (&["snapchat"], "Snapchat", "snapchat"),
        (&["whatsapp"], "WhatsApp", "whatsapp"),
        (&["telegram"], "Telegram", "telegram"),
        (&["micromessenger"], "WeChat", "wechat"),
        (&["kakaotalk"], "KakaoTalk", "kakaotalk"),
        (&["line/"], "Line", "line"),
        (&["teams/", "teamsmobile"], "Teams", "teams"),
        (&["slack"], "Slack", "slack"),
        (&["reddit/"], "Reddit", "reddit"),
        (&["xing/"], "Xing", "xing"),
        (&["viber"], "Viber", "viber"),
    ];
    if let Some((_, browser, network)) = apps.iter().find(|(marks, ..)| said.any(marks)) {
        return (browser, Some(network));
    }
    let browsers: [(&[&str], &str); 40] = [
        (&["headlesschrome/"], "HeadlessChrome"),
        (&["edg/", "edga/", "edgios/", "edge/"], "Edge"),
        (&["opera mini", "opios/"], "Opera Mini"),
        (&["opr/", "opt/", "opx/", "opera/"], "Opera"),
        (&["samsungbrowser/"], "Samsung Internet"),
        (&["ucbrowser/", "ucweb"], "UC Browser"),
        (&["yabrowser/"], "Yandex Browser"),
        (&["vivaldi/"], "Vivaldi"),
        (&["duckduckgo/", "ddg/"], "DuckDuckGo"),
        (&["huaweibrowser/"], "Huawei Browser"),
        (&["miuibrowser/"], "Mi Browser"),
        (&["heytapbrowser/"], "HeyTap Browser"),
        (&["vivobrowser/"], "Vivo Browser"),
        (&["qqbrowser/"], "QQ Browser"),
        (&["whale/"], "Whale"),
        (&["brave/"], "Brave"),
        (&["ecosia"], "Ecosia"),
        (&["qwant"], "Qwant"),
        (&["coc_coc_browser/"], "Cốc Cốc"),
        (&["silk/"], "Silk"),
        (&["avast/"], "Avast Secure Browser"),
        (&["norton/"], "Norton Browser"),
        (&["puffin/"], "Puffin"),
        (&["maxthon/", "mxios/"], "Maxthon"),
        (&["phoenix/"], "Phoenix Browser"),
        (&["focus/", "klar/"], "Firefox Focus"),
        (&["gsa/"], "Google app"),
        (&["seamonkey/"], "SeaMonkey"),
        (&["palemoon/"], "Pale Moon"),
        (&["fxios/", "firefox/"], "Firefox"),
        (&["crios/"], "Chrome"),
        (&["msie ", "trident/"], "Internet Explorer"),
        (&["konqueror"], "Konqueror"),
        (&["epiphany/"], "Epiphany"),
        (&["falkon/"], "Falkon"),
        (&["lynx/"], "Lynx"),
        (&["electron/"], "Electron"),
        (&["arkweb/"], "ArkWeb"),
        (&["wv)"], "Android WebView"),
        (&["chrome/", "chromium/"], "Chrome"),
    ];
    if let Some((_, browser)) = browsers.iter().find(|(marks, ..)| said.any(marks)) {
        return (browser, None);
    }
    if said.any(&["safari/"]) && said.any(&["android"]) {
        return ("Android Browser", None);
    }
    if said.any(&["safari/"]) {
        return ("Safari", None);
    }
    // WebKit without Safari's name on an Apple device is an app's own window.
    if said.any(&["iphone", "ipad", "ipod"]) {
        return ("iOS WebView", None);
    }
    ("", None)
}

fn older_os(os: &str, category: &str, device: &'static str) -> (&'static str, &'static str) {
    let device_of_category = match category {
        "pc" => "desktop",
        "smartphone" | "mobilephone" => "mobile",
        _ => device,
    };
    let os = match os {
        "Mac OSX" | "Mac OS Classic" => "macOS",
        "Linux" => "Linux",
        "BSD" => "BSD",
        "BlackBerry" | "BlackBerry 10" => "BlackBerry",
        "SymbianOS" => "Symbian",
        "Firefox OS" => "Firefox OS",
        "Windows CE" => return ("Windows CE", "mobile"),
        windows if windows.starts_with("Windows") => "Windows",
        playstation if playstation.starts_with("PlayStation") => return ("PlayStation", "console"),
        nintendo if nintendo.starts_with("Nintendo") => return ("Nintendo", "console"),
        "DigitalTV" => return ("", "tv"),
        _ => "",
    };
    (os, device_of_category)
}

fn older_browser(name: &str) -> &'static str {
    match name {
        "Internet Explorer" => "Internet Explorer",
        "Safari" => "Safari",
        "Chrome" => "Chrome",
        "Firefox" => "Firefox",
        "Opera" => "Opera",
        "Sleipnir" => "Sleipnir",
        "Google Search App" => "Google app",
        "Webview" => "Android WebView",
        _ => "",
    }
}
