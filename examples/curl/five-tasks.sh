#!/bin/sh
# txt2img, img2img, inpaint, outpaint and upscale, each from the picture that the first one made. Pictures are sent as files.
#   sh examples/curl/five-tasks.sh
set -eu
U=${DARKROOM_URL:-http://127.0.0.1:8080}
call() { curl -sS --fail-with-body -H 'accept: image/png' ${DARKROOM_KEY:+-H "authorization: Bearer $DARKROOM_KEY"} "$@"; }
mask=$(dirname "$0")/../../docs/task-mask.png    # white is repainted: here, all but a disc

# A model may enlarge what it draws, as the starter does; upscale=null declines that, upscale={} asks for it.
call "$U/v1/txt2img" -F prompt="red apple, 3d render, on a white background" -F seed=42 -F upscale=null -o apple.png
echo "apple.png     from a text"

# strength: how much of the picture is made again, 0 to 1.
call "$U/v1/img2img" -F image=@apple.png -F prompt="orange, 3d render, on a light blue background" -F strength=0.7 -F seed=3 -F upscale={} -o orange.png
echo "orange.png    from the apple"

call "$U/v1/inpaint" -F image=@apple.png -F "mask=@$mask" -F prompt="red apple, 3d render, on a yellow background" -F strength=1 -F seed=11 \
    -F upscale={} -o inpainted.png
echo "inpainted.png with another background"

# Pixels to add at each side: left, right, up, down.
call "$U/v1/outpaint" -F image=@apple.png -F prompt="red apple, 3d render, on a white background" -F left=32 -F right=32 -F feather=8 -F seed=5 \
    -F upscale={} -o wide.png
echo "wide.png      with more at its sides"

call "$U/v1/upscale" -F image=@apple.png -F scale=4 -o large.png
echo "large.png     four times as large"
