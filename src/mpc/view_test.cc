// What a party sees in every protocol: masks that are fresh, unknown to their receivers, and independent of
// each other. Where all shares are zero a message is its masks alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>

#include "testing/protocol_cases.h"
#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }

TEST(Views, NoPrgBlockServesTwiceInASession) {
  const auto inputs = case_inputs(5000, CaseData::kRandom, 6);
  const auto run = run_measured([&](Session& s) {
    for (int repeat = 0; repeat < 2; ++repeat)
      for (const ProtocolCase& c : protocol_cases()) c.run(s, inputs[index(s)]);
  });
  for (std::vector<PrgUse> uses : run.prg_uses) {
    ASSERT_GT(uses.size(), 500u);
    const auto place = [](const PrgUse& u) {
      return std::tuple(u.key, u.domain, u.operation, u.first_block);
    };
    std::ranges::sort(uses, {}, place);
    for (size_t i = 1; i < uses.size(); ++i) {
      const PrgUse &a = uses[i - 1], &b = uses[i];
      const bool same_stream =
          std::tuple(a.key, a.domain, a.operation) == std::tuple(b.key, b.domain, b.operation);
      ASSERT_FALSE(same_stream && a.first_block + a.blocks > b.first_block)
          << "key " << b.key << " domain " << static_cast<int>(b.domain) << " operation " << b.operation;
    }
  }
}

// Keeps all that a party receives.
class ListeningMesh final : public net::Mesh {
 public:
  ListeningMesh(std::unique_ptr<net::Mesh> inner, std::vector<Bytes>& heard)
      : inner_(std::move(inner)), heard_(heard) {}
  int party() const override { return inner_->party(); }
  void send(net::Neighbour to, uint32_t operation, ByteSpan bytes) override {
    inner_->send(to, operation, bytes);
  }
  void send(net::Neighbour to, uint32_t operation, Bytes&& bytes) override {
    inner_->send(to, operation, std::move(bytes));
  }
  void recv(net::Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    inner_->recv(from, operation, into);
    heard_.emplace_back(into.begin(), into.end());
  }
  void abort(net::AbortCode code) noexcept override { inner_->abort(code); }
  net::Traffic traffic() const override { return inner_->traffic(); }

 private:
  std::unique_ptr<net::Mesh> inner_;
  std::vector<Bytes>& heard_;
};

struct Heard {
  std::array<std::vector<Bytes>, 3> messages;
  std::array<std::vector<PrgUse>, 3> uses;
};

constexpr uint64_t kListenSeed = 7;

RunOptions listen_options() {
  RunOptions options;
  options.seed = kListenSeed;
  return options;
}

Heard listen(size_t rows, const std::function<void(Session&, const CaseInputs&)>& job, RunOptions options) {
  const auto inputs = case_inputs(rows, CaseData::kZeroShares, 1);
  Heard heard;
  options.wrap = [&](std::unique_ptr<net::Mesh> mesh) -> std::unique_ptr<net::Mesh> {
    std::vector<Bytes>& to = heard.messages[static_cast<size_t>(mesh->party())];
    return std::make_unique<ListeningMesh>(std::move(mesh), to);
  };
  heard.uses = run_measured([&](Session& s) { job(s, inputs[index(s)]); }, options).prg_uses;
  return heard;
}

std::vector<uint64_t> words_of(const std::vector<Bytes>& messages) {
  std::vector<uint64_t> words;
  for (const Bytes& m : messages)
    for (size_t at = 0; at + 8 <= m.size(); at += 8) {
      words.emplace_back();
      std::memcpy(&words.back(), m.data() + at, 8);
    }
  return words;
}

// Where all shares are zero, a message is its mask: half ones, or the mask is missing.
TEST(Views, WhatAPartyReceivesIsUniform) {
  for (const ProtocolCase& c : protocol_cases()) {
    if (c.opens) continue;
    const Heard heard = listen(64 * 50, c.run, listen_options());
    for (size_t party = 0; party < 3; ++party) {
      double bits = 0, ones = 0;
      for (const Bytes& message : heard.messages[party])
        for (uint8_t byte : message) {
          bits += 8;
          ones += std::popcount(byte);
        }
      if (bits == 0) continue;
      EXPECT_NEAR(ones, bits / 2, 6 * std::sqrt(bits) / 2) << c.name << ", P" << party;
    }
  }
}

// No word arrives twice (a mask that served twice), and none is a word that the receiver could compute itself
// (a mask that it knows). Random 64-bit words would coincide with probability 2^-20 here.
TEST(Views, MasksAreFreshAndUnknownToTheReceiver) {
  const Heard heard = listen(
      64 * 5,
      [](Session& s, const CaseInputs& in) {
        for (int repeat = 0; repeat < 2; ++repeat)
          for (const ProtocolCase& c : protocol_cases())
            if (!c.opens) c.run(s, in);
      },
      listen_options());
  for (size_t party = 0; party < 3; ++party) {
    std::vector<uint64_t> received = words_of(heard.messages[party]);
    if (party != 0) {
      ASSERT_GT(received.size(), 10'000u);
    }
    std::ranges::sort(received);
    EXPECT_EQ(std::ranges::adjacent_find(received), received.end()) << "P" << party;
    const SessionKeys keys = seeded_keys(static_cast<int>(party), kListenSeed);
    for (const PrgUse& use : heard.uses[party]) {
      std::vector<uint64_t> stream(2 * use.blocks);
      crypto::prg_fill(use.key == static_cast<int>(party) ? keys.own : keys.next, use.domain, use.operation,
                       use.first_block, std::span(stream));
      for (uint64_t word : stream) ASSERT_FALSE(std::ranges::binary_search(received, word)) << "P" << party;
    }
  }
}

// A party's view: its own two keys stay, the third varies. Every bit that it receives must then be uniform,
// and so must the parity of every word: a word of a plane holds 64 rows, and where rows are only permuted by
// something unknown, but masked by something known, single bits look random while the parity stays.
TEST(Views, ViewsAreUniformToWhoLacksTheThirdKey) {
  constexpr int kRuns = 128;
  constexpr double kFar = 40;  // seven standard deviations: six million bits are looked at
  for (size_t party = 0; party < 3; ++party) {
    std::vector<std::array<int, 65>> ones;
    for (int run = 0; run < kRuns; ++run) {
      RunOptions options;
      options.key_seeds = {1, 2, 3};
      (*options.key_seeds)[(party + 2) % 3] = 1000 + static_cast<uint64_t>(run);
      const Heard heard = listen(
          64,
          [](Session& s, const CaseInputs& in) {
            for (const ProtocolCase& c : protocol_cases())
              if (!c.opens) c.run(s, in);
          },
          options);
      const std::vector<uint64_t> words = words_of(heard.messages[party]);
      ones.resize(words.size());
      for (size_t w = 0; w < words.size(); ++w) {
        for (size_t bit = 0; bit < 64; ++bit) ones[w][bit] += static_cast<int>(words[w] >> bit & 1);
        ones[w][64] += std::popcount(words[w]) & 1;
      }
    }
    ASSERT_GT(ones.size(), party == 0 ? 1000u : 2000u);
    for (size_t w = 0; w < ones.size(); ++w)
      for (int count : ones[w]) ASSERT_NEAR(count, kRuns / 2, kFar) << "P" << party << ", word " << w;
  }
}

// Rank over GF(2) of rows of 64-bit words.
size_t rank_of(std::vector<std::vector<uint64_t>> rows) {
  size_t rank = 0;
  for (size_t column = 0; !rows.empty() && column < 64 * rows[0].size(); ++column) {
    const auto has = [&](const auto& row) { return (row[column / 64] >> column % 64 & 1) != 0; };
    const auto pivot = std::find_if(rows.begin() + static_cast<ptrdiff_t>(rank), rows.end(), has);
    if (pivot == rows.end()) continue;
    std::swap(*pivot, rows[rank]);
    for (size_t r = rank + 1; r < rows.size(); ++r)
      if (has(rows[r]))
        for (size_t w = column / 64; w < rows[r].size(); ++w) rows[r][w] ^= rows[rank][w];
    ++rank;
  }
  return rank;
}

std::vector<uint64_t> one_view(const ProtocolCase& c, size_t party, size_t rows, uint64_t third_seed) {
  RunOptions options;
  options.key_seeds = {1, 2, 3};
  (*options.key_seeds)[(party + 2) % 3] = third_seed;
  return words_of(listen(rows, c.run, options).messages[party]);
}

// Single messages may be uniform and still reveal something together, if one mask serves two of them. With
// the receiver's keys fixed, its view as a vector of bits must have no affine relation: as many independent
// vectors as live bits, and the constant. (Bits past the last row may be constant zero: not live.)
TEST(Views, MessagesOfAViewAreIndependentTogether) {
  constexpr size_t kMostBits = 700;  // larger views are made of the same messages
  std::vector<std::string> looked_at;
  for (const ProtocolCase& c : protocol_cases()) {
    if (c.opens) continue;
    size_t parties = 0;
    for (size_t party = 0; party < 3; ++party) {
      std::vector<std::vector<uint64_t>> views = {one_view(c, party, 3, 1000)};
      if (views[0].empty()) continue;
      const auto extend = [&](size_t to) {
        while (views.size() < to) views.push_back(one_view(c, party, 3, 1000 + views.size()));
      };
      extend(40);
      size_t live = 0;
      for (size_t w = 0; w < views[0].size(); ++w) {
        uint64_t any = 0;
        for (const auto& view : views) any |= view[w] ^ views[0][w];
        live += static_cast<size_t>(std::popcount(any));
      }
      if (live > kMostBits) continue;
      extend(live + 60);
      for (auto& view : views) view.push_back(1);
      EXPECT_EQ(rank_of(views), live + 1) << c.name << ", P" << party;
      ++parties;
    }
    if (parties > 0) looked_at.push_back(c.name);
  }
  for (const char* name : {"and of one plane", "inner product over rows", "shuffle one plane and back",
                           "bit to ring", "inject", "ring product"})
    EXPECT_TRUE(std::ranges::count(looked_at, name) == 1) << name;
}

}  // namespace
}  // namespace sluis::mpc
