//! Where a request comes from, roughly: the network and not the machine. Used to slow down whoever guesses passwords, without
//! slowing down whose password it is; kept in memory only.

use std::net::IpAddr;

use axum::http::HeaderMap;

/// The network of a visitor: a block of 256 addresses, or of a site (RFC 6177) with the newer ones. A proxy's word about
/// whom it speaks for is taken from the proxies named in the configuration only.
pub(crate) fn network(proxies: &[IpAddr], peer: Option<IpAddr>, headers: &HeaderMap) -> String {
    let Some(mut address) = peer.map(|peer| peer.to_canonical()) else { return "?".to_owned() };
    let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = named.flat_map(|line| line.split(',')).map(str::trim).collect();
    for text in named.into_iter().rev() {
        if !proxies.contains(&address) {
            break;
        }
        let Ok(next) = text.parse::<IpAddr>() else { break };
        address = next.to_canonical();
    }
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["127.0.0.1".parse().unwrap(), "10.0.0.9".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        network(&proxies, Some(peer.parse().unwrap()), &headers)
    }

    #[test]
    fn a_network_and_whose_word_counts() {
        assert_eq!(of("203.0.113.7", &[]), "203.0.113");
        assert_eq!(of("203.0.113.8", &["198.51.100.1"]), "203.0.113", "a visitor's own word is none");
        assert_eq!(of("127.0.0.1", &["198.51.100.1"]), "198.51.100");
        assert_eq!(of("::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100");
        assert_eq!(of("127.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100", "what the proxy added");
        assert_eq!(of("127.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.9"]), "198.51.100", "two proxies");
        assert_eq!(of("127.0.0.1", &["nobody"]), "127.0.0");
        assert_eq!(of("127.0.0.1", &["2001:db8:7:1::5"]), "2001:db8:7");
        assert_eq!(network(&[], None, &HeaderMap::new()), "?");
    }
}
