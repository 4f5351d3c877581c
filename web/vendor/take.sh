#!/usr/bin/env bash
# Takes the vendored files anew from the packages the lock names, with their licences.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
npm ci --silent
pages=../static/vendor tests=../../tests/browser/vendor
# Source maps are not vendored; a comment that asks for one would be a request for nothing.
sed '/sourceMappingURL/d' node_modules/htmx.org/dist/htmx.min.js >$pages/htmx.min.js
for name in hx-csp hx-sse; do
	sed '/sourceMappingURL/d' node_modules/htmx.org/dist/ext/$name.min.js >$pages/$name.min.js
done
cp node_modules/htmx.org/LICENSE $pages/htmx.LICENSE
cp node_modules/@picocss/pico/css/pico.min.css $pages/pico.min.css
cp node_modules/@picocss/pico/LICENSE.md $pages/pico.LICENSE
cp node_modules/axe-core/axe.min.js $tests/axe.min.js
cp node_modules/axe-core/LICENSE $tests/axe.LICENSE
cp node_modules/axe-core/LICENSE-3RD-PARTY.txt $tests/axe.LICENSE-3RD-PARTY.txt
(cd ../.. && sha256sum web/static/vendor/* tests/browser/vendor/*) >SHA256SUMS
