// An invented region: families, debt counselling and youth care with a planted effect. No real person occurs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluis::demo {

struct Municipality {
  std::string oin, code, name;
  double share = 0;  // of the region's families
};
struct Provider {
  std::string oin, code, name;
  double share = 0;  // of the placements
};

struct RegionOptions {
  uint64_t seed = 1;
  int families = 53'000;
  double planted_risk_ratio = 2.6;  // start of foster care after a parent's counselling, against none
  double debt_rate = 0.062;         // families with a parent who entered counselling in 2021 or 2022
  double base_rate = 0.0062;        // children without: foster care begins in 2023 or 2024
  double placed_together = 0.45;    // families whose children are placed on one day; 0: independently
};

// Dates are day numbers (relation/date.h).
struct Person {
  uint32_t bsn = 0;  // passes the 11-proef
  int64_t birth = 0;
  int municipality = 0;  // where registered
  char sex = 'V';
};
struct Child {
  Person person;
  std::vector<int> parents;  // indices into Region::parents; empty: nobody is on record
};
struct Counselling {
  std::vector<int> clients;  // one or two parents
  int municipality = 0;      // that helps, usually the parent's own
  int64_t start = 0;         // aanmelding
  bool only_year_known = false;
  bool date_unknown = false;
  enum class Key { kValid, kEmpty, kInvalid, kPlaceholder } key = Key::kValid;
};
struct Care {
  int child = 0;
  int provider = 0;
  std::string form;  // BIJ code: "11" is foster care
  int64_t start = 0;
  std::optional<int64_t> end;
  bool only_month_known = false;
  bool key_missing = false;  // the provider does not know the BSN
};

struct Region {
  std::vector<Municipality> municipalities;
  std::vector<Provider> providers;
  std::vector<Person> parents;
  std::vector<Child> children;
  std::vector<Counselling> counselling;
  std::vector<Care> care;
};

// The same seed gives the same region on every machine.
Region make_region(const RegionOptions& options);

// The plain answer, straight from the model by loops (no SQL, no shares): what the study's exact figures must
// be.
struct PlainCell {
  int64_t children = 0, started = 0;
};
struct PlainAnswer {
  std::array<std::array<PlainCell, 2>, 3> together;  // [age band 0-5, 6-11, 12-17][0 = ja, 1 = nee]
  std::array<int64_t, 3> order{};                    // earlier, after, further or unknown
  std::array<int64_t, 4> linkage{};                  // ja, nee, datum onbekend, ouder onbekend
  std::vector<int64_t> mirror;                       // per municipality
};
PlainAnswer plain_answer(const Region& region);

}  // namespace sluis::demo
