# Debian packages, in sets, so that a fresh machine installs only what the verb needs.

PACKAGES_build=(g++ cmake ninja-build ccache mold pkg-config
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libnghttp2-dev libssl-dev
  libprotobuf-dev protobuf-compiler libyaml-cpp-dev
  libspdlog-dev libfmt-dev libre2-dev prometheus-cpp-dev libmimalloc-dev zlib1g-dev)
PACKAGES_unit=(libgtest-dev libgmock-dev python3)
PACKAGES_conformance=(python3 python3-venv ca-certificates)
PACKAGES_guide=(chromium fonts-dejavu-core make libcpp-httplib-dev libgrpc++-dev protobuf-compiler-grpc openssl)
PACKAGES_go=(golang-go git ca-certificates)
PACKAGES_bench=(nghttp2-client nghttp2-proxy wrk libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev python3 python3-venv ca-certificates)
PACKAGES_fmt=(clang-format-16)
PACKAGES_tidy=(clang-tidy-16 clang-16)
PACKAGES_fuzz=(clang-16 llvm-16 libclang-rt-16-dev)

have_package() { [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]; }

# have_packages SET: whether every package of the set is installed.
have_packages() {
  local package
  local -n wanted=PACKAGES_$1
  for package in "${wanted[@]}"; do
    have_package "$package" || return 1
  done
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "not root and no sudo; run as root once: $*"
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -o Dpkg::Use-Pty=0 "$@"; }

# ensure_packages SET...: installs what is missing of the sets.
ensure_packages() {
  local missing=() set package
  for set in "$@"; do
    local -n packages=PACKAGES_$set
    for package in "${packages[@]}"; do
      if ! have_package "$package" && [[ " ${missing[*]-} " != *" $package "* ]]; then missing+=("$package"); fi
    done
  done
  if [[ ${#missing[@]} -eq 0 ]]; then return 0; fi
  if ! command -v apt-get >/dev/null; then
    die "this system has no apt-get; install the counterparts of: ${missing[*]}"
  fi
  step "installing ${#missing[@]} Debian packages: ${missing[*]}"
  with_patience "reading the package lists" run_logged apt-update apt update || note "apt-get update failed; trying with the lists at hand"
  with_patience "installing packages" run_logged apt-install apt install -y --no-install-recommends "${missing[@]}" ||
    die "could not install the packages (Debian 12 is what this is made for)"
}

help_setup() {
  cat <<HELP
./dev setup [SET...]
  Installs the Debian packages of the sets build, unit, conformance, go, bench, fmt, tidy, fuzz; without arguments those
  that ./dev run and ./dev test need. Packages that are there are left alone. Uses sudo when not root.
HELP
}
verb_setup() {
  local sets=("$@") set
  if [[ ${#sets[@]} -eq 0 ]]; then sets=(build unit conformance); fi
  for set in "${sets[@]}"; do
    if ! declare -p "PACKAGES_$set" &>/dev/null; then die "unknown package set '$set'; see ./dev setup --help"; fi
  done
  ensure_packages "${sets[@]}"
  ok "packages: ${sets[*]}"
}
