#!/bin/sh
# How a picture was made, as its file says it; with jq, the same picture made again from that.
#   sh examples/curl/png-info.sh [FILE]
set -eu
U=${DARKROOM_URL:-http://127.0.0.1:8080}
call() { curl -sS --fail-with-body ${DARKROOM_KEY:+-H "authorization: Bearer $DARKROOM_KEY"} "$@"; }
file=${1:-$(dirname "$0")/../../docs/apple.png}

info=$(call "$U/v1/png-info" -F "image=@$file")
if ! command -v jq >/dev/null; then
    printf '%s\n' "$info"
    exit
fi
printf '%s\n' "$info" | jq -r .info

# "request" is the address and the fields that make it again.
address=$(printf '%s\n' "$info" | jq -r '.request.address // empty')
[ "$address" = /v1/txt2img ] || exit 0
printf '%s\n' "$info" | jq .request.fields | call "$U$address" -H 'content-type: application/json' -H 'accept: image/png' -d @- -o again.png
cmp "$file" again.png && echo "again.png is the same, byte for byte"
