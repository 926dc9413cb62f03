#include "net/preamble.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/bytes.h"
#include "net/loopback.h"
#include "net/tcp.h"

namespace sluis::net {
namespace {

TEST(Preamble, RoutesADescriptorToAnotherProcess) {
  std::array<Fd, 2> tcp = make_socket_pair();
  Preamble preamble;
  preamble.run.fill(0xA5);
  preamble.from_party = 2;
  preamble.direction = Neighbour::kPrev;
  ASSERT_TRUE(write_preamble(tcp[0].get(), preamble, deadline_in(500)).ok());
  ASSERT_EQ(::send(tcp[0].get(), "after", 5, 0), 5);
  EXPECT_EQ(read_preamble(tcp[1].get(), deadline_in(500)).value(), preamble);
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  const Fd daemon(pair[0]), job(pair[1]);
  ASSERT_TRUE(send_fd(daemon.get(), preamble, tcp[1], deadline_in(500)).ok());
  tcp[1].reset();
  const PassedConnection passed = recv_fd(job.get(), deadline_in(500)).value();
  EXPECT_EQ(passed.preamble, preamble);
  EXPECT_NE(::fcntl(passed.fd.get(), F_GETFD) & FD_CLOEXEC, 0);
  char text[6] = "";
  ASSERT_EQ(::recv(passed.fd.get(), text, 5, 0), 5);  // the preamble was read exactly
  EXPECT_STREQ(text, "after");
}

TEST(Preamble, RefusesEveryOtherForm) {
  const auto result_of = [](const Bytes& bytes) {
    std::array<Fd, 2> tcp = make_socket_pair();
    EXPECT_EQ(::send(tcp[0].get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    return read_preamble(tcp[1].get(), deadline_in(100));
  };
  Bytes good(kPreambleBytes, 0);
  std::copy_n("SLUISJB1", 8, good.begin());
  EXPECT_TRUE(result_of(good).ok());
  for (const size_t at : {0, 7, 24, 25, 26, 31}) {
    Bytes bad = good;
    bad[at] ^= 0x40;
    EXPECT_EQ(result_of(bad).error().id, "S1390.preamble") << at;
  }
  EXPECT_EQ(result_of(Bytes(good.begin(), good.end() - 1)).error().id, "S1390.timeout");
  EXPECT_EQ(result_of({'G', 'E', 'T'}).error().id, "S1390.timeout");
}

TEST(Preamble, AMessageWithoutDescriptorIsRefused) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  const Fd a(pair[0]), b(pair[1]);
  ASSERT_TRUE(write_preamble(a.get(), {}, deadline_in(100)).ok());
  EXPECT_FALSE(recv_fd(b.get(), deadline_in(100)).ok());
  EXPECT_EQ(recv_fd(b.get(), deadline_in(100)).error().id, "S1390.timeout");
}

TEST(Tcp, ReportsAnUnreachablePeer) {
  Fd listener = listen_tcp("127.0.0.1", 0).value();
  const uint16_t port = local_port(listener);
  listener.reset();
  EXPECT_EQ(connect_tcp("127.0.0.1", port, deadline_in(1'000)).error().id, "S1390.connect");
  EXPECT_EQ(listen_tcp("256.1.1.1", 1).error().id, "S1390.listen");
}

}  // namespace
}  // namespace sluis::net
