#include <algorithm>

#include "data_parts.h"
#include "demo/random.h"

namespace sluis::queries {
namespace {

using demo::Random;
using relation::Table;
using relation::Type;

const Type& diagnoses() {
  static const Type kType =
      Type::category({"anemia", "asthma", "cdiff", "copd", "depression", "diabetes", "fracture",
                      "heart disease", "hypertension", "influenza", "kidney failure", "sepsis"});
  return kType;
}
const Type& medicines() {
  static const Type kType = Type::category({"aspirin", "ibuprofen", "insulin", "metformin", "statin"});
  return kType;
}

// A day of 2022 or 2023; some visits have none on record.
std::optional<int64_t> visit_day(Random& random) {
  if (random.chance(0.02)) return std::nullopt;
  return date_of(2022, 1, 1) + random.below(730);
}

// Clostridium difficile comes back in some: 1 to 4 episodes, 5 to 80 days apart.
void add_episodes(Table& diagnosis, int64_t pid, Random& random) {
  int64_t day = date_of(2022, 1, 1) + random.below(300);
  for (int64_t left = random.between(1, 4); left > 0; --left) {
    add_row(diagnosis, {pid, diagnoses().code("cdiff"), day});
    day += random.between(5, 80);
  }
}

std::vector<Table> hospital(int64_t patients, Random& random) {
  const Type pid = Type::integer(1, patients);
  const Type day = Type::date(date_of(2022, 1, 1), date_of(2023, 12, 31));
  Table diagnosis = Table::empty(
      {"diagnosis", {{"pid", pid, false}, {"diag", diagnoses(), false}, {"visit_day", day, true}}, {}});
  Table medication = Table::empty(
      {"medication", {{"pid", pid, false}, {"med", medicines(), false}, {"visit_day", day, true}}, {}});
  Table cohort = Table::empty({"cdiff_cohort", {{"pid", pid, false}}, {{"pid"}}});
  for (int64_t p = 1; p <= patients; ++p) {
    for (int64_t left = random.below(6); left > 0; --left)
      add_row(diagnosis, {p, random.below(diagnoses().hi + 1), visit_day(random)});
    for (int64_t left = random.below(5); left > 0; --left)
      add_row(medication, {p, random.below(medicines().hi + 1), visit_day(random)});
    if (!random.chance(0.1)) continue;
    add_row(cohort, {p});
    add_episodes(diagnosis, p, random);
  }
  return {std::move(diagnosis), std::move(medication), std::move(cohort)};
}

// One row per user and site; four in ten users take one of their passwords again.
Table passwords(int64_t users, Random& random) {
  Table table =
      Table::empty({"password",
                    {{"id", Type::integer(1, users), false}, {"pwd", Type::integer(0, 999'999'999), false}},
                    {}});
  for (int64_t user = 1; user <= users; ++user) {
    const int64_t own = random.below(1'000'000'000);
    const bool again = random.chance(0.4);
    for (int64_t left = random.between(1, 4); left > 0; --left)
      add_row(table, {user, again && random.chance(0.6) ? own : random.below(1'000'000'000)});
  }
  return table;
}

std::vector<Table> credit(int64_t people, Random& random) {
  Table score = Table::empty({"credit",
                              {{"id", Type::integer(1, people), false},
                               {"score_year", Type::integer(2018, 2020), false},
                               {"score", Type::integer(300, 850), true}},
                              {}});
  Table person =
      Table::empty({"demographics",
                    {{"id", Type::integer(1, people), false}, {"zip", Type::integer(1000, 1015), true}},
                    {{"id"}}});
  for (int64_t p = 1; p <= people; ++p) {
    const std::optional<int64_t> zip = random.between(1000, 1015);
    add_row(person, {p, random.chance(0.03) ? std::nullopt : zip});
    const int64_t middle = random.between(400, 750);
    for (int64_t agency = 0; agency < 3; ++agency)
      for (int64_t year = 2018; year <= 2020; ++year) {
        if (random.chance(0.3)) continue;
        const std::optional<int64_t> value = middle + random.between(-90, 90);
        add_row(score, {p, year, random.chance(0.02) ? std::nullopt : value});
      }
  }
  return {std::move(score), std::move(person)};
}

// Trips of four companies of unlike size, fares in whole euros; a cancelled trip has fare 0.
Table trips(int64_t count, Random& random) {
  Table table = Table::empty({"trip",
                              {{"company", Type::category({"Blauw", "Geel", "Groen", "Rood"}), false},
                               {"fare", Type::integer(0, 120), false}},
                              {}});
  for (int64_t t = 0; t < count; ++t) {
    const int64_t company = std::min(random.below(4), random.below(4));
    add_row(table, {company, random.chance(0.05) ? 0 : random.between(4, 120)});
  }
  return table;
}

}  // namespace

std::vector<Table> mpc_tables(int64_t patients, uint64_t seed) {
  Random random(seed);
  std::vector<Table> tables = hospital(patients, random);
  tables.push_back(passwords(patients, random));
  for (Table& table : credit(patients, random)) tables.push_back(std::move(table));
  tables.push_back(trips(std::min<int64_t>(patients, 20'000), random));
  return tables;
}

}  // namespace sluis::queries
