# Configure and build; progress in one line on a terminal, in a line now and then elsewhere.

export CCACHE_DIR=${CCACHE_DIR:-$ROOT/.cache/ccache}
# The precompiled header needs these, else ccache stores nothing.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-4G}

# One compiler per core, fewer where memory is short: coroutine code takes up to 1.5 GB a file.
build_jobs() {
  local cores free_kb by_memory
  cores=$(nproc)
  free_kb=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
  by_memory=$((free_kb / 1500000))
  if [[ $by_memory -lt 1 ]]; then by_memory=1; fi
  echo $((cores < by_memory ? cores : by_memory))
}

# configure PRESET [-DNAME=VALUE...]: runs cmake where the tree is missing or its settings change.
configure() {
  local preset=$1
  shift
  local dir=build/$preset stamp wanted
  stamp=$dir/.configured wanted="$* $(cksum <CMakePresets.json)"
  if [[ -f $dir/build.ninja && -f $stamp && $(<"$stamp") == "$wanted" ]]; then return 0; fi
  step "configuring $dir"
  run_logged "configure-$preset" cmake --preset "$preset" "$@" || exit 1
  echo "$wanted" >"$stamp"
}

# Once tests were asked for, the tree keeps them; before that, what they link need not be installed.
tests_option() {
  if [[ ${1:-} == with-tests ]] || have_packages unit; then echo -DJINA_BUILD_TESTS=ON; else echo -DJINA_BUILD_TESTS=OFF; fi
}

# Passes on what is not a "[n/m] doing" line; of those one every ten seconds.
sparse_progress() {
  local line last=-10
  while IFS= read -r line; do
    if [[ $line == '    building '* ]]; then
      if ((SECONDS - last >= 10)); then
        echo "$line"
        last=$SECONDS
      fi
    else
      echo "$line"
    fi
  done
}

# build_targets PRESET TARGET...
build_targets() {
  local preset=$1 started=$SECONDS jobs
  shift
  jobs=$(build_jobs)
  step "building $* ($preset, $jobs at a time)"
  export NINJA_STATUS='    building %f/%t '
  if [[ -t 1 ]]; then
    ninja -C "build/$preset" -j "$jobs" "$@" || die "the build failed"
  else
    ninja -C "build/$preset" -j "$jobs" "$@" </dev/null | sparse_progress || die "the build failed"
  fi
  ok "built in $((SECONDS - started)) s"
}

help_build() {
  cat <<HELP
./dev build [--preset NAME] [TARGET...]
  Configures and builds build/NAME (default dev: optimised, with line numbers for backtraces). Presets: dev, release, asan,
  tsan. Without targets everything is built. The program is build/NAME/bin/jina.
HELP
}
verb_build() {
  local preset=dev
  if [[ ${1:-} == --preset ]]; then
    preset=${2:?--preset needs a name}
    shift 2
  fi
  ensure_packages build unit
  configure "$preset" -DJINA_BUILD_TESTS=ON
  build_targets "$preset" "${@:-all}"
}
