#include "demo/region.h"

#include <unordered_set>

#include "demo/random.h"
#include "relation/date.h"

namespace sluis::demo {
namespace {

int64_t day(int year, unsigned month, unsigned d) { return *relation::day_number(year, month, d); }

std::vector<Municipality> municipalities() {
  return {{"00000099000000002001", "GM9001", "Demostad", 0.27},
          {"00000099000000002002", "GM9002", "Voorbeeldam", 0.19},
          {"00000099000000002003", "GM9003", "Testerveen", 0.15},
          {"00000099000000002004", "GM9004", "Proefburg", 0.13},
          {"00000099000000002005", "GM9005", "Oefenhuizen", 0.11},
          {"00000099000000002006", "GM9006", "Modeldijk", 0.09},
          {"00000099000000002007", "GM9007", "Schetsum", 0.06}};
}

std::vector<Provider> providers() {
  return {{"00000099000000003001", "JA9001", "Jeugdhulp Noord", 0.38},
          {"00000099000000003002", "JA9002", "Jeugdhulp Midden", 0.34},
          {"00000099000000003003", "JA9003", "Jeugdhulp Zuid", 0.28}};
}

class Builder {
 public:
  explicit Builder(const RegionOptions& options) : options_(options), random_(options.seed * 1'000'003 + 17) {
    region_.municipalities = municipalities();
    region_.providers = providers();
  }

  Region build() {
    for (int i = 0; i < options_.families; ++i) family();
    return std::move(region_);
  }

 private:
  // A number that passes the 11-proef and is not taken; invented, in the range 9xxxxxxxx.
  uint32_t bsn() {
    for (;;) {
      const auto stem = static_cast<uint32_t>(90'000'000 + random_.below(10'000'000));
      int sum = 0;
      uint32_t rest = stem;
      for (int weight = 2; weight <= 9; ++weight, rest /= 10) sum += weight * static_cast<int>(rest % 10);
      const int check = sum % 11;
      if (check == 10) continue;
      const uint32_t number = stem * 10 + static_cast<uint32_t>(check);
      if (taken_.insert(number).second) return number;
    }
  }

  int parent(int municipality, int64_t first_birth) {
    Person person{bsn(), first_birth - random_.between(20 * 365, 41 * 365), municipality, 'V'};
    if (random_.chance(0.5)) person.sex = 'M';
    region_.parents.push_back(person);
    return static_cast<int>(region_.parents.size()) - 1;
  }

  void family() {
    const int home = random_.weighted(region_.municipalities);
    const int children = 1 + static_cast<int>(random_.chance(0.62)) + static_cast<int>(random_.chance(0.2)) +
                         static_cast<int>(random_.chance(0.06));
    const int64_t oldest = day(2005, 1, 2) + random_.below(17 * 365);
    const bool unknown = random_.chance(0.009);
    std::vector<int> parents;
    if (!unknown) {
      parents.push_back(parent(home, oldest));
      const bool away = random_.chance(0.11);  // the other parent lives elsewhere in the region
      if (!random_.chance(0.14))
        parents.push_back(parent(away ? random_.weighted(region_.municipalities) : home, oldest));
    }
    const std::optional<int64_t> debt = parents.empty() ? std::nullopt : counselling(parents);
    int64_t birth = oldest;
    const bool placed_together = random_.chance(options_.placed_together);
    std::optional<int64_t> earlier;
    for (int i = 0; i < children && birth <= day(2022, 12, 31); ++i) {
      child(home, birth, parents);
      if (placed_together && earlier)
        foster_care(*earlier);
      else
        earlier = foster(debt);
      other_care();
      birth += random_.between(330, 1500);
    }
  }

  void child(int home, int64_t birth, std::vector<int> parents) {
    Child child{{bsn(), birth, home, random_.chance(0.5) ? 'V' : 'M'}, std::move(parents)};
    // A half-sibling: the second parent is not this child's.
    if (child.parents.size() == 2 && random_.chance(0.05)) child.parents.pop_back();
    region_.children.push_back(std::move(child));
  }

  // Entry into counselling in the two years before 2023, for most who ever enter; returns it.
  std::optional<int64_t> counselling(const std::vector<int>& parents) {
    std::optional<int64_t> in_window;
    if (random_.chance(options_.debt_rate)) in_window = day(2021, 1, 1) + random_.below(730);
    if (random_.chance(0.03)) add_counselling(parents, day(2018, 1, 1) + random_.below(900), false);
    if (random_.chance(0.03)) add_counselling(parents, day(2023, 1, 1) + random_.below(600), false);
    if (!in_window) return std::nullopt;
    add_counselling(parents, *in_window, random_.chance(0.75));
    return in_window;
  }

  void add_counselling(const std::vector<int>& parents, int64_t start, bool keyed) {
    const bool in_window = start >= day(2021, 1, 1) && start < day(2023, 1, 1);
    Counselling entry;
    entry.clients = {parents[0]};
    if (parents.size() == 2 && random_.chance(0.35)) entry.clients.push_back(parents[1]);
    if (entry.clients.size() == 1 && parents.size() == 2 && random_.chance(0.4)) entry.clients = {parents[1]};
    entry.municipality = region_.parents[static_cast<size_t>(entry.clients[0])].municipality;
    entry.start = start;
    // A year without day: within the window it is certain, at its edge it is not.
    entry.only_year_known = random_.chance(0.012);
    entry.date_unknown = in_window && random_.chance(0.008);
    const double u = random_.unit();
    if (!keyed && u < 0.12)
      entry.key = u < 0.08    ? Counselling::Key::kEmpty
                  : u < 0.105 ? Counselling::Key::kInvalid
                              : Counselling::Key::kPlaceholder;
    region_.counselling.push_back(entry);
    if (random_.chance(0.02)) region_.counselling.push_back(entry);  // the same track in a second delivery
  }

  // Foster care of the newest child: the start, if any.
  std::optional<int64_t> foster(const std::optional<int64_t>& debt) {
    const double ratio = debt ? options_.planted_risk_ratio : 1.0;
    if (random_.chance(options_.base_rate * ratio)) {
      const int64_t start = day(2023, 1, 1) + random_.below(731);
      foster_care(start);
      return start;
    }
    // In care before 2023: such a child is not in the population; around the entry a little more often.
    if (random_.chance(debt ? 0.016 : 0.006)) {
      int64_t start = day(2019, 1, 1) + random_.below(4 * 365);
      if (debt && random_.chance(0.6)) start = *debt + random_.between(-420, 380);
      if (start >= day(2023, 1, 1)) start = day(2022, 12, 1);
      foster_care(start);
      return start;
    }
    return std::nullopt;
  }

  void foster_care(int64_t start) {
    const Child& child = region_.children.back();
    start = std::max(start, child.person.birth + 20);
    Care care{
        static_cast<int>(region_.children.size()) - 1, random_.weighted(region_.providers), "11", start, {}};
    if (random_.chance(0.35)) care.end = start + random_.between(40, 900);
    care.only_month_known = random_.chance(0.01);
    region_.care.push_back(care);
    if (care.end && random_.chance(0.1)) {  // moved on to another provider
      care.provider = random_.weighted(region_.providers);
      care.start = *care.end;
      care.end.reset();
      region_.care.push_back(care);
    }
  }

  void other_care() {
    static const std::array<const char*, 6> kForms = {"01", "02", "03", "04", "12", "14"};
    if (!random_.chance(0.16)) return;
    const Child& child = region_.children.back();
    const int64_t start = std::max(day(2019, 6, 1) + random_.below(5 * 365), child.person.birth + 30);
    Care care{static_cast<int>(region_.children.size()) - 1, random_.weighted(region_.providers),
              kForms[static_cast<size_t>(random_.below(6))], start, start + random_.between(30, 700)};
    care.key_missing = random_.chance(0.03);
    region_.care.push_back(care);
  }

  RegionOptions options_;
  Random random_;
  Region region_;
  std::unordered_set<uint32_t> taken_;
};

}  // namespace

Region make_region(const RegionOptions& options) { return Builder(options).build(); }

}  // namespace sluis::demo
