//! The program speaks to no network: no crate for it is in the tree, and the binary asks the system for no socket.

use std::fs;

use crate::program::home;

/// Crates that open connections or serve them.
const CRATES: [&str; 16] = [
    "reqwest",
    "hyper",
    "ureq",
    "curl",
    "isahc",
    "h2",
    "quinn",
    "rustls",
    "native-tls",
    "openssl",
    "tungstenite",
    "trust-dns-resolver",
    "hickory-resolver",
    "object_store",
    "attohttpc",
    "minreq",
];

#[test]
fn no_crate_of_the_tree_speaks_to_a_network() {
    let lock = fs::read_to_string(home().join("Cargo.lock")).unwrap();
    let found: Vec<_> = CRATES
        .iter()
        .filter(|name| lock.contains(&format!("name = \"{name}\"\n")))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

/// tokio comes with polars and could; the linker drops what nothing calls.
#[cfg(target_os = "linux")]
#[test]
fn the_binary_asks_for_no_connection() {
    let binary = fs::read(env!("CARGO_BIN_EXE_tonghop")).unwrap();
    let asks = |name: &str| {
        let name = [b"\0", name.as_bytes(), b"\0"].concat();
        binary.windows(name.len()).any(|w| w == name)
    };
    assert!(
        asks("posix_spawn") || asks("execvp"),
        "the names are there to be seen"
    );
    for name in ["connect", "getaddrinfo", "listen", "sendto"] {
        assert!(!asks(name), "{name}");
    }
}
