#!/bin/sh
# Starts the kernel on the pinned Node, whatever Node the PATH of Jupyter has. `exec` keeps the process that Jupyter
# started, so that its signals reach the kernel.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P) || exit 1
for node in "$root/node_modules/node/bin/node" node; do
  command -v "$node" >/dev/null 2>&1 || continue
  "$node" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 22) ? 0 : 1)' || continue
  exec "$node" --no-force-async-hooks-checks "$root/kit/kernel/main.ts" "$@"
done
echo "The storelab kernel needs Node 22.22 or newer: run 'npm start' in $root once, it brings its own." >&2
exit 1
