//! The bytes of each request, written without allocating: a random choice among prepared heads,
//! around a code and a nonce.

use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution, Zipf};

use super::visitors::{VISITORS, Visitor};
use super::{Code, Nonces};

/// How requests differ from one another.
#[derive(Debug, Clone, Copy, PartialEq, clap::Args)]
pub(crate) struct Mix {
    /// Exponent of Zipf's law over the codes, the first most popular; 0: all alike
    #[arg(long, default_value_t = 1.1, value_parser = exponent)]
    pub(crate) zipf: f64,
    /// Share of HEAD requests, 0 to 1
    #[arg(long, default_value_t = 0.02, value_parser = share)]
    pub(crate) head: f64,
    /// Share of requests that a browser says to fetch ahead, 0 to 1
    #[arg(long, default_value_t = 0.02, value_parser = share)]
    pub(crate) prefetch: f64,
    /// Adds X-Forwarded-For with a random public address, for a server that trusts this machine
    #[arg(long)]
    pub(crate) forwarded: bool,
    /// Seed of every random choice; the same seed makes the same requests
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Writes the requests of one thread.
#[derive(Debug)]
pub(crate) struct Requests {
    mix: Mix,
    nonces: Nonces,
    codes: Arc<[Code]>,
    default_host: String,
    popularity: Zipf<f64>,
    crowd: WeightedAliasIndex<u32>,
    heads: Vec<Vec<Vec<u8>>>,
    random: StdRng,
}

impl Requests {
    /// `lane` tells the threads of a run apart, so that each makes its own choices.
    pub(crate) fn new(mix: Mix, codes: Arc<[Code]>, default_host: &str, nonces: Nonces, lane: u64) -> Self {
        Self {
            popularity: Zipf::new(codes.len() as f64, mix.zipf).expect("there is a code, and the exponent was checked"),
            crowd: WeightedAliasIndex::new(VISITORS.iter().map(|visitor| visitor.weight).collect())
                .expect("the weights are positive"),
            heads: VISITORS.iter().map(prepare).collect(),
            random: StdRng::seed_from_u64(mix.seed ^ lane.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            default_host: default_host.to_owned(),
            codes,
            nonces,
            mix,
        }
    }

    /// Replaces what is in `out` by the next request, marked with the nonce of `number`.
    /// Says whether it is a HEAD, since its answer has no body.
    pub(crate) fn write(&mut self, number: u64, out: &mut Vec<u8>) -> bool {
        let random = &mut self.random;
        let rank = self.popularity.sample(random) as usize;
        let code = &self.codes[rank.clamp(1, self.codes.len()) - 1];
        let variants = &self.heads[self.crowd.sample(random)];
        let variant = &variants[random.random_range(0..variants.len())];
        let head = self.mix.head > 0.0 && random.random_bool(self.mix.head);
        let prefetch = !head && self.mix.prefetch > 0.0 && random.random_bool(self.mix.prefetch);

        out.clear();
        out.extend_from_slice(if head { b"HEAD /" } else { b"GET /" });
        out.extend_from_slice(code.code.as_bytes());
        out.extend_from_slice(b"?utm_content=");
        out.extend_from_slice(self.nonces.prefix().as_bytes());
        write!(out, "{number}").expect("a vector takes all");
        out.extend_from_slice(b" HTTP/1.1\r\nHost: ");
        out.extend_from_slice(code.host.as_ref().unwrap_or(&self.default_host).as_bytes());
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(variant);
        if prefetch {
            out.extend_from_slice(b"Sec-Purpose: prefetch\r\n");
        }
        if self.mix.forwarded {
            forwarded(random, out);
        }
        out.extend_from_slice(b"\r\n");
        head
    }
}

/// Every head that a visitor may send: one for each language and referrer.
fn prepare(visitor: &Visitor) -> Vec<Vec<u8>> {
    let none: &[&str] = &[""];
    let languages = if visitor.languages.is_empty() { none } else { visitor.languages };
    let mut heads = Vec::new();
    for language in languages {
        for referrer in visitor.referrers {
            let mut head = format!(
                "User-Agent: {}\r\nAccept: {}\r\nAccept-Encoding: gzip, br\r\n",
                visitor.user_agent, visitor.accept
            );
            for (name, value) in [("Accept-Language", language), ("Referer", referrer)] {
                if !value.is_empty() {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
            }
            heads.push(head.into_bytes());
        }
    }
    heads
}

/// One client in ten comes over IPv6.
fn forwarded(random: &mut StdRng, out: &mut Vec<u8>) {
    let written = if random.random_ratio(1, 10) {
        let address = Ipv6Addr::from((random.random::<u128>() >> 3) | (1 << 125)); // 2000::/3, what is routed
        write!(out, "X-Forwarded-For: {address}\r\n")
    } else {
        write!(out, "X-Forwarded-For: {}\r\n", public_v4(random))
    };
    written.expect("a vector takes all");
}

/// An address that a server may meet from the internet: it is not thrown away as private.
fn public_v4(random: &mut StdRng) -> Ipv4Addr {
    loop {
        let address = Ipv4Addr::from(random.random::<u32>());
        let [first, second, ..] = address.octets();
        let shared = first == 100 && (64..128).contains(&second);
        let reserved = first == 0 || first >= 224 || shared;
        if !(reserved || address.is_private() || address.is_loopback() || address.is_link_local()) {
            return address;
        }
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is no number from 0 to 1"))?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("{share} is not between 0 and 1")) }
}

fn exponent(text: &str) -> Result<f64, String> {
    let exponent: f64 = text.parse().map_err(|_| format!("`{text}` is no number from 0 to 10"))?;
    if (0.0..=10.0).contains(&exponent) { Ok(exponent) } else { Err(format!("{exponent} is not between 0 and 10")) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const MIX: Mix = Mix { zipf: 1.1, head: 0.02, prefetch: 0.02, forwarded: true, seed: 7 };

    fn requests(mix: Mix, codes: usize, lane: u64) -> Requests {
        let codes = (0..codes).map(|n| Code { code: format!("code-{n}"), host: (n == 0).then(|| "first".into()) });
        Requests::new(mix, codes.collect(), "localhost", Nonces::new(1), lane)
    }

    fn texts(mut requests: Requests, count: u64) -> Vec<String> {
        let mut out = Vec::new();
        (0..count)
            .map(|number| {
                requests.write(number, &mut out);
                String::from_utf8(out.clone()).expect("text")
            })
            .collect()
    }

    #[test]
    fn every_request_is_whole_and_carries_its_nonce() {
        for (number, text) in texts(requests(MIX, 50, 0), 5000).iter().enumerate() {
            let mut headers = [httparse::EMPTY_HEADER; 16];
            let mut parsed = httparse::Request::new(&mut headers);
            assert_eq!(parsed.parse(text.as_bytes()), Ok(httparse::Status::Complete(text.len())), "{text}");
            let path = parsed.path.expect("a path");
            assert!(path.ends_with(&format!("?utm_content=n-0000000000000001-{number}")), "{path}");
            let host = if path.starts_with("/code-0?") { "first" } else { "localhost" };
            assert!(text.contains(&format!("\r\nHost: {host}\r\n")), "{text}");
            assert_eq!(text.matches("X-Forwarded-For: ").count(), 1, "{text}");
        }
    }

    #[test]
    fn popularity_follows_the_law_of_zipf() {
        let mut asked = HashMap::<String, f64>::new();
        let count = 200_000;
        for text in texts(requests(MIX, 100, 0), count) {
            let code = text.split(['/', '?']).nth(1).expect("a code").to_owned();
            *asked.entry(code).or_default() += 1.0;
        }
        let norm: f64 = (1..=100).map(|rank| f64::from(rank).powf(-1.1)).sum();
        for rank in [1u32, 2, 5, 10, 50] {
            let expected = count as f64 * f64::from(rank).powf(-1.1) / norm;
            let seen = asked[&format!("code-{}", rank - 1)];
            // six standard deviations: the seed is fixed, so this is no matter of luck
            assert!((seen - expected).abs() < 6.0 * expected.sqrt(), "rank {rank}: {seen} asked, {expected} expected");
        }
    }

    #[test]
    fn an_exponent_of_zero_asks_for_all_alike() {
        let texts = texts(requests(Mix { zipf: 0.0, ..MIX }, 4, 0), 40_000);
        for code in 0..4 {
            let seen = texts.iter().filter(|text| text.contains(&format!("/code-{code}?"))).count();
            assert!(seen.abs_diff(10_000) < 600, "code {code} was asked for {seen} times");
        }
    }

    #[test]
    fn the_shares_of_head_and_prefetch_are_kept() {
        let texts = texts(requests(Mix { head: 0.5, prefetch: 0.5, ..MIX }, 10, 0), 10_000);
        let heads = texts.iter().filter(|text| text.starts_with("HEAD ")).count();
        let ahead = texts.iter().filter(|text| text.contains("\r\nSec-Purpose: prefetch\r\n")).count();
        assert!(heads.abs_diff(5000) < 300 && ahead.abs_diff(2500) < 300, "{heads} heads, {ahead} fetched ahead");
    }

    #[test]
    fn the_seed_decides_every_choice_and_lanes_differ() {
        assert_eq!(texts(requests(MIX, 50, 0), 100), texts(requests(MIX, 50, 0), 100));
        assert_ne!(texts(requests(MIX, 50, 0), 100), texts(requests(MIX, 50, 1), 100));
    }

    #[test]
    fn forwarded_addresses_are_public() {
        let mut random = StdRng::seed_from_u64(3);
        for _ in 0..100_000 {
            let address = public_v4(&mut random);
            assert!(!address.is_private() && !address.is_loopback() && !address.is_multicast(), "{address}");
        }
    }
}
