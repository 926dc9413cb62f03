// States of a study and of each owner's part in it. Every node derives them from signed facts; what the
// portal shows is a copy.
#pragma once

#include <cstdint>
#include <optional>

namespace sluis::governance {

enum class StudyState : uint8_t {
  kDraft,
  kSubmitted,
  kInReview,
  kReturned,
  kApproved,        // all invited owners said yes
  kPartlyApproved,  // the minima hold
  kRejected,        // the minima are out of reach
  kRunning,
  kReleased,
  kFailed,
  kCancelled,
  kWithdrawn,
  kExpired
};
enum class StudyEvent : uint8_t {
  kSubmit,
  kOpenReview,
  kReturn,  // an owner asks something; nobody has yet refused for good
  kAnswer,  // the question is answered: review goes on
  kAllApproved,
  kMinimaHold,
  kMinimaLost,  // out of reach for good
  kReopen,      // an approval was revoked or expired, the minima can still be reached
  kStart,
  kRelease,
  kFail,
  kCancel,
  kWithdraw,
  kExpire
};

enum class OwnerState : uint8_t { kToAdvise, kToDecide, kApproved, kReturned, kRejected, kRevoked, kExpired };
enum class OwnerEvent : uint8_t { kAdvised, kAdviceReturn, kApprove, kReturn, kReject, kRevoke, kExpire };

// The next state, or nothing if the event is not possible in this state.
std::optional<StudyState> transition(StudyState state, StudyEvent event);
std::optional<OwnerState> transition(OwnerState state, OwnerEvent event);

const char* state_name(StudyState state);  // "in_review"
const char* state_name(OwnerState state);  // "to_decide"

}  // namespace sluis::governance
