# Starts the Flow, a process for the gateway and one for the Executor, and asks it over HTTP.
READY='s/^ *gateway *http *http:[^:]*:\([0-9]*\).*/\1/p'
. "$(dirname "${BASH_SOURCE[0]}")/serve.sh"
start

expect 'keywords of each sentence' "$(get '/sentences?text=The%20quick%20fox.%20It%20sleeps!')" '200 {"sentences":\["quick","sleeps"\]}'
expect 'the text is missing' "$(get /sentences)" '422 {"detail":\[{"loc":\["query","text"\],*}'
finish
