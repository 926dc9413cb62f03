#include "client/share.h"

#include "crypto/random.h"
#include "sharing/split.h"
#include "study/row_filter.h"
#include "study/schema.h"

namespace sluis::client {
namespace {

Error share_error(const char* id, std::vector<std::string> args = {}) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.exit = Exit::kNotAllowed;
  return error;
}

importers::ImportOptions import_options(const ShareRequest& request, const governance::StudyTable& table,
                                        const governance::InvitedOwner& owner,
                                        std::vector<std::string> columns) {
  importers::ImportOptions options;
  options.columns = std::move(columns);
  options.mapping_file = request.mapping_file;
  options.objections_file = request.objections_file;
  options.table = table.name;
  if (owner.kind == "gemeente") options.owner_municipality = owner.code;
  const importers::Profile* profile = importers::find_profile(table.schema);
  for (const importers::ProfileColumn& column : profile->columns) {
    if (!column.open_domain) continue;
    for (const governance::InvitedOwner* other :
         study::owners_of(*request.study, table, study::everybody(*request.study)))
      options.domains[column.name].push_back(other->code);
  }
  return options;
}

// Best effort: a node that has the table is asked to forget it.
void take_back(const PreparedTable& table, Nodes& nodes, int parties) {
  const std::string commitment = crypto::to_hex(table.upload.commitment());
  for (int party = 0; party < parties; ++party)
    (void)nodes[party].call("table.withdraw",
                            [&](JsonWriter& json) { json.member("commitment", commitment); });
}

}  // namespace

Result<PreparedTable> prepare_table(const ShareRequest& request, const std::string& oin) {
  const governance::Study& study = *request.study;
  const governance::InvitedOwner* owner = study.find_invited(oin);
  if (owner == nullptr) return share_error("S1056.not_invited");
  const governance::StudyTable* table = study.find_table(request.table);
  if (table == nullptr || table->owners != owner->kind) return share_error("S1056.table", {request.table});
  SLUIS_ASSIGN(std::vector<std::string> columns, study::columns_to_import(study, *table, "study.toml"));
  SLUIS_ASSIGN(importers::Import imported,
               importers::import_file(request.file, table->schema,
                                      import_options(request, *table, *owner, std::move(columns))));
  SLUIS_TRY(importers::usable(imported.report));
  PreparedTable prepared;
  prepared.report = std::move(imported.report);
  SLUIS_ASSIGN(prepared.rows, study::select_rows(study, *table, imported.table, "study.toml"));
  prepared.selected = prepared.rows.rows;
  prepared.upload.study = crypto::to_hex(study.name);
  prepared.upload.table = table->name;
  prepared.upload.profile = table->schema;
  prepared.upload.version = request.version;
  prepared.upload.owner = oin;
  prepared.upload.rows = wire::padded_rows(prepared.rows.rows);
  prepared.upload.columns = prepared.rows.schema.columns;
  prepared.upload.upload_id = to_hex(crypto::random_array<16>());
  return prepared;
}

Status send_table(PreparedTable& table, Nodes& nodes) {
  const sharing::Split split = sharing::split(wire::encode_table(table.rows, table.upload.rows));
  wire::commit_to(table.upload, split);
  const std::string facts = wire::to_json(table.upload);
  for (int party = 0; party < 3; ++party) {
    const Bytes body = wire::party_body(split, party);
    const Result<Answer> answer =
        nodes[party].call("table.put", [&](JsonWriter& json) { json.member("table", facts); }, body);
    if (answer) continue;
    take_back(table, nodes, party);
    return answer.error();
  }
  return {};
}

}  // namespace sluis::client
