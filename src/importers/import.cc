#include "importers/import.h"

#include <filesystem>

#include "base/bytes.h"
#include "base/utf8.h"
#include "importers/facts.h"

namespace sluis::importers {
namespace {

Error simple_error(const char* id, std::vector<std::string> args, std::string file = {}, int line = 0) {
  Error e;
  e.id = id;
  e.args = std::move(args);
  e.file = std::move(file);
  e.line = line;
  return e;
}

std::vector<std::string> default_columns(const Profile& profile, const ImportOptions& options) {
  std::vector<std::string> out;
  for (const ProfileColumn& column : profile.columns) {
    if (!column.by_default) continue;
    const size_t pattern = column.name.find("_JJJJ");
    if (pattern == std::string::npos)
      out.push_back(column.name);
    else if (options.reference_year)
      out.push_back(column.name.substr(0, pattern) + '_' + std::to_string(*options.reference_year));
  }
  return out;
}

// One BSN per line; blank lines and lines that begin with # are skipped. A line that is no BSN is an error: a
// person who objected must not stay in by a typing mistake.
Result<std::set<int64_t>> read_objections(const std::string& path) {
  constexpr size_t kMaxBytes = 16 * 1024 * 1024;
  std::set<int64_t> out;
  SLUIS_ASSIGN(const std::string bytes, read_file(path, kMaxBytes));
  std::string_view left = bytes;
  if (left.starts_with("\xEF\xBB\xBF")) left.remove_prefix(3);
  for (int line = 1; !left.empty(); ++line) {
    const size_t end = left.find('\n');
    std::string_view text = left.substr(0, end);
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.starts_with('#')) continue;
    const relation::Bsn bsn = relation::parse_bsn(text);
    if (bsn.kind == relation::BsnKind::kEmpty) continue;
    if (bsn.kind != relation::BsnKind::kValid)
      return simple_error("S1105.line", {std::to_string(line)}, path, line);
    out.insert(bsn.value);
  }
  return out;
}

Result<relation::Table> read_delivery(ImportJob& job) {
  if (job.profile.alias == "schuldhulp") return import_ddas(job);
  if (job.profile.alias == "jeugdhulp") return import_care(job);
  bool gbav = false;
  {
    SLUIS_ASSIGN(const relation::CsvReader reader, open_csv_reader(job, false));
    gbav = is_gbav_header(reader.header());
  }
  return gbav ? import_gbav(job) : import_family_csv(job);
}

Status check_municipality(const ImportOptions& options) {
  if (options.owner_municipality.empty() ||
      municipality_code(options.owner_municipality) == options.owner_municipality)
    return {};
  Error e = simple_error("S1101.municipality", {});
  e.exit = Exit::kUsage;
  return e;
}

}  // namespace

Result<Import> import_file(const std::string& path, const std::string& profile_or_alias,
                           const ImportOptions& options) {
  const Profile* profile = find_profile(profile_or_alias);
  if (profile == nullptr) {
    Error e = simple_error("S1100.profile", {safe_name(profile_or_alias)});
    e.exit = Exit::kUsage;
    return e;
  }
  SLUIS_TRY(check_municipality(options));
  const std::vector<std::string> names =
      options.columns.empty() ? default_columns(*profile, options) : options.columns;
  SLUIS_ASSIGN(std::vector<RequestedColumn> columns, request_columns(*profile, names));
  Mapping mapping;
  if (!options.mapping_file.empty()) {
    if (profile->alias == "schuldhulp")
      return simple_error("S1106.not_for", {profile->id}, options.mapping_file);
    SLUIS_ASSIGN(mapping, read_mapping(options.mapping_file, *profile));
  }
  std::set<int64_t> objections;
  if (!options.objections_file.empty()) {
    SLUIS_ASSIGN(objections, read_objections(options.objections_file));
  }
  ImportJob job{*profile, options, path, std::move(mapping), std::move(columns), std::move(objections), {}};
  DeliveryReport& report = job.report;
  report.profile = profile->id;
  report.table = options.table.empty() ? profile->alias : options.table;
  const std::filesystem::path file(path);
  report.file = safe_name(file.filename().string());
  std::error_code unknown;
  report.file_bytes = std::filesystem::file_size(file, unknown);
  if (unknown) report.file_bytes = 0;  // read_delivery() says why it cannot be read
  report.objections_file = !options.objections_file.empty();
  SLUIS_ASSIGN(relation::Table table, read_delivery(job));
  report.rows = table.rows;
  judge(report);
  return Import{std::move(table), std::move(report)};
}

}  // namespace sluis::importers
