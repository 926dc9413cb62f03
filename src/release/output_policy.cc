#include "release/output_policy.h"

#include <algorithm>

namespace sluis::release {
namespace {

using disclosure::OutputPolicy;

// Fills one OutputPolicy; what does not fit is remembered by name.
class Filling {
 public:
  Filling(const governance::Study& study, const governance::Output& output, const PlanFacts& plan)
      : study_(study), output_(output), plan_(plan) {}

  Result<OutputPolicy> run(const governance::EffectivePolicy& policy,
                           const std::vector<std::string>& participants) {
    out_.name = output_.name;
    out_.policy = numbers(policy);
    out_.dimensions = plan_.dimensions;
    out_.measures = plan_.measures;
    out_.relations = plan_.relations;
    sensitive();
    tables();
    for (int64_t edge : output_.bands) out_.bands.push_back(static_cast<uint32_t>(edge));
    if (output_.to == governance::Recipient::kOwnRow) own_row(participants);
    if (!misfit_.empty()) return fault(misfit_);
    if (Errors errors = check_protectable(out_); !errors.empty()) return std::move(errors[0]);
    return std::move(out_);
  }

 private:
  Error fault(const std::string& what) const {
    return {"S1411.shape", {output_.name, what}, "", 0, 0, Exit::kInternal};
  }
  void misfit(const std::string& what) {
    if (misfit_.empty()) misfit_ = what;
  }

  void sensitive() {
    for (const auto& [column, values] : output_.sensitive.values) {
      disclosure::SensitiveValues entry{out_.dimensions.size(), {}};
      for (size_t d = 0; d < out_.dimensions.size(); ++d)
        if (out_.dimensions[d].name == column) entry.dimension = d;
      if (entry.dimension == out_.dimensions.size()) return misfit(column);
      const auto& labels = out_.dimensions[entry.dimension].labels;
      for (const std::string& value : values) {
        const auto found = std::find(labels.begin(), labels.end(), value);
        if (found == labels.end()) return misfit(column);
        entry.values.push_back(static_cast<size_t>(found - labels.begin()));
      }
      out_.sensitive.push_back(std::move(entry));
    }
    for (const std::string& count : output_.sensitive.counts) {
      bool known = false;
      for (disclosure::MeasurePolicy& measure : out_.measures)
        if (measure.name == count) measure.sensitive = known = true;
      if (!known) misfit(count);
    }
  }

  void tables() {
    for (const std::string& name : plan_.tables) {
      const governance::StudyTable* table = study_.find_table(name);
      if (table == nullptr) return misfit(name);
      out_.tables.push_back({name, table->owners, name == plan_.population_table, true});
    }
  }

  // Each row belongs to the participating owner whose code is its label.
  void own_row(const std::vector<std::string>& participants) {
    if (out_.dimensions.size() != 1) return misfit("own_row");
    disclosure::OwnRow rows;
    for (const std::string& label : out_.dimensions[0].labels) {
      const auto& invited = study_.participation.invited;
      const auto owner = std::find_if(invited.begin(), invited.end(),
                                      [&](const governance::InvitedOwner& o) { return o.code == label; });
      if (owner == invited.end() ||
          std::find(participants.begin(), participants.end(), owner->oin) == participants.end())
        return misfit(label);
      if (!rows.reader_kind.empty() && rows.reader_kind != owner->kind) return misfit(label);
      rows.reader_kind = owner->kind;
      rows.readers.push_back(owner->oin);
    }
    out_.own_row = std::move(rows);
  }

  const governance::Study& study_;
  const governance::Output& output_;
  const PlanFacts& plan_;
  OutputPolicy out_;
  std::string misfit_;
};

}  // namespace

namespace {

// A share of 0 would withhold everything; the guard refuses it by name.
disclosure::Fraction share(const governance::EffectiveValue& value) {
  if (value.value <= 0 || value.value > 1'000'000) return {0, 1};
  return disclosure::Fraction::from_millionths(value.value);
}

}  // namespace

disclosure::Policy numbers(const governance::EffectivePolicy& policy) {
  disclosure::Policy out;
  out.t_person = static_cast<uint32_t>(policy.t_person.value);
  out.t_household = static_cast<uint32_t>(policy.t_household.value);
  out.t_owner = static_cast<uint32_t>(policy.t_owner.value);
  out.owner_max = share(policy.owner_max_millionths);
  out.group_max = share(policy.group_max_millionths);
  out.denominator_min = static_cast<uint32_t>(policy.denominator_min.value);
  out.round_base = static_cast<uint32_t>(policy.round_base.value);
  return out;
}

Result<OutputPolicy> output_policy(const governance::Study& study, const governance::Output& output,
                                   const governance::EffectivePolicy& policy,
                                   const std::vector<std::string>& participants, const PlanFacts& plan) {
  return Filling(study, output, plan).run(policy, participants);
}

}  // namespace sluis::release
