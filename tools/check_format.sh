#!/usr/bin/env bash
# Every C++ file is formatted as .clang-format says; nothing is downloaded at configure time.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files -- '*.h' '*.cc' '*.inc' | xargs clang-format-19 --dry-run -Werror
if git ls-files | grep -E '(CMakeLists\.txt|\.cmake)$' | xargs grep -nE 'FetchContent|ExternalProject'; then
  echo "format check: nothing may be fetched at configure time" >&2
  exit 1
fi
echo "format check: ok"
