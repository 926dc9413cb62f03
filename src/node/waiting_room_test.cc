#include "node/waiting_room.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <vector>

namespace sluis::node {
namespace {

struct Pair {
  net::Fd near, far;
};

Pair connection() {
  std::array<int, 2> ends{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
  return {net::Fd(ends[0]), net::Fd(ends[1])};
}

// Whether the connection was shut down: reading it shows the end.
bool is_out(const Pair& pair) {
  char byte = 0;
  return ::recv(pair.near.get(), &byte, 1, 0) == 0;
}

TEST(WaitingRoom, ASourceThatOpensManyPushesOutItsOwn) {
  WaitingRoom room(8, 3);
  std::vector<Pair> flood;
  const Pair peer = connection();
  room.enter_from("peer", peer.near);
  for (int i = 0; i < 50; ++i) {
    flood.push_back(connection());
    room.enter_from("flood", flood.back().near);
  }
  EXPECT_EQ(room.size(), 4u);
  EXPECT_FALSE(is_out(peer));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(is_out(flood[static_cast<size_t>(i)]), i < 47) << i;
}

TEST(WaitingRoom, WhenFullTheSourceWithMostGivesWay) {
  WaitingRoom room(6, 4);
  std::vector<Pair> many;
  for (const char* source : {"a", "a", "a", "a", "b", "c"}) {
    many.push_back(connection());
    room.enter_from(source, many.back().near);
  }
  const Pair late = connection();
  room.enter_from("d", late.near);
  EXPECT_EQ(room.size(), 6u);
  EXPECT_TRUE(is_out(many[0]));
  for (size_t i = 1; i < many.size(); ++i) EXPECT_FALSE(is_out(many[i])) << i;
  EXPECT_FALSE(is_out(late));
}

TEST(WaitingRoom, WhoHasLeftIsNotPushedOut) {
  WaitingRoom room(2, 2);
  const Pair first = connection(), second = connection(), third = connection();
  const uint64_t ticket = room.enter_from("a", first.near);
  room.leave(ticket);
  room.leave(ticket);
  room.enter_from("a", second.near);
  room.enter_from("a", third.near);
  EXPECT_EQ(room.size(), 2u);
  EXPECT_FALSE(is_out(first) || is_out(second) || is_out(third));
}

}  // namespace
}  // namespace sluis::node
