// Meeting while somebody else knocks: connections that claim to be a neighbour and stay silent, or send
// noise.
#include "net/establish.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "net/tcp.h"

namespace sluis::net {
namespace {

struct Party {
  std::unique_ptr<TlsContext> context;
  Fd listener;
  MeshSetup setup;
};

std::array<Party, 3> three_parties() {
  std::array<Identity, 3> identities;
  std::vector<std::string> certificates;
  for (size_t i = 0; i < 3; ++i) {
    identities[i] = generate_identity("node" + std::to_string(i));
    certificates.push_back(identities[i].certificate_pem);
  }
  std::array<Party, 3> parties;
  for (size_t i = 0; i < 3; ++i) {
    parties[i].context = TlsContext::create(identities[i], certificates, kAlpnMesh).value();
    parties[i].listener = listen_tcp("127.0.0.1", 0).value();
  }
  for (size_t i = 0; i < 3; ++i) {
    MeshSetup& setup = parties[i].setup;
    setup.party = static_cast<int>(i);
    setup.run.fill(0x5A);
    for (size_t j = 0; j < 3; ++j)
      setup.peers[j] = {"127.0.0.1", local_port(parties[j].listener), identities[j].fingerprint};
    setup.incoming = [&party = parties[i]](Deadline deadline) {
      return accept_for_run(party.listener, party.setup.run, deadline);
    };
  }
  return parties;
}

// A connection to `to` in the name of its prev or next, with the run's own number; then `what`.
Fd knock(const Party& to, Neighbour as, ByteSpan what = {}) {
  Fd fd = connect_tcp("127.0.0.1", local_port(to.listener), deadline_in(2'000)).value();
  const Neighbour direction = as == Neighbour::kPrev ? Neighbour::kNext : Neighbour::kPrev;
  const auto from = static_cast<uint8_t>(neighbour_party(to.setup.party, as));
  EXPECT_TRUE(write_preamble(fd.get(), {to.setup.run, from, direction}, deadline_in(2'000)).ok());
  if (!what.empty()) (void)::send(fd.get(), what.data(), what.size(), MSG_NOSIGNAL);
  return fd;
}

// All three meet within the deadline, and a message goes round.
void expect_meeting(std::array<Party, 3>& parties, uint64_t deadline_ms) {
  std::array<bool, 3> met{};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 3; ++i)
    threads.emplace_back([&, i] {
      auto mesh = establish_mesh(*parties[i].context, parties[i].setup, deadline_in(deadline_ms));
      if (!mesh) return;
      const Bytes word{static_cast<uint8_t>(i)};
      (*mesh)->send(Neighbour::kNext, 1, ByteSpan(word));
      Bytes got(1);
      (*mesh)->recv(Neighbour::kPrev, 1, got);
      met[i] = got[0] == (i + 2) % 3;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(met[0] && met[1] && met[2]);
}

TEST(Establish, SilentConnectionsInANeighboursNameKeepNobodyWaiting) {
  auto parties = three_parties();
  std::vector<Fd> silent;
  for (int i = 0; i < 20; ++i)
    for (const Party& party : parties)
      for (const Neighbour as : kBothNeighbours) silent.push_back(knock(party, as));
  expect_meeting(parties, 4'000);  // less than one silent connection may last
}

TEST(Establish, AFloodWithTheRunsOwnNumberKeepsNobodyWaiting) {
  auto parties = three_parties();
  std::atomic<bool> stop{false};
  std::thread flood([&] {
    const Bytes noise(64, 0x16);
    std::vector<Fd> open;
    while (!stop) {
      for (const Party& party : parties)
        for (const Neighbour as : kBothNeighbours)
          open.push_back(knock(party, as, open.size() % 2 == 0 ? ByteSpan(noise) : ByteSpan()));
      if (open.size() > 200) open.erase(open.begin(), open.begin() + 100);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  expect_meeting(parties, 15'000);
  stop = true;
  flood.join();
}

TEST(Establish, WithoutANeighbourTheDeadlineEndsIt) {
  auto parties = three_parties();
  const Fd one = knock(parties[0], Neighbour::kPrev);
  const auto mesh = establish_mesh(*parties[0].context, parties[0].setup, deadline_in(600));
  EXPECT_EQ(mesh.error().id, "S1301.mesh");
}

}  // namespace
}  // namespace sluis::net
