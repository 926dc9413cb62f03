#include <algorithm>

#include "report/own_report.h"
#include "report/page_parts.h"
#include "report/pages.h"
#include "report/template.h"

namespace sluis::report {

using nlohmann::json;
using text::tr;

namespace {

// Numbers from a text, the same everywhere: FNV-1a and a multiplicative step. Not for secrets.
class Invented {
 public:
  explicit Invented(const std::string& seed) {
    for (const char c : seed) state_ = (state_ ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  // Between lo and hi, both included.
  int64_t between(int64_t lo, int64_t hi) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return lo + static_cast<int64_t>((state_ >> 33) % static_cast<uint64_t>(hi - lo + 1));
  }

 private:
  uint64_t state_ = 14695981039346656037U;
};

int64_t rounded(int64_t value, const Policy& policy) {
  const int64_t base = policy.round_base;
  return std::max(policy.t_person, value) / base * base +
         (std::max(policy.t_person, value) % base > 0 ? base : 0);
}

}  // namespace

void invent_figures(Output& output, const Policy& policy, const std::string& seed) {
  Invented invented(seed + output.name);
  for (Row& row : output.rows) {
    row.counts.assign(output.counts.size(), std::nullopt);
    // The smaller group of a comparison is usually the one that answers "ja".
    const bool small = std::ranges::find(row.labels, "ja") != row.labels.end();
    int64_t whole = small ? invented.between(22, 44) * 50 : invented.between(240, 480) * 50;
    for (size_t column = 0; column < row.counts.size(); ++column) {
      row.counts[column] = rounded(whole, policy);
      whole = *row.counts[0] * (small ? invented.between(14, 24) : invented.between(5, 12)) /
              1000;  // a rare outcome among the counted
    }
  }
  std::vector<Cell*> cells;
  for (Row& row : output.rows)
    for (size_t column = 0; column < row.counts.size(); ++column)
      if (column > 0 || row.counts.size() == 1) cells.push_back(&row.counts[column]);
  const size_t hide = cells.size() < 4 ? std::min<size_t>(1, cells.size()) : 2;
  for (size_t hidden = 0; hidden < hide;) {
    Cell& cell = *cells[static_cast<size_t>(invented.between(0, static_cast<int64_t>(cells.size()) - 1))];
    if (!cell) continue;
    cell.reset();
    ++hidden;
  }
}

namespace {

json tables_view(Language language, const ApprovalModel& model) {
  json tables = json::array();
  for (const ApprovalModel::Table& table : model.tables) {
    json columns = json::array();
    for (const ApprovalModel::Column& column : table.columns)
      columns.push_back({{"column", column.name},
                         {"meaning", optional_text(column.meaning)},
                         {"use", tr(language, "report.use." + column.use)}});
    const int64_t used =
        table.fields_used > 0 ? table.fields_used : static_cast<int64_t>(table.columns.size());
    const int64_t rest = table.fields_in_profile - used;
    json unused = json::array();
    if (rest > 0)
      unused.push_back(rest == 1 ? tr(language, "report.approval.unused.one")
                                 : tr(language, "report.approval.unused", {integer_text(language, rest)}));
    const std::string share =
        table.fields_in_profile > 0
            ? tr(language, "report.approval.used_of",
                 {integer_text(language, used), integer_text(language, table.fields_in_profile)})
            : tr(language, "report.approval.used", {integer_text(language, used)});
    tables.push_back({{"table_name", table.name},
                      {"table_share", share},
                      {"schema", table.schema},
                      {"owner_kind", label_of(language, table.owner_kind)},
                      {"period", optional_text(table.period)},
                      {"rows_filter", optional_text(table.rows_filter)},
                      {"columns", columns},
                      {"unused", unused},
                      {"yours", table.yours}});
  }
  return tables;
}

json checks_view(Language language, const ApprovalModel& model, std::string& summary) {
  int64_t good = 0, attention = 0, fault = 0;
  json checks = json::array();
  for (const ApprovalModel::Check& check : model.checks) {
    const bool is_good = check.state == ApprovalModel::CheckState::kGood;
    const bool is_fault = check.state == ApprovalModel::CheckState::kFault;
    ++(is_good ? good : is_fault ? fault : attention);
    if (is_good) continue;  // one line for all that is well; the rest asks for reading
    checks.push_back({{"state", tr(language, is_fault ? "report.check.fault" : "report.check.attention")},
                      {"check_title", check.title},
                      {"check_detail", optional_text(check.detail)}});
  }
  summary =
      tr(language, "report.check.summary",
         {integer_text(language, good), integer_text(language, attention), integer_text(language, fault)});
  return checks;
}

// "profile", "study": whose a value is; anything else is the name of an owner.
std::string whose_text(Language language, const std::string& whose) {
  const std::string key = "report.whose." + whose;
  return text::has(language, key) ? tr(language, key) : whose;
}

json named_list(const std::vector<ApprovalModel::Fact>& facts) {
  json list = json::array();
  for (const ApprovalModel::Fact& fact : facts)
    list.push_back({{"term", capitalised(fact.term)}, {"value", fact.value}});
  return list;
}

json outputs_view(Language language, const ApprovalModel& model) {
  json outputs = json::array();
  for (const Output& output : model.example_outputs)
    if (role_of(output.name) == OutputRole::kAnswer)
      outputs.push_back(table_view(language, output, model.policy));
  return outputs;
}

// Titles of the outputs that are not shown as an example table.
json other_outputs(const ApprovalModel& model) {
  json titles = json::array();
  for (const Output& output : model.example_outputs)
    if (role_of(output.name) != OutputRole::kAnswer) titles.push_back(output.title);
  return titles;
}

json asked_view(Language language, const ApprovalModel& model) {
  const bool advice = model.asked_for == AskedFor::kAdvice;
  json given = json::array();
  if (!model.advice.answer.empty())
    given.push_back({{"advice_answer", tr(language, "report.advice." + model.advice.answer)},
                     {"advice_reasons", optional_text(model.advice.reasons)},
                     {"advice_on", date_words(language, model.advice.given_on)}});
  return {
      {"asked_title",
       tr(language, advice ? "report.approval.asked.advice" : "report.approval.asked.decision")},
      {"asked_owner", optional_text(model.owner)},
      {"decide_before", date_words(language, model.decide_before)},
      {"asked_next", tr(language, advice ? "report.approval.next.advice" : "report.approval.next.decision")},
      {"asked_scope", tr(language, "report.approval.scope",
                         {date_words(language, model.run_before), integer_text(language, model.max_runs)})},
      {"given", given},
      {"no_advice", !advice && model.advice.answer.empty()}};
}

json own_row_view(Language language, const ApprovalModel& model) {
  json list = json::array();
  std::string bands;
  for (const std::string& band : band_names(language, model.own_row_bands))
    bands += (bands.empty() ? "" : ", ") + band;
  if (!model.own_row_title.empty())
    list.push_back(tr(language, "report.approval.own_row", {model.own_row_title, std::string(kMark), bands}));
  std::string tables;
  for (const std::string& table : model.link_rate_tables) tables += (tables.empty() ? "" : ", ") + table;
  if (!tables.empty()) list.push_back(tr(language, "report.approval.link_rate", {tables}));
  return list;
}

void add_lower_blocks(Language language, const ApprovalModel& model, json& view) {
  view["legal"] = named_list(model.legal);
  view["operators"] = text_list(model.node_operators);
  view["leakage"] = text_list(model.allowed_leakage);
  view["no_leakage"] = model.allowed_leakage.empty();
  view["deviating"] = !model.malicious_security;
  view["promises"] = promise_list(language, model.policy, model.malicious_security);
  json effective = json::array(), sql = json::array(), history = json::array(), commands = json::array();
  for (const auto& value : model.effective)
    effective.push_back({{"key", value.key},
                         {"key_meaning", optional_text(text::has(language, "report.key." + value.key)
                                                           ? tr(language, "report.key." + value.key)
                                                           : "")},
                         {"effective_value", value.value},
                         {"whose", whose_text(language, value.whose)}});
  for (const auto& statement : model.sql)
    sql.push_back({{"sql_name", statement.name},
                   {"sql_kind", tr(language, "report.sql." + statement.kind)},
                   {"sql_text", statement.text}});
  for (const auto& event : model.history)
    history.push_back(
        {{"event_on", date_words(language, event.on)}, {"event_who", event.who}, {"event_what", event.what}});
  for (const auto& command : model.commands)
    commands.push_back({{"command_label", command.label}, {"command_line", command.line}});
  view["effective"] = effective, view["sql"] = sql, view["history"] = history, view["commands"] = commands;
  view["no_history"] = model.history.empty();
  view["plan"] = optional_text(model.plan);
  view["engine"] = model.engine;
  view["verify_command"] = model.verify_command;
}

}  // namespace

std::string render_approval_page(const ApprovalModel& model, text::Language language) {
  const StudyFacts& study = model.study;
  json view = page_view(language, study, "approval", model.invented);
  view["study_version"] = study.version, view["study_id"] = study.id;
  view["applicant"] = study.applicant, view["applicant_function"] = optional_text(study.applicant_function);
  view["digits"] = grouped_digits(study.hash), view["full_hash"] = study.hash;
  view["asked"] = asked_view(language, model);
  view["question"] = lines_of(study.plain);
  view["why"] = study.why, view["hypothesis"] = study.hypothesis;
  view["not_answered"] = text_list(study.not_answered);
  view["funder"] = study.funder, view["commercial"] = study.commercial, view["follow_up"] = study.follow_up;
  view["processors"] = text_list(study.processors);
  view["recipients"] = text_list(study.recipients);
  view["examples"] = outputs_view(language, model);
  view["other_outputs"] = other_outputs(model);
  view["own_row"] = own_row_view(language, model);
  view["tables"] = tables_view(language, model);
  std::string summary;
  view["checks"] = checks_view(language, model, summary);
  view["check_summary"] = summary;
  view["participation"] = optional_text(model.participation);
  json invited = json::array();
  for (const Party& party : model.invited)
    invited.push_back({{"party", party.name}, {"party_kind", label_of(language, party.kind)}});
  view["invited"] = invited;
  view["retention"] = optional_text(study.retention);
  add_lower_blocks(language, model, view);
  return render_template("approval.mustache", view, language);
}

}  // namespace sluis::report
