# A PostgreSQL server for one run of the tests: `sh -c SCRIPT sh BIN`, as anybody but root. Says `ready FOLDER` when it
# answers on a socket in FOLDER (no network), and stops and clears up when its standard input ends: however the tests end.
set -u
trap '' INT TERM HUP
bin=$1
dir=$(mktemp -d /tmp/giaouoc-postgres-XXXXXX) || exit 1
give_up() {
  echo "$1: $(tail -n 5 "$dir/log" | tr '\n' ' ')"
  rm -rf "$dir"
  exit 1
}
"$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
  >"$dir/log" 2>&1 || give_up initdb
# -F: a test database need not survive a power cut.
"$bin/postgres" -D "$dir/data" -F -k "$dir" -c listen_addresses= -c max_connections=200 >>"$dir/log" 2>&1 &
server=$!
until "$bin/pg_isready" --quiet --host="$dir"; do
  kill -0 "$server" 2>/dev/null || give_up postgres
  sleep 0.1
done
echo "ready $dir"
cat >/dev/null
kill -INT "$server"
wait "$server"
rm -rf "$dir"
