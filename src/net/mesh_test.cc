// What every mesh must do, run on the in-process mesh and on TLS.
#include "net/mesh.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include "net/loopback.h"
#include "net/memory_mesh.h"
#include "net/tampering_mesh.h"

namespace sluis::net {
namespace {

using Meshes = std::array<std::unique_ptr<Mesh>, 3>;
using Party = std::function<void(Mesh&)>;
using Seconds = std::chrono::duration<double>;

// An abort takes milliseconds. The bound leaves room for a busy machine and still tells it from any deadline.
constexpr double kPrompt = 5.0;

// How each party ended: empty for success.
using Outcomes = std::array<std::optional<AbortCode>, 3>;

Outcomes run(Meshes& meshes, const Party& party) {
  Outcomes outcomes;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      try {
        party(*meshes[i]);
      } catch (const ProtocolAbort& abort) {
        outcomes[i] = abort.code();
      }
    });
  }
  for (std::thread& t : threads) t.join();
  return outcomes;
}

enum class Kind { kMemory, kTls };

class MeshTest : public testing::TestWithParam<Kind> {
 protected:
  // The TLS contexts must outlive the meshes.
  Meshes make(const MeshOptions& options = {}) {
    if (GetParam() == Kind::kMemory) return make_memory_meshes(options);
    LoopbackWorld world = make_loopback_world(options);
    for (auto& context : world.contexts) contexts_.push_back(std::move(context));
    return std::move(world.meshes);
  }
  std::vector<std::unique_ptr<TlsContext>> contexts_;
};

INSTANTIATE_TEST_SUITE_P(All, MeshTest, testing::Values(Kind::kMemory, Kind::kTls),
                         [](const auto& info) { return info.param == Kind::kMemory ? "Memory" : "Tls"; });

// The content of message `op` from `party`: neither constant nor equal for two messages.
Bytes content(int party, Neighbour to, uint32_t op, size_t n) {
  Bytes bytes(n);
  for (size_t i = 0; i < n; ++i)
    bytes[i] = static_cast<uint8_t>(31 * i + (i >> 8) + 7 * op + 101 * static_cast<size_t>(party) +
                                    (to == Neighbour::kNext ? 0 : 50));
  return bytes;
}

// One round: everyone sends to both and receives from both. False if the content is not what was sent.
bool round(Mesh& mesh, uint32_t op, size_t n) {
  for (Neighbour to : kBothNeighbours) mesh.send(to, op, content(mesh.party(), to, op, n));
  bool good = true;
  for (Neighbour from : kBothNeighbours) {
    Bytes got(n);
    mesh.recv(from, op, got);
    const Neighbour as_sent = from == Neighbour::kNext ? Neighbour::kPrev : Neighbour::kNext;
    good = good && got == content(neighbour_party(mesh.party(), from), as_sent, op, n);
  }
  return good;
}

TEST_P(MeshTest, CarriesMessagesOfEverySize) {
  Meshes meshes = make();
  std::atomic<int> good{0};
  const std::vector<size_t> sizes = {0,     1,     12,    100,   4096,   16371,  16372,   16373,   16384,
                                     32767, 32768, 32769, 65536, 262144, 300000, 1000003, 9000000, 5};
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    uint32_t op = 0;
    for (size_t n : sizes) good += round(mesh, op++, n);
  });
  EXPECT_EQ(outcomes, Outcomes{});
  EXPECT_EQ(good, 3 * static_cast<int>(sizes.size()));
}

// P1 takes what it can without waiting, and ends each message by waiting after some tries in vain.
TEST_P(MeshTest, ReceivesWithoutWaiting) {
  Meshes meshes = make();
  const std::vector<size_t> sizes = {0, 1, 5000, 262144, 9000000, 300000, 12};
  std::atomic<int> good{0};
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    if (mesh.party() == 2) return;
    for (uint32_t op = 0; op < sizes.size(); ++op) {
      if (mesh.party() == 0) {
        mesh.send(Neighbour::kNext, op, content(0, Neighbour::kNext, op, sizes[op]));
        continue;
      }
      Bytes got(sizes[op]);
      int tries = 0;
      while (tries < 3 && !mesh.recv_if_arrived(Neighbour::kPrev, op, got)) ++tries;
      if (tries == 3) mesh.recv(Neighbour::kPrev, op, got);
      good += got == content(0, Neighbour::kNext, op, sizes[op]) ? 1 : 0;
    }
    // Nothing follows: never done, however often it is asked.
    for (int i = 0; mesh.party() == 1 && i < 100; ++i)
      good -= mesh.recv_if_arrived(Neighbour::kNext, 0, {}) ? 1 : 0;
  });
  EXPECT_EQ(outcomes, Outcomes{});
  EXPECT_EQ(good, static_cast<int>(sizes.size()));
  EXPECT_EQ(meshes[1]->traffic().messages_received[1], sizes.size());
}

// While a large message of one neighbour is half in its place, a message of the other is waited for.
TEST_P(MeshTest, WaitsForOneNeighbourWithAMessageOfTheOtherInHand) {
  Meshes meshes = make();
  constexpr size_t kLarge = 30'000'000;
  std::atomic<int> good{0};
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    if (mesh.party() == 0) mesh.send(Neighbour::kNext, 1, content(0, Neighbour::kNext, 1, kLarge));
    if (mesh.party() == 2) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      mesh.send(Neighbour::kPrev, 1, content(2, Neighbour::kPrev, 1, 1000));
    }
    if (mesh.party() != 1) return;
    Bytes large(kLarge), small(1000);
    const bool done = mesh.recv_if_arrived(Neighbour::kPrev, 1, large);
    mesh.recv(Neighbour::kNext, 1, small);
    if (!done) mesh.recv(Neighbour::kPrev, 1, large);
    good += small == content(2, Neighbour::kPrev, 1, 1000) ? 1 : 0;
    good += large == content(0, Neighbour::kNext, 1, kLarge) ? 1 : 0;
  });
  EXPECT_EQ(outcomes, Outcomes{});
  EXPECT_EQ(good, 2);
}

TEST_P(MeshTest, ChecksMessagesReceivedWithoutWaiting) {
  Meshes meshes = make();
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    if (mesh.party() == 0) mesh.send(Neighbour::kNext, 7, Bytes(100));
    Bytes got(99);
    if (mesh.party() == 1) {
      while (!mesh.recv_if_arrived(Neighbour::kPrev, 7, got)) std::this_thread::yield();
    }
    if (mesh.party() == 2) mesh.recv(Neighbour::kPrev, 1, got);
  });
  EXPECT_EQ(outcomes[1], AbortCode::kBadLength);
  EXPECT_EQ(outcomes[2], AbortCode::kPeerAbort);
}

TEST_P(MeshTest, CountsPayloadExactly) {
  Meshes meshes = make();
  run(meshes, [&](Mesh& mesh) {
    mesh.send(Neighbour::kNext, 1, Bytes(10));
    mesh.send(Neighbour::kNext, 2, Bytes(0));
    mesh.send(Neighbour::kPrev, 1, Bytes(100000));
    Bytes ten(10), none, many(100000);
    mesh.recv(Neighbour::kPrev, 1, ten);
    mesh.recv(Neighbour::kPrev, 2, none);
    mesh.recv(Neighbour::kNext, 1, many);
  });
  for (const auto& mesh : meshes) {
    const Traffic t = mesh->traffic();
    EXPECT_EQ(t.payload_sent, (std::array<uint64_t, 2>{10, 100000}));
    EXPECT_EQ(t.payload_received, (std::array<uint64_t, 2>{100000, 10}));
    EXPECT_EQ(t.messages_sent, (std::array<uint64_t, 2>{2, 1}));
    EXPECT_EQ(t.messages_received, (std::array<uint64_t, 2>{1, 2}));
  }
}

// One side runs far ahead: what it sends waits, in order.
TEST_P(MeshTest, QueuesManyMessagesForASlowReader) {
  Meshes meshes = make();
  std::atomic<int> good{0};
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    for (uint32_t op = 0; op < 3000; ++op)
      mesh.send(Neighbour::kNext, op, content(mesh.party(), Neighbour::kNext, op, op % 3 == 0 ? 40000 : 100));
    for (uint32_t op = 0; op < 3000; ++op) {
      Bytes got(op % 3 == 0 ? 40000 : 100);
      mesh.recv(Neighbour::kPrev, op, got);
      good +=
          got == content(neighbour_party(mesh.party(), Neighbour::kPrev), Neighbour::kNext, op, got.size());
    }
  });
  EXPECT_EQ(outcomes, Outcomes{});
  EXPECT_EQ(good, 9000);
}

TEST_P(MeshTest, DeliversWhatWasSentBeforeDestruction) {
  Meshes meshes = make();
  std::atomic<bool> good{false};
  std::thread sender([&] {
    meshes[0]->send(Neighbour::kNext, 7, content(0, Neighbour::kNext, 7, 20'000'000));
    meshes[0].reset();
  });
  std::thread receiver([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    Bytes got(20'000'000);
    meshes[1]->recv(Neighbour::kPrev, 7, got);
    good = got == content(0, Neighbour::kNext, 7, got.size());
    EXPECT_THROW(meshes[1]->recv(Neighbour::kPrev, 8, got), ProtocolAbort);
  });
  sender.join();
  receiver.join();
  EXPECT_TRUE(good);
}

// A party that is done first must not stop the other two.
TEST_P(MeshTest, AnEarlyProperEndIsNoFault) {
  Meshes meshes = make();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  threads.emplace_back([&] { meshes[0].reset(); });
  for (size_t i : {1, 2}) {
    threads.emplace_back([&, i] {
      const Neighbour peer = i == 1 ? Neighbour::kNext : Neighbour::kPrev;
      for (uint32_t op = 0; op < 20; ++op) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        meshes[i]->send(peer, op, Bytes(100));
        Bytes got(100);
        meshes[i]->recv(peer, op, got);
        ++good;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(good, 40);
}

TEST_P(MeshTest, WrongLengthStopsAllThree) {
  for (const int difference : {-1, 1}) {
    Meshes meshes = make();
    const auto start = Clock::now();
    const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
      const size_t n = mesh.party() == 0 ? static_cast<size_t>(100 + difference) : 100;
      mesh.send(Neighbour::kNext, 1, Bytes(n));
      Bytes got(100);
      mesh.recv(Neighbour::kPrev, 1, got);
      for (uint32_t op = 2;; ++op) round(mesh, op, 10);
    });
    EXPECT_EQ(outcomes[1], AbortCode::kBadLength);
    EXPECT_EQ(outcomes[0], AbortCode::kPeerAbort);
    EXPECT_EQ(outcomes[2], AbortCode::kPeerAbort);
    EXPECT_LT(Seconds(Clock::now() - start).count(), kPrompt);
  }
}

TEST_P(MeshTest, WrongOperationStopsAllThree) {
  Meshes meshes = make();
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    mesh.send(Neighbour::kNext, mesh.party() == 0 ? 2 : 1, Bytes(4));
    Bytes got(4);
    mesh.recv(Neighbour::kPrev, 1, got);
    for (uint32_t op = 2;; ++op) round(mesh, op, 10);
  });
  EXPECT_EQ(outcomes[1], AbortCode::kBadOperation);
  EXPECT_EQ(outcomes[0], AbortCode::kPeerAbort);
  EXPECT_EQ(outcomes[2], AbortCode::kPeerAbort);
}

TEST_P(MeshTest, SilenceEndsInATimeoutForAll) {
  MeshOptions options;
  options.base_timeout_ms = 200;
  options.patience_ms = 600;
  Meshes meshes = make(options);
  const auto start = Clock::now();
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    Bytes got(4);
    mesh.recv(Neighbour::kPrev, 1, got);
  });
  for (const auto& outcome : outcomes) {
    ASSERT_TRUE(outcome.has_value());
    EXPECT_TRUE(*outcome == AbortCode::kTimeout || *outcome == AbortCode::kPeerAbort);
  }
  EXPECT_GE(Seconds(Clock::now() - start).count(), 0.19);
  EXPECT_LT(Seconds(Clock::now() - start).count(), 2.0);
}

TEST_P(MeshTest, AFullQueueAborts) {
  MeshOptions options;
  options.max_queue_bytes = 20'000'000;
  options.base_timeout_ms = 5'000;
  Meshes meshes = make(options);
  std::atomic<uint32_t> sent{0};
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    if (mesh.party() == 0)
      for (uint32_t op = 1; op < 1000; ++op, ++sent) mesh.send(Neighbour::kNext, op, Bytes(1'000'000));
    Bytes got(4);
    if (mesh.party() == 1) mesh.recv(Neighbour::kNext, 1, got);  // never reads from P0
    if (mesh.party() == 2) mesh.recv(Neighbour::kPrev, 1, got);
  });
  EXPECT_EQ(outcomes[0], AbortCode::kOverflow);
  EXPECT_TRUE(outcomes[1].has_value());
  EXPECT_TRUE(outcomes[2].has_value());
  EXPECT_GE(sent, 19u);
  EXPECT_LT(sent, 60u);  // the queue, and what the kernel holds
}

TEST_P(MeshTest, AbortWakesWaitingNeighboursAndOneself) {
  Meshes meshes = make();
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    meshes[2]->abort(AbortCode::kCancelled);
  });
  const auto start = Clock::now();
  // P0 waits for P1, P1 for P2, P2 for P0.
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    Bytes got(4);
    mesh.recv(Neighbour::kNext, 1, got);
  });
  canceller.join();
  EXPECT_EQ(outcomes, (Outcomes{AbortCode::kPeerAbort, AbortCode::kPeerAbort, AbortCode::kCancelled}));
  EXPECT_LT(Seconds(Clock::now() - start).count(), kPrompt);
  EXPECT_THROW(meshes[0]->send(Neighbour::kNext, 1, Bytes(1)), ProtocolAbort);
  EXPECT_THROW(meshes[2]->send(Neighbour::kNext, 1, Bytes(1)), ProtocolAbort);
}

// P2 dies; P0 waits for P1, which waits for P0: neither waits for P2, and yet both must stop.
TEST_P(MeshTest, AnExceptionOfOnePartyStopsTheOthers) {
  Meshes meshes = make();
  const auto start = Clock::now();
  Outcomes outcomes;
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    try {
      const std::unique_ptr<Mesh> mine = std::move(meshes[2]);
      throw std::runtime_error("a fault that is no ProtocolAbort");
    } catch (const std::runtime_error&) {
    }
  });
  for (size_t i : {0, 1}) {
    threads.emplace_back([&, i] {
      try {
        Bytes got(4);
        meshes[i]->recv(i == 0 ? Neighbour::kNext : Neighbour::kPrev, 1, got);
      } catch (const ProtocolAbort& abort) {
        outcomes[i] = abort.code();
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(outcomes[0], AbortCode::kPeerAbort);
  EXPECT_EQ(outcomes[1], AbortCode::kPeerAbort);
  EXPECT_LT(Seconds(Clock::now() - start).count(), kPrompt);
}

// Each way of damaging each of the first messages of one party. A flip is for checks above the mesh.
TEST_P(MeshTest, EveryTamperingStopsAllThree) {
  using enum Tampering;
  MeshOptions options;
  options.base_timeout_ms = 400;
  options.patience_ms = 800;
  for (const Tampering how : {kTruncate, kExtend, kDrop, kDuplicate, kOperation, kAbort}) {
    for (const uint64_t message : {0, 3}) {
      Meshes meshes = make(options);
      meshes[1] = make_tampering_mesh(std::move(meshes[1]), {how, message});
      const auto start = Clock::now();
      const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
        for (uint32_t op = 10; op < 200; op += 2) round(mesh, op, 64);
      });
      for (const auto& outcome : outcomes)
        EXPECT_TRUE(outcome.has_value()) << static_cast<int>(how) << message;
      EXPECT_LT(Seconds(Clock::now() - start).count(), kPrompt) << static_cast<int>(how);
    }
  }
}

TEST_P(MeshTest, AFlipArrivesFlippedAndADelayIsHarmless) {
  Meshes meshes = make();
  meshes[0] = make_tampering_mesh(std::move(meshes[0]), {Tampering::kFlip, 2});
  meshes[1] = make_tampering_mesh(std::move(meshes[1]), {Tampering::kDelay, 1, 50});
  std::array<int, 3> bad{};
  const Outcomes outcomes = run(meshes, [&](Mesh& mesh) {
    for (uint32_t op = 0; op < 5; ++op) bad[static_cast<size_t>(mesh.party())] += !round(mesh, op, 33);
  });
  EXPECT_EQ(outcomes, Outcomes{});
  EXPECT_EQ(bad, (std::array<int, 3>{0, 1, 0}));  // message 2 of P0 is its second one to next
}

}  // namespace
}  // namespace sluis::net
