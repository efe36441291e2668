#!/bin/sh
# A job that nobody waits for: it is accepted at once, and its events tell how far it is, with a preview every ten steps.
#   sh examples/curl/follow.sh
set -eu
U=${DARKROOM_URL:-http://127.0.0.1:8080}
call() { curl -sS --fail-with-body ${DARKROOM_KEY:+-H "authorization: Bearer $DARKROOM_KEY"} "$@"; }
value() { printf '%s\n' "$data" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }    # of a name in $data; jq -r ".$1" does it better

job=$(call "$U/v1/txt2img" -H 'prefer: respond-async' -F prompt="fox, 3d render, on a light blue background" -F seed=7 -F steps=50 \
    -F preview_every=10 -o /dev/null -w '%header{location}')
echo "$U$job"

# Each event is a line "event: NAME", a line "data: JSON" and an empty line; -N shows them as they come. The server ends the stream after the last.
call -N "$U$job/events" | {
    while read -r field data; do
        case $field in
            event:) event=$data; continue ;;
            data:) ;;
            *) continue ;;
        esac
        case $event in
            progress) echo "step $(value step) of $(value steps)" ;;
            preview)
                file=preview-$(value step).png
                value data | base64 -d >"$file"
                echo "$file" ;;
            succeeded)
                call "$U$(value url)" -o follow.png    # "images": [{"url": …}]
                echo "follow.png"
                exit ;;
            failed | cancelled | expired) echo "$event: $data" >&2; exit 1 ;;
            *) echo "$event" ;;
        esac
    done
    echo "The stream was cut off; with -H 'last-event-id: ID' of the last event it goes on from there." >&2
    exit 1
}
