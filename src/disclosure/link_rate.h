// Link rates: what an owner may learn of how many of its persons occur in another table of the study.
// docs/disclosure.md ("Link rate") says why it is so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "disclosure/policy.h"
#include "disclosure/release_table.h"
#include "mpc/cost.h"

namespace sluis::disclosure {

// The band of m / n is printed, m = linked persons, n = persons with a usable key, both of one owner:
//   u     a secret whole number of 0 .. blur - 1, one per owner and table, fixed per study
//   band  1 + the number of edges e with (m - u) / n >= e %; 0 (withheld) if n < least
// All that depends on anybody else's rows is m - u: one person more or less changes the chance of what is
// printed by at most 1 / blur, whatever the owner delivered. `least` makes every band hold at least
// t_person persons; whether n < least the owner knows by itself.
inline constexpr uint32_t kLinkEdges[] = {10, 25, 50, 75, 90};  // percent

struct LinkPolicy {
  std::string name;   // of the release (study/link_rate.h)
  std::string table;  // whose owners are told
  Policy policy;
  std::vector<std::string> owners;   // codes, one per cell
  std::vector<std::string> readers;  // OIN per cell: nobody else gets it
  BandSeeds seeds;                   // as OutputPolicy::band_seeds
};

// kLinkEdges up to group_max: above that a band would say that nearly all persons occur.
std::vector<uint32_t> link_edges(const Policy& policy);
// Twice t_person.
uint32_t link_blur(const Policy& policy);
// The larger of denominator_min and ten times t_person.
uint32_t link_least(const Policy& policy);
// Public description; figures have bit_width(edges + 1) planes.
sharing::ReleaseLayout link_layout(const LinkPolicy& policy);

// Errors: S1410.* (policy), S1411.shape (no owner, or one named twice).
Status check_link(const LinkPolicy& policy);

// Exactly the rounds and bytes of Guard::protect_link. Planes of the two counts.
mpc::Cost cost_protect_link(const LinkPolicy& policy, size_t persons_planes, size_t linked_planes);

// In the clear: the secret numbers that the three nodes' seeds stand for, per owner; and what is released.
std::vector<uint64_t> clear_link_blur(const LinkPolicy& policy, const std::array<sharing::Seed, 3>& seeds);
std::vector<uint64_t> link_bands_clear(const std::vector<uint64_t>& persons,
                                       const std::vector<uint64_t>& linked, const LinkPolicy& policy,
                                       const std::vector<uint64_t>& blur);

}  // namespace sluis::disclosure
