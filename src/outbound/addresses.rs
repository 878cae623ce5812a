//! Which addresses belong to the public internet.
//!
//! The tables are IANA's special-purpose registries (RFC 6890 and its updates), read strictly: what
//! is reserved, embeds another address, or is multicast is no address of a web server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks that are not public: address, prefix length.
const REFUSED_V4: &[([u8; 4], u8)] = &[
    ([0, 0, 0, 0], 8),       // this network
    ([10, 0, 0, 0], 8),      // private
    ([100, 64, 0, 0], 10),   // behind a provider's address translation
    ([127, 0, 0, 0], 8),     // loopback
    ([169, 254, 0, 0], 16),  // link-local, and the metadata of clouds
    ([172, 16, 0, 0], 12),   // private
    ([192, 0, 0, 0], 24),    // protocol assignments
    ([192, 0, 2, 0], 24),    // documentation
    ([192, 88, 99, 0], 24),  // 6to4 relays
    ([192, 168, 0, 0], 16),  // private
    ([198, 18, 0, 0], 15),   // benchmarks
    ([198, 51, 100, 0], 24), // documentation
    ([203, 0, 113, 0], 24),  // documentation
    ([224, 0, 0, 0], 4),     // multicast
    ([240, 0, 0, 0], 4),     // reserved, broadcast
];

/// The only IPv6 network that is public: global unicast.
const GLOBAL_V6: (u128, u8) = (0x2000 << 112, 3);

/// Networks inside it that are not: address, prefix length. Mapped, translated (NAT64) and local
/// addresses lie outside of it.
const REFUSED_V6: &[(u128, u8)] = &[
    (0x2001 << 112, 23),          // protocol assignments: Teredo, ORCHID, benchmarks
    (0x2001_0db8 << 96, 32),      // documentation
    (0x2002 << 112, 16),          // 6to4: embeds an IPv4 address
    (0x3fff << 112, 20),          // documentation
    (0x2620_004f_8000 << 80, 48), // AS112: answers for private addresses
];

/// Whether an address is one that anybody on the internet could connect to.
///
/// An IPv6 address that embeds an IPv4 one is not, whatever it embeds: the machine that translates
/// it stands on this side.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !REFUSED_V4.iter().any(|&(network, length)| in_v4(address, network, length)),
        IpAddr::V6(address) => in_v6(address, GLOBAL_V6) && !REFUSED_V6.iter().any(|&network| in_v6(address, network)),
    }
}

fn in_v4(address: Ipv4Addr, network: [u8; 4], length: u8) -> bool {
    (address.to_bits() ^ u32::from_be_bytes(network)).leading_zeros() >= u32::from(length)
}

fn in_v6(address: Ipv6Addr, (network, length): (u128, u8)) -> bool {
    (address.to_bits() ^ network).leading_zeros() >= u32::from(length)
}

#[cfg(test)]
mod tests {
    use ipnet::IpNet;
    use proptest::prelude::*;

    use super::*;

    const REFUSED: &[&str] = &[
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:0:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "2620:4f:8000::1",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];

    const PUBLIC: &[&str] = &[
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "203.0.114.1",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700::1111",
        "2a00:1450::1",
        "3ffe::1",
    ];

    #[test]
    fn security_26_only_public_addresses_are_public() {
        for text in REFUSED {
            assert!(!is_public(text.parse().expect("an address")), "{text} is not public");
        }
        for text in PUBLIC {
            assert!(is_public(text.parse().expect("an address")), "{text} is public");
        }
    }

    proptest! {
        #[test]
        fn security_26_no_address_of_a_private_network_is_public(bits in any::<u128>(), which in 0..10usize) {
            let networks = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                "192.168.0.0/16", "224.0.0.0/3", "fc00::/7", "fe80::/10", "ff00::/8"];
            let network: IpNet = networks[which].parse().expect("a network");
            let address = match network {
                IpNet::V4(network) => {
                    let host = bits as u32 & network.hostmask().to_bits();
                    IpAddr::V4(Ipv4Addr::from_bits(network.network().to_bits() | host))
                }
                IpNet::V6(network) => {
                    let host = bits & network.hostmask().to_bits();
                    IpAddr::V6(Ipv6Addr::from_bits(network.network().to_bits() | host))
                }
            };
            prop_assert!(!is_public(address), "{address}");
        }

        #[test]
        fn security_26_what_embeds_an_address_is_refused_with_it(bits in any::<u32>(), low in any::<u64>()) {
            let embedded = u128::from(bits);
            for address in [
                0xffff << 32 | embedded,                                  // mapped
                embedded,                                                 // compatible
                0x0064_ff9b << 96 | embedded,                             // NAT64
                0x2002 << 112 | embedded << 80 | u128::from(low),         // 6to4
                0x2001 << 112 | u128::from(low) << 32 | embedded,         // Teredo
            ] {
                prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::from_bits(address))), "{address:x}");
            }
        }

        #[test]
        fn the_standard_library_agrees_where_it_has_an_opinion(bits in any::<u32>()) {
            let address = Ipv4Addr::from_bits(bits);
            let special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_broadcast() || address.is_documentation() || address.is_multicast()
                || address.is_unspecified();
            prop_assert!(!(special && is_public(IpAddr::V4(address))), "{address}");
        }
    }
}
