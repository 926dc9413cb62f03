#include "governance/state.h"

#include <gtest/gtest.h>

#include <set>

namespace sluis::governance {
namespace {

using S = StudyState;
using E = StudyEvent;
using O = OwnerState;
using V = OwnerEvent;

std::set<S> reachable(S from) {
  std::set<S> seen{from};
  for (bool grew = true; grew;) {
    grew = false;
    for (const S state : std::set<S>(seen))
      for (int event = 0; event <= static_cast<int>(E::kExpire); ++event)
        if (const auto next = transition(state, static_cast<E>(event))) grew |= seen.insert(*next).second;
  }
  return seen;
}

TEST(State, EveryStudyStateIsReachableFromDraft) { EXPECT_EQ(reachable(S::kDraft).size(), 13u); }

TEST(State, EndingsEnd) {
  for (const S ending : {S::kReleased, S::kCancelled, S::kWithdrawn, S::kExpired})
    EXPECT_EQ(reachable(ending), std::set<S>{ending}) << state_name(ending);
}

TEST(State, RunsBeginOnlyWithApprovalOrAfterAFailure) {
  for (int state = 0; state <= static_cast<int>(S::kExpired); ++state) {
    const S from = static_cast<S>(state);
    const bool may = from == S::kApproved || from == S::kPartlyApproved || from == S::kFailed;
    EXPECT_EQ(transition(from, E::kStart).has_value(), may) << state_name(from);
    for (int event = 0; event <= static_cast<int>(E::kExpire); ++event) {
      if (static_cast<E>(event) == E::kStart) continue;
      EXPECT_NE(transition(from, static_cast<E>(event)), std::optional(S::kRunning));
    }
  }
}

TEST(State, WithdrawingAndExpiryStopAtTheRun) {
  for (int state = 0; state <= static_cast<int>(S::kExpired); ++state) {
    const S from = static_cast<S>(state);
    EXPECT_EQ(transition(from, E::kWithdraw).has_value(), from < S::kRunning);
    EXPECT_EQ(transition(from, E::kExpire).has_value(), from < S::kRunning);
  }
}

TEST(State, NoApprovalWithoutAdvice) {
  for (int event = 0; event <= static_cast<int>(V::kExpire); ++event)
    EXPECT_NE(transition(O::kToAdvise, static_cast<V>(event)), std::optional(O::kApproved));
  EXPECT_EQ(transition(O::kToAdvise, V::kAdvised), O::kToDecide);
  EXPECT_EQ(transition(O::kToDecide, V::kApprove), O::kApproved);
}

TEST(State, OnlyAYesCanBeRevokedOrExpire) {
  for (int state = 0; state <= static_cast<int>(O::kExpired); ++state) {
    const O from = static_cast<O>(state);
    EXPECT_EQ(transition(from, V::kRevoke).has_value(), from == O::kApproved);
    EXPECT_EQ(transition(from, V::kExpire).has_value(), from == O::kApproved);
  }
}

TEST(State, NamesAreDistinct) {
  std::set<std::string> names;
  for (int state = 0; state <= static_cast<int>(S::kExpired); ++state)
    names.insert(state_name(static_cast<S>(state)));
  EXPECT_EQ(names.size(), 13u);
  EXPECT_STREQ(state_name(S::kPartlyApproved), "partly_approved");
  EXPECT_STREQ(state_name(O::kToDecide), "to_decide");
}

}  // namespace
}  // namespace sluis::governance
