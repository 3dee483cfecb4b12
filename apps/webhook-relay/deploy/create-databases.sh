#!/bin/sh
# Runs once, when PostgreSQL makes its data folder: a database for n8n and one for the relay, each with a user of its own.
set -eu
for name in n8n relay; do
	psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
		--set name="$name" --set password="$(cat "/run/secrets/${name}_database_password")" <<-'SQL'
		CREATE ROLE :"name" LOGIN PASSWORD :'password';
		CREATE DATABASE :"name" OWNER :"name";
	SQL
done
