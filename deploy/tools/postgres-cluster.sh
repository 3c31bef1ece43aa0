#!/usr/bin/env bash
# A private PostgreSQL cluster in a folder, beside whatever the system runs. It listens on 127.0.0.1
# alone, at a free port, with a password of its own; UTF-8 text, byte order (C.UTF-8) everywhere.
#   start DIR [SETTING=VALUE…]  makes it if absent, starts it unless it runs, prints its URL
#                               (for tests: fsync=off synchronous_commit=off full_page_writes=off)
#   url DIR                     prints the URL when it runs; otherwise exits 1
#   stop DIR                    stops it; nothing to do is no error
#   drop DIR                    stops it and removes its data
#   programs                    prints where PostgreSQL's own programs are; exits 1 when too old or absent
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
OLDEST=15

programs() {
  local folder newest=
  for folder in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
    [[ -x $folder/postgres && -x $folder/initdb ]] || continue
    [[ $("$folder/postgres" --version) =~ \)\ ([0-9]+) ]] || continue
    ((BASH_REMATCH[1] >= OLDEST)) && newest=$folder
  done
  [[ -n $newest ]] && echo "$newest"
}

# PostgreSQL refuses to run as root: there its own user owns the data and the process.
as_server() {
  if [[ $EUID -eq 0 ]]; then
    (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  else
    "$@"
  fi
}

# The folder of the data: DIR, or one under /tmp where the server's user cannot reach DIR
# (a checkout in /root, say). DIR/elsewhere then names it.
home_of() {
  if [[ -f $1/elsewhere ]]; then cat "$1/elsewhere"; else echo "$1"; fi
}

make_home() {
  mkdir -p "$1"
  [[ $EUID -eq 0 ]] || return 0
  id -u postgres >/dev/null 2>&1 || useradd --system --user-group --home-dir /nonexistent postgres
  [[ ! -f $1/elsewhere ]] || rm "$1/elsewhere"
  chown postgres:postgres "$1"
  as_server test -w "$1" && return
  chown root:root "$1"
  mktemp -d /tmp/lianxi-postgres.XXXXXX >"$1/elsewhere"
  chown postgres:postgres "$(cat "$1/elsewhere")"
}

# True while a server of this very data folder lives. A pid file that outlived its server, or whose
# number another process has got since, is removed: it would stop the next start.
running() {
  local data=$1/data pid
  [[ -f $data/postmaster.pid ]] || return 1
  pid=$(head -n 1 "$data/postmaster.pid")
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "-D $data " && return
  rm -f "$data/postmaster.pid"
  return 1
}

# keep FILE: standard input into a file that only the server's user may read.
keep() {
  (umask 077 && as_server tee "$1" >/dev/null)
}

create() {
  local home=$1 said
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | keep "$home/password"
  said=$(as_server "$BIN/initdb" --pgdata="$home/data" --username=lianxi --pwfile="$home/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 2>&1) || fail "no cluster was made in $home:" "$said"
  printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = ''" "max_connections = 300" |
    as_server tee -a "$home/data/postgresql.conf" >/dev/null
  said=$(echo 'CREATE DATABASE lianxi' | as_server "$BIN/postgres" --single -D "$home/data" postgres 2>&1) ||
    fail "no database was made in $home:" "$said"
  echo 'made whole' | keep "$home/made"
}

# Ports below 32768 are not handed out to outgoing connections, so a free one stays free. A start is
# tried again when the port was taken, or when children of a killed server still hold its memory.
launch() {
  local home=$1 port try settings=
  [[ $# -eq 1 ]] || settings=$(printf -- ' -c %s' "${@:2}")
  for try in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 12000))
    # pg_ctl hands its open files on to the server, so a lock of the caller's (9) is closed here.
    if as_server "$BIN/pg_ctl" start -w -t 60 -D "$home/data" -l "$home/log" -o "-p $port$settings" \
      </dev/null >/dev/null 2>&1 9>&-; then
      echo "postgres://lianxi:$(cat "$home/password")@127.0.0.1:$port/lianxi" | keep "$home/url"
      return
    fi
    tail -n 5 "$home/log" 2>/dev/null | grep -qE 'could not bind|still in use' || break
    sleep "0.$try"
  done
  fail "PostgreSQL did not start; the end of $home/log says:" "$(tail -n 10 "$home/log")"
}

start() {
  local home
  BIN=$(programs) || fail "PostgreSQL $OLDEST or newer is missing. Run: deploy/tools/setup.sh postgres"
  home=$(home_of "$1")
  if [[ ! -f $home/made ]]; then
    drop "$1"
    make_home "$1"
    home=$(home_of "$1")
    create "$home"
  fi
  running "$home" || launch "$home" "${@:2}"
  cat "$home/url"
}

url() {
  local home
  home=$(home_of "$1")
  running "$home" && cat "$home/url"
}

stop() {
  local home
  home=$(home_of "$1")
  running "$home" || return 0
  BIN=$(programs)
  as_server "$BIN/pg_ctl" stop -D "$home/data" -m fast -t 30 >/dev/null 2>&1 ||
    as_server "$BIN/pg_ctl" stop -D "$home/data" -m immediate -t 30 >/dev/null ||
    fail "the server in $home does not stop; see $home/log"
}

# Removes only what this script made: the name of a wrong folder costs nothing.
drop() {
  local home
  home=$(home_of "$1")
  stop "$1"
  rm -rf "$home/made" "$home/data" "$home/password" "$home/url" "$home/log"
  [[ $home == "$1" ]] || rm -rf "$home" "$1/elsewhere"
  [[ ! -d $1 ]] || rmdir "$1" 2>/dev/null || true
}

case ${1:-} in
  programs) programs ;;
  start | url | stop | drop)
    [[ -n ${2:-} ]] || fail "usage: postgres-cluster.sh $1 DIR"
    "$1" "$(realpath -m "$2")" "${@:3}"
    ;;
  *) fail "usage: postgres-cluster.sh start|url|stop|drop DIR, or: postgres-cluster.sh programs" ;;
esac
