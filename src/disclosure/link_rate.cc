#include "disclosure/link_rate.h"

#include <algorithm>
#include <bit>
#include <set>

#include "disclosure/band_edge.h"
#include "disclosure/guard.h"
#include "disclosure/ledger_blob.h"
#include "disclosure/stack.h"
#include "mpc/add.h"
#include "mpc/compare.h"
#include "mpc/multiply.h"
#include "sharing/split.h"

namespace sluis::disclosure {
namespace {

using oblivious::CellTable;

// Edges in twentieths keep the constants small: 10, 25, 50, 75, 90 % are 2, 5, 10, 15, 18.
constexpr uint64_t kScale = 20;
constexpr size_t kScalePlanes = 6;  // 20 m, 18 n + 20 u < 2^(planes + 6)
constexpr size_t kMaxCountPlanes = 36;

uint64_t scaled(uint32_t percent) { return percent * kScale / 100; }

size_t planes_for(const Policy& policy, size_t persons, size_t linked) {
  const auto blur = static_cast<size_t>(std::bit_width(link_blur(policy)));
  return std::max({persons, linked, blur, static_cast<size_t>(std::bit_width(link_least(policy)))});
}

// u of every owner: floor(24 random bits * blur / 2^24), as the band edges of figures.cc.
SharedBits blur_of(Session& session, const LinkPolicy& policy) {
  SharedBits u;
  u.own = sharing::expand(policy.seeds.own, policy.owners.size(), kEdgeBits);
  u.next = sharing::expand(policy.seeds.next, policy.owners.size(), kEdgeBits);
  const uint64_t blur = link_blur(policy.policy);
  const size_t wide = kEdgeBits + static_cast<size_t>(std::bit_width(blur));
  const SharedBits product = mpc::multiply_constant(session, u, blur, wide);
  return sharing::slice_planes(product, kEdgeBits, wide - kEdgeBits);
}

// Per edge: whether 20 m >= e n + 20 u.
Matrices edges_reached(Session& session, const LinkPolicy& policy, const SharedBits& persons,
                       const SharedBits& linked, size_t planes) {
  const size_t wide = planes + kScalePlanes;
  const SharedBits least = mpc::multiply_constant(session, blur_of(session, policy), kScale, wide);
  const SharedBits have = mpc::multiply_constant(session, linked, kScale, wide);
  const std::vector<uint32_t> edges = link_edges(policy.policy);
  Stack parts(wide), shift(wide);
  for (const uint32_t edge : edges) {
    parts.push(mpc::multiply_constant(session, persons, scaled(edge), wide));
    shift.push(least);
  }
  Pairs pairs;
  for (SharedBits& needed : parts.cut(mpc::add(session, parts.whole(), shift.whole())))
    pairs.emplace_back(std::move(needed), have);
  return at_most(session, pairs, wide);
}

// 1 + number of edges reached: reached bits are 1...10...0, so the code changes where they do. XOR only.
SharedBits band_code(Session& session, const Matrices& reached, size_t cells) {
  const auto planes = static_cast<size_t>(std::bit_width(reached.size() + 1));
  SharedBits code = sharing::share_constant(session.party(), cells, planes, 1);
  for (size_t e = 0; e < reached.size(); ++e)
    sharing::xor_into(code,
                      sharing::and_public(sharing::broadcast_plane(reached[e], planes), (e + 1) ^ (e + 2)));
  return code;
}

bool fits(const CellTable& table, const LinkPolicy& policy) {
  return table.name == policy.name && table.cells == policy.owners.size() && table.measures.size() == 1 &&
         table.measures[0].value.rows() == table.cells && table.measures[0].value.planes() >= 1 &&
         table.measures[0].value.planes() <= kMaxCountPlanes && table.measures[0].null.planes() == 0;
}

}  // namespace

std::vector<uint32_t> link_edges(const Policy& policy) {
  std::vector<uint32_t> edges;
  for (const uint32_t edge : kLinkEdges)
    if (uint64_t{edge} * policy.group_max.den <= uint64_t{100} * policy.group_max.num) edges.push_back(edge);
  return edges;
}

uint32_t link_blur(const Policy& policy) { return 2 * policy.t_person; }

uint32_t link_least(const Policy& policy) { return std::max(policy.denominator_min, 10 * policy.t_person); }

sharing::ReleaseLayout link_layout(const LinkPolicy& policy) {
  sharing::ReleaseLayout layout;
  layout.output = policy.name;
  layout.kind = sharing::FigureKind::kShareBand;
  layout.dimensions = {{"owner", policy.owners}};
  layout.bands = link_edges(policy.policy);
  layout.measures = {{policy.table, static_cast<uint32_t>(std::bit_width(layout.bands.size() + 1))}};
  layout.t_person = policy.policy.t_person;
  layout.t_household = policy.policy.t_household;
  layout.round_base = policy.policy.round_base;
  layout.denominator_min = link_least(policy.policy);
  layout.band_slack = link_blur(policy.policy) - 1;
  return layout;
}

Status check_link(const LinkPolicy& policy) {
  SLUIS_TRY(check_policy(policy.policy));
  const std::set<std::string> readers(policy.readers.begin(), policy.readers.end());
  const std::set<std::string> owners(policy.owners.begin(), policy.owners.end());
  if (owners.empty() || owners.size() != policy.owners.size() || readers.size() != policy.readers.size() ||
      readers.size() != owners.size() || readers.contains("") || link_edges(policy.policy).empty())
    return Error{"S1411.shape", {policy.name, "owners"}, "", 0, 0, Exit::kInternal};
  return {};
}

Result<sharing::Cleared<ReleaseTable>> Guard::protect_link(Session& session,
                                                           sharing::Uncleared<CellTable> persons_in,
                                                           sharing::Uncleared<CellTable> linked_in,
                                                           const LinkPolicy& policy) {
  SLUIS_TRY(check_link(policy));
  const CellTable &persons = persons_in.value_, &linked = linked_in.value_;
  if (!fits(persons, policy) || !fits(linked, policy))
    return Error{"S1411.shape", {policy.name, "table"}, "", 0, 0, Exit::kInternal};
  const SharedBits &n = persons.measures[0].value, &m = linked.measures[0].value;
  const size_t planes = planes_for(policy.policy, n.planes(), m.planes());
  const Matrices reached = edges_reached(session, policy, n, m, planes);
  const SharedBits code = band_code(session, reached, persons.cells);
  const SharedBits least =
      sharing::share_constant(session.party(), persons.cells, planes, link_least(policy.policy));
  const Matrices pass = at_most(session, {{least, n}}, planes);
  ReleaseTable release;
  const std::vector<mpc::AndPair> mask{{&code, &pass[0]}};
  release.figures = mpc::and_batch(session, mask);
  release.layout = link_layout(policy);
  release.readers = policy.readers;
  release.ledger = ledger_blob(policy.name, persons.cells, session.party(),
                               {{"persons", &n, nullptr}, {"linked", &m, nullptr}});
  return sharing::Cleared<ReleaseTable>(std::move(release));
}

mpc::Cost cost_protect_link(const LinkPolicy& policy, size_t persons_planes, size_t linked_planes) {
  const size_t cells = policy.owners.size();
  const size_t planes = planes_for(policy.policy, persons_planes, linked_planes);
  const size_t wide = planes + kScalePlanes;
  const uint64_t blur = link_blur(policy.policy);
  const auto blur_planes = static_cast<size_t>(std::bit_width(blur));
  const std::vector<uint32_t> edges = link_edges(policy.policy);
  mpc::Cost cost = mpc::cost_multiply_constant(cells, kEdgeBits, blur, kEdgeBits + blur_planes) +
                   mpc::cost_multiply_constant(cells, blur_planes, kScale, wide) +
                   mpc::cost_multiply_constant(cells, linked_planes, kScale, wide);
  for (const uint32_t edge : edges)
    cost += mpc::cost_multiply_constant(cells, persons_planes, scaled(edge), wide);
  cost += mpc::cost_add(edges.size() * cells, wide) + mpc::cost_less(edges.size() * cells, wide) +
          mpc::cost_less(cells, planes);
  const auto code_planes = static_cast<size_t>(std::bit_width(edges.size() + 1));
  return cost + mpc::cost_and_words(code_planes * ((cells + 63) / 64));
}

std::vector<uint64_t> clear_link_blur(const LinkPolicy& policy, const std::array<sharing::Seed, 3>& seeds) {
  std::vector<uint64_t> random(policy.owners.size(), 0);
  for (const sharing::Seed& seed : seeds) {
    const sharing::Bits stream = sharing::expand(seed, random.size(), kEdgeBits);
    for (size_t i = 0; i < random.size(); ++i) random[i] ^= stream.row_value(i);
  }
  for (uint64_t& u : random) u = (u * link_blur(policy.policy)) >> kEdgeBits;
  return random;
}

std::vector<uint64_t> link_bands_clear(const std::vector<uint64_t>& persons,
                                       const std::vector<uint64_t>& linked, const LinkPolicy& policy,
                                       const std::vector<uint64_t>& blur) {
  std::vector<uint64_t> bands;
  for (size_t i = 0; i < persons.size(); ++i) {
    uint64_t band = 1;
    for (const uint32_t edge : link_edges(policy.policy))
      if (linked[i] >= blur[i] && 100 * (linked[i] - blur[i]) >= edge * persons[i]) ++band;
    bands.push_back(persons[i] < link_least(policy.policy) ? 0 : band);
  }
  return bands;
}

}  // namespace sluis::disclosure
