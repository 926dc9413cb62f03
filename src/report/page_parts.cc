#include "report/page_parts.h"

#include "report/template.h"

namespace sluis::report {

using nlohmann::json;
using text::tr;

json text_list(const std::vector<std::string>& texts) {
  json list = json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

json optional_text(const std::string& text) {
  json list = json::array();
  if (!text.empty()) list.push_back(text);
  return list;
}

json lines_of(const std::string& text) {
  json list = json::array();
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    const size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string::npos) {
      const size_t last = line.find_last_not_of(" \t\r");
      list.push_back(line.substr(first, last - first + 1));
    }
    begin = end + 1;
  }
  return list;
}

json page_view(Language language, const StudyFacts& study, const std::string& page_class, bool invented) {
  const std::string kind = tr(language, "report.kind." + page_class);
  return {{"language", language == Language::kDutch ? "nl" : "en"},
          {"study_language", study.language},
          {"page_title", study.title},
          {"page_kind", kind},
          {"page_class", page_class},
          {"csp", content_security_policy()},
          {"invented", invented}};
}

namespace {

json cell_view(const std::optional<std::string>& text) {
  return {{"shown", text.has_value()}, {"text", text.value_or("")}};
}

// One row's counts and derived numbers.
json cells_view(Language language, const Row& row, const std::vector<DerivedColumn>& derived, size_t index) {
  json cells = json::array();
  for (const Cell& cell : row.counts)
    cells.push_back(cell_view(cell ? std::optional(integer_text(language, *cell)) : std::nullopt));
  for (const DerivedColumn& column : derived) {
    const std::optional<double>& value = column.values[index];
    cells.push_back(cell_view(value ? std::optional(decimal_text(language, *value, 1)) : std::nullopt));
  }
  return cells;
}

// How many rows from `index` on share the first heading.
size_t span_from(const Output& output, size_t index) {
  size_t end = index + 1;
  while (end < output.rows.size() && output.rows[end].labels[0] == output.rows[index].labels[0]) ++end;
  return end - index;
}

json groups_view(Language language, const Output& output, const std::vector<DerivedColumn>& derived) {
  json groups = json::array();
  const bool grouped = output.dimensions.size() > 1;
  for (size_t i = 0; i < output.rows.size();) {
    const size_t span = grouped ? span_from(output, i) : 1;
    json rows = json::array();
    for (size_t k = 0; k < span; ++k) {
      const Row& row = output.rows[i + k];
      json row_heads = json::array();
      for (size_t d = grouped ? 1 : 0; d < row.labels.size(); ++d) row_heads.push_back(row.labels[d]);
      if (row.labels.empty()) row_heads.push_back(tr(language, "report.table.all"));  // one cell, no headings
      json group_head = json::array();
      if (grouped && k == 0)
        group_head.push_back({{"group_text", row.labels[0]}, {"group_rows", std::to_string(span)}});
      rows.push_back({{"group_head", group_head},
                      {"row_heads", row_heads},
                      {"cells", cells_view(language, row, derived, i + k)}});
    }
    groups.push_back({{"rows", rows}});
    i += span;
  }
  return groups;
}

json total_cells(Language language, const Output& output, size_t derived) {
  json cells = json::array();
  for (size_t column = 0; column < output.counts.size(); ++column) {
    const ShownTotal total = shown_total(output, column);
    cells.push_back(
        cell_view(total.shown > 0 ? std::optional(integer_text(language, total.sum)) : std::nullopt));
  }
  for (size_t i = 0; i < derived; ++i) cells.push_back(cell_view(""));  // no ratio of partial totals
  return cells;
}

}  // namespace

json table_view(Language language, const Output& output, const Policy& policy) {
  std::vector<DerivedColumn> derived;
  for (const Derivation& derive : output.derive) {
    Result<DerivedColumn> column = derived_column(output, derive, policy);
    if (column.ok()) derived.push_back(*std::move(column));
  }
  json heads = json::array();
  for (const std::string& name : output.dimensions) heads.push_back(label_of(language, name));
  if (heads.empty()) heads.push_back("");
  json number_heads = json::array();
  for (const std::string& name : output.counts) number_heads.push_back(label_of(language, name));
  for (const DerivedColumn& column : derived) number_heads.push_back(label_of(language, column.name));
  const bool some_withheld = withheld_cells(output) > 0;
  return {{"caption", output.title},
          {"heads", heads},
          {"number_heads", number_heads},
          {"groups", groups_view(language, output, derived)},
          {"total_label", total_label(language, output)},
          {"total_columns", std::to_string(std::max<size_t>(1, output.dimensions.size()))},
          {"total_cells", total_cells(language, output, derived.size())},
          {"note", some_withheld ? json::array({withheld_note(language, output, policy)}) : json::array()}};
}

json promise_list(Language language, const Policy& policy, bool malicious_security) {
  json list = json::array();
  for (const Promise& promise : promises(language, policy, malicious_security))
    list.push_back({{"promise_title", promise.title}, {"promise_text", promise.text}});
  return list;
}

json signature_list(const std::vector<Signature>& signatures) {
  json list = json::array();
  for (const Signature& s : signatures)
    list.push_back({{"node", s.node}, {"key_digits", grouped_digits(s.key)}, {"valid", s.valid}});
  return list;
}

namespace {

// "openbaar register, niet voor 14 januari 2027".
std::string publish_text(Language language, const ResultModel& model) {
  const std::string from = publish_from(model.study, model.released_on);
  if (model.study.publish_where.empty() || from.empty()) return "";
  return tr(language, "report.provenance.publish.from",
            {model.study.publish_where, date_words(language, from)});
}

}  // namespace

json provenance_view(Language language, const ResultModel& model) {
  const StudyFacts& study = model.study;
  json parties = json::array();
  for (const Party& p : model.parties)
    parties.push_back(
        {{"party", p.name}, {"party_kind", label_of(language, p.kind)}, {"took_part", p.took_part}});
  return {{"why", study.why},
          {"hypothesis", study.hypothesis},
          {"applicant", study.applicant},
          {"applicant_function", optional_text(study.applicant_function)},
          {"funder", study.funder},
          {"commercial", study.commercial},
          {"follow_up", study.follow_up},
          {"processors", text_list(study.processors)},
          {"recipients", text_list(study.recipients)},
          {"retention", optional_text(study.retention)},
          {"publish", optional_text(publish_text(language, model))},
          {"parties", parties},
          {"study_id", study.id},
          {"study_version", study.version},
          {"digits", grouped_digits(study.hash)},
          {"full_hash", study.hash},
          {"profile", model.policy.profile},
          {"run", model.run},
          {"released_on", date_words(language, model.released_on)},
          {"engine", model.engine},
          {"verify_command", "sluis result verify " + model.bundle},
          {"signatures", signature_list(model.signatures)},
          {"promises", promise_list(language, model.policy, model.malicious_security)}};
}

}  // namespace sluis::report
