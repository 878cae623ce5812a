#!/usr/bin/env bash
# What a newcomer waits for: a clone, `make run`, a link that leads somewhere, its click in ClickHouse,
# and all of it once more on the second start.
#
# Usage: loadtest/newcomer.sh
# Prints a line a step with its seconds. Exit 0 when every step worked, 1 otherwise.
# Ports 8080, 8081, 8123 and 9090 must be free: they are what a newcomer gets.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
place=$(mktemp -d)
server=
began=$EPOCHREALTIME

main() {
  trap finish EXIT
  step_from
  git clone --quiet "$root" "$place/relais"
  cd "$place/relais"
  said "git clone"

  start
  said "make run, from the clone to the addresses"
  click
  said "a link opened, its click readable in ClickHouse"
  stop
  step_from
  start
  said "make run once more"
  click
  said "a link opened, its click readable in ClickHouse"
}

step_from() { began=$EPOCHREALTIME; }

said() {
  awk -v what="$1" -v began="$began" -v now="$EPOCHREALTIME" 'BEGIN { printf "%8.2f s  %s\n", now - began, what }'
  step_from
}

fail() {
  echo "newcomer: $*" >&2
  tail -n 20 "$place/said" >&2 || true
  exit 1
}

start() {
  : >"$place/said"
  setsid make run >"$place/said" 2>&1 &
  server=$!
  until grep -q 'A personal link' "$place/said"; do
    kill -0 "$server" 2>/dev/null || fail "make run has ended"
    sleep 0.02
  done
  link=$(awk '/A personal link/ { print $NF }' "$place/said")
}

# As the demo's own words say it.
clicks() {
  local folder=data/clickhouse
  curl -s "http://127.0.0.1:$(awk '/^http/ { print $2 }' "$folder/ports" 2>/dev/null)/" -u "relais:$(cat "$folder/password" 2>/dev/null)" \
    --data-binary "SELECT count() FROM relais.clicks FINAL WHERE code = '${link##*/}'" 2>/dev/null || true
}

click() {
  local before wanted stored
  before=$(clicks)
  [[ $before =~ ^[0-9]+$ ]] || before=0
  [[ $(curl -s -o /dev/null -w '%{http_code}' -A 'Mozilla/5.0' "$link") == 302 ]] || fail "$link does not answer with a 302"
  wanted=$((before + 1))
  for _ in {1..600}; do
    stored=$(clicks)
    if [[ $stored =~ ^[0-9]+$ ]] && ((stored >= wanted)); then return 0; fi
    sleep 0.05
  done
  fail "the click is not in ClickHouse after 30 s"
}

stop() {
  # The interrupt of a terminal reaches make and what it runs.
  kill -INT -- "-$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}

finish() {
  [[ -z $server ]] || stop
  rm -rf "$place"
}

main
