# ./dev test: every test of the repository, one table at the end.

RESULTS=$ROOT/build/test-results
SUITES=(unit guide flows conformance h2spec interop)

help_test() {
  cat <<HELP
./dev test [SUITE...]
  Builds everything and runs the suites, all of them without arguments:
    unit         GoogleTest programs (ctest) and the checks of layers, file sizes, public headers and
                 reference pages
    guide        pytest: every statement and sample of "Customize the Gateway", examples, jina new, pages in Chromium
    flows        pytest: whole Flows beside real Jina, wrong Flow files, processes that die, exports, examples/search
    conformance  pytest with real Jina 3.25.2: its clients, Executors and gateways, and recorded traffic
    h2spec       the HTTP/2 and HPACK conformance suite
    interop      the official gRPC interop client
  Installs what they need (Debian packages, real Jina into .venv/, three Go programs into .cache/go/).
  Ends with a table and 'N passed, M failed'; exit code 1 if anything failed or a suite ran nothing.
HELP
}

run_check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    junit_case "$name" pass
    note "$output"
  else
    junit_case "$name" fail "$output"
    fail "$output"
  fi
}

suite_unit() {
  step "checks"
  junit_begin
  run_check layers python3 tools/check_layers
  run_check sizes python3 tools/check_sizes
  run_check headers python3 tools/check_headers
  run_check compatibility python3 tools/write_compatibility --check
  run_check snippets python3 tools/write_snippets --check
  junit_end checks "$RESULTS/unit/checks.xml"
  build_targets dev all
  step "reference pages"
  junit_begin
  run_check reference python3 tools/write_reference --check
  junit_end reference "$RESULTS/unit/reference.xml"
  step "unit and integration tests"
  ctest --test-dir build/dev -j2 --output-on-failure --no-tests=error --output-junit "$RESULTS/unit/ctest.xml" >"$LOG_DIR/ctest.log" 2>&1 </dev/null ||
    grep -v '  Passed  ' "$LOG_DIR/ctest.log" | grep -v '^ *Start ' | tail -n 200 || true
}

suite_guide() {
  ensure_packages conformance guide
  ensure_venv tests/conformance/requirements.txt
  ensure_go_tool collector . tools/go/collector
  build_targets dev all
  step "customize the gateway"
  JINA_OTEL_COLLECTOR=$ROOT/.cache/go/collector run_pytest guide --junitxml="$RESULTS/guide/pytest.xml" || true
}

suite_flows() {
  ensure_packages conformance guide
  ensure_venv tests/conformance/requirements.txt tests/flows/requirements.txt
  ensure_go_tool compose . tools/go/compose
  ensure_venv_alone examples/search/minilm/requirements.txt
  build_targets dev all
  step "Flows"
  run_pytest flows --junitxml="$RESULTS/flows/pytest.xml" || true
}

suite_conformance() {
  ensure_packages conformance
  ensure_venv tests/conformance/requirements.txt
  build_targets dev all
  step "conformance with real Jina"
  run_pytest conformance --junitxml="$RESULTS/conformance/pytest.xml" || true
}

# run_pytest FOLDER [ARGUMENT...]: tests/FOLDER against the program.
run_pytest() {
  local folder=$1
  shift
  env JINA_BIN="${JINA_BIN:-$ROOT/build/dev/bin/jina}" JINA_BUILD="$ROOT/build/dev" \
    "$VENV/bin/python" -m pytest "tests/$folder" -c "tests/$folder/pytest.ini" -q "$@" </dev/null
}

suite_h2spec() {
  build_targets dev interop_server
  step "h2spec"
  bash tests/h2spec/run.sh "$RESULTS/h2spec" || true
}

suite_interop() {
  build_targets dev interop_server
  step "gRPC interop client"
  bash tests/interop/run.sh "$RESULTS/interop" || true
}

verb_test() {
  local suites=("$@") suite started=$SECONDS
  if [[ ${#suites[@]} -eq 0 ]]; then suites=("${SUITES[@]}"); fi
  for suite in "${suites[@]}"; do
    if ! declare -F "suite_$suite" >/dev/null; then die "unknown suite '$suite'; there are: ${SUITES[*]}"; fi
  done
  ensure_packages build unit
  configure dev -DJINA_BUILD_TESTS=ON
  rm -rf "$RESULTS"
  mkdir -p "$RESULTS"
  for suite in "${suites[@]}"; do
    mkdir -p "$RESULTS/$suite"
    # A subshell: a suite that dies must not hide what the others say.
    ("suite_$suite") || true
  done
  echo
  python3 tools/summarize_tests "$RESULTS" --seconds $((SECONDS - started)) "${suites[@]}"
}

help_conform() {
  cat <<HELP
./dev conform [PYTEST ARGUMENT...]
  The conformance suite alone: ./dev conform -k replay_http -x
  JINA_BIN=PROGRAM takes another program as the subject, for instance .venv/bin/jina: real Jina against its own recordings.
HELP
}
verb_conform() {
  ensure_packages build unit conformance
  ensure_venv tests/conformance/requirements.txt
  if [[ -z ${JINA_BIN:-} ]]; then
    configure dev -DJINA_BUILD_TESTS=ON
    build_targets dev all
  fi
  run_pytest conformance "$@"
}
