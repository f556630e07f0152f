# shellcheck shell=bash source-path=SCRIPTDIR disable=SC1091,SC2154
# From `apt install` to a workflow; an upgrade while instances run; removed and purged under the running server; nothing left.
. /test-deb/common.sh

# ---- install -----------------------------------------------------------------------------------------------------
began=$EPOCHSECONDS
quietly apt-get install -q -y /packages/"$package"_*-1_*.deb
bash -euo pipefail -c "$(sed -n '/^Set up/,/^Upgrade/s/^    //p' "/usr/share/doc/$package/README.Debian")" >/dev/null
sql <<'SQL' >/dev/null 2>&1
CREATE ROLE app LOGIN;
SELECT df.grant_usage('app');
GRANT CREATE ON SCHEMA public TO app;
SQL
quietly useradd --create-home app
id=$(sql_as app <<<"SELECT df.start('SELECT 6 * 7 AS answer');")
[ "$(sql_as app <<<"SELECT df.await_instance('$id', 60);")" = completed ] || fail "$(sql <<<"SELECT df.why('$id');")"
cpu=$(cpu_seconds)
echo "deb: from apt install to a completed workflow: $((EPOCHSECONDS - began)) s, of the processor $cpu s"
[ "$cpu" -lt 60 ] || fail 'that is more than a minute'

# ---- what is there -----------------------------------------------------------------------------------------------
while read -r file; do
    [ -d "$file" ] || [ "$(stat -c '%U:%G %A' "$file")" = "root:root -rw-r--r--" ] || [ "$(stat -c '%U:%G %a' "$file")" = 'root:root 755' ] ||
        fail "$(stat -c '%n %U:%G %a' "$file")"
done < <(dpkg -L "$package")
worker=/usr/lib/postgresql/$major/lib/pg_durable_worker
su postgres -c "test -x $worker && ! test -w $worker && ! test -w $(dirname "$worker")" || fail 'the server may change the worker that it starts'
# Every file is in folders that carry the major version, so the packages of two majors can be installed at once.
! dpkg -L "$package" | while read -r file; do [ -d "$file" ] || echo "$file"; done | grep -v "[/-]$major\(/\|\$\)" ||
    fail 'a file would be in the packages of two majors'

# ---- upgrade -----------------------------------------------------------------------------------------------------
running() { sql <<<"SELECT count(*) FROM df.instances WHERE label = 'upgrade' AND status IN ('pending', 'running');"; }
sql_as app <<'SQL' >/dev/null
CREATE TABLE ledger (n integer, step integer);
SELECT df.start_graph(df.seq('INSERT INTO ledger VALUES ($input.n, 1)', df.seq(df.sleep(2), df.seq('INSERT INTO ledger VALUES ($input.n, 2)',
           df.seq(CASE WHEN n % 2 = 0 THEN df.wait_for_signal('go') ELSE df.sleep(6) END, 'INSERT INTO ledger VALUES ($input.n, 3)')))),
           input => jsonb_build_object('n', n), label => 'upgrade')
  FROM generate_series(1, 200) n;
SQL
quietly apt-get install -q -y /packages/"$package"_*-2_*.deb
[[ $(dpkg-query -W -f '${Version}' "$package") == *-2 ]] || fail 'not upgraded'
[ "$(running)" -gt 0 ] || fail 'no instance ran while the package was upgraded'
restart
sql <<<'ALTER EXTENSION pg_durable UPDATE;' 2>/dev/null
[ "$(running)" -gt 0 ] || fail 'no instance ran while the server was restarted'
sql_as app <<'SQL' >/dev/null
SELECT df.signal(id, 'go', '{}') FROM df.instances WHERE label = 'upgrade' AND status IN ('pending', 'running');
SELECT df.await_instance(id, 60) FROM df.instances WHERE label = 'upgrade';
SQL
result=$(sql_as app <<<"SELECT count(*) FILTER (WHERE status = 'completed'), (SELECT count(*) FROM ledger), (SELECT count(*) FROM (SELECT DISTINCT n, step
    FROM ledger) s) FROM df.instances WHERE label = 'upgrade';")
echo "deb: upgraded and restarted under 200 instances: completed, steps, different steps: $result"
[ "$result" = '200|600|600' ] || fail 'an instance was lost, or a step doubled'

# ---- remove, purge -----------------------------------------------------------------------------------------------
quietly apt-get remove -q -y "$package"
grep -q "WARNING: .*/$major/main/postgresql.conf preloads pg_durable" "$log" || fail "no warning: $(cat "$log")"
[ ! -e "$worker" ] || fail 'the worker is still there'
[ "$(sql <<<'SELECT 1;')" = 1 ] || fail 'the server does not answer any more'
nothing_left
quietly apt-get install -q -y /packages/"$package"_*-2_*.deb
restart
workflow_completes    # The workflows are the database's, not the package's.
quietly apt-get purge -q -y "$package"
nothing_left
setting remove
restart
[ "$(sql <<<'SELECT 1;')" = 1 ]
sql <<<'DROP EXTENSION pg_durable; DROP TABLE ledger; DROP ROLE pgdurable_worker;'
echo 'deb: removed and purged under the running server, nothing left'
