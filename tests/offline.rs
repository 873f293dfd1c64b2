//! The program opens no connection: no crate that does is in the tree, and the binary can look up no other machine's name.
//! It listens on 127.0.0.1 alone, for the page.

use std::fs;
use std::process::Command;

use crate::program::home;

/// Crates that open connections.
const CRATES: [&str; 15] = [
    "reqwest",
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
    // Not the lock file: it also names what no feature in use asks for.
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none"])
        .current_dir(home())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("axum v"), "{tree}");
    let found: Vec<_> =
        CRATES.iter().filter(|name| tree.lines().any(|l| l.starts_with(&format!("{name} v")))).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// tokio could connect; without a name looked up or a datagram sent there is nobody to connect to.
#[cfg(target_os = "linux")]
#[test]
fn the_binary_looks_up_no_other_machine() {
    let binary = fs::read(env!("CARGO_BIN_EXE_tonghop")).unwrap();
    let names = imported(&binary).expect("an ELF file");
    let asks = |name: &str| names.iter().any(|n| n == name);
    assert!(asks("posix_spawnp"), "the names are there to be seen");
    for name in ["getaddrinfo", "gethostbyname", "sendto"] {
        assert!(!asks(name), "{name}");
    }
}

/// The names a 64-bit ELF file asks the system for: the strings that are loaded with it.
#[cfg(target_os = "linux")]
fn imported(elf: &[u8]) -> Option<Vec<String>> {
    let number = |at: usize, width: usize| {
        let bytes = elf.get(at..at + width)?.iter().rev();
        Some(bytes.fold(0usize, |n, b| n << 8 | usize::from(*b)))
    };
    let (table, size, count) = (number(40, 8)?, number(58, 2)?, number(60, 2)?);
    let section = |i: usize| {
        let at = table + i * size;
        let (kind, flags) = (number(at + 4, 4)?, number(at + 8, 8)?);
        // A string table (3) that takes memory when run (2).
        (kind == 3 && flags & 2 != 0).then_some((number(at + 24, 8)?, number(at + 32, 8)?))
    };
    let (at, length) = (0..count).find_map(section)?;
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    Some(elf.get(at..at + length)?.split(|b| *b == 0).map(text).collect())
}
