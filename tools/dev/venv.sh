# Python environments and Go programs that the tests and the benchmark compare with.

export JINA_OPTOUT_TELEMETRY=1 JINA_HIDE_SURVEY=1
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1

# ensure_venv REQUIREMENTS_FILE...: .venv/ with these installed; JINA_VENV names another environment, which is then left as it is.
ensure_venv() {
  VENV=${JINA_VENV:-$ROOT/.venv}
  if [[ -n ${JINA_VENV:-} ]]; then return 0; fi
  local file stamp
  if [[ ! -x $VENV/bin/python ]]; then
    step "making a Python environment in .venv/"
    run_logged venv /usr/bin/python3 -m venv --clear "$VENV" || exit 1
  fi
  for file in "$@"; do
    stamp=$VENV/.installed-$(cksum <"$file" | tr ' ' -)
    if [[ -f $stamp ]]; then continue; fi
    step "installing the Python packages of $file (log: .cache/log/pip.log)"
    with_patience "installing Python packages" run_logged pip "$VENV/bin/python" -m pip install --no-input --retries 5 -r "$file" || exit 1
    touch "$stamp"
  done
}

# ensure_venv_alone REQUIREMENTS_FILE...: the same without what these depend on.
ensure_venv_alone() { PIP_NO_DEPS=1 ensure_venv "$@"; }

go_program() {
  local candidate
  for candidate in go /usr/local/go/bin/go /usr/lib/go/bin/go; do
    if command -v "$candidate" >/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

# ensure_go_tool NAME PACKAGE [MODULE]: builds it into .cache/go/NAME, in the version that go.mod of MODULE (tools/go) pins.
ensure_go_tool() {
  local name=$1 package=$2 module=${3:-tools/go} go home=$ROOT/.cache/go stamp
  stamp=$home/.$name-$(cat "$module"/go.* "$module"/*.go | cksum | tr ' ' -)
  if [[ -x $home/$name && -f $stamp ]]; then return 0; fi
  if ! go_program >/dev/null; then ensure_packages go; fi
  go=$(go_program) || die "no Go compiler"
  step "building $name with $("$go" version | cut -d' ' -f3)"
  mkdir -p "$home"
  with_patience "building $name" run_logged "go-$name" \
    env -C "$ROOT/$module" GOPATH="$home/path" GOCACHE="$home/cache" GOFLAGS='-modcacherw -mod=readonly' CGO_ENABLED=0 GOTOOLCHAIN=local \
    "$go" build -o "$home/$name" "$package" || return 1
  touch "$stamp"
}
