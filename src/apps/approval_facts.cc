#include "apps/approval_facts.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "apps/program.h"
#include "governance/policy.h"
#include "importers/profile.h"
#include "node/debit.h"
#include "node/plan_facts.h"
#include "relation/date.h"
#include "study/bind.h"
#include "study/link_rate.h"
#include "study/schema.h"

namespace sluis::apps {
namespace {

using governance::Study;

std::string day_text(int64_t day) { return relation::date_text(day); }

std::string millionths(int64_t value) {
  std::string digits = std::to_string(value % 1'000'000 + 1'000'000).substr(1);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  return std::to_string(value / 1'000'000) + "." + digits;
}

// From the key registry if it is known, else from the study's own list of owners.
std::string name_of(const Study& study, const Names& names, const std::string& oin) {
  if (const auto known = names.find(oin); known != names.end()) return known->second;
  const governance::InvitedOwner* owner = study.find_invited(oin);
  return owner == nullptr ? oin : owner->name;
}

report::Policy report_policy(const governance::EffectivePolicy& policy, const Study& study) {
  report::Policy out;
  out.profile = policy.profile;
  out.t_person = policy.t_person.value;
  out.t_household = policy.t_household.value;
  out.t_owner = policy.t_owner.value;
  out.denominator_min = policy.denominator_min.value;
  out.round_base = static_cast<int>(policy.round_base.value);
  out.unit = study.disclosure.unit_person;
  return out;
}

void add_effective(report::ApprovalModel& model, const governance::EffectivePolicy& policy,
                   const Study& study) {
  const auto add = [&](const char* key, const governance::EffectiveValue& value, bool fraction) {
    const std::string whose =
        value.from == "profile" || value.from == "study" ? value.from : name_of(study, {}, value.from);
    model.effective.push_back({key, fraction ? millionths(value.value) : std::to_string(value.value), whose});
  };
  add("t_person", policy.t_person, false);
  add("t_household", policy.t_household, false);
  add("t_owner", policy.t_owner, false);
  add("owner_max", policy.owner_max_millionths, true);
  add("denominator_min", policy.denominator_min, false);
  add("round_base", policy.round_base, false);
  add("group_max", policy.group_max_millionths, true);
  add("shares_days", policy.shares_days, false);
}

void add_tables(const Context& context, const Study& study, const governance::InvitedOwner* owner,
                report::ApprovalModel& model) {
  for (const governance::StudyTable& table : study.tables) {
    report::ApprovalModel::Table out;
    out.name = table.name;
    out.schema = table.schema;
    out.owner_kind = table.owners;
    if (table.period) out.period = day_text(table.period->from) + " – " + day_text(table.period->to);
    if (table.rows) out.rows_filter = table.rows->text;
    out.yours = owner != nullptr && owner->kind == table.owners;
    const importers::Profile* profile = importers::find_profile(table.schema);
    out.fields_in_profile = profile == nullptr ? 0 : static_cast<int64_t>(profile->fields.size());
    std::set<std::string> sources;
    for (const governance::StudyColumn& column : table.columns) {
      const importers::ProfileColumn* known = profile == nullptr ? nullptr : profile->find(column.name);
      if (known != nullptr) sources.insert(known->sources.begin(), known->sources.end());
    }
    out.fields_used = static_cast<int64_t>(sources.size());
    for (const governance::StudyColumn& column : table.columns)
      out.columns.push_back(
          {column.name,
           profile == nullptr ? "" : importers::column_meaning(context.language, *profile, column.name),
           governance::column_use_name(column.use)});
    model.tables.push_back(std::move(out));
  }
}

void add_legal(const Context& context, const Study& study, report::ApprovalModel& model) {
  const governance::Legal& legal = study.legal;
  for (const governance::LegalGround& ground : legal.grounds)
    model.legal.push_back({context.tr("page.ground", {ground.owner_kind}),
                           ground.ground + "; " + ground.special + "; " + ground.sector});
  model.legal.push_back({context.tr("page.necessity"), legal.necessity});
  model.legal.push_back({context.tr("page.agreements"), legal.agreements});
  model.legal.push_back({context.tr("page.bsn_ground"), legal.bsn_ground});
  model.legal.push_back({"DPIA", legal.dpia_ref + " (sha256 " + legal.dpia_sha256.substr(0, 16) + "…)"});
  model.legal.push_back({context.tr("page.register"), legal.processing_activity});
  model.legal.push_back({context.tr("page.subjects"), legal.data_subjects});
  model.legal.push_back({context.tr("page.objection"), legal.objection});
  model.legal.push_back({context.tr("page.publish"),
                         context.tr("page.publish.text", {study.people.publish_where,
                                                          std::to_string(study.people.publish_after_days)})});
}

void add_checks(const Context& context, const StudyFile& file, report::ApprovalModel& model) {
  using State = report::ApprovalModel::CheckState;
  const auto good = [&](const char* key) { model.checks.push_back({State::kGood, context.tr(key), ""}); };
  // Whoever makes this page has checked the file: it would not exist otherwise.
  for (const char* key : {"page.check_form", "page.check_sql", "page.check_use", "page.check_outputs",
                          "page.check_literals", "page.check_profile"})
    good(key);
  const Errors open = governance::legal_placeholders(file.study, file.path);
  for (const Error& error : open)
    model.checks.push_back(
        {State::kAttention, context.tr("page.check_legal"), text::describe(context.language, error).what});
  if (open.empty()) good("page.check_legal_full");
}

void add_people(const Context& context, const Study& study, report::ApprovalModel& model) {
  for (const governance::InvitedOwner& owner : study.participation.invited)
    model.invited.push_back({owner.name, owner.kind, true});
  std::string minima;
  for (const auto& [kind, count] : study.participation.min_by_kind)
    minima += (minima.empty() ? "" : ", ") + std::to_string(count) + " × " + kind;
  model.participation =
      context.tr("page.participation", {std::to_string(study.participation.min_owners), minima});
  model.node_operators = study.interests.processors;
}

void add_commands(const Context& context, const StudyFile& file, bool advice, report::ApprovalModel& model) {
  const std::string sha = crypto::to_hex(file.study.name);
  const auto add = [&](const char* label, const std::string& verb) {
    model.commands.push_back({context.tr(label), "sluis review " + verb + " study.toml" +
                                                     (verb == "approve" ? " --tables tabel@versie" : "")});
  };
  if (advice) {
    add("page.agree", "advise --answer agree");
    add("page.remarks", "advise --answer remarks --reasons \"…\"");
    add("page.return", "advise --answer return --reasons \"…\"");
    add("page.disagree", "advise --answer disagree --reasons \"…\"");
  } else {
    add("page.approve", "approve");
    add("page.return", "return --reasons \"…\"");
    add("page.reject", "reject --reasons \"…\"");
  }
  model.verify_command = "sluis study verify study.toml --sha " + sha.substr(0, 32);
}

const governance::InvitedOwner* find_owner(const Study& study, const std::string& owner) {
  for (const governance::InvitedOwner& one : study.participation.invited)
    if (one.oin == owner || one.code == owner || one.name == owner) return &one;
  return nullptr;
}

// With disclosure control and release by the study's own policy, for everybody who is invited.
Result<sql::Explanation> explanation_of(const Study& study, const sql::Plan& plan,
                                        const study::RowBounds& rows, mpc::Network network) {
  const std::vector<std::string> all = study::everybody(study);
  const governance::EffectivePolicy policy = governance::effective_policy(study, {});
  node::BoundRun run{plan, {}, {}};
  for (study::LinkRate& rate : study::link_rates(study, plan)) {
    disclosure::LinkPolicy link{rate.name, rate.table, release::numbers(policy), rate.owners, {}, {}};
    run.links.push_back({std::move(rate), std::move(link)});
  }
  for (const sql::Output& output : plan.outputs) {
    SLUIS_ASSIGN(disclosure::OutputPolicy one,
                 release::output_policy(study, *study.find_output(output.name), policy, all,
                                        node::plan_facts(study, output)));
    run.policies.push_back(std::move(one));
  }
  return sql::explain(run.whole(), node::StudyCosts(rows, node::output_runs(study, run), node::link_runs(run),
                                                    {network}, engine::OrderPlan(plan)));
}

}  // namespace

Errors check_protection(const Study& study, const std::string& file) {
  const std::vector<std::string> all = study::everybody(study);
  const sql::BindResult bound = study::bind(study, all, study::assumed_rows(study), file);
  if (!bound.plan) return bound.errors;
  const governance::EffectivePolicy policy = governance::effective_policy(study, {});
  Errors errors;
  for (const sql::Output& output : bound.plan->outputs) {
    const governance::Output* declared = study.find_output(output.name);
    const auto made = release::output_policy(study, *declared, policy, all, node::plan_facts(study, output));
    if (made) continue;
    Error error = made.error();
    error.file = file;
    error.line = declared->at.line;
    error.column = declared->at.column;
    errors.push_back(std::move(error));
  }
  return errors;
}

Result<sql::Explanation> explain_study(const Study& study, const std::string& file,
                                       const std::vector<std::string>& rows, mpc::Network network) {
  study::RowBounds bounds = study::assumed_rows(study);
  for (const std::string& entry : rows) {
    const size_t equals = entry.find('=');
    uint64_t number = 0;
    const char* end = entry.data() + entry.size();
    if (equals == std::string::npos || !bounds.contains(entry.substr(0, equals)) ||
        std::from_chars(entry.data() + equals + 1, end, number).ptr != end || number == 0)
      return usage_error("S1051.rows", {entry});
    bounds[entry.substr(0, equals)] = number;
  }
  sql::BindResult bound = study::bind(study, study::everybody(study), bounds, file);
  if (!bound.plan) return bound.errors.front();
  return explanation_of(study, *bound.plan, bounds, network);
}

report::StudyFacts study_facts(const Study& study, const Names& names) {
  report::StudyFacts facts;
  facts.id = study.id;
  facts.version = study.version;
  facts.title = study.title;
  facts.hash = crypto::to_hex(study.name);
  facts.language = study.language;
  facts.plain = study.question.plain;
  facts.why = study.question.why;
  facts.hypothesis = study.question.hypothesis;
  facts.not_answered = study.question.not_answered;
  facts.funder = study.interests.funder;
  facts.commercial = study.interests.commercial;
  facts.follow_up = study.interests.follow_up;
  facts.processors = study.interests.processors;
  facts.applicant = name_of(study, names, study.people.applicant.oin);
  facts.applicant_function = study.people.applicant.function;
  for (const std::string& oin : study.people.recipients)
    facts.recipients.push_back(name_of(study, names, oin));
  facts.retention = study.retention.text;
  facts.publish_where = study.people.publish_where;
  facts.publish_after_days = study.people.publish_after_days;
  for (const governance::StudyTable& table : study.tables)
    if (table.schema.starts_with("ddas-shv/")) facts.about_debt_help = true;
  return facts;
}

report::Output report_output(const Study&, const governance::Output& output, const sql::Output& plan) {
  report::Output out;
  out.name = output.name;
  out.title = output.title;
  for (const sql::Dimension& dimension : plan.dimensions) out.dimensions.push_back(dimension.name);
  for (const sql::AggregateCall& measure : plan.measures) out.counts.push_back(measure.name);
  // Cells in row-major order, last dimension fastest.
  size_t cells = 1;
  for (const sql::Dimension& dimension : plan.dimensions) cells *= dimension.codes.size();
  for (size_t cell = 0; cell < cells; ++cell) {
    report::Row row;
    row.labels.resize(plan.dimensions.size());
    size_t rest = cell;
    for (size_t d = plan.dimensions.size(); d-- > 0;) {
      const sql::Dimension& dimension = plan.dimensions[d];
      const relation::Type& type = plan.input->columns.at(static_cast<size_t>(dimension.column)).type;
      row.labels[d] = relation::cell_text(type, dimension.codes[rest % dimension.codes.size()]);
      rest /= dimension.codes.size();
    }
    row.counts.resize(plan.measures.size());
    out.rows.push_back(std::move(row));
  }
  for (const governance::Derive& derive : output.derive)
    out.derive.push_back({derive.name, derive.expression});
  for (const governance::Statistic& one : output.statistics)
    out.statistics.push_back(
        {one.name, one.kind, one.event, one.total, one.exposed_column, one.exposed_value, one.strata});
  return out;
}

Result<report::ApprovalModel> approval_model(const Context& context, const StudyFile& file,
                                             const std::string& owner, const std::string& role) {
  const Study& study = file.study;
  const governance::InvitedOwner* reader = find_owner(study, owner);
  if (!owner.empty() && reader == nullptr)
    return Error{"S1056.not_invited", {}, file.path, 0, 0, Exit::kUsage};
  const bool advice = role != "decision";
  report::ApprovalModel model;
  Names names;
  if (!context.network.empty()) {
    SLUIS_ASSIGN(const client::Network network, client::load_network(context.network));
    names = client::names_of(network.registry);
  }
  model.study = study_facts(study, names);
  const governance::EffectivePolicy policy = governance::effective_policy(study, {});
  model.policy = report_policy(policy, study);
  model.asked_for = advice ? report::AskedFor::kAdvice : report::AskedFor::kDecision;
  model.owner = reader == nullptr ? "" : reader->name;
  model.decide_before = day_text(study.validity.decide_before);
  model.run_before = day_text(study.validity.run_before);
  model.max_runs = study.validity.max_runs;
  const sql::BindResult bound =
      study::bind(study, study::everybody(study), study::assumed_rows(study), file.path);
  if (!bound.plan) return bound.errors.front();
  for (const sql::Output& plan : bound.plan->outputs) {
    const governance::Output& output = *study.find_output(plan.name);
    if (output.to == governance::Recipient::kOwnRow) {
      model.own_row_title = output.title;
      model.own_row_bands = output.bands;
      continue;
    }
    report::Output example = report_output(study, output, plan);
    report::invent_figures(example, model.policy, model.study.hash + output.name);
    model.example_outputs.push_back(std::move(example));
  }
  add_tables(context, study, reader, model);
  add_checks(context, file, model);
  add_legal(context, study, model);
  add_people(context, study, model);
  add_effective(model, policy, study);
  for (const governance::View& view : study.views) model.sql.push_back({view.name, "view", view.sql.text});
  for (const governance::Output& output : study.outputs)
    model.sql.push_back({output.name, "output", output.sql.text});
  SLUIS_ASSIGN(const sql::Explanation explanation,
               explanation_of(study, *bound.plan, study::assumed_rows(study), mpc::kDefaultNetwork));
  model.plan = sql::explain_text(explanation, context.language);
  for (const study::LinkRate& rate : study::link_rates(study, *bound.plan))
    if (reader == nullptr || study.find_table(rate.table)->owners == reader->kind)
      model.link_rate_tables.push_back(rate.table);
  model.engine = program_name();
  add_commands(context, file, advice, model);
  return model;
}

}  // namespace sluis::apps
