#!/usr/bin/env bash
# test.sh all|check|bench [ARGUMENT…]: cargo test or bench with the servers it needs; setup.sh has run.
#   all    the whole workspace with PostgreSQL; arguments go to cargo in place of --workspace
#   check  each crate's own tests; PostgreSQL only where LIANXI_TEST_POSTGRES or `make postgres` gives one
#   bench  the benches of the crate `tests`, with a PostgreSQL that keeps its promises (fsync)
# Whatever is started here is stopped and removed here, also after a failure.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
CLUSTER=$ROOT/deploy/tools/postgres-cluster.sh

# A cluster of this run's own, unless the caller named one. What a killed run left goes first.
own_cluster() {
  [[ -z ${LIANXI_TEST_POSTGRES:-} ]] || return 0
  exec 9>"$TOOLS/test.lock"
  flock -n 9 || fail "another make test or make bench runs in this checkout"
  "$CLUSTER" drop "$TOOLS/pg-test"
  trap '"$CLUSTER" drop "$TOOLS/pg-test"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  LIANXI_TEST_POSTGRES=$("$CLUSTER" start "$TOOLS/pg-test" "$@")
  export LIANXI_TEST_POSTGRES
}

cd "$ROOT"
export LIANXI_NATS_SERVER=$TOOLS/bin/nats-server LIANXI_VENV=$TOOLS/venv
case ${1:-} in
  all)
    own_cluster fsync=off synchronous_commit=off full_page_writes=off
    LIANXI_CHROMEDRIVER=$(command -v chromedriver) || fail "chromedriver is missing; run: make setup-test"
    export LIANXI_CHROMEDRIVER
    [[ $# -gt 1 ]] || set -- all --workspace ${CI:+--no-fail-fast}
    cargo test "${@:2}" 9>&-
    ;;
  check)
    : "${LIANXI_TEST_POSTGRES:=$("$CLUSTER" url "$TOOLS/pg" || true)}"
    if [[ -n $LIANXI_TEST_POSTGRES ]]; then export LIANXI_TEST_POSTGRES; else unset LIANXI_TEST_POSTGRES; fi
    cargo test --workspace --exclude tests --tests "${@:2}"
    ;;
  bench)
    own_cluster
    cargo bench --package tests --benches "${@:2}" 9>&-
    ;;
  *) fail "usage: test.sh all|check|bench [ARGUMENT…]" ;;
esac
