# ./dev run: the example Flow, asked once over each protocol.

help_run() {
  cat <<HELP
./dev run [--once] [--flow FILE]
  Installs what is missing, builds the program, starts the Flow of examples/hello/flow.yml (a gateway that speaks gRPC,
  HTTP and WebSocket on one port, and a C++ Executor compiled from a .cpp file), sends one request over each protocol,
  prints the answers, and keeps serving until Ctrl-C.
    --once       stop after the answers; exit code 0 only if all three came and were right
    --flow FILE  another Flow; its first 'port:' is asked
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

verb_run() {
  local once='' flow=examples/hello/flow.yml jina=build/dev/bin/jina port answers=0 protocol scheme answer
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

  for protocol in grpc http websocket; do
    scheme=$protocol
    if [[ $protocol == websocket ]]; then scheme=ws; fi
    step "$protocol: jina client $scheme://127.0.0.1:$port --endpoint /upper --text 'hello over $protocol'"
    if answer=$("$jina" client "$scheme://127.0.0.1:$port" --endpoint /upper --text "hello over $protocol"); then
      echo "$answer"
      if [[ $answer == *"HELLO OVER ${protocol^^}"* ]]; then answers=$((answers + 1)); else fail "that is not the answer of the example"; fi
    else
      fail "no answer over $protocol"
    fi
  done

  if [[ -n $once ]]; then
    stop_flow
    if [[ $answers -ne 3 ]]; then die "$answers of 3 answers came"; fi
    ok "3 of 3 answers"
    return 0
  fi
  if [[ $answers -ne 3 ]]; then fail "$answers of 3 answers came"; fi
  echo
  echo "    serving gRPC, HTTP and WebSocket on port $port until Ctrl-C"
  echo "    API pages:  http://127.0.0.1:$port/docs"
  echo "    try:        curl -s -H 'content-type: application/json' -d '{\"data\": [{\"text\": \"hi\"}], \"execEndpoint\": \"/upper\"}' http://127.0.0.1:$port/post"
  wait "$FLOW_PID"
}
