#!/usr/bin/env bash
# The slow suites, outside CI: thread sanitizer, long differential tests, coverage-guided fuzzing (clang-19), lint.
#   tools/soak.sh [seconds per fuzz target = differential cases of ten queries, default 300]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-300}
width=$(nproc)

echo "== thread sanitizer"
cmake --preset tsan >/dev/null
cmake --build --preset tsan -j "$width" --target net_test mpc_test
ctest --preset tsan -R '^(net|mpc)$'

echo "== differential against PostgreSQL: thousands of queries from new seeds"
cmake --preset release >/dev/null
cmake --build --preset release -j "$width" --target engine_differential_test evaluate_differential_test literature_test
seed=$(date +%s)
for suite in differential/evaluate_differential differential/engine_differential queries/literature; do
  SLUIS_SEED=$seed SLUIS_CASES=$seconds build/release/tests/${suite}_test
done

echo "== sort of 2^24 rows: result, and at most 6 GB a party"
cmake --preset release >/dev/null
cmake --build --preset release -j "$width" --target sluis
build/release/src/apps/sluis bench sort --rows 16777216 --transport memory -o json | python3 -c '
import json, sys
run = json.load(sys.stdin)["data"]
print("peak bytes per party", run["peak_rss_bytes_per_party"], "wall", run["wall_s"], "s")
sys.exit(not run["result_checked"] or run["peak_rss_bytes_per_party"] > 6e9)'

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
