# ./dev run: the search application, asked once over each protocol.

help_run() {
  cat <<HELP
./dev run [--once] [--flow FILE]
  Installs what is missing, builds the program and starts the Flow of examples/search/flow.yml: a gateway with a page and a JSON
  API, an embedder and an index, all of them C++ compiled from their .cpp files. Waits until the documentation of this repository
  is indexed, asks a question over the JSON API, gRPC, HTTP and WebSocket, prints the answers, and keeps serving until Ctrl-C.
    --once       stop after the answers; exit code 0 only if all four came and were right
    --flow FILE  another Flow; the first 'port:' in it is waited for, nothing is asked
HELP
}

FLOW_PID=''

stop_flow() {
  if [[ -z $FLOW_PID ]]; then return 0; fi
  local pid=$FLOW_PID waited
  FLOW_PID=''
  kill -TERM "$pid" 2>/dev/null || true
  # The Flow stops its own children; give it ten seconds before insisting.
  for ((waited = 0; waited < 100; waited++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# Asks until the Flow answers, in steps that grow from 50 ms to 1 s.
wait_for_flow() {
  local jina=$1 port=$2 deadline=$((SECONDS + 120)) pause=0.05
  while ((SECONDS < deadline)); do
    if ! kill -0 "$FLOW_PID" 2>/dev/null; then die "the Flow ended while it was starting (see above)"; fi
    if "$jina" ping flow "grpc://127.0.0.1:$port" --timeout 2000 >/dev/null 2>&1; then return 0; fi
    sleep "$pause"
    pause=$(awk -v p="$pause" 'BEGIN {p *= 1.5; print (p > 1) ? 1 : p}')
  done
  die "the Flow was not ready within 120 s"
}

# http_get PORT PATH: the body of the answer, which must be a 200. Without curl, which a fresh machine may not have.
http_get() {
  local port=$1 path=$2 answer
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$path" >&3
  answer=$(cat <&3)
  exec 3>&- 3<&-
  [[ $answer == HTTP/1.?\ 200* ]] || return 1
  printf '%s\n' "${answer#*$'\r\n\r\n'}"
}

# Until the folder is indexed, however long the Executors took to start.
wait_for_index() {
  local port=$1 deadline=$((SECONDS + 120)) state=''
  while ((SECONDS < deadline)); do
    if ! kill -0 "$FLOW_PID" 2>/dev/null; then die "the Flow ended (see above)"; fi
    state=$(http_get "$port" /index 2>/dev/null) || state=''
    if [[ $state == *'"problem":""'* && $state == *'"indexing":false'* && $state != *'"documents":0,'* ]]; then
      note "$state"
      return 0
    fi
    if [[ $state == *'"indexing":false'* && $state != *'"problem":""'* ]]; then break; fi
    sleep 0.2
  done
  die "the documentation was not indexed: $state"
}

# Each answer has to name the page that says it.
ask_search() {
  local jina=$1 port=$2 question='how do I write a custom gateway' page=customize-the-gateway.md answers=0 answer scheme
  wait_for_index "$port"
  step "GET http://127.0.0.1:$port/search?q=${question// /+}&top_k=1"
  if answer=$(http_get "$port" "/search?q=${question// /+}&top_k=1") && [[ $answer == *"$page"* ]]; then answers=$((answers + 1)); else fail "that is not the answer"; fi
  echo "$answer"
  for scheme in grpc http ws; do
    step "jina client $scheme://127.0.0.1:$port --endpoint /search --text '$question' --parameters top_k=1"
    if answer=$("$jina" client "$scheme://127.0.0.1:$port" --endpoint /search --text "$question" --parameters top_k=1) && [[ $answer == *"$page"* ]]; then
      answers=$((answers + 1))
    else
      fail "that is not the answer"
    fi
    echo "$answer"
  done
  [[ $answers -eq 4 ]]
}

verb_run() {
  local once='' example=examples/search/flow.yml flow='' jina=build/dev/bin/jina port good=1
  while [[ $# -gt 0 ]]; do
    case $1 in
      --once) once=1 ;;
      --flow)
        flow=${2:?--flow needs a file}
        shift
        ;;
      *) die "./dev run: unknown argument '$1' (./dev run --help)" ;;
    esac
    shift
  done
  flow=${flow:-$example}
  [[ -f $flow ]] || die "no such file: $flow"
  port=$(sed -n 's/^ *port: *\([0-9]\{1,\}\).*/\1/p' "$flow" | head -n 1)
  [[ -n $port ]] || die "$flow: no 'port:' found"

  ensure_packages build
  configure dev "$(tests_option)"
  build_targets dev jina_main

  step "starting $flow"
  trap stop_flow EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  "$jina" flow --uses "$flow" </dev/null &
  FLOW_PID=$!
  wait_for_flow "$jina" "$port"
  if [[ $flow == "$example" ]]; then ask_search "$jina" "$port" || good=''; fi

  if [[ -n $once ]]; then
    stop_flow
    if [[ -z $good ]]; then die "not all answers came"; fi
    ok "all answers came"
    return 0
  fi
  if [[ -z $good ]]; then fail "not all answers came"; fi
  echo
  echo "    serving on port $port until Ctrl-C"
  if [[ $flow == "$example" ]]; then
    echo "    the page:   http://127.0.0.1:$port"
    echo "    the API:    http://127.0.0.1:$port/docs"
  fi
  wait "$FLOW_PID"
}
