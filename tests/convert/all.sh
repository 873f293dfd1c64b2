#!/usr/bin/env bash
# Reads both corpora, the samples and the seeds through every container, and prints how much came out the same.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec cargo test --locked --test all -- --ignored --exact --nocapture \
    convert::everything_reads_the_same_through_every_container
