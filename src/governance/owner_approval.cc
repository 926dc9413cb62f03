#include "governance/owner_approval.h"

#include <algorithm>
#include <tuple>

#include "governance/signed_file.h"
#include "governance/study_diff.h"
#include "relation/date.h"

namespace sluis::governance {
namespace {

constexpr UnixTime kClockSkewSeconds = 300;

OwnerEvent event_of(const Decision& decision) {
  const bool advice = decision.role == DecisionRole::kAdvice;
  switch (decision.answer) {
    case Answer::kReturn:
      return advice ? OwnerEvent::kAdviceReturn : OwnerEvent::kReturn;
    case Answer::kApprove:
      return OwnerEvent::kApprove;
    case Answer::kReject:
      return OwnerEvent::kReject;
    case Answer::kRevoke:
      return OwnerEvent::kRevoke;
    case Answer::kAgree:
    case Answer::kRemarks:
    case Answer::kDisagree:
      return OwnerEvent::kAdvised;
  }
  return OwnerEvent::kReject;
}

// Of files with one time the one that binds least comes first, so that the other has the last word.
int rank(const Decision& decision) {
  if (decision.role == DecisionRole::kAdvice) return 0;
  return decision.answer == Answer::kApprove  ? 1
         : decision.answer == Answer::kReturn ? 2
         : decision.answer == Answer::kReject ? 3
                                              : 4;
}

bool is_contrary(Answer advice) { return advice == Answer::kDisagree || advice == Answer::kReturn; }

// Judges single files and folds the good ones, in the order of their time, through transition().
class OwnerEvaluation {
 public:
  OwnerEvaluation(const ApprovalFacts& facts, const InvitedOwner& owner)
      : facts_(facts), owner_(owner), today_(day_of(facts.now)) {
    out_.owner = owner;
    for (const OwnerPolicy& policy : facts.policies)
      if (policy.owner == owner.oin) policy_ = &policy;
  }

  OwnerApproval evaluate() {
    for (const SignedDecision* file : files()) {
      const std::optional<Error> fault = judge(*file);
      if (file->decision.study != facts_.study->name)
        note_other_bytes(*file, fault.has_value());
      else if (fault)
        notes_.push_back(*fault);
      else
        fold(*file);
    }
    if (out_.state == OwnerState::kApproved) check_approved();
    explain();
    return std::move(out_);
  }

 private:
  // This owner's files, oldest first.
  std::vector<const SignedDecision*> files() const {
    std::vector<const SignedDecision*> out;
    for (const SignedDecision& file : facts_.decisions)
      if (file.decision.owner == owner_.oin) out.push_back(&file);
    std::sort(out.begin(), out.end(), [](const SignedDecision* a, const SignedDecision* b) {
      return std::make_tuple(a->decision.time, rank(a->decision), a->hash) <
             std::make_tuple(b->decision.time, rank(b->decision), b->hash);
    });
    return out;
  }

  Error error(const char* id, std::vector<std::string> more = {}, Exit exit = Exit::kNotApproved) const {
    std::vector<std::string> args{display_name(owner_), owner_.name};
    args.insert(args.end(), more.begin(), more.end());
    return approval_error(id, std::move(args), exit);
  }

  // Why this file does not count, whatever study it is for.
  std::optional<Error> judge(const SignedDecision& file) const {
    const Decision& decision = file.decision;
    const PersonRole role =
        decision.role == DecisionRole::kAdvice ? PersonRole::kAdvisor : PersonRole::kDecider;
    const Person* person = nullptr;
    for (const Person* one : facts_.registry->find_by_key(file.signature.key))
      if (one->oin == owner_.oin && one->role == role && one->pseudonym == decision.person) person = one;
    if (person == nullptr) return error("S1210.key", {person_role_name(role)}, Exit::kNotAllowed);
    if (!signature_holds(kDecisionKind, file.bytes, file.signature, person->key))
      return error("S1211.signature", {}, Exit::kNotAllowed);
    if (person->revoked && *person->revoked <= today_) return error("S1208.key_revoked", {}, Exit::kExpired);
    // A key that has ended cannot sign backdated files: what counts is also when this node first saw them.
    const int64_t signed_day = day_of(decision.time), seen_day = day_of(file.received);
    if (signed_day < person->valid_from || signed_day >= person->valid_until ||
        seen_day >= person->valid_until)
      return error("S1208.key_period", {}, Exit::kExpired);
    if (decision.time > facts_.now + kClockSkewSeconds || file.received + kClockSkewSeconds < decision.time)
      return error("S1211.future");
    if (decision.engine_valid_for != kEngineVersion.major)
      return error("S1209.engine",
                   {std::to_string(decision.engine_valid_for), std::to_string(kEngineVersion.major)},
                   Exit::kVersionMismatch);
    // Withdrawing a yes is possible at any time.
    const bool lessens = decision.answer == Answer::kRevoke || decision.answer == Answer::kReject;
    if (signed_day >= facts_.study->validity.decide_before && !lessens &&
        decision.study == facts_.study->name)
      return error("S1208.late", {relation::date_text(facts_.study->validity.decide_before)}, Exit::kExpired);
    return std::nullopt;
  }

  void fold(const SignedDecision& file) {
    const Decision& decision = file.decision;
    if (decision.role == DecisionRole::kAdvice) {
      advice_ = &file;
    } else if (decision.answer == Answer::kApprove) {
      if (const std::optional<Error> fault = judge_approval(file)) {
        notes_.push_back(*fault);
        return;
      }
    }
    const std::optional<OwnerState> next = transition(out_.state, event_of(decision));
    if (!next) {
      if (decision.role == DecisionRole::kDecision && decision.answer != Answer::kRevoke)
        notes_.push_back(error("S1204.advice"));
      return;
    }
    out_.state = *next;
    if (decision.role == DecisionRole::kDecision) decision_ = &file;
  }

  // Advice first, by somebody else, the latest; reasons where the decision deviates from it.
  std::optional<Error> judge_approval(const SignedDecision& file) const {
    const Decision& decision = file.decision;
    if (advice_ == nullptr || !decision.advice) return error("S1204.advice");
    if (*decision.advice != advice_->hash) return error("S1204.other");
    if (advice_->decision.person == decision.person || advice_->signature.key == file.signature.key)
      return error("S1206.same_person", {}, Exit::kNotAllowed);
    if (is_contrary(advice_->decision.answer) && decision.reasons.empty()) return error("S1206.reasons");
    return std::nullopt;
  }

  // What can end an approval without a further file.
  void check_approved() {
    const Decision& decision = decision_->decision;
    if (today_ >= decision.expires) {
      out_.state = *transition(out_.state, OwnerEvent::kExpire);
      return;
    }
    std::vector<const OwnerPolicy*> own;
    if (policy_ != nullptr) own.push_back(policy_);
    if (decision.effective_policy != effective_policy(*facts_.study, own).hash())
      withhold(error("S1213.policy"));
    if (policy_ != nullptr)
      for (Error& conflict : policy_conflicts(*facts_.study, *policy_)) withhold(std::move(conflict));
    if (table_names(decision) != wanted_tables()) withhold(error("S1214.tables"));
  }
  // The yes stands, but it does not cover this: ask for a new decision.
  void withhold(Error why) {
    out_.state = OwnerState::kToDecide;
    notes_.push_back(std::move(why));
  }

  static std::vector<std::string> table_names(const Decision& decision) {
    std::vector<std::string> out;
    for (const TableChoice& choice : decision.tables) out.push_back(choice.table);
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::string> wanted_tables() const {
    std::vector<std::string> out;
    for (const StudyTable& table : facts_.study->tables)
      if (table.owners == owner_.kind) out.push_back(table.name);
    std::sort(out.begin(), out.end());
    return out;
  }

  // A yes for another file with the same id, or one that this study supersedes, or one that nobody here
  // knows.
  void note_other_bytes(const SignedDecision& file, bool faulty) {
    if (faulty || file.decision.answer != Answer::kApprove) return;
    const KnownStudy* other = nullptr;
    for (const KnownStudy& known : facts_.known_studies)
      if (known.name == file.decision.study) other = &known;
    if (other != nullptr && other->id != facts_.study->id && !supersedes(file.decision.study)) return;
    const std::string old_handle = short_handle(file.decision.study);
    const std::string new_handle = short_handle(facts_.study->name);
    if (other == nullptr) {
      other_bytes_ = error("S1207.unknown", {old_handle, new_handle});
      return;
    }
    const size_t lines = std::max<size_t>(1, changed_lines(diff_lines(other->bytes, facts_.study_bytes)));
    other_bytes_ =
        error(lines == 1 ? "S1207.line" : "S1207.lines",
              {old_handle, new_handle, other->version, facts_.study->version, std::to_string(lines)});
  }
  bool supersedes(const crypto::Digest& name) const {
    const auto& list = facts_.study->supersedes;
    return std::find(list.begin(), list.end(), crypto::to_hex(name)) != list.end();
  }

  void explain() {
    if (advice_ != nullptr) out_.advice = advice_->hash;
    if (decision_ != nullptr) out_.decision = decision_->hash;
    if (out_.state == OwnerState::kApproved) {
      out_.tables = decision_->decision.tables;
      out_.expires = decision_->decision.expires;
      return;
    }
    out_.why = std::move(notes_);
    if (out_.state == OwnerState::kToAdvise || out_.state == OwnerState::kToDecide) {
      if (other_bytes_)
        out_.why.insert(out_.why.begin(), *other_bytes_);
      else if (out_.why.empty())
        out_.why.push_back(
            error(out_.state == OwnerState::kToAdvise ? "S1201.to_advise" : "S1201.to_decide"));
      return;
    }
    if (out_.state == OwnerState::kReturned) out_.why.push_back(error("S1201.returned"));
    if (out_.state == OwnerState::kRejected) out_.why.push_back(error("S1201.rejected"));
    if (out_.state == OwnerState::kRevoked) out_.why.push_back(error("S1208.revoked", {}, Exit::kExpired));
    if (out_.state == OwnerState::kExpired)
      out_.why.push_back(
          error("S1208.expired", {relation::date_text(decision_->decision.expires)}, Exit::kExpired));
  }

  const ApprovalFacts& facts_;
  const InvitedOwner& owner_;
  const int64_t today_;
  const OwnerPolicy* policy_ = nullptr;
  const SignedDecision* advice_ = nullptr;    // the latest that counts
  const SignedDecision* decision_ = nullptr;  // the latest that counts
  std::optional<Error> other_bytes_;
  Errors notes_;
  OwnerApproval out_;
};

}  // namespace

OwnerApproval evaluate_owner(const ApprovalFacts& facts, const InvitedOwner& owner) {
  return OwnerEvaluation(facts, owner).evaluate();
}

std::string display_name(const InvitedOwner& owner) {
  return owner.kind == "gemeente" ? "gemeente " + owner.name : owner.name;
}

Error approval_error(const char* id, std::vector<std::string> args, Exit exit) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.exit = exit;
  return error;
}

}  // namespace sluis::governance
