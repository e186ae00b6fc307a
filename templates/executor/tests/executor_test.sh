# Starts the Executor and asks it over gRPC.
READY='s/.*listens on grpc:[^ ]*:\([0-9]*\)$/\1/p'
. "$(dirname "${BASH_SOURCE[0]}")/serve.sh"
start

ask() { "$JINA" client "grpc://127.0.0.1:$PORT" --text "$1" --compact; }
expect 'keywords' "$(ask 'The quick brown fox')" '*"text":"quick brown"*'
expect 'no keywords' "$(ask 'a b')" '*"text":null*'
expect 'health' "$("$JINA" ping "grpc://127.0.0.1:$PORT" >/dev/null 2>&1 && echo good)" good
finish
