# Starts build/dev/bin/interop_server for a test script, and stops it: start_test_server; ... $TEST_PORT ...; stop_test_server.

TEST_SERVER_PID='' TEST_PORT=''

start_test_server() {
  local log=$LOG_DIR/$1.log deadline=$((SECONDS + 20)) server=${INTEROP_SERVER:-$ROOT/build/dev/bin/interop_server}
  [[ -x $server ]] || die "$server is not built"
  : >"$log"
  "$server" >"$log" 2>&1 </dev/null &
  TEST_SERVER_PID=$!
  while ((SECONDS < deadline)); do
    TEST_PORT=$(sed -n 's/^listening on \([0-9]*\)$/\1/p' "$log")
    if [[ -n $TEST_PORT ]]; then return 0; fi
    if ! kill -0 "$TEST_SERVER_PID" 2>/dev/null; then break; fi
    sleep 0.05
  done
  die "the test server did not start: $(<"$log")"
}

test_server_alive() { kill -0 "$TEST_SERVER_PID" 2>/dev/null; }

stop_test_server() {
  if [[ -z $TEST_SERVER_PID ]]; then return 0; fi
  kill -TERM "$TEST_SERVER_PID" 2>/dev/null || true
  wait "$TEST_SERVER_PID" 2>/dev/null || true
  TEST_SERVER_PID=''
}
