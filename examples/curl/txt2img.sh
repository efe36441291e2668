#!/bin/sh
# A picture from a text. The answer is the picture itself; a wrong request is answered by a document that names each wrong field.
#   sh examples/curl/txt2img.sh ["red apple, 3d render" [SEED]]
set -eu
U=${DARKROOM_URL:-http://127.0.0.1:8080}
call() { curl -sS --fail-with-body ${DARKROOM_KEY:+-H "authorization: Bearer $DARKROOM_KEY"} "$@"; }

# -F sends each field as a part of a form, so that a prompt may hold quotes and backslashes; JSON does as well (see the README).
# --form-string takes the text as it stands: -F would read a file where it begins with @.
if call "$U/v1/txt2img" -H 'accept: image/png' --form-string "prompt=${1:-red apple, 3d render}" -F "seed=${2:-42}" -o txt2img.png; then
    echo "txt2img.png"
else
    cat txt2img.png >&2    # not a picture but the problem: {"title": …, "errors": [{"field", "message", "value", "limit"}]}
    rm txt2img.png
    exit 1
fi
