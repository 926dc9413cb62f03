// Sharing a table: what leaves an owner's machine, and nothing else.
#pragma once

#include <string>

#include "client/network.h"
#include "governance/study.h"
#include "importers/import.h"
#include "wire/table_upload.h"

namespace sluis::client {

struct ShareRequest {
  const governance::Study* study = nullptr;
  std::string table;    // name in the study
  std::string version;  // label, "2026-10-01"
  std::string file;     // delivery
  std::string mapping_file, objections_file;
};

// What sharing would send, before anything is sent.
struct PreparedTable {
  wire::TableUpload upload;  // its digests are set by send_table
  importers::DeliveryReport report;
  uint64_t selected = 0;  // rows that pass the study's `rows` condition and period
  relation::Table rows;   // only the shared columns; clear, stays here
};
// Imports the file for the study's columns, applies the study's `rows` condition and period at the owner,
// keeps the shared columns. Errors: those of importers, S1056.not_invited, S1056.table, S1103.*, S1021.* in
// the rows condition.
Result<PreparedTable> prepare_table(const ShareRequest& request, const std::string& oin);

// Splits with fresh seeds and sends one part to each node; all or nothing as far as can be: when a node
// refuses, the versions already sent are withdrawn. Errors: S1301.*, S1052.*, S1055.*.
Status send_table(PreparedTable& table, Nodes& nodes);

}  // namespace sluis::client
