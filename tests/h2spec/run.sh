#!/usr/bin/env bash
# h2spec (generic, http2 and hpack) against the HTTP/2 server of the transport.
# usage: tests/h2spec/run.sh RESULTS_FOLDER        writes JUnit files there; `./dev test h2spec` calls this
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
for part in ui packages venv junit test_server; do
  # shellcheck source=/dev/null
  . "tools/dev/$part.sh"
done
results=${1:?usage: tests/h2spec/run.sh RESULTS_FOLDER}
mkdir -p "$results"

ensure_go_tool h2spec github.com/summerwind/h2spec/cmd/h2spec
trap stop_test_server EXIT
start_test_server h2spec-server
code=0
.cache/go/h2spec generic http2 hpack -h 127.0.0.1 -p "$TEST_PORT" -P / -o 5 -j "$results/h2spec.xml" >"$LOG_DIR/h2spec.log" 2>&1 || code=$?
if [[ $code -ne 0 ]]; then sed -n '/^Failures:/,$p' "$LOG_DIR/h2spec.log"; fi
tail -n 2 "$LOG_DIR/h2spec.log"

junit_begin
if test_server_alive; then junit_case "the server is alive afterwards" pass; else junit_case "the server is alive afterwards" fail "it ended"; code=1; fi
junit_end h2spec "$results/alive.xml"
exit "$code"
