#include "governance/approval.h"

#include <algorithm>
#include <map>

#include "governance/owner_approval.h"
#include "relation/date.h"

namespace sluis::governance {
namespace {

struct Count {
  int all = 0;
  std::map<std::string, int> by_kind;
  void add(const std::string& kind) { ++all, ++by_kind[kind]; }
};

bool minima_hold(const Participation& wanted, Count count) {
  if (count.all < wanted.min_owners) return false;
  return std::all_of(wanted.min_by_kind.begin(), wanted.min_by_kind.end(),
                     [&](const auto& minimum) { return count.by_kind[minimum.first] >= minimum.second; });
}

class Evaluation {
 public:
  explicit Evaluation(const ApprovalFacts& facts)
      : facts_(facts), study_(*facts.study), today_(day_of(facts.now)) {}

  Approval evaluate() {
    for (const InvitedOwner& owner : study_.participation.invited)
      out_.owners.push_back(evaluate_owner(facts_, owner));
    count();
    derive_state();
    if (!enough_) explain_missing();
    check_tables();
    check_parties();
    check_time_and_attempts();
    for (Error& error : legal_placeholders(study_, "")) out_.errors.push_back(std::move(error));
    out_.policy = effective_policy(study_, participants_policies());
    check_bands();
    out_.permitted = out_.errors.empty();
    return std::move(out_);
  }

 private:
  void fault(const char* id, std::vector<std::string> args, Exit exit = Exit::kNotApproved) {
    out_.errors.push_back(approval_error(id, std::move(args), exit));
  }

  void count() {
    Count possible;
    for (const OwnerApproval& owner : out_.owners) {
      if (owner.state == OwnerState::kApproved) {
        approved_.add(owner.owner.kind);
        out_.participants.push_back(owner.owner.oin);
      }
      const bool gone = owner.state == OwnerState::kRejected || owner.state == OwnerState::kRevoked;
      if (!gone) possible.add(owner.owner.kind);
    }
    const int all = static_cast<int>(out_.owners.size());
    all_approved_ = approved_.all == all;
    enough_ = minima_hold(study_.participation, approved_) && (study_.participation.partial || all_approved_);
    reachable_ =
        minima_hold(study_.participation, possible) && (study_.participation.partial || possible.all == all);
  }

  void apply(StudyEvent event) {
    if (const std::optional<StudyState> next = transition(out_.state, event)) out_.state = *next;
  }

  void derive_state() {
    out_.state = StudyState::kInReview;
    if (all_approved_ && enough_)
      apply(StudyEvent::kAllApproved);
    else if (enough_)
      apply(StudyEvent::kMinimaHold);
    else if (!reachable_)
      apply(StudyEvent::kMinimaLost);
    else if (std::any_of(out_.owners.begin(), out_.owners.end(),
                         [](const OwnerApproval& o) { return o.state == OwnerState::kReturned; }))
      apply(StudyEvent::kReturn);
    if (facts_.withdrawn) return apply(StudyEvent::kWithdraw);
    if (facts_.history != RunHistory::kNone && enough_) {
      apply(StudyEvent::kStart);
      apply(facts_.history == RunHistory::kReleased ? StudyEvent::kRelease
            : facts_.history == RunHistory::kFailed ? StudyEvent::kFail
                                                    : StudyEvent::kCancel);
      return;
    }
    const bool too_late_to_decide = !enough_ && today_ >= study_.validity.decide_before;
    if (today_ >= study_.validity.run_before || too_late_to_decide) apply(StudyEvent::kExpire);
  }

  // Each owner whose yes is missing says so itself; then the sum.
  void explain_missing() {
    for (const OwnerApproval& owner : out_.owners)
      out_.errors.insert(out_.errors.end(), owner.why.begin(), owner.why.end());
    const Participation& wanted = study_.participation;
    const int least = wanted.partial ? wanted.min_owners : static_cast<int>(wanted.invited.size());
    if (approved_.all < least) fault("S1205.owners", {std::to_string(approved_.all), std::to_string(least)});
    for (const auto& [kind, minimum] : wanted.min_by_kind)
      if (approved_.by_kind[kind] < minimum)
        fault("S1205.kind", {kind, std::to_string(approved_.by_kind[kind]), std::to_string(minimum)});
  }

  void check_tables() {
    for (const OwnerApproval& owner : out_.owners)
      for (const TableChoice& choice : owner.tables) check_table(owner, choice);
  }
  void check_table(const OwnerApproval& owner, const TableChoice& choice) {
    const TableVersion* found = nullptr;
    for (const TableVersion& table : facts_.tables)
      if (table.owner == owner.owner.oin && table.table == choice.table && table.version == choice.version)
        found = &table;
    const std::vector<std::string> args{display_name(owner.owner), owner.owner.name, choice.table,
                                        choice.version};
    if (found == nullptr) fault("S1202.table", args);
    if (found != nullptr && found->withdrawn) fault("S1203.withdrawn", args, Exit::kExpired);
  }

  // Who asks must not also hold shares.
  void check_parties() {
    std::vector<std::string> askers = study_.people.recipients;
    askers.push_back(study_.people.applicant.oin);
    askers.push_back(study_.people.lead.oin);
    std::sort(askers.begin(), askers.end());
    askers.erase(std::unique(askers.begin(), askers.end()), askers.end());
    for (const std::string& oin : askers)
      for (const NodeEntry& node : facts_.registry->nodes)
        if (node.operator_oin == oin) fault("S1216.operator", {oin, node.name}, Exit::kNotAllowed);
    for (const std::string& oin : study_.people.recipients)
      if (facts_.registry->find_organisation(oin) == nullptr)
        fault("S1217.recipient", {oin}, Exit::kNotAllowed);
    for (const OwnerApproval& owner : out_.owners) {
      const Organisation* entry = facts_.registry->find_organisation(owner.owner.oin);
      const bool approved = owner.state == OwnerState::kApproved;
      if (approved &&
          (entry == nullptr || entry->kind != owner.owner.kind || entry->code != owner.owner.code))
        fault("S1217.owner", {display_name(owner.owner), owner.owner.oin, owner.owner.code},
              Exit::kNotAllowed);
    }
  }

  void check_time_and_attempts() {
    if (facts_.withdrawn) fault("S1208.study_withdrawn", {}, Exit::kExpired);
    if (today_ >= study_.validity.run_before)
      fault("S1208.run_before", {relation::date_text(study_.validity.run_before)}, Exit::kExpired);
    if (facts_.history == RunHistory::kReleased) fault("S1215.released", {}, Exit::kNotAllowed);
    if (facts_.history == RunHistory::kCancelled) fault("S1215.cancelled", {}, Exit::kNotAllowed);
    if (facts_.attempts >= study_.validity.max_runs)
      fault("S1215.attempts", {std::to_string(facts_.attempts), std::to_string(study_.validity.max_runs)},
            Exit::kNotAllowed);
  }

  std::vector<const OwnerPolicy*> participants_policies() const {
    std::vector<const OwnerPolicy*> out;
    for (const OwnerPolicy& policy : facts_.policies)
      if (std::find(out_.participants.begin(), out_.participants.end(), policy.owner) !=
          out_.participants.end())
        out.push_back(&policy);
    return out;
  }

  // policy_conflicts() saw each policy alone; together they may raise t_person above a band.
  void check_bands() {
    for (const Output& output : study_.outputs)
      if (!output.bands.empty() && output.bands[0] < out_.policy.t_person.value)
        fault("S1031.bands", {output.name, std::to_string(out_.policy.t_person.value)}, Exit::kNotAllowed);
  }

  const ApprovalFacts& facts_;
  const Study& study_;
  const int64_t today_;
  Count approved_;
  bool all_approved_ = false, enough_ = false, reachable_ = false;
  Approval out_;
};

}  // namespace

const OwnerApproval* Approval::find(std::string_view oin) const {
  for (const OwnerApproval& owner : owners)
    if (owner.owner.oin == oin) return &owner;
  return nullptr;
}

Approval evaluate(const ApprovalFacts& facts) {
  CHECK(facts.study != nullptr && facts.registry != nullptr);
  return Evaluation(facts).evaluate();
}

}  // namespace sluis::governance
