#!/bin/sh
# A request that may safely be sent again: with an Idempotency-Key the same key and body are the same job, though the server was restarted in between.
#   sh examples/curl/retry.sh
set -eu
U=${DARKROOM_URL:-http://127.0.0.1:8080}
call() { curl -sS --fail-with-body ${DARKROOM_KEY:+-H "authorization: Bearer $DARKROOM_KEY"} "$@"; }

# Whatever names this picture and nothing else: the number of an order, a row of a table. Here: a new one for each run of this script.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

# --retry sends again after 429 and 503, waiting as long as Retry-After says; --retry-connrefused also while the server is down.
# "respond-async" has the job outlive a caller who is cut off; "wait=60" still waits for the picture.
picture() {
    call --retry 5 --retry-connrefused "$U/v1/txt2img" -H "idempotency-key: $key" -H 'prefer: respond-async, wait=60' -H 'accept: image/png' \
        -F prompt="rocket, 3d icon, on a navy blue background" -o retry.png \
        -w 'job %header{x-job-id}, seed %header{x-seed}, replayed: %header{idempotent-replayed}\n'
}
picture
picture    # the same job, the same picture: nothing is made twice
