// Which recipes are worth having: enumeration of nestings, and the Pareto front of rounds against bits.
#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "base/check.h"
#include "mpc/compare.h"
#include "mpc/first_difference.h"

namespace sluis::mpc {
namespace {

constexpr size_t kMostLevels = 3;
constexpr uint32_t kMostInGroup = 12;

// Stands in for a circuit: only depths, and how many bits travel.
class DepthCounter {
 public:
  using Depth = uint32_t;
  static Depth xor_(Depth a, Depth b) { return std::max(a, b); }
  Depth and_(Depth a, Depth b) {
    ++bits_;
    return std::max(a, b) + 1;
  }
  Depth inner(std::span<const std::pair<Depth, Depth>> pairs) {
    if (pairs.empty()) return 0;
    ++bits_;
    Depth most = 0;
    for (const auto& [a, b] : pairs) most = std::max({most, a, b});
    return most + 1;
  }
  uint64_t bits() const { return bits_; }

 private:
  uint64_t bits_ = 0;
};

CompareChoice measure(uint64_t planes, CompareRecipe recipe) {
  DepthCounter counter;
  const std::vector<uint32_t> inputs(planes);
  const uint64_t rounds = recipe.empty() ? compare_ripple(counter, inputs, inputs)
                                         : compare_nested(counter, inputs, inputs, recipe);
  return {std::move(recipe), rounds, counter.bits()};
}

void enumerate(uint64_t planes, uint64_t members, CompareRecipe& recipe, std::vector<CompareChoice>& all) {
  for (bool parallel : {false, true}) {
    recipe.push_back({static_cast<uint32_t>(members), parallel});  // the last level takes all that is left
    all.push_back(measure(planes, recipe));
    recipe.pop_back();
  }
  if (recipe.size() + 1 == kMostLevels) return;
  for (uint32_t size = 2; size <= kMostInGroup && size < members; ++size)
    for (bool parallel : {false, true}) {
      recipe.push_back({size, parallel});
      enumerate(planes, (members + size - 1) / size, recipe, all);
      recipe.pop_back();
    }
}

std::vector<CompareChoice> pareto_front(uint64_t planes) {
  std::vector<CompareChoice> all = {measure(planes, {})};
  CompareRecipe recipe;
  enumerate(planes, planes, recipe, all);
  std::ranges::sort(all, {}, [](const CompareChoice& c) { return std::tuple(c.rounds, c.bits, c.recipe); });
  std::vector<CompareChoice> front;
  for (CompareChoice& choice : all)
    if (front.empty() || choice.bits < front.back().bits) front.push_back(std::move(choice));
  return front;
}

}  // namespace

const std::vector<CompareChoice>& compare_choices(uint64_t planes) {
  CHECK(planes >= 1);
  static std::mutex mutex;
  static std::map<uint64_t, std::vector<CompareChoice>> known;
  const std::lock_guard lock(mutex);
  const auto found = known.find(planes);
  return found != known.end() ? found->second : known.emplace(planes, pareto_front(planes)).first->second;
}

const CompareChoice& compare_choice(uint64_t planes, CompareDepth depth) {
  const std::vector<CompareChoice>& front = compare_choices(planes);
  if (depth == CompareDepth::kRipple) return front.back();
  // The fewest rounds for at most 20 % (grouped) or 40 % (shallow) more bits than the ripple.
  const uint64_t percent = depth == CompareDepth::kGrouped ? 120 : 140;
  const auto fits = [&](const CompareChoice& choice) { return 100 * choice.bits <= percent * planes; };
  return *std::ranges::find_if(front, fits);
}

}  // namespace sluis::mpc
