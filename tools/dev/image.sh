# ./dev image-check: the Dockerfiles built and tried, without a registry to fetch base images from.

PACKAGES_image_check=(debootstrap buildah)

help_image-check() {
  cat <<HELP
./dev image-check [--keep]
  Builds docker/Dockerfile and the Dockerfile of a project made by 'jina new gateway' with buildah, starts what comes out, asks
  it over HTTP, stops it. The base image, Debian, is made by debootstrap from this machine's own package source. Needs root, takes
  about as long as a release build. Everything is kept in build/image-check and removed at the end (--keep: not).
HELP
}

IMAGE_PID='' IMAGE_FOLDER=$ROOT/build/image-check

image_buildah() {
  buildah --root "$IMAGE_FOLDER/storage" --runroot "$IMAGE_FOLDER/run" "$@"
}

image_cleanup() {
  local keep=${1:-}
  if [[ -n $IMAGE_PID ]]; then kill -KILL "$IMAGE_PID" 2>/dev/null || true; fi
  IMAGE_PID=''
  image_buildah rm --all >/dev/null 2>&1 || true
  if [[ -z $keep ]]; then
    image_buildah rmi --all --force >/dev/null 2>&1 || true
    rm -rf --one-file-system "$IMAGE_FOLDER"
  fi
}

# The machine's own package source, as apt knows it: "URI RELEASE COMPONENT" per line.
image_sources() { apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' | sort -u; }

# The image debian:bookworm, as a registry would give it.
image_make_base() {
  local root=$IMAGE_FOLDER/debian mirror container
  mirror=$(image_sources | awk '$2 == "bookworm" && $3 == "main" {print $1; exit}')
  [[ -n $mirror ]] || die "apt has no source of Debian bookworm here"
  with_patience "making a Debian root" run_logged debootstrap debootstrap --variant=minbase bookworm "$root" "$mirror" || exit 1
  image_sources | sed 's/^/deb /' >"$root/etc/apt/sources.list"
  # How apt gets to them from here: proxies, and whether old lists will do.
  apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https|Check-Valid-Until|Check-Date)[: ]' >"$root/etc/apt/apt.conf.d/90machine" || true
  container=$(image_buildah from scratch)
  image_buildah add -q "$container" "$root" / >/dev/null
  image_buildah config --cmd bash "$container"
  image_buildah commit -q "$container" docker.io/library/debian:bookworm >/dev/null
  image_buildah tag docker.io/library/debian:bookworm docker.io/library/debian:bookworm-slim
  image_buildah rm "$container" >/dev/null
  rm -rf --one-file-system "$root"
}

# The tree as it is now: others may go on working in it, and all images are to be of the same.
image_snapshot() {
  mkdir -p "$IMAGE_FOLDER/source" "$ROOT/.cache/ccache-image"
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    if [[ -f $file ]]; then printf '%s\0' "$file"; fi
  done | xargs -0 cp --parents -t "$IMAGE_FOLDER/source"
  # Without it nothing that uses the precompiled header is kept.
  echo "sloppiness = $CCACHE_SLOPPINESS" >"$ROOT/.cache/ccache-image/ccache.conf"
}

# image_build NAME TAG ARGUMENT...
image_build() {
  local name=$1 tag=$2 started=$SECONDS
  shift 2
  step "image $tag"
  with_patience "building $tag" run_logged "image-$name" image_buildah build --isolation chroot --pull-never --layers --format docker -t "$tag" "$@" || exit 1
  ok "$tag in $((SECONDS - started)) s"
}

# image_field IMAGE FIELD: of its configuration, as JSON.
image_field() {
  image_buildah inspect --type image "$1" |
    python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["Docker"]["config"].get(sys.argv[1]), separators=(",", ":")))' "$2"
}

image_expect() {
  if [[ $2 == "$3" ]]; then return 0; fi
  fail "$1 is $2, expected $3"
  return 1
}

# Runs a command in a container of an image.
image_run() {
  local container=$1
  shift
  image_buildah run --isolation chroot "$container" -- "$@"
}

# The process of the container's program: the last of the chain buildah -> its child -> ... -> jina.
image_program() {
  local pid=$1 child
  while child=$(pgrep -P "$pid" | head -n 1) && [[ -n $child ]]; do pid=$child; done
  echo "$pid"
}

image_try() {
  local image=$1 container port log=$LOG_DIR/image-gateway.log deadline=$((SECONDS + 60)) code=0 answer words
  image_expect "the entry point" "$(image_field "$image" Entrypoint)" '["jina","gateway","--uses","config.yml"]'
  image_expect "the user" "$(image_field "$image" User)" '"jina"'
  image_expect "the stop signal" "$(image_field "$image" StopSignal)" '"SIGTERM"'
  container=$(image_buildah from --pull-never "$image")
  if image_run "$container" sh -c 'command -v g++ c++ cc'; then die "$image has a compiler"; fi
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mapfile -t words < <(image_field "$image" Entrypoint | python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)))')
  image_buildah run --isolation chroot "$container" -- "${words[@]}" --port "$port" >"$log" 2>&1 </dev/null &
  IMAGE_PID=$!
  until image_run "$container" jina ping "http://127.0.0.1:$port" >/dev/null 2>&1; do
    if ! kill -0 "$IMAGE_PID" 2>/dev/null || ((SECONDS > deadline)); then die "$image did not answer: $(<"$log")"; fi
    sleep 0.1
  done
  answer=$(python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())' \
    "http://127.0.0.1:$port/sentences?text=One.%20Two!")
  image_expect "the answer" "$answer" '{"sentences":["One.","Two!"]}'
  kill -TERM "$(image_program "$IMAGE_PID")"
  wait "$IMAGE_PID" || code=$?
  IMAGE_PID=''
  image_expect "the exit code after SIGTERM" "$code" 0
  image_buildah rm "$container" >/dev/null
}

verb_image-check() {
  local keep='' started=$SECONDS version container
  if [[ ${1:-} == --keep ]]; then keep=1; fi
  if [[ $EUID -ne 0 ]]; then die "./dev image-check makes a Debian root and mounts; run it as root"; fi
  ensure_packages image_check
  image_cleanup
  mkdir -p "$IMAGE_FOLDER"
  # shellcheck disable=SC2064
  trap "image_cleanup $keep" EXIT
  version=$(sed -n 's/^project(jina VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
  step "base image"
  image_make_base
  image_snapshot
  local sources=(-f docker/Dockerfile -v "$ROOT/.cache/ccache-image:/root/.cache/ccache" "$IMAGE_FOLDER/source")
  image_build runtime "jina:$version" "${sources[@]}"
  image_build devel "jina:$version-devel" --target devel "${sources[@]}"
  step "a project, made by the image itself"
  mkdir -p "$IMAGE_FOLDER/made"
  chmod 777 "$IMAGE_FOLDER/made"
  container=$(image_buildah from --pull-never "jina:$version")
  image_buildah run --isolation chroot -v "$IMAGE_FOLDER/made:/made" "$container" -- jina new gateway /made/demo
  image_buildah rm "$container" >/dev/null
  image_build gateway demo "$IMAGE_FOLDER/made/demo"
  step "the gateway, started"
  image_try demo || exit 1
  image_buildah images --format '{{.Name}}:{{.Tag}} {{.Size}}' | sed 's/^/    /'
  ok "images build, serve and stop; $((SECONDS - started)) s"
}
