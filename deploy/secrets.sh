#!/bin/sh
# Makes the secrets of docker-compose.yml that are not there yet, in deploy/secrets (or the folder given). Nothing is replaced: to change one, delete its
# file, run this and start the containers again. The folder is yours alone; the files in it can be read by the users inside the containers.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
umask 022

hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # NAME TEXT
    if [ -e "$folder/$1" ]; then return; fi
    printf '%s\n' "$2" > "$folder/$1"
    echo "made $1"
}

keep api_key "dk_$(hex 32)"
keep metrics_key "dk_$(hex 32)"
keep webhook_secret "whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
keep grafana_password "$(hex 16)"
keep postgres_password "$(hex 24)"
keep postgres "Host=postgres;Database=darkroom;Username=darkroom;Password=$(cat "$folder/postgres_password")"
keep s3_access_key "$(hex 10)"
keep s3_secret_key "$(hex 24)"
keep s3_identities "{\"identities\": [{\"name\": \"darkroom\", \"credentials\": [{\"accessKey\": \"$(cat "$folder/s3_access_key")\", \
\"secretKey\": \"$(cat "$folder/s3_secret_key")\"}], \"actions\": [\"Admin\", \"Read\", \"Write\", \"List\", \"Tagging\"]}]}"
