//! What the command line says, word by word, and that the README says the same.

use std::fs;

use crate::program::{home, scratch, tonghop};

#[test]
fn the_command_line_says_what_is_written() {
    scratch("empty");
    let template = fs::read_to_string(home().join("templates/forms/ii_06a.toml")).unwrap();
    fs::write(scratch("broken-kind").join("a.toml"), template.replacen("kind = \"flow\"", "kind = \"flwo\"", 1))
        .unwrap();
    fs::write(scratch("broken-key").join("a.toml"), template.replacen("total = \"3\"", "totl = \"3\"", 1)).unwrap();
    fs::write(
        scratch("broken-column").join("a.toml"),
        template.replacen("parts = [\"4\", \"5\", \"6\"]", "parts = [\"4\", \"5\", \"66\"]", 1),
    )
    .unwrap();
    fs::write(scratch("broken-units").join("units.csv"), "code,nmae\nSTC,Sở Tài chính\n").unwrap();
    fs::write(
        scratch("shared-alias").join("units.csv"),
        "code,name,aliases\nSTC,Sở Tài chính,STC\nSTP,Sở Tư pháp,STC\n",
    )
    .unwrap();
    let report = fs::read_to_string(home().join("templates/reports/3-tin-tinh.txt")).unwrap();
    fs::write(scratch("broken-report").join("tin.txt"), report.replacen("cot=\"7\"", "cot=\"17\"", 1)).unwrap();
    trycmd::TestCases::new().default_bin_name("tonghop").case("tests/cli/*.md").case("README.md").run();
}

#[test]
fn completions_are_there_for_every_usual_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = tonghop(home(), ["completions", shell]);
        assert!(said.exit == 0 && said.out.contains("consolidate"), "{shell}: {}", said.err);
    }
}

/// The two commands of a fresh clone, and no third.
#[test]
fn the_readmes_name_the_same_two_commands() {
    for name in ["README.md", "README.vi.md"] {
        let text = fs::read_to_string(home().join(name)).unwrap();
        let commands: Vec<&str> =
            text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap().trim()).collect();
        assert_eq!(
            commands,
            ["cargo run --release -- consolidate samples/quang-minh --period 2023-Q3 --out out", "tests/run"],
            "{name}"
        );
    }
}

#[test]
fn every_link_of_the_readmes_leads_somewhere() {
    for name in ["README.md", "README.vi.md", "CONTRIBUTING.md", "samples/README.md"] {
        let text = fs::read_to_string(home().join(name)).unwrap();
        for (i, _) in text.match_indices("](") {
            let link = text[i + 2..].split([')', '#']).next().unwrap();
            let folder = home().join(name).parent().unwrap().to_path_buf();
            assert!(link.is_empty() || link.starts_with("http") || folder.join(link).exists(), "{name}: {link}");
        }
    }
}
