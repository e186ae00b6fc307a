# What the verbs print: one short line per step, colour on a terminal, details in .cache/log/ until they are needed.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' CYAN=$'\e[36m' RESET=$'\e[0m'
else
  BOLD='' DIM='' RED='' GREEN='' CYAN='' RESET=''
fi
LOG_DIR=$ROOT/.cache/log
mkdir -p "$LOG_DIR"

step() { echo "${CYAN}==>${RESET} ${BOLD}$*${RESET}"; }
note() { echo "    ${DIM}$*${RESET}"; }
ok() { echo "${GREEN} ok${RESET} $*"; }
fail() { echo "${RED}error:${RESET} $*" >&2; }
die() {
  fail "$@"
  exit 1
}

# run_logged NAME COMMAND...: runs it with its output in .cache/log/NAME.log, and shows the end of that log if it fails.
run_logged() {
  local log=$LOG_DIR/$1.log
  shift
  local code=0
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if [[ $code -ne 0 ]]; then
    fail "$* failed with exit code $code; the end of $log:"
    tail -n 40 "$log" >&2
  fi
  return "$code"
}

# Says every so often that a quiet command is still at work: with_patience "installing" COMMAND...
with_patience() {
  local what=$1 started=$SECONDS beat code=0
  shift
  (
    # The sleep is waited for, not run in front: so the beat ends at once when it is told to, and leaves no child behind.
    trap 'kill "$pause" 2>/dev/null; exit 0' TERM
    while true; do
      sleep 20 >/dev/null 2>&1 &
      pause=$!
      wait "$pause"
      note "still $what, $((SECONDS - started)) s"
    done
  ) &
  beat=$!
  "$@" || code=$?
  kill "$beat" 2>/dev/null || true
  wait "$beat" 2>/dev/null || true
  return "$code"
}
