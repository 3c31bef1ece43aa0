#!/usr/bin/env bash
# docs.sh [--check]: runs every generator, writes the generated documents anew and names those that changed.
# The generators are `lianxi docs` and every other program of shared/* and services/*, which writes
# beside its crate.
# With --check a change is a failure.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
cd "$ROOT"

generators() {
  cargo metadata --locked --no-deps --format-version 1 | python3 -c '
import json, sys
for package in json.load(sys.stdin)["packages"]:
    for target in package["targets"]:
        ours = any(f"/{folder}/" in package["manifest_path"] for folder in ("shared", "services"))
        if ours and "bin" in target["kind"]:
            print(package["name"], target["name"], "docs" if target["name"] == "lianxi" else "")'
}

# Tracked and new files alike, so that a document not committed yet counts as present.
fingerprint() {
  git ls-files -z --cached --others --exclude-standard | xargs -0 sha256sum 2>/dev/null | sort -k 2
}

found=$(generators)
before=$(fingerprint)
while read -r package program verb; do
  [[ -n $program ]] || continue
  cargo run --quiet --locked --package "$package" --bin "$program" -- ${verb:+"$verb"} </dev/null
done <<<"$found"
changed=$(diff <(echo "$before") <(fingerprint) | sed -n 's/^[<>] [0-9a-f]*  /  /p' | sort -u || true)

[[ -n $changed ]] || exit 0
say "changed:"
echo "$changed" >&2
[[ ${1:-} != --check ]] || fail "these documents were out of date: run 'make docs' and commit them"
