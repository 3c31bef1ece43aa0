#!/usr/bin/env bash
# clean-data.sh FOLDER…: removes data folders of this checkout; never one that a running program uses.
# An office's own folder (data) holds its keys: without them its sealed petitions stay sealed for ever,
# so it goes only after a question, or with YES=1.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

in_use() {
  [[ -n $(find /proc/[0-9]*/fd -lname "$1/*" -print -quit 2>/dev/null || true) ]]
}

agreed() {
  [[ ${YES:-} == 1 ]] && return
  [[ -t 0 ]] || return 1
  read -r -p "Remove $1, its register, petitions and keys? Type 'remove': " answer
  [[ $answer == remove ]]
}

for name in "$@"; do
  folder=$ROOT/$name
  [[ $name =~ ^[a-z-]+$ ]] || fail "'$name' is no data folder of this checkout"
  [[ -d $folder ]] || continue
  ! in_use "$folder" || fail "$folder is in use; stop lianxi first"
  [[ $name == demo-data ]] || agreed "$folder" || fail "$folder is kept; YES=1 removes it without a question"
  rm -rf "$folder"
  say "removed $folder"
done
