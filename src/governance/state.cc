#include "governance/state.h"

#include <cstddef>

namespace sluis::governance {
namespace {

template <typename State, typename Event>
struct Step {
  State from;
  Event event;
  State to;
};

template <typename State, typename Event, size_t n>
std::optional<State> look_up(const Step<State, Event> (&steps)[n], State state, Event event) {
  for (const auto& step : steps)
    if (step.from == state && step.event == event) return step.to;
  return std::nullopt;
}

using S = StudyState;
using E = StudyEvent;
constexpr Step<S, E> kStudySteps[] = {
    {S::kDraft, E::kSubmit, S::kSubmitted},
    {S::kSubmitted, E::kOpenReview, S::kInReview},
    {S::kInReview, E::kReturn, S::kReturned},
    {S::kReturned, E::kAnswer, S::kInReview},
    {S::kInReview, E::kAllApproved, S::kApproved},
    {S::kInReview, E::kMinimaHold, S::kPartlyApproved},
    {S::kInReview, E::kMinimaLost, S::kRejected},
    {S::kReturned, E::kMinimaHold, S::kPartlyApproved},
    {S::kReturned, E::kMinimaLost, S::kRejected},
    {S::kPartlyApproved, E::kAllApproved, S::kApproved},
    {S::kPartlyApproved, E::kReopen, S::kInReview},
    {S::kPartlyApproved, E::kMinimaLost, S::kRejected},
    {S::kApproved, E::kMinimaHold, S::kPartlyApproved},
    {S::kApproved, E::kReopen, S::kInReview},
    {S::kApproved, E::kMinimaLost, S::kRejected},
    // An owner may change its mind as long as nothing has run.
    {S::kRejected, E::kReopen, S::kInReview},
    {S::kApproved, E::kStart, S::kRunning},
    {S::kPartlyApproved, E::kStart, S::kRunning},
    // A second attempt only after a failed first.
    {S::kFailed, E::kStart, S::kRunning},
    {S::kRunning, E::kRelease, S::kReleased},
    {S::kRunning, E::kFail, S::kFailed},
    {S::kRunning, E::kCancel, S::kCancelled},
};

using O = OwnerState;
using V = OwnerEvent;
constexpr Step<O, V> kOwnerSteps[] = {
    {O::kToAdvise, V::kAdvised, O::kToDecide},
    {O::kToAdvise, V::kAdviceReturn, O::kReturned},
    {O::kToDecide, V::kAdvised, O::kToDecide},
    {O::kToDecide, V::kAdviceReturn, O::kReturned},
    {O::kToDecide, V::kApprove, O::kApproved},
    {O::kToDecide, V::kReturn, O::kReturned},
    {O::kToDecide, V::kReject, O::kRejected},
    {O::kReturned, V::kAdvised, O::kToDecide},
    {O::kReturned, V::kAdviceReturn, O::kReturned},
    // A manager may deviate from advice, with reasons.
    {O::kReturned, V::kApprove, O::kApproved},
    {O::kReturned, V::kReturn, O::kReturned},
    {O::kReturned, V::kReject, O::kRejected},
    {O::kApproved, V::kAdvised, O::kApproved},
    {O::kApproved, V::kAdviceReturn, O::kApproved},
    {O::kApproved, V::kApprove, O::kApproved},
    {O::kApproved, V::kReturn, O::kReturned},
    {O::kApproved, V::kReject, O::kRejected},
    {O::kApproved, V::kRevoke, O::kRevoked},
    {O::kApproved, V::kExpire, O::kExpired},
    {O::kRejected, V::kAdvised, O::kRejected},
    {O::kRejected, V::kAdviceReturn, O::kRejected},
    {O::kRejected, V::kApprove, O::kApproved},
    {O::kRejected, V::kReject, O::kRejected},
    {O::kRevoked, V::kAdvised, O::kRevoked},
    {O::kRevoked, V::kAdviceReturn, O::kRevoked},
    {O::kRevoked, V::kApprove, O::kApproved},
    {O::kRevoked, V::kReject, O::kRejected},
    {O::kExpired, V::kApprove, O::kApproved},
    {O::kExpired, V::kReject, O::kRejected},
};

}  // namespace

std::optional<StudyState> transition(StudyState state, StudyEvent event) {
  const bool before_running = state < StudyState::kRunning;
  if (event == StudyEvent::kWithdraw && before_running) return StudyState::kWithdrawn;
  if (event == StudyEvent::kExpire && before_running) return StudyState::kExpired;
  return look_up(kStudySteps, state, event);
}

std::optional<OwnerState> transition(OwnerState state, OwnerEvent event) {
  return look_up(kOwnerSteps, state, event);
}

const char* state_name(StudyState state) {
  static constexpr const char* kNames[] = {
      "draft",   "submitted", "in_review", "returned",  "approved",  "partly_approved", "rejected",
      "running", "released",  "failed",    "cancelled", "withdrawn", "expired"};
  return kNames[static_cast<size_t>(state)];
}

const char* state_name(OwnerState state) {
  static constexpr const char* kNames[] = {"to_advise", "to_decide", "approved", "returned",
                                           "rejected",  "revoked",   "expired"};
  return kNames[static_cast<size_t>(state)];
}

}  // namespace sluis::governance
