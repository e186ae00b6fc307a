# ./dev install: the release build under a prefix.

help_install() {
  cat <<HELP
./dev install [PREFIX]
  Builds build/release and installs it under PREFIX (default /usr/local; a relative one counts from here): bin/jina, headers,
  lib/libjina.a, the CMake package (find_package(jina)), the pkg-config files jina and jina-module, shell completions and docs.
  Uses sudo where PREFIX is not writable. DESTDIR is honoured.
HELP
}

# The nearest folder that is there already says whether we may write.
may_write() {
  local folder=$1
  while [[ ! -e $folder ]]; do folder=$(dirname "$folder"); done
  [[ -w $folder ]]
}

verb_install() {
  local prefix=${1:-/usr/local}
  [[ $prefix == /* ]] || prefix=$STARTED_IN/$prefix
  ensure_packages build
  configure release
  build_targets release jina_package
  local install=(cmake --install build/release --prefix "$prefix" --strip)
  if may_write "${DESTDIR:-}$prefix"; then
    run_logged install "${install[@]}"
  else
    run_logged install as_root env "DESTDIR=${DESTDIR:-}" "${install[@]}"
  fi
  ok "installed under ${DESTDIR:-}$prefix"
  note "  $prefix/bin/jina, $prefix/include/jina, $prefix/lib/libjina.a, find_package(jina), pkg-config jina"
  case ":$PATH:" in *":$prefix/bin:"*) ;; *) note "  $prefix/bin is not in PATH" ;; esac
}
