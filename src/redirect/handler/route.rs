//! What a path asks for.

use crate::model::Code;
use crate::model::host_proof::{PROOF_PATH, is_nonce};

/// The paths of the redirect port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route<'p> {
    /// `/{code}`
    Link(&'p str),
    /// `/{code}+`
    Info(&'p str),
    /// `/{code}/qr.svg`
    QrSvg(&'p str),
    /// `/{code}/qr.png`
    QrPng(&'p str),
    /// `/robots.txt`
    Robots,
    /// `/favicon.ico`
    Favicon,
    /// `/.well-known/relais/{nonce}`: whose host this is.
    Proof(&'p str),
    /// Anything that can be no code.
    Nothing,
}

impl<'p> Route<'p> {
    pub(super) fn of(path: &'p str) -> Self {
        let rest = path.strip_prefix('/').unwrap_or(path);
        match rest {
            "robots.txt" => return Self::Robots,
            "favicon.ico" => return Self::Favicon,
            _ => {}
        }
        if let Some(nonce) = path.strip_prefix(PROOF_PATH) {
            return if is_nonce(nonce) { Self::Proof(nonce) } else { Self::Nothing };
        }
        let end = rest.bytes().position(|byte| !is_code_byte(byte)).unwrap_or(rest.len());
        let (code, behind) = rest.split_at(end);
        if !(3..=Code::MAX_LEN).contains(&code.len()) {
            return Self::Nothing;
        }
        match behind {
            // Some programs close every path with a slash.
            "" | "/" => Self::Link(code),
            "+" => Self::Info(code),
            "/qr.svg" => Self::QrSvg(code),
            "/qr.png" => Self::QrPng(code),
            _ => Self::Nothing,
        }
    }
}

/// Issued and vanity codes consist of these.
fn is_code_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_code_with_what_is_asked_of_it() {
        assert_eq!(Route::of("/aB3dE5gH7"), Route::Link("aB3dE5gH7"));
        assert_eq!(Route::of("/our-job/"), Route::Link("our-job"));
        assert_eq!(Route::of("/our-job+"), Route::Info("our-job"));
        assert_eq!(Route::of("/our-job/qr.svg"), Route::QrSvg("our-job"));
        assert_eq!(Route::of("/our-job/qr.png"), Route::QrPng("our-job"));
        assert_eq!(Route::of("/robots.txt"), Route::Robots);
        assert_eq!(Route::of("/favicon.ico"), Route::Favicon);
        let nonce = "0123456789abcdef0123456789abcdef";
        assert_eq!(Route::of(&format!("/.well-known/relais/{nonce}")), Route::Proof(nonce));
        assert_eq!(Route::of("/.well-known/relais/short"), Route::Nothing);
        let long = format!("/{}", "a".repeat(65));
        for nothing in ["", "/", "*", "/ab", "/a/b", "/wp-login.php", "/our-job/qr.gif", "//our-job", "/%61bc", &long] {
            assert_eq!(Route::of(nothing), Route::Nothing, "{nothing}");
        }
    }
}
