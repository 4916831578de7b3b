#!/bin/sh
# The main job, once: an application under Apache, stopped at a (Pdb) prompt. On a terminal it is yours; elsewhere a
# request is sent, a local printed, and the response shown.
set -eu
cd "$(dirname "$0")/.."

wsgi_dev() {
  node dist/bin/wsgi-dev.cjs -C examples/hello "$@"
}

if [ -t 0 ] && [ -t 1 ]; then
  echo 'Once it is ready, open the URL in a browser or with curl: the request stops at the prompt here.'
  echo 'Try: p name   then: c'
  wsgi_dev up --debug
  exit
fi

response=$(mktemp)
trap 'rm -f "$response"; wsgi_dev down' EXIT
url=$(wsgi_dev up -d --debug)
node -e 'fetch(process.argv[1]).then(async (r) => console.log(r.status, await r.text()))' "${url}?name=demo" >"$response" &
request=$!
echo "GET ${url}?name=demo"
printf 'p name\nc\n' | wsgi_dev attach
wait "$request"
printf 'Response: %s\n' "$(cat "$response")"
grep -q '^200 Hello, demo!' "$response"
