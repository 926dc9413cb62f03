#!/usr/bin/env bash
# clang-tidy over src/ with the checks of .clang-tidy. Not part of CI: it takes longer than the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
git ls-files -- 'src/*.cc' | grep -v '_test\.cc$' | xargs -P "$(nproc)" -n 4 clang-tidy-19 -p build/release --quiet
echo "lint: ok"
