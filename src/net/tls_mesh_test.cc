// What only the TLS mesh has to stand: dead processes, heartbeats, bytes changed on the wire, hostile peers.
#include "net/tls_mesh.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include "net/frame.h"
#include "net/loopback.h"

namespace sluis::net {
namespace {

using Seconds = std::chrono::duration<double>;
constexpr double kPrompt = 5.0;  // far from every deadline, far from what a busy machine needs

std::optional<AbortCode> outcome_of(const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (const ProtocolAbort& abort) {
    return abort.code();
  }
}

class TlsMeshTest : public testing::Test {
 protected:
  std::array<std::unique_ptr<TlsContext>, 3> contexts_ = make_loopback_contexts();
  std::array<MeshConnections, 3> ends_ = connect_loopback(contexts_);
};

// P2 is killed while P0 waits for P1 and P1 for P0.
TEST_F(TlsMeshTest, AKilledProcessStopsTheOtherTwo) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // Only P2's ends live on here.
    ends_[0] = {};
    ends_[1] = {};
    for (;;) ::pause();
  }
  ends_[2] = {};
  auto p0 = make_tls_mesh(0, std::move(ends_[0]));
  auto p1 = make_tls_mesh(1, std::move(ends_[1]));
  std::atomic<bool> killed{false};
  std::array<std::optional<AbortCode>, 2> outcomes;
  const auto wait_for = [&](Mesh& mesh, Neighbour from, size_t i) {
    return [&, from, i] {
      Bytes got(4);
      outcomes[i] = outcome_of([&] { mesh.recv(from, 1, got); });
      EXPECT_TRUE(killed);
    };
  };
  std::thread first(wait_for(*p0, Neighbour::kNext, 0));
  std::thread second(wait_for(*p1, Neighbour::kPrev, 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto start = Clock::now();
  killed = true;
  ::kill(child, SIGKILL);
  first.join();
  second.join();
  EXPECT_LT(Seconds(Clock::now() - start).count(), kPrompt);
  ::waitpid(child, nullptr, 0);
  for (const auto& outcome : outcomes)
    EXPECT_TRUE(outcome == AbortCode::kClosed || outcome == AbortCode::kPeerAbort);
}

TEST_F(TlsMeshTest, AComputingPeerIsNotTakenForDead) {
  MeshOptions options;
  options.base_timeout_ms = 400;
  std::array<std::unique_ptr<Mesh>, 3> meshes;
  for (size_t i = 0; i < 3; ++i) meshes[i] = make_tls_mesh(static_cast<int>(i), std::move(ends_[i]), options);
  std::thread slow([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // "computes"
    meshes[1]->send(Neighbour::kPrev, 1, Bytes(3));
  });
  Bytes got(3);
  EXPECT_EQ(outcome_of([&] { meshes[0]->recv(Neighbour::kNext, 1, got); }), std::nullopt);
  slow.join();
  EXPECT_GE(meshes[1]->traffic().frame_bytes_sent[1], 4 * kFrameBytes);
  EXPECT_EQ(meshes[1]->traffic().payload_sent[1], 3u);
}

// A process that lives but never answers: heartbeats alone do not keep a run alive for ever.
TEST_F(TlsMeshTest, HeartbeatsAloneEndWithThePatience) {
  MeshOptions options;
  options.base_timeout_ms = 200;
  options.patience_ms = 700;
  std::array<std::unique_ptr<Mesh>, 3> meshes;
  for (size_t i = 0; i < 3; ++i) meshes[i] = make_tls_mesh(static_cast<int>(i), std::move(ends_[i]), options);
  const auto start = Clock::now();
  Bytes got(3);
  EXPECT_EQ(outcome_of([&] { meshes[0]->recv(Neighbour::kNext, 1, got); }), AbortCode::kTimeout);
  EXPECT_GE(Seconds(Clock::now() - start).count(), 0.69);
}

// P2 speaks TLS but no proper frames.
class HostilePeer : public TlsMeshTest {
 protected:
  void SetUp() override {
    MeshOptions options;
    options.base_timeout_ms = 3'000;
    victim_ = make_tls_mesh(0, std::move(ends_[0]), options);
  }
  // To P0, from its prev.
  void say(const FrameHead& head, size_t payload) {
    Bytes frame(kFrameBytes + payload, 1);
    encode_frame_head(head, std::span<uint8_t, kFrameBytes>(frame.data(), kFrameBytes));
    EXPECT_EQ(ends_[2].to_next->write(frame, deadline_in(3'000)), Io::kOk);
    EXPECT_EQ(ends_[2].to_next->flush(deadline_in(3'000)), Io::kOk);
  }
  std::optional<AbortCode> victim_receives(Neighbour from, size_t n) {
    Bytes got(n);
    return outcome_of([&] { victim_->recv(from, 1, got); });
  }
  std::unique_ptr<Mesh> victim_;
};

TEST_F(HostilePeer, AGoodFrameIsTaken) {
  say({4, 1, 0}, 4);
  EXPECT_EQ(victim_receives(Neighbour::kPrev, 4), std::nullopt);
}

TEST_F(HostilePeer, AnEnormousLengthIsRefusedWithoutMemory) {
  say({0xFFFFFFFF, 1, 0}, 100);
  EXPECT_EQ(victim_receives(Neighbour::kPrev, 4), AbortCode::kBadLength);
}

// The same, read ahead while P0 waits for P1: bounded, and no fault of P1.
TEST_F(HostilePeer, AFloodFromTheOtherSideIsBounded) {
  std::atomic<bool> stop{false};
  std::thread flood([&] {
    const Bytes part(1 << 16, 9);
    Bytes head(kFrameBytes);
    encode_frame_head({0xFFFFFFFF, 1, 0}, std::span<uint8_t, kFrameBytes>(head.data(), kFrameBytes));
    (void)ends_[2].to_next->write(head, deadline_in(1'000));
    uint64_t sent = 0;
    while (!stop && ends_[2].to_next->write(part, deadline_in(200)) == Io::kOk) sent += part.size();
    // 4 MiB in the victim, the rest in kernel buffers.
    EXPECT_LT(sent, 64u << 20);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::thread answer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    Bytes frame(kFrameBytes + 4, 1);
    encode_frame_head({4, 1, 0}, std::span<uint8_t, kFrameBytes>(frame.data(), kFrameBytes));
    (void)ends_[1].to_prev->write(frame, deadline_in(1'000));
    (void)ends_[1].to_prev->flush(deadline_in(1'000));
  });
  EXPECT_EQ(victim_receives(Neighbour::kNext, 4), std::nullopt);
  stop = true;
  flood.join();
  answer.join();
  EXPECT_EQ(victim_receives(Neighbour::kPrev, 4), AbortCode::kBadLength);
}

// Endless frames without payload, from P0's prev or next, until `stop` or nobody takes them; returns how
// many.
uint32_t flood_with(TlsConnection& connection, uint32_t operation, const std::atomic<bool>& stop) {
  uint32_t frames = 0;
  Bytes part(1000 * kFrameBytes);
  while (!stop) {
    for (size_t i = 0; i < 1000; ++i)
      encode_frame_head({0, operation, frames++},
                        std::span<uint8_t, kFrameBytes>(&part[i * kFrameBytes], kFrameBytes));
    if (connection.write(part, deadline_in(200)) != Io::kOk) break;
  }
  return frames;
}

TEST_F(HostilePeer, AFloodOfEmptyMessagesIsBounded) {
  std::atomic<bool> stop{false};
  uint32_t frames = 0;
  std::thread flood([&] { frames = flood_with(*ends_[2].to_next, 1, stop); });
  EXPECT_EQ(victim_receives(Neighbour::kNext, 4), AbortCode::kTimeout);
  stop = true;
  flood.join();
  // 65,536 kept by the victim, the rest in kernel buffers.
  EXPECT_LT(frames, 65'536u + (24u << 20) / kFrameBytes);
}

// Heartbeats without end, from the awaited neighbour or from the other: the deadline holds.
TEST_F(HostilePeer, AFloodOfHeartbeatsDoesNotHoldTheDeadlineOff) {
  for (const bool awaited : {false, true}) {
    SCOPED_TRACE(awaited);
    MeshOptions options;
    options.base_timeout_ms = 300;
    options.patience_ms = 800;
    std::array<MeshConnections, 3> ends = connect_loopback(contexts_);
    const auto victim = make_tls_mesh(0, std::move(ends[0]), options);
    std::atomic<bool> stop{false};
    std::thread flood([&] { flood_with(*ends[2].to_next, kHeartbeatOperation, stop); });
    const auto start = Clock::now();
    Bytes got(4);
    const Neighbour from = awaited ? Neighbour::kPrev : Neighbour::kNext;
    EXPECT_EQ(outcome_of([&] { victim->recv(from, 1, got); }), AbortCode::kTimeout);
    EXPECT_LT(Seconds(Clock::now() - start).count(), kPrompt);
    stop = true;
    flood.join();
  }
}

// A payload that comes byte by byte: each byte is a sign of life, and yet the minimum rate counts.
TEST_F(HostilePeer, ATrickleDoesNotHoldTheDeadlineOff) {
  MeshOptions options;
  options.base_timeout_ms = 300;
  std::array<MeshConnections, 3> ends = connect_loopback(contexts_);
  const auto victim = make_tls_mesh(0, std::move(ends[0]), options);
  std::atomic<bool> stop{false};
  std::thread trickle([&] {
    Bytes head(kFrameBytes);
    encode_frame_head({1000, 1, 0}, std::span<uint8_t, kFrameBytes>(head.data(), kFrameBytes));
    (void)ends[2].to_next->write(head, deadline_in(200));
    while (!stop) {
      (void)ends[2].to_next->write(Bytes(1), deadline_in(200));
      (void)ends[2].to_next->flush(deadline_in(200));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  Bytes got(1000);
  EXPECT_EQ(outcome_of([&] { victim->recv(Neighbour::kPrev, 1, got); }), AbortCode::kTimeout);
  stop = true;
  trickle.join();
}

TEST_F(HostilePeer, AWrongSequenceIsRefused) {
  say({4, 1, 1}, 4);
  EXPECT_EQ(victim_receives(Neighbour::kPrev, 4), AbortCode::kBadOperation);
}

TEST_F(HostilePeer, UnknownControlFramesAreRefused) {
  say({0, 0xFFFFFF00, 0}, 0);
  EXPECT_EQ(victim_receives(Neighbour::kPrev, 4), AbortCode::kBadOperation);
}

TEST_F(HostilePeer, AHeartbeatWithPayloadIsRefused) {
  say({1, kHeartbeatOperation, 0}, 1);
  EXPECT_EQ(victim_receives(Neighbour::kPrev, 4), AbortCode::kBadOperation);
}

TEST_F(HostilePeer, AnAbortIsSeenWhileWaitingForAnother) {
  say({1, kAbortOperation, 0}, 1);
  const auto start = Clock::now();
  EXPECT_EQ(victim_receives(Neighbour::kNext, 4), AbortCode::kPeerAbort);
  EXPECT_LT(Seconds(Clock::now() - start).count(), 2.0);
}

TEST_F(HostilePeer, AnEndInsideAFrameIsACut) {
  say({4, 1, 0}, 2);
  ends_[2].to_next->append_close();
  EXPECT_EQ(ends_[2].to_next->flush(deadline_in(1'000)), Io::kOk);
  EXPECT_EQ(victim_receives(Neighbour::kPrev, 4), AbortCode::kClosed);
}

// Copies bytes from one socket to another, with one bit of byte `at` flipped.
void relay_with_flip(int from, int to, uint64_t at) {
  uint64_t seen = 0;
  Bytes buffer(65536);
  while (true) {
    pollfd entry{from, POLLIN, 0};
    if (::poll(&entry, 1, 5'000) <= 0) return;
    const ssize_t n = ::recv(from, buffer.data(), buffer.size(), 0);
    if (n <= 0) break;
    if (at >= seen && at < seen + static_cast<uint64_t>(n)) buffer[at - seen] ^= 1;
    seen += static_cast<uint64_t>(n);
    for (ssize_t done = 0; done < n;) {
      const ssize_t k = ::send(to, buffer.data() + done, static_cast<size_t>(n - done), MSG_NOSIGNAL);
      if (k < 0 && errno == EAGAIN) continue;
      if (k <= 0) return;
      done += k;
    }
  }
  ::shutdown(to, SHUT_WR);
}

// Somebody on the wire between P0 and P1 flips one bit, early or late: never a wrong payload, always an end.
TEST_F(TlsMeshTest, AFlippedBitOnTheWireStopsAllThree) {
  for (const uint64_t at :
       {uint64_t{3}, uint64_t{700}, uint64_t{3000}, uint64_t{40'000}, uint64_t{900'000}}) {
    std::array<Fd, 2> left = make_socket_pair();
    std::array<Fd, 2> right = make_socket_pair();
    std::thread there([&] { relay_with_flip(left[1].get(), right[0].get(), at); });
    std::thread back([&] { relay_with_flip(right[0].get(), left[1].get(), ~uint64_t{0}); });
    Result<std::unique_ptr<TlsConnection>> accepted = Error{};
    std::thread acceptor([&] {
      accepted = TlsConnection::accept(*contexts_[1], std::move(right[1]), std::nullopt, deadline_in(3'000));
    });
    auto connected =
        TlsConnection::connect(*contexts_[0], std::move(left[0]), std::nullopt, deadline_in(3'000));
    acceptor.join();
    if (!connected.ok() || !accepted.ok()) {
      EXPECT_LT(at, 5'000u);  // the handshake itself was hit
    } else {
      std::array<MeshConnections, 3> ends = connect_loopback(contexts_);
      ends[0].to_next = std::move(connected).value();
      ends[1].from_prev = std::move(accepted).value();
      std::vector<std::thread> parties;
      std::array<std::optional<AbortCode>, 3> outcomes;
      for (size_t i = 0; i < 3; ++i) {
        parties.emplace_back([&, i] {
          const auto mesh = make_tls_mesh(static_cast<int>(i), std::move(ends[i]));
          outcomes[i] = outcome_of([&] {
            for (uint32_t op = 0; op < 100; ++op) {
              mesh->send(Neighbour::kNext, op, Bytes(20'000, static_cast<uint8_t>(op)));
              Bytes got(20'000);
              mesh->recv(Neighbour::kPrev, op, got);
              EXPECT_EQ(got, Bytes(20'000, static_cast<uint8_t>(op)));
            }
          });
        });
      }
      for (std::thread& t : parties) t.join();
      for (const auto& outcome : outcomes) EXPECT_TRUE(outcome.has_value()) << at;
    }
    connected = Error{};
    accepted = Error{};
    ::shutdown(left[1].get(), SHUT_RDWR);
    ::shutdown(right[0].get(), SHUT_RDWR);
    there.join();
    back.join();
  }
}

}  // namespace
}  // namespace sluis::net
