#include "node/job_tables.h"

#include "base/check.h"
#include "sharing/bits_ops.h"
#include "sql/rewrite.h"
#include "study/schema.h"

namespace sluis::node {
namespace {

using engine::SharedTable;
using oblivious::SharedColumn;
using relation::ColumnSchema;
using sharing::SharedBits;

// Columns of an upload by name, and its valid plane.
struct OwnerPart {
  const wire::TableUpload* upload;
  std::string code;  // of the owner
  SharedBits planes;
};

SharedColumn constant(int party, size_t rows, const ColumnSchema& schema, const std::string& code) {
  const int64_t value = schema.type.code(code);
  CHECK(value >= 0);
  SharedColumn column{schema.type,
                      sharing::share_constant(party, rows, static_cast<size_t>(schema.type.bits()),
                                              static_cast<uint64_t>(value)),
                      std::nullopt};
  if (schema.nullable) column.null = sharing::share_constant(party, rows, 1, 0);
  return column;
}

// One column of one owner's rows in the plan's schema.
SharedColumn column_of(int party, const OwnerPart& part, const ColumnSchema& schema) {
  const size_t rows = part.upload->rows;
  size_t at = 1;  // plane 0 is `valid`
  for (const ColumnSchema& shared : part.upload->columns) {
    const size_t bits = static_cast<size_t>(shared.type.bits());
    if (shared.name == schema.name) {
      CHECK(shared.type == schema.type);
      SharedColumn column{schema.type, sharing::slice_planes(part.planes, at, bits), std::nullopt};
      if (shared.nullable) column.null = sharing::slice_planes(part.planes, at + bits, 1);
      if (schema.nullable && !column.null) column.null = sharing::share_constant(party, rows, 1, 0);
      return column;
    }
    at += bits + (shared.nullable ? 1 : 0);
  }
  // Not shared: bound to the owner, or the hidden owner column.
  return constant(party, rows, schema, part.code);
}

SharedTable stack(int party, const std::vector<OwnerPart>& parts, const relation::TableSchema& schema) {
  const auto join = [](const std::vector<SharedBits>& pieces) {
    std::vector<const SharedBits*> views;
    for (const SharedBits& piece : pieces) views.push_back(&piece);
    return sharing::concat_rows(std::span<const SharedBits* const>(views));
  };
  SharedTable table;
  std::vector<SharedBits> valid;
  for (const OwnerPart& part : parts) valid.push_back(sharing::slice_planes(part.planes, 0, 1));
  table.valid = join(valid);
  for (const ColumnSchema& column : schema.columns) {
    std::vector<SharedBits> values, nulls;
    for (const OwnerPart& part : parts) {
      SharedColumn piece = column_of(party, part, column);
      values.push_back(std::move(piece.value));
      if (piece.null) nulls.push_back(std::move(*piece.null));
    }
    SharedColumn whole{column.type, join(values), std::nullopt};
    if (column.nullable) whole.null = join(nulls);
    table.columns.push_back(std::move(whole));
  }
  return table;
}

}  // namespace

Result<engine::SharedTables> load_tables(const ShareStore& store, int party, const governance::Study& study,
                                         const sql::Plan& plan, const JobFacts& facts) {
  engine::SharedTables tables;
  for (const auto& [name, schema] : plan.tables) {
    const governance::StudyTable* table = study.find_table(name);
    CHECK(table != nullptr);
    std::vector<OwnerPart> parts;
    for (const governance::InvitedOwner* owner : study::owners_of(study, *table, facts.participants)) {
      for (const wire::TableUpload& upload : facts.tables) {
        if (upload.owner != owner->oin || upload.table != name) continue;
        SLUIS_ASSIGN(SharedBits planes, store.load(upload));
        parts.push_back({&upload, owner->code, std::move(planes)});
      }
    }
    if (parts.empty()) {
      Error error;
      error.id = "S1052.missing";
      error.args = {name, "-"};
      return error;
    }
    tables.emplace(name, stack(party, parts, schema));
  }
  return tables;
}

std::map<std::string, uint64_t> rows_of_tables(const JobFacts& facts) {
  std::map<std::string, uint64_t> rows;
  for (const wire::TableUpload& upload : facts.tables) rows[upload.table] += upload.rows;
  return rows;
}

}  // namespace sluis::node
