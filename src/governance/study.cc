#include "governance/study.h"

#include <algorithm>

#include "governance/fields.h"
#include "governance/study_parse.h"
#include "governance/toml_document.h"

namespace sluis::governance {
namespace {

template <typename T>
const T* find_by_name(const std::vector<T>& list, std::string_view name) {
  for (const T& item : list)
    if (item.name == name) return &item;
  return nullptr;
}

// "1.0.0"
bool is_study_version(std::string_view text) {
  int numbers = 0;
  while (true) {
    const size_t end = text.find('.');
    const std::string_view number = text.substr(0, end);
    const bool digits =
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (number.empty() || number.size() > 4 || !digits) return false;
    ++numbers;
    if (end == std::string_view::npos) return numbers == 3;
    text.remove_prefix(end + 1);
  }
}

void read_header(TomlReader& root, Study& study) {
  using study_parts::demand_form;
  study.id = root.text("id");
  demand_form(root, "id", study.id, is_slug, "[a-z0-9-]");
  study.version = root.text("version");
  demand_form(root, "version", study.version, is_study_version, "1.0.0");
  study.title = root.text("title", 300);
  study.language = root.choice("language", {"nl", "en"});
  study.study_template = root.optional_text("template", 100);
  static constexpr std::string_view kTemplates[] = {
      "event-after-event/1", "person-time/1", "count-by-group/1", "overlap/1", "trend/1", "before-after/1"};
  if (!study.study_template.empty() &&
      std::find(std::begin(kTemplates), std::end(kTemplates), study.study_template) == std::end(kTemplates))
    root.fault("S1030.template", {study.study_template}, root.at("template"));
  for (const std::string& text : root.texts("supersedes", 0, 50)) {
    const std::optional<crypto::Digest> digest = parse_sha256_ref(text);
    if (!digest) root.fault("S1005.form", {"supersedes", "sha256:<64 x 0-9a-f>"}, root.at("supersedes"));
    if (digest) study.supersedes.push_back(crypto::to_hex(*digest));
  }
}

std::string item_path(const char* key, size_t index) {
  return std::string(key) + '[' + std::to_string(index + 1) + ']';
}

void read_relations(TomlReader& root, Study& study) {
  const auto tables = root.tables("table", 1, 64);
  for (size_t i = 0; i < tables.size(); ++i)
    study.tables.push_back(study_parts::read_table(root.item(*tables[i], item_path("table", i))));
  study.link = study_parts::read_link(root.table("link"));
  const auto views = root.tables("view", 0, 64);
  for (size_t i = 0; i < views.size(); ++i)
    study.views.push_back(study_parts::read_view(root.item(*views[i], item_path("view", i))));
  const auto outputs = root.tables("output", 1, 32);
  for (size_t i = 0; i < outputs.size(); ++i)
    study.outputs.push_back(study_parts::read_output(root.item(*outputs[i], item_path("output", i))));
}

Study read_study(TomlReader& root) {
  Study study;
  read_header(root, study);
  study.question = study_parts::read_question(root.table("question"));
  study.interests = study_parts::read_interests(root.table("interests"));
  study.people = study_parts::read_people(root.table("people"));
  study.legal = study_parts::read_legal(root.table("legal"));
  study.validity = study_parts::read_validity(root.table("validity"));
  study.retention = study_parts::read_retention(root.table("retention"));
  study.participation = study_parts::read_participation(root.table("participation"));
  read_relations(root, study);
  study.disclosure = study_parts::read_disclosure(root.table("disclosure"));
  study.run = study_parts::read_run(root.table("run"));
  root.finish();
  return study;
}

}  // namespace

const char* column_use_name(ColumnUse use) {
  static constexpr const char* kNames[] = {"link", "filter", "compare", "group", "sum"};
  return kNames[static_cast<size_t>(use)];
}

const StudyColumn* StudyTable::find(std::string_view column) const { return find_by_name(columns, column); }
const StudyTable* Study::find_table(std::string_view wanted) const { return find_by_name(tables, wanted); }
const Output* Study::find_output(std::string_view wanted) const { return find_by_name(outputs, wanted); }
const InvitedOwner* Study::find_invited(std::string_view oin) const {
  for (const InvitedOwner& owner : participation.invited)
    if (owner.oin == oin) return &owner;
  return nullptr;
}

StudyParse parse_study(std::string_view bytes, std::string_view file) {
  auto [study, errors] = read_toml_document(bytes, file, "sluis-study/1", [&](TomlReader& root) {
    Study out = read_study(root);
    out.name = crypto::sha256(bytes);
    Errors across;
    study_parts::check_study(out, file, across);
    for (const Error& error : across)
      root.fault(error.id, error.args, {error.line, error.column}, error.exit);
    return out;
  });
  return {std::move(study), std::move(errors)};
}

Errors legal_placeholders(const Study& study, std::string_view file) {
  Errors errors;
  const auto look = [&](const std::string& text, const std::string& key, Position at) {
    const bool empty_hash = key == "dpia.sha256" && text == std::string(64, '0');
    if (text.find("TE TOETSEN") == std::string::npos && !empty_hash) return;
    Error error;
    error.id = "S1032.placeholder";
    error.args = {"legal." + key};
    error.file = file;
    error.line = at.line;
    error.column = at.column;
    error.exit = Exit::kNotApproved;
    errors.push_back(std::move(error));
  };
  const Legal& legal = study.legal;
  for (const LegalGround& ground : legal.grounds) {
    const std::string path = "grounds(" + ground.owner_kind + ").";
    look(ground.ground, path + "ground", ground.at);
    look(ground.special, path + "special", ground.at);
    look(ground.sector, path + "sector", ground.at);
  }
  const std::pair<const char*, const std::string*> fields[] = {
      {"necessity", &legal.necessity},     {"agreements", &legal.agreements},
      {"bsn_ground", &legal.bsn_ground},   {"dpia.ref", &legal.dpia_ref},
      {"dpia.sha256", &legal.dpia_sha256}, {"data_subjects", &legal.data_subjects},
      {"objection", &legal.objection}};
  for (const auto& [key, text] : fields) look(*text, key, legal.at.at(key));
  sort_by_position(errors);
  return errors;
}

std::string short_handle(const crypto::Digest& name) { return crypto::to_hex(name).substr(0, 4); }

std::string decision_digits(const crypto::Digest& name) {
  std::string out;
  const std::string hex = crypto::to_hex(name);
  for (size_t i = 0; i < 32; i += 4) {
    if (i > 0) out += ' ';
    out.append(hex, i, 4);
  }
  return out;
}

}  // namespace sluis::governance
