#!/bin/sh
# Two ways to cancel: by name, and by hanging up.
#   sh examples/curl/cancel.sh
set -eu
U=${DARKROOM_URL:-http://127.0.0.1:8080}
call() { curl -sS --fail-with-body ${DARKROOM_KEY:+-H "authorization: Bearer $DARKROOM_KEY"} "$@"; }
status() { sed -n 's/.*"status":"\([a-z]*\)".*/\1/p'; }

# A job that was answered 202 goes on whatever its caller does, until it is cancelled. It ends at its next step; to cancel it again changes nothing.
job=$(call "$U/v1/txt2img" -H 'prefer: respond-async' -F prompt="fox, 3d render" -F steps=150 -F sampler=heun -o /dev/null -w '%header{location}')
echo "by DELETE: $(call -X DELETE "$U$job" | status)"

# A request that waits for its picture is cancelled when its caller leaves; curl leaves after half a second here.
call "$U/v1/txt2img" -F prompt="fox, 3d render" -F steps=150 -F sampler=heun -o /dev/null --max-time 0.5 2>/dev/null || true
sleep 1
echo "by hanging up: $(call "$U/v1/jobs?limit=1" | status)"
