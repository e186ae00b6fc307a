# For tests/*_test.sh: starts jina on a free port, asks it, stops it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p build
: "${JINA:?run this test with ./dev test}"

failed=0 pid='' log=build/$(basename "$0" .sh).log

stop() {
  if [[ -n $pid ]]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -f my_config.test.yml
}
trap stop EXIT

# start: runs the project on a free port, PORT, and waits until it answers.
start() {
  local deadline=$((SECONDS + 120))
  # The same configuration with another port; its paths count from this folder.
  sed 's/^\( *port:\) *[0-9]*/\1 0/' my_config >my_config.test.yml
  : >"$log"  # there before anybody reads it: the line below opens it when its process runs
  env -u JINA_LOG_CONFIG JINA_LOG_LEVEL=INFO "$JINA" my_kind --uses my_config.test.yml >"$log" 2>&1 </dev/null &
  pid=$!
  while ((SECONDS < deadline)); do
    PORT=$(sed -n "$READY" "$log" | head -n 1)
    if [[ -n $PORT ]]; then return; fi
    if ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.05
  done
  echo "it did not start:" >&2
  cat "$log" >&2
  exit 1
}

# get PATH: the status of GET PATH, a blank, and the body.
get() {
  local status body
  exec 3<>"/dev/tcp/127.0.0.1/$PORT"
  printf 'GET %s HTTP/1.1\r\nhost: 127.0.0.1:%s\r\nconnection: close\r\n\r\n' "$1" "$PORT" >&3
  read -r _ status _ <&3
  # The head ends with an empty line.
  body=$(sed '1,/^\r$/d' <&3)
  exec 3>&-
  echo "$status $body"
}

# expect WHAT GOT WANTED: WANTED is a pattern, * stands for anything.
expect() {
  # shellcheck disable=SC2053
  if [[ $2 == $3 ]]; then return; fi
  echo "$0: $1: got  $2"
  echo "$0: $1: want $3"
  failed=1
}

finish() {
  if [[ $failed == 0 ]]; then echo " ok  $(basename "$0" .sh)"; else cat "$log" && echo "FAIL $(basename "$0" .sh)"; fi
  exit "$failed"
}
