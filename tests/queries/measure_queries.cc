// Measures the queries of examples/queries on shares: three parties in this process, without TLS. Prints the
// table of docs/queries.md.
//   measure_queries QUERIES-DIRECTORY mpc|tpch SIZE [NAME]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "data.h"
#include "on_shares.h"
#include "query_files.h"

namespace {

using namespace sluis;

double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

// Of the tables that the query reads, without padding.
uint64_t rows_read(const std::string& sql, const std::vector<relation::Table>& tables,
                   const differential::SharedCase& shared) {
  const sql::BindResult bound = sql::bind_query(sql, shared.schemas, shared.rows);
  uint64_t rows = 0;
  for (const relation::Table& table : tables)
    if (bound.plan && bound.plan->tables.count(table.schema.name) == 1) rows += table.rows;
  return rows;
}

void measure(const queries::Query& query, const std::vector<relation::Table>& tables,
             const differential::SharedCase& shared) {
  const double before = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  const differential::SharesAnswer answer = differential::answer_on_shares(query.sql, shared, {});
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const double cpu = cpu_seconds() - before;
  for (const Error& error : answer.errors) std::printf("%s\n", error.summary().c_str());
  uint64_t bytes = 0;
  for (int party = 0; party < 3; ++party) bytes = std::max(bytes, answer.measured.sent_by(party));
  std::printf("| %s | %llu | %zu | %llu | %.2f | %.2f | %.2f |\n", query.name.c_str(),
              static_cast<unsigned long long>(rows_read(query.sql, tables, shared)), answer.table.rows.size(),
              static_cast<unsigned long long>(answer.measured.rounds), static_cast<double>(bytes) * 1e-6, cpu,
              wall.count());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string set = argc > 2 ? argv[2] : "";
  const int64_t size = argc > 3 ? std::atoll(argv[3]) : 0;
  const auto& sets = queries::data_sets();
  if (argc < 4 || std::find(sets.begin(), sets.end(), set) == sets.end() || size < 1 || size > 200'000) {
    std::fputs("usage: measure_queries QUERIES-DIRECTORY mpc|tpch SIZE [NAME]\n", stderr);
    return 2;
  }
  const std::vector<relation::Table> tables = queries::make_tables(set, size, 1);
  const differential::SharedCase shared = differential::share_case(tables, 1);
  std::printf(
      "| query | rows in | rows out | rounds | MB sent per party | CPU-s, three parties | wall s |\n");
  std::printf("|---|---|---|---|---|---|---|\n");
  for (const queries::Query& query : queries::read_queries(argv[1], set))
    if (argc < 5 || query.name == argv[4]) measure(query, tables, shared);
  return 0;
}
