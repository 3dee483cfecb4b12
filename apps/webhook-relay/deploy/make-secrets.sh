#!/bin/sh
# Makes what the compose files read from ./secrets, and leaves alone what is there. Asks for the app secrets of Meta.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
# The folder keeps other users of this machine out; the files are readable because each container has a user of its own.
chmod 700 secrets

keep() {
	[ -s "secrets/$1" ] || { printf '%s' "$2" > "secrets/$1"; chmod 644 "secrets/$1"; echo "made secrets/$1"; }
}
hex() {
	od -An -v -tx1 -N 32 /dev/urandom | tr -d ' \n'
}

keep meta_verify_token "$(hex)"
keep relay_admin_token "$(hex)"
keep n8n_webhook_secret "whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
# For compose.postgres.yaml
keep n8n_encryption_key "$(hex)"
keep postgres_password "$(hex)"
keep n8n_database_password "$(hex)"
keep relay_database_password "$(hex)"

if [ ! -s secrets/meta_app_secrets ]; then
	echo "App secrets of Meta, such as instagram:0123…,facebook:4567… (README, Set up Meta):"
	read -r app_secrets
	keep meta_app_secrets "$app_secrets"
fi
