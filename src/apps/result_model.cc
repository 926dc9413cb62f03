#include "apps/result_model.h"

#include <algorithm>

#include "apps/approval_facts.h"
#include "governance/fields.h"
#include "relation/date.h"

namespace sluis::apps {
namespace {

using governance::Study;

report::Policy policy_of(const governance::ReceiptFacts& facts, const Study& study) {
  report::Policy policy;
  policy.profile = facts.policy.profile;
  policy.t_person = facts.policy.t_person.value;
  policy.t_household = facts.policy.t_household.value;
  policy.t_owner = facts.policy.t_owner.value;
  policy.denominator_min = facts.policy.denominator_min.value;
  policy.round_base = static_cast<int>(facts.policy.round_base.value);
  policy.unit = study.disclosure.unit_person;
  return policy;
}

std::vector<report::Party> parties_of(const governance::ReceiptFacts& facts, const Study& study) {
  std::vector<report::Party> parties;
  for (const governance::InvitedOwner& owner : study.participation.invited) {
    const bool took_part = std::any_of(facts.participants.begin(), facts.participants.end(),
                                       [&](const auto& one) { return one.oin == owner.oin; });
    parties.push_back({owner.name, owner.kind, took_part});
  }
  return parties;
}

report::Output output_of(const sharing::ReleasedTable& table, const governance::Output& declared) {
  report::Output out;
  out.name = declared.name;
  out.title = declared.title;
  for (const sharing::ReleaseDimension& dimension : table.layout.dimensions)
    out.dimensions.push_back(dimension.name);
  for (const sharing::ReleaseMeasure& measure : table.layout.measures) out.counts.push_back(measure.name);
  for (size_t cell = 0; cell < table.layout.cells(); ++cell) {
    report::Row row;
    row.labels.resize(out.dimensions.size());
    size_t rest = cell;
    for (size_t d = out.dimensions.size(); d-- > 0;) {
      const std::vector<std::string>& labels = table.layout.dimensions[d].labels;
      row.labels[d] = labels[rest % labels.size()];
      rest /= labels.size();
    }
    for (size_t m = 0; m < out.counts.size(); ++m)
      row.counts.push_back(table.withheld(m, cell)
                               ? report::Cell()
                               : report::Cell(static_cast<int64_t>(table.figures[m][cell])));
    out.rows.push_back(std::move(row));
  }
  for (const governance::Derive& derive : declared.derive)
    out.derive.push_back({derive.name, derive.expression});
  for (const governance::Statistic& one : declared.statistics)
    out.statistics.push_back(
        {one.name, one.kind, one.event, one.total, one.exposed_column, one.exposed_value, one.strata});
  return out;
}

std::vector<report::Signature> signatures_of(const client::OpenedResult& opened) {
  std::vector<report::Signature> signatures;
  for (size_t i = 0; i < opened.signed_by.size(); ++i)
    signatures.push_back({opened.signed_by[i], opened.keys[i], true});
  return signatures;
}

Result<Study> study_of(const client::OpenedResult& opened) {
  governance::StudyParse parsed = governance::parse_study(opened.study, "study.toml");
  if (!parsed.study) return parsed.errors.front();
  return std::move(*parsed.study);
}

report::OwnReport::LinkRate link_rate_of(const sharing::ReleaseLayout& layout, uint64_t figure) {
  report::OwnReport::LinkRate rate;
  rate.table = layout.measures.at(0).name;
  for (const uint32_t edge : layout.bands) rate.edges.push_back(edge);
  rate.least = layout.denominator_min;
  rate.blur = layout.band_slack;
  if (figure > 0) rate.band = static_cast<size_t>(figure - 1);
  return rate;
}

std::string day_of_release(const client::OpenedResult& opened) {
  return relation::date_text(governance::day_of(opened.time));
}

}  // namespace

Result<report::ResultModel> result_model(const client::OpenedResult& opened, const std::string& run,
                                         const std::string& bundle, bool invented) {
  SLUIS_ASSIGN(const Study study, study_of(opened));
  report::ResultModel model;
  model.study = study_facts(study, opened.names);
  model.policy = policy_of(opened.facts, study);
  model.parties = parties_of(opened.facts, study);
  for (const sharing::ReleasedTable& table : opened.tables) {
    const governance::Output* declared = study.find_output(table.layout.output);
    if (declared == nullptr || declared->to == governance::Recipient::kOwnRow) continue;
    model.outputs.push_back(output_of(table, *declared));
  }
  // In the study's order, whatever the order of arrival.
  std::sort(model.outputs.begin(), model.outputs.end(),
            [&](const report::Output& a, const report::Output& b) {
              return study.find_output(a.name) < study.find_output(b.name);
            });
  model.signatures = signatures_of(opened);
  model.run = run.substr(0, 4);
  model.released_on = day_of_release(opened);
  model.engine = opened.program;
  model.bundle = bundle;
  model.invented = invented;
  return model;
}

Result<report::OwnReport> own_report(const client::OpenedResult& opened, const std::string& oin,
                                     bool invented) {
  SLUIS_ASSIGN(const Study study, study_of(opened));
  report::OwnReport report;
  bool found = false;
  for (const sharing::ReleasedTable& table : opened.tables) {
    if (table.recipient != oin) continue;
    const uint64_t figure = table.figures.at(0).at(0);
    if (table.layout.kind == sharing::FigureKind::kShareBand) {
      report.link_rates.push_back(link_rate_of(table.layout, figure));
      found = true;
      continue;
    }
    const governance::Output* declared = study.find_output(table.layout.output);
    if (declared == nullptr || declared->to != governance::Recipient::kOwnRow) continue;
    report.output_title = declared->title;
    report.bands = declared->bands;
    report.band.reset();
    if (figure > 0) report.band = static_cast<size_t>(figure - 1);
    found = true;
  }
  if (!found) return Error{"S1307.none", {}, "", 0, 0, Exit::kNotAllowed};
  report.study = study_facts(study, opened.names);
  report.policy = policy_of(opened.facts, study);
  const governance::InvitedOwner* owner = study.find_invited(oin);
  report.owner = owner == nullptr ? oin : owner->name;
  report.released_on = day_of_release(opened);
  report.run = opened.facts.run.substr(0, 4);
  report.engine = opened.program;
  report.signatures = signatures_of(opened);
  report.invented = invented;
  return report;
}

}  // namespace sluis::apps
