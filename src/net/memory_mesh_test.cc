#include "net/memory_mesh.h"

#include <gtest/gtest.h>

#include <thread>

namespace sluis::net {
namespace {

TEST(MemoryMesh, CarriesMessagesInOrderBothWays) {
  auto meshes = make_memory_meshes();
  std::vector<std::thread> threads;
  std::array<int, 3> good{};
  for (int party = 0; party < 3; ++party) {
    threads.emplace_back([&, party] {
      Mesh& mesh = *meshes[static_cast<size_t>(party)];
      for (uint32_t op = 0; op < 1000; ++op) {
        const Bytes to_next = {static_cast<uint8_t>(party), static_cast<uint8_t>(op)};
        mesh.send(Neighbour::kNext, op, ByteSpan(to_next));
        mesh.send(Neighbour::kPrev, op, Bytes{static_cast<uint8_t>(op), static_cast<uint8_t>(party), 7});
        Bytes from_prev(2);
        Bytes from_next(3);
        mesh.recv(Neighbour::kPrev, op, from_prev);
        mesh.recv(Neighbour::kNext, op, from_next);
        if (from_prev == Bytes{static_cast<uint8_t>((party + 2) % 3), static_cast<uint8_t>(op)} &&
            from_next == Bytes{static_cast<uint8_t>(op), static_cast<uint8_t>((party + 1) % 3), 7})
          ++good[static_cast<size_t>(party)];
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(good, (std::array<int, 3>{1000, 1000, 1000}));
  EXPECT_EQ(meshes[0]->traffic().total_payload_sent(), 5000u);
}

}  // namespace
}  // namespace sluis::net
