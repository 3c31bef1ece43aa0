# shellcheck shell=bash
# Words shared by the scripts beside this file; sourced, never run. Sets ROOT and TOOLS.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS=$ROOT/.tools
# dpkg and friends live in sbin, which a plain user's or a trimmed PATH leaves out.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf 'lianxi: %s\n' "$*" >&2; }

fail() {
  printf 'lianxi: %s\n' "$@" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# quietly NAME COMMAND…: output goes to .tools/log/NAME.log and is shown only when COMMAND fails.
quietly() {
  local log=$TOOLS/log/$1.log
  shift
  mkdir -p "$TOOLS/log"
  "$@" >"$log" 2>&1 </dev/null && return
  printf 'lianxi: failed: %s\n' "$*" >&2
  tail -n 20 "$log" | sed 's/^/    /' >&2
  printf 'lianxi: all of its output: %s\n' "$log" >&2
  return 1
}

# The lists of package names are fetched only when an install from the present ones fails; another
# apt-get at work is waited for, at most five minutes.
apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300)
  "${apt[@]}" install --no-install-recommends "$@" && return
  local try
  for try in 1 2 3 4 5 6; do
    "${apt[@]}" update && break
    echo "apt-get update: try $try of 6 failed"
    sleep 5
  done
  "${apt[@]}" install --no-install-recommends "$@"
}

# need_packages PACKAGE…: installs Debian packages when root; otherwise names the command.
need_packages() {
  have apt-get || fail "this is no Debian or Ubuntu system: install what these of their packages hold: $*"
  [[ $EUID -eq 0 ]] || fail "system packages are missing. Run: sudo apt-get install --no-install-recommends $*"
  say "installing system packages: $*"
  quietly apt apt_install "$@" || fail "Run yourself: apt-get update && apt-get install --no-install-recommends $*"
}
