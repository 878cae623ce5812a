#!/usr/bin/env bash
# Relais beside what it is built on and what people would use instead: bare hyper and nginx.
#
# Each server in turn has one core to itself, wrk has another; rounds alternate within one run, so
# that a slow minute of the machine hits all alike, and what counts is the median of the ratios
# within a round. All answer the same 10,000 codes with the same 302 and headers:
#   relais  one worker, limits on, every click written whole to the spool before its answer leaves
#   hyper   a bare server: no table, no click
#   nginx   one worker, a map of the codes, every click written as JSON to an access log (after its answer)
#
# Usage: loadtest/peers.sh [--rounds 15] [--seconds 2] [--connections 64] [--peers relais,hyper,nginx]
# Prints text, and one line of JSON at the end. Exit 0 measured, 1 failed, 2 wrong use.
#
# Environment:
#   RELAIS           the binary (target/release/relais, built when absent)
#   RELAIS_COMMAND   command that serves on {port}; default: "$RELAIS serve --config …"
#   HYPER_COMMAND    command that serves on {port}; default: bare_hyper of the package relais-loadtest
#   NGINX_LOG        more parameters of access_log, such as buffer=64k (which loses clicks at a kill)
#   SERVER_CORE, LOAD_CORE   1 and 0
#   BENCH_DIR        where data and logs go (target/bench-peers); a real disk, or the logs cost nothing
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
cd "$root"

rounds=15 seconds=2 connections=64 peers=relais,hyper,nginx
warm_up=1
server_core=${SERVER_CORE:-1} load_core=${LOAD_CORE:-0}
work=${BENCH_DIR:-$root/target/bench-peers}
links=10000
server_pid=
rate=

main() {
  arguments "$@"
  tools
  rm -rf "$work" && mkdir -p "$work"
  work=$(cd "$work" && pwd)
  trap stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  codes >"$work/codes"
  local peer
  for peer in ${peers//,/ }; do "prepare_$peer"; done
  local results=$work/results
  : >"$results"
  say "each of ${peers//,/, } on core $server_core, wrk on core $load_core: $rounds rounds of $seconds s, $connections connections"
  local round
  for ((round = 1; round <= rounds; round++)); do
    local line="round $round"
    for peer in $(turn "$round"); do
      measure "$peer"
      echo "$round $peer $rate" >>"$results"
      line+="  $peer $(printf '%.0f' "$rate")/s"
    done
    echo "$line"
  done
  summary "$results"
}

arguments() {
  while (($#)); do
    case $1 in
      --rounds) rounds=$(number "$@") ;;
      --seconds) seconds=$(number "$@") ;;
      --connections) connections=$(number "$@") ;;
      --peers) peers=${2:-} ;;
      -h | --help) sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" && exit 0 ;;
      *) wrong "unknown argument $1" ;;
    esac
    shift $(($# > 1 ? 2 : 1))
  done
  [[ $peers =~ ^(relais|hyper|nginx)(,(relais|hyper|nginx))*$ ]] || wrong "--peers is a list of relais, hyper and nginx"
}

number() { [[ ${2:-} =~ ^[1-9][0-9]{0,4}$ ]] || wrong "$1 takes a number from 1"; echo "$2"; }
say() { echo "peers: $*" >&2; }
fail() { say "$*"; exit 1; }
wrong() { say "$*; see --help"; exit 2; }

# --- tools ---------------------------------------------------------------------------------------

tools() {
  (($(nproc --all) > server_core && $(nproc --all) > load_core)) || fail "two cores are needed: core $server_core and core $load_core"
  local wanted=()
  command -v wrk >/dev/null || wanted+=(wrk)
  command -v curl >/dev/null || wanted+=(curl)
  [[ $peers != *nginx* ]] || command -v nginx >/dev/null || wanted+=(nginx)
  if ((${#wanted[@]})); then
    command -v apt-get >/dev/null || fail "install ${wanted[*]} first: there is no apt-get here"
    local root_do=()
    ((EUID == 0)) || root_do=(sudo)
    say "installing ${wanted[*]} with apt-get"
    "${root_do[@]}" apt-get update -qq >&2
    "${root_do[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >&2
    # the package starts a server of its own, which nobody asked for
    if [[ ${wanted[*]} == *nginx* ]] && systemctl is-active --quiet nginx 2>/dev/null; then
      "${root_do[@]}" systemctl disable --quiet --now nginx
    fi
  fi
  command -v taskset >/dev/null || fail "taskset is missing: install util-linux"
}

# --- what all serve ------------------------------------------------------------------------------

codes() {
  awk -v links="$links" 'BEGIN {
    srand(1); alphabet = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
    while (made < links) {
      code = ""
      for (i = 0; i < 9; i++) code = code substr(alphabet, int(rand() * 56) + 1, 1)
      if (!(code in seen)) { seen[code]; print code; made++ }
    }
  }'
}

# Ten advocates share a hundred contents on ten channels.
channels="linkedin facebook x xing instagram whatsapp email teams slack other"

prepare_relais() {
  relais=${RELAIS:-$root/target/release/relais}
  export RELAIS=$relais CODES=$work/codes RELAIS_DATA=$work/relais
  relais_port=$(free_port) ops_port=$(free_port) portal_port=$(free_port)
  if [[ -z ${RELAIS_COMMAND:-} && ! -x $relais ]]; then
    say "building relais"
    cargo build --release --quiet --locked --bin relais
  fi
  mkdir -p "$RELAIS_DATA"
  # No address to ship to: what is measured is the answer and its click in the spool, as the log is
  # all that nginx writes. Shipping has its own measurements.
  relais_config >"$work/relais.toml"
  [[ -z ${RELAIS_COMMAND:-} ]] || return 0
  say "issuing $links links"
  setsid "$relais" serve --config "$work/relais.toml" >"$work/prepare.log" 2>&1 &
  server_pid=$!
  until get "$ops_port" /ready | grep -q 'links: ready'; do
    kill -0 "$server_pid" 2>/dev/null || fail "relais has ended: see $work/prepare.log"
    sleep 0.1
  done
  issue_links || fail "the links could not be put into relais: see $work/prepare.log"
  stop
}

# Puts the programme in through the API, and its codes, in the order of the links, into $work/codes.
issue_links() {
  local token advocates contents
  token=$("$relais" token create --space default --role admin --config "$work/relais.toml")
  mapfile -t advocates < <(for ((i = 0; i < 10; i++)); do
    post /advocates "{\"email\": \"a$i@example.org\", \"name\": \"Advocate $i\", \"kind\": \"employee\"}" | ids adv
  done)
  mapfile -t contents < <(for ((i = 0; i < 100; i++)); do
    post /contents "{\"kind\": \"job\", \"title\": \"Content $i\", \"url\": \"https://careers.example.org/content/$i\",
      \"external_id\": \"c$i\", \"published_at\": \"2026-01-05T08:00:00Z\"}" | ids cnt
  done)
  local channel
  for channel in $channels; do
    for ((i = 0; i < 1000; i++)); do
      echo "{\"advocate_id\": \"${advocates[i % 10]}\", \"content_id\": \"${contents[i / 10 % 100]}\", \"channel\": \"$channel\"}"
    done | paste -sd, | sed 's/.*/{"items": [&]}/' | post /links/bulk @- | grep -o '"code":"[^"]*"' | cut -d '"' -f 4
  done >"$work/codes"
  (($(wc -l <"$work/codes") == links))
}

post() {
  curl -sS --fail-with-body -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    --data-binary "$2" "http://127.0.0.1:$portal_port/api/v1$1"
}

ids() { grep -o "\"id\":\"$1_[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }

relais_config() {
  cat <<TOML
data_dir = "$RELAIS_DATA"
[redirect]
listen = "127.0.0.1:$relais_port"
base_url = "http://127.0.0.1:$relais_port"
workers = 1
connections_per_address = $((connections * 2))
requests_per_second_per_address = 1000000
[portal]
listen = "127.0.0.1:$portal_port"
[ops]
listen = "127.0.0.1:$ops_port"
[clickhouse]
url = "http://127.0.0.1:9"
TOML
}

prepare_hyper() {
  # shellcheck disable=SC2034 # read as ${peer}_port
  hyper_port=$(free_port)
  [[ -z ${HYPER_COMMAND:-} ]] || return 0
  say "building the bare hyper server"
  cargo build --release --quiet --locked --package relais-loadtest --bin bare_hyper || fail "the bare hyper server does not build"
  HYPER_COMMAND=$root/target/release/bare_hyper
  HYPER_COMMAND+=" {port}"
}

prepare_nginx() {
  nginx_port=$(free_port)
  local home=$work/nginx
  mkdir -p "$home"
  awk -v channels="$channels" 'BEGIN { split(channels, channel, " ") } {
    i = NR - 1
    printf "/%s \"https://careers.example.org/content/%d?utm_source=%s&utm_medium=employee-advocacy&utm_content=c%d\";\n",
      $1, int(i / 10) % 100, channel[int(i / 1000) % 10 + 1], int(i / 10) % 100
  }' "$work/codes" >"$home/targets"
  cat >"$home/nginx.conf" <<CONF
worker_processes 1;
daemon off;
pid $home/pid;
error_log $home/error.log;
events { worker_connections 4096; }
http {
  server_tokens off;
  keepalive_requests 1000000000;
  map_hash_max_size 65536;
  map_hash_bucket_size 128;
  client_body_temp_path $home/client_body;
  proxy_temp_path $home/proxy;
  fastcgi_temp_path $home/fastcgi;
  uwsgi_temp_path $home/uwsgi;
  scgi_temp_path $home/scgi;
  log_format click escape=json '{"time":\$msec,"code":"\$uri","address":"\$remote_addr","user_agent":"\$http_user_agent",'
    '"referrer":"\$http_referer","language":"\$http_accept_language","status":\$status}';
  access_log $home/clicks.log click ${NGINX_LOG:-};
  map \$uri \$target {
    default "";
    include $home/targets;
  }
  server {
    listen 127.0.0.1:$nginx_port;
    location / {
      if (\$target = "") { return 404; }
      add_header Cache-Control "private, no-store";
      add_header X-Robots-Tag noindex;
      return 302 \$target;
    }
  }
}
CONF
}

# --- one server at a time ------------------------------------------------------------------------

# The order of a round: each peer begins in turn.
turn() {
  local all
  read -ra all <<<"${peers//,/ }"
  local i
  for ((i = 0; i < ${#all[@]}; i++)); do echo "${all[(i + $1 - 1) % ${#all[@]}]}"; done
}

start() {
  local peer=$1 port=$2 command
  case $peer in
    relais) command=${RELAIS_COMMAND:-"'$relais' serve --config '$work/relais.toml'"} ;;
    hyper) command=$HYPER_COMMAND ;;
    nginx)
      : >"$work/nginx/clicks.log" # a round's log is enough to keep
      command="nginx -e '$work/nginx/error.log' -p '$work/nginx' -c '$work/nginx/nginx.conf'"
      ;;
  esac
  # setsid, taskset and exec keep the process id: the server leads a group that is stopped whole
  setsid taskset -c "$server_core" bash -c "exec ${command//'{port}'/$port}" >"$work/$peer.log" 2>&1 &
  server_pid=$!
  local code deadline=$((SECONDS + 60))
  code=$(head -n 1 "$work/codes")
  until get "$port" "/$code" | head -n 1 | grep -q ' 302 '; do
    kill -0 "$server_pid" 2>/dev/null || fail "$peer has ended: see $work/$peer.log"
    ((SECONDS < deadline)) || fail "$peer does not answer /$code with a 302 within 60 s: see $work/$peer.log"
    sleep 0.1
  done
}

# At once: what a server would still do with its clicks at an orderly end is not measured here.
stop() {
  [[ -n $server_pid ]] || return 0
  kill -KILL -- "-$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
  server_pid=
}

# Leaves the requests per second of one peer in `rate`. Not for a subshell: what it starts, the trap
# has to find.
measure() {
  local peer=$1 port_name=$1_port
  local port=${!port_name}
  start "$peer" "$port"
  load "$port" "$warm_up" >/dev/null
  local failed
  read -r _ rate failed < <(load "$port" "$seconds" | grep '^measured') || fail "wrk did not measure $peer"
  ((failed == 0)) || fail "$failed requests to $peer failed: the figure would mean nothing"
  if [[ $peer == relais && -z ${RELAIS_COMMAND:-} ]]; then
    local unrecorded
    unrecorded=$(get "$ops_port" /metrics | awk '/^relais_clicks_unrecorded_total/ { sum += $NF } END { printf "%d", sum }')
    ((unrecorded == 0)) || fail "relais did not record $unrecorded clicks: the figure would mean nothing"
  fi
  stop
}

load() {
  taskset -c "$load_core" wrk --threads 1 --connections "$connections" --duration "${2}s" --script "$here/peers.lua" \
    "http://127.0.0.1:$1" -- "$work/codes" 2>&1
}

# The whole answer to a GET; nothing when nobody listens.
get() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 0
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nUser-Agent: Mozilla/5.0\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
    timeout 5 cat <&3
  ) 2>/dev/null || true
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port" && return; fi
  done
}

# --- figures -------------------------------------------------------------------------------------

summary() {
  awk -v rounds="$rounds" -v seconds="$seconds" -v connections="$connections" -v peers="$peers" '
    { rate[$2, $1] = $3 }
    function median(values, n,   i, j, swap) {
      for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (values[j] < values[i]) {
        swap = values[i]; values[i] = values[j]; values[j] = swap
      }
      return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
    }
    END {
      count = split(peers, peer, ",")
      json = sprintf("{\"rounds\":%d,\"seconds\":%d,\"connections\":%d,\"requests_per_second\":{", rounds, seconds, connections)
      for (p = 1; p <= count; p++) {
        json = json sprintf("%s\"%s\":[", p > 1 ? "," : "", peer[p])
        for (r = 1; r <= rounds; r++) { json = json sprintf("%s%.1f", r > 1 ? "," : "", rate[peer[p], r]); all[r] = rate[peer[p], r] }
        json = json "]"
        printf "median of %s: %.0f requests/s\n", peer[p], median(all, rounds)
      }
      json = json "},\"median_ratio\":{"
      for (p = 2; p <= count; p++) {
        for (r = 1; r <= rounds; r++) all[r] = rate[peer[1], r] / rate[peer[p], r]
        ratio = median(all, rounds)
        printf "median of %s / %s: %.3f\n", peer[1], peer[p], ratio
        json = json sprintf("%s\"%s/%s\":%.4f", p > 2 ? "," : "", peer[1], peer[p], ratio)
      }
      print json "}}"
    }' "$1"
}

main "$@"
