#!/usr/bin/env bash
# The official gRPC interop client against TestService on our transport.
# usage: tests/interop/run.sh RESULTS_FOLDER       writes a JUnit file there; `./dev test interop` calls this
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
for part in ui packages venv junit test_server; do
  # shellcheck source=/dev/null
  . "tools/dev/$part.sh"
done
results=${1:?usage: tests/interop/run.sh RESULTS_FOLDER}

# What the client can do without credentials and several servers.
CASES=(empty_unary large_unary client_streaming server_streaming ping_pong empty_stream timeout_on_sleeping_server
  cancel_after_begin cancel_after_first_response status_code_and_message special_status_message custom_metadata
  unimplemented_method unimplemented_service rpc_soak channel_soak)

ensure_go_tool interop_client google.golang.org/grpc/interop/client
trap stop_test_server EXIT
start_test_server interop-server
junit_begin
for name in "${CASES[@]}"; do
  if output=$(timeout 60 .cache/go/interop_client -server_host 127.0.0.1 -server_port "$TEST_PORT" -test_case "$name" 2>&1 </dev/null); then
    junit_case "$name" pass
    ok "$name"
  else
    junit_case "$name" fail "$output"
    fail "$name: $output"
  fi
done
if test_server_alive; then junit_case "the server is alive afterwards" pass; else junit_case "the server is alive afterwards" fail "it ended"; fi
junit_end interop "$results/interop.xml"
[[ $JUNIT_FAILURES -eq 0 ]]
