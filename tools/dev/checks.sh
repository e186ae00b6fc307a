# Verbs that look at the code rather than run the product: fmt, tidy, sanitizers, coverage, fuzzing; and bench.

own_sources() { git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' | grep -v '^build/'; }

help_fmt() {
  cat <<HELP
./dev fmt [--check] [FILE...]
  Formats the C++ sources with clang-format 16 (.clang-format). --check changes nothing and fails where it would.
HELP
}
verb_fmt() {
  local mode=(-i) files
  if [[ ${1:-} == --check ]]; then
    mode=(--dry-run -Werror)
    shift
  fi
  ensure_packages fmt
  if [[ $# -gt 0 ]]; then files=("$@"); else mapfile -t files < <(own_sources); fi
  if [[ ${#files[@]} -eq 0 ]]; then die "no sources found"; fi
  clang-format-16 "${mode[@]}" "${files[@]}" || die "not formatted; run ./dev fmt"
  ok "${#files[@]} files formatted"
}

help_tidy() {
  cat <<HELP
./dev tidy [FILE...]
  clang-tidy 16 with the checks of .clang-tidy, over the sources in src/ or over the files named; any finding fails.
HELP
}
verb_tidy() {
  local files
  ensure_packages build unit tidy
  # A tree of its own without precompiled headers: those of g++ are nothing to clang.
  configure tidy -DJINA_BUILD_TESTS=ON
  # Headers that the build generates (protobuf) have to be there.
  build_targets tidy jina_proto
  if [[ $# -gt 0 ]]; then files=("$@"); else mapfile -t files < <(own_sources | grep '^src/.*\.cpp$'); fi
  step "clang-tidy over ${#files[@]} files"
  printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(build_jobs)" clang-tidy-16 -p build/tidy --quiet || die "clang-tidy has findings"
  ok "no findings"
}

# sanitizer PRESET: unit and integration tests in a tree of their own.
sanitizer() {
  local preset=$1
  ensure_packages build unit
  configure "$preset" -DJINA_BUILD_TESTS=ON
  build_targets "$preset" all
  step "unit and integration tests under $preset"
  ctest --test-dir "build/$preset" -j2 --output-on-failure --no-tests=error </dev/null
  ok "$preset: clean"
}

help_asan() {
  cat <<HELP
./dev asan
  Builds the unit and integration tests in build/asan with AddressSanitizer and UndefinedBehaviorSanitizer and runs them.
HELP
}
verb_asan() {
  export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:check_initialization_order=1:strict_string_checks=1}
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
  sanitizer asan
}

help_tsan() {
  cat <<HELP
./dev tsan
  Builds the unit and integration tests in build/tsan with ThreadSanitizer and runs them.
HELP
}
verb_tsan() {
  export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}
  sanitizer tsan
}

help_cov() {
  cat <<HELP
./dev cov
  Runs the unit and integration tests with gcov counters (build/coverage) and prints the covered lines per folder of src/.
HELP
}
verb_cov() {
  ensure_packages build unit
  # Two runs must not add up.
  if [[ -d build/coverage ]]; then find build/coverage -name '*.gcda' -delete; fi
  # ccache would hand out objects whose counters point elsewhere.
  export CCACHE_DISABLE=1
  sanitizer coverage
  python3 tools/coverage build/coverage
}

help_fuzz() {
  cat <<HELP
./dev fuzz [SECONDS] [TARGET...]
  Builds the targets of tests/fuzz/ with clang 16 and libFuzzer and runs each (60 s unless told). What they find is kept
  in tests/fuzz/corpus/TARGET; a crash leaves its input in build/fuzz/ and fails.
HELP
}
verb_fuzz() {
  local seconds=60 targets target crashed=0
  if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
  fi
  if [[ $# -gt 0 ]]; then targets=("$@"); else mapfile -t targets < <(find tests/fuzz -maxdepth 1 -name '*_fuzz.cpp' -printf '%f\n' 2>/dev/null | sed 's/\.cpp$//' | sort); fi
  if [[ ${#targets[@]} -eq 0 ]]; then die "no targets in tests/fuzz/"; fi
  ensure_packages build fuzz
  configure fuzz
  build_targets fuzz "${targets[@]}"
  for target in "${targets[@]}"; do
    step "$target for $seconds s"
    mkdir -p "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target"
    "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="build/fuzz/$target-" \
      "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" >"$LOG_DIR/$target.log" 2>&1 </dev/null || {
      fail "$target crashed; the end of its log:"
      tail -n 40 "$LOG_DIR/$target.log" >&2
      crashed=1
    }
    grep -E 'stat::(number_of_executed_units|new_units_added|peak_rss_mb)' "$LOG_DIR/$target.log" || true
  done
  return "$crashed"
}

help_bench() {
  cat <<HELP
./dev bench [gateways|routes|flows] [ARGUMENT...]
  gateways   Starts one echo Executor and, in turn, this gateway (one thread), real Jina's, nghttpx and Envoy before it; loads
             each with small unary gRPC calls (h2load) and HTTP POST /post (wrk); prints requests/s, CPU per request, memory
             and the ratios. About two minutes.
  routes     Routes of a custom gateway beside the built-in POST /post, the same routes in FastAPI on uvicorn, and in a custom
             gateway of real Jina. About one minute.
  flows      A gateway and three Executors that do nothing, over HTTP: real Jina's, this project's, and this project's in one
             process; and how soon a Flow of five Executors is ready. About one minute.
  Without a name all. Arguments go to the programs: --seconds N, --rounds N (./dev bench routes --help lists them).
HELP
}
verb_bench() {
  local which=(gateways routes flows) name
  case ${1:-} in gateways | routes | flows)
    which=("$1")
    shift
    ;;
  esac
  if [[ ${1:-} == -- ]]; then shift; fi
  ensure_packages build bench
  ensure_venv tests/conformance/requirements.txt bench/requirements.txt
  configure dev "$(tests_option)" -DJINA_BUILD_BENCH=ON
  build_targets dev jina_main bench_backend
  local programs=(--jina build/dev/bin/jina --backend build/dev/bench/bench_backend)
  for name in "${which[@]}"; do
    case $name in
      gateways) "$VENV/bin/python" bench/side_by_side.py "${programs[@]}" "$@" ;;
      routes) "$VENV/bin/python" bench/custom_routes.py "${programs[@]}" "$@" ;;
      flows) "$VENV/bin/python" bench/flows.py "${programs[@]}" "$@" ;;
    esac
  done
}
