#include "importers/mapping.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/bytes.h"
#include "base/toml.h"
#include "base/utf8.h"

namespace sluis::importers {
namespace {

struct ListedCode {
  std::string_view code, form;
};

// Regeling Jeugdwet, bijlage 2.
constexpr std::array<ListedCode, 8> kBijCodes = {{{"01", "wijkteam"},
                                                  {"02", "ambulant"},
                                                  {"03", "daghulp"},
                                                  {"04", "netwerk"},
                                                  {"11", "pleegzorg"},
                                                  {"12", "gezinsgericht"},
                                                  {"13", "gesloten"},
                                                  {"14", "verblijf_overig"}}};
// iJw JZ020, products marked (2015).
constexpr std::array<ListedCode, 8> kIjwCodes = {{{"31", "wijkteam"},
                                                  {"32", "ambulant"},
                                                  {"33", "daghulp"},
                                                  {"34", "netwerk"},
                                                  {"35", "pleegzorg"},
                                                  {"36", "gezinsgericht"},
                                                  {"37", "gesloten"},
                                                  {"38", "verblijf_overig"}}};
// iJw: jeugdreclassering; activiteiten in het preventief justitieel kader.
constexpr std::array<std::string_view, 2> kIjwProbation = {"47", "49"};

const ListedCode* find_code(const std::array<ListedCode, 8>& list, std::string_view code) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const ListedCode& c) { return c.code == code; });
  return at == list.end() ? nullptr : &*at;
}

std::string two_digits(std::string_view code) {
  const bool one_digit = code.size() == 1 && code[0] >= '0' && code[0] <= '9';
  return one_digit ? '0' + std::string(code) : std::string(code);
}

void read_columns(TomlReader columns, const Profile& profile, Mapping& mapping) {
  std::set<std::string> headers;
  for (const std::string& field : profile.fields) {
    if (!columns.has(field)) continue;
    const std::string header = columns.text(field, 200);
    if (!headers.insert(header).second) columns.fault("S1106.twice", {safe_name(header)}, columns.at(field));
    mapping.columns[field] = header;
  }
  columns.finish();
}

void read_care_forms(TomlReader forms, Mapping& mapping) {
  for (const TomlValue::Entry& entry : forms.value().entries) {
    const std::string code = two_digits(entry.key);
    const std::string form = forms.text(entry.key, 40);
    if (std::find(kCareForms.begin(), kCareForms.end(), form) == kCareForms.end()) {
      std::string list;
      for (const std::string& name : kCareForms) list += (list.empty() ? "" : ", ") + name;
      forms.fault("S1006.choice", {forms.path(safe_name(entry.key)), list}, entry.value.at);
    }
    const CareCode listed = care_code(mapping, code);
    const bool differs = listed.kind == CodeKind::kCareForm && listed.form != form;
    if (differs || listed.kind == CodeKind::kOtherList || listed.kind == CodeKind::kProbation)
      forms.fault("S1106.code", {safe_name(code)}, entry.at);
    mapping.care_forms[code] = form;
  }
}

CodeList code_list_of(const std::string& name) {
  if (name == "ijw-jz020-2015") return CodeList::kIjw2015;
  return name == "eigen" ? CodeList::kOwn : CodeList::kBij;
}

}  // namespace

std::string Mapping::header_name(std::string_view field) const {
  const auto at = columns.find(field);
  return at == columns.end() ? std::string(field) : at->second;
}

CareCode care_code(const Mapping& mapping, std::string_view raw) {
  const std::string code = two_digits(raw);
  const auto own = mapping.care_forms.find(code);
  if (own != mapping.care_forms.end()) return {CodeKind::kCareForm, own->second};
  if (mapping.code_list == CodeList::kOwn) return {};
  const bool bij = mapping.code_list == CodeList::kBij;
  const ListedCode* listed = find_code(bij ? kBijCodes : kIjwCodes, code);
  if (listed != nullptr) return {CodeKind::kCareForm, std::string(listed->form)};
  if (find_code(bij ? kIjwCodes : kBijCodes, code) != nullptr) return {CodeKind::kOtherList, {}};
  const bool probation = std::find(kIjwProbation.begin(), kIjwProbation.end(), code) != kIjwProbation.end();
  if (!bij && probation) return {CodeKind::kProbation, {}};
  return {};
}

Result<Mapping> parse_mapping(std::string_view bytes, const std::string& file, const Profile& profile) {
  TomlParse parsed = parse_toml(bytes, file);
  if (!parsed.root) return parsed.errors[0];
  Mapping mapping;
  TomlReader root(*parsed.root, "", file, parsed.errors);
  root.choice("format", {"sluis-mapping/1"});
  const std::string of = root.text("profile", 200);
  if (!of.empty() && of != profile.id) {
    root.fault("S1106.profile", {profile.id}, root.at("profile"));
    return parsed.errors.back();  // the rest of the file means something else
  }
  root.optional_text("name", 200);
  if (root.has("encoding"))
    mapping.cp1252 = root.choice("encoding", {"utf-8", "windows-1252"}) == "windows-1252";
  if (root.has("delimiter")) {
    const std::string delimiter = root.choice("delimiter", {";", ",", "tab"});
    mapping.delimiter = delimiter == "tab" ? '\t' : delimiter.empty() ? '\0' : delimiter[0];
  }
  if (root.has("dates") && root.choice("dates", {"JJJJMMDD", "JJJJ-MM-DD", "DD-MM-JJJJ"}) == "DD-MM-JJJJ")
    mapping.dates = relation::DateForm::kDayFirst;
  if (root.has("columns")) read_columns(root.table("columns"), profile, mapping);
  if (profile.alias == "jeugdhulp") {
    mapping.code_list = code_list_of(root.choice("code_list", {"bij", "ijw-jz020-2015", "eigen"}));
    if (root.has("hulpvorm")) read_care_forms(root.table("hulpvorm"), mapping);
  }
  root.finish();
  sort_by_position(parsed.errors);
  if (!parsed.errors.empty()) return parsed.errors[0];
  return mapping;
}

Result<Mapping> read_mapping(const std::string& path, const Profile& profile) {
  SLUIS_ASSIGN(const std::string bytes, read_file(path, kMaxTomlBytes));
  return parse_mapping(bytes, path, profile);
}

}  // namespace sluis::importers
