//! 网段: whether an address lies in a network, for trusted proxies and for the lists of applications.

use std::net::IpAddr;

/// Whether `10.0.0.0/8` or a single address contains the address.
#[must_use]
pub fn contains(network: &str, ip: IpAddr) -> bool {
    let (base, bits) = network.split_once('/').map_or((network, None), |(base, bits)| (base, bits.parse::<u32>().ok()));
    match (base.trim().parse(), ip) {
        (Ok(IpAddr::V4(base)), IpAddr::V4(ip)) => {
            let mask = u32::MAX.checked_shl(32 - bits.unwrap_or(32).min(32)).unwrap_or(0);
            u32::from(base) & mask == u32::from(ip) & mask
        }
        (Ok(IpAddr::V6(base)), IpAddr::V6(ip)) => {
            let mask = u128::MAX.checked_shl(128 - bits.unwrap_or(128).min(128)).unwrap_or(0);
            u128::from(base) & mask == u128::from(ip) & mask
        }
        _ => false,
    }
}

/// Whether the text names a network or an address.
#[must_use]
pub fn is_network(text: &str) -> bool {
    let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
    let Ok(base) = base.trim().parse::<IpAddr>() else { return false };
    let most = if base.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.trim().parse::<u8>().is_ok_and(|bits| bits <= most))
}

#[cfg(test)]
mod tests {
    use super::{contains, is_network};

    #[test]
    fn networks() {
        assert!(contains("10.0.0.0/8", "10.2.3.4".parse().unwrap()));
        assert!(!contains("10.0.0.0/8", "11.0.0.1".parse().unwrap()));
        assert!(contains("0.0.0.0/0", "11.0.0.1".parse().unwrap()));
        assert!(contains("::1", "::1".parse().unwrap()));
        assert!(!contains("::1", "::2".parse().unwrap()));
    }

    #[test]
    fn what_a_network_looks_like() {
        assert!(["10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8"].into_iter().all(is_network));
        assert!(["", "10.0.0.0/33", "proxy", "10.0.0/8"].into_iter().all(|text| !is_network(text)));
    }
}
