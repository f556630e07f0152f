# shellcheck shell=bash source-path=SCRIPTDIR disable=SC1091,SC2154
# What the tarball's install.sh put here runs a workflow.
. /test-deb/common.sh
worker=$(find / -xdev -name pg_durable_worker)
[ "$(stat -c '%U:%G %a' "$worker")" = 'root:root 755' ] || fail "$(stat "$worker")"
setting set
quietly pg_ctlcluster "$major" main start
sql <<<'CREATE EXTENSION pg_durable;'
workflow_completes
sql <<<'DROP EXTENSION pg_durable; DROP ROLE pgdurable_worker;'
setting remove
