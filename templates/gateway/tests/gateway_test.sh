# Starts the gateway and asks it over HTTP. No Executor is behind it, so the sentences come back as they went.
READY='s/.* gateway MyName serves [^ ]*:\([0-9]*\) .*/\1/p'
. "$(dirname "${BASH_SOURCE[0]}")/serve.sh"
start

expect 'sentences' "$(get '/sentences?text=One.%20Two!')" '200 {"sentences":\["One.","Two!"\]}'
expect 'the text is missing' "$(get /sentences)" '422 {"detail":\[{"loc":\["query","text"\],*}'
expect 'health' "$(get /)" '200 *'
finish
