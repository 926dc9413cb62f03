#!/usr/bin/env bash
# The slow suites, outside CI: thread sanitizer, coverage-guided fuzzing (clang-19), lint.
#   tools/soak.sh [seconds per fuzz target, default 300]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-300}
width=$(nproc)

echo "== thread sanitizer"
cmake --preset tsan >/dev/null
cmake --build --preset tsan -j "$width" --target net_test mpc_test
ctest --preset tsan -R '^(net|mpc)$'

echo "== fuzzing, $seconds s each"
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j "$width" --target fuzz_targets
for target in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename "$target")
  corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus"
  seeds=tests/fuzz/seeds/${name%_fuzz}
  "$target" -max_total_time="$seconds" -rss_limit_mb=4096 -print_final_stats=1 "$corpus" $([ -d "$seeds" ] && echo "$seeds")
done

echo "== lint"
tools/lint.sh
