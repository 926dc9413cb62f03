// One rehearsal: a query over invented or own data that all lies on one machine. Protects nobody; every
// directory and key is thrown away.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "mpc/network.h"
#include "relation/table.h"
#include "sql/evaluate.h"
#include "sql/explain.h"
#include "sql/plan.h"

namespace sluis::rehearsal {

inline constexpr size_t kMaxJobBytes = size_t{64} << 20;

// What the three processes need beside their shares. Written to <directory>/job.json.
struct Job {
  std::string sql;
  std::string run;                            // 32 hexadecimal digits
  std::vector<relation::TableSchema> tables;  // schemas only
  std::vector<uint64_t> rows;                 // padded rows per table
  std::array<uint16_t, 3> ports{};
  std::array<std::string, 3> fingerprints;         // 64 hexadecimal digits
  mpc::Network network = mpc::Network::kLoopback;  // circuits are chosen as if the parties stood so far apart
  bool operator==(const Job&) const = default;
};
std::string to_text(const Job& job);
// Strict. Errors: S1003–S1006, S1040.*.
Result<Job> parse_job(std::string_view text);

// The plan of a job's query; parent and children bind the same text over the same schemas. Errors: S1021.*,
// S11*.
Result<sql::Plan> bind_job(const Job& job);

// Columns (positions in the schema, ascending) of every base table that the plan's scans read: what is
// shared, and nothing else of the files.
std::map<std::string, std::set<int>> scanned_columns(const sql::Plan& plan);
// What is shared of a table: a schema of these columns. REQUIRES: the job has the table.
struct SharedPart {
  relation::TableSchema schema;
  uint64_t rows = 0;  // padded
};
SharedPart shared_part(const Job& job, const std::string& table, const std::set<int>& columns);

// Opened figures, and what computing them took.
struct Opened {
  sql::OpenCells cells;
  uint64_t rounds = 0, bytes_sent = 0;  // of one party
  std::vector<sql::MeasuredStep> steps;
};
std::string to_text(const Opened& opened);
Result<Opened> parse_opened(std::string_view text);

}  // namespace sluis::rehearsal
