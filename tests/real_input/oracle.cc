#include "oracle.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

namespace sluis::real_input {
namespace {

// Date text plus months; a day that the month does not have becomes its last (as PostgreSQL does, not
// SQLite).
void shift_months(sqlite3_context* context, int, sqlite3_value** values) {
  using namespace std::chrono;
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  int y = 0;
  unsigned m = 0, d = 0;
  if (text == nullptr || std::sscanf(text, "%d-%u-%u", &y, &m, &d) != 3) return sqlite3_result_null(context);
  year_month_day day =
      year_month_day{year{y}, month{m}, std::chrono::day{d}} + months{sqlite3_value_int(values[1])};
  if (!day.ok()) day = day.year() / day.month() / last;
  char out[16];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", int{day.year()}, unsigned{day.month()},
                unsigned{day.day()});
  sqlite3_result_text(context, out, -1, SQLITE_TRANSIENT);
}

std::string or_null(const std::string& text) { return text.empty() ? "NULL" : "'" + text + "'"; }

const char* const kSchema = R"(
CREATE TABLE child(bsn TEXT PRIMARY KEY, age INT, town TEXT);
CREATE TABLE parent_of(child TEXT, parent TEXT);
CREATE TABLE track(parent TEXT, van TEXT, tot TEXT);
CREATE TABLE stay(child TEXT, van TEXT, tot TEXT);
)";

// One row per child. `van`, `tot` are texts: their order is that of the days.
const char* const kPerChild = R"(
CREATE TABLE per_child AS
SELECT bsn, town,
  CASE WHEN age BETWEEN 0 AND 5 THEN '0-5' WHEN age BETWEEN 6 AND 11 THEN '6-11' ELSE '12-17' END AS band,
  (SELECT MIN(t.van) FROM parent_of p, track t WHERE p.child = c.bsn AND t.parent = p.parent) AS debt,
  (SELECT MIN(s.van) FROM stay s WHERE s.child = c.bsn) AS care_van,
  (SELECT MIN(s.tot) FROM stay s WHERE s.child = c.bsn) AS care_tot,
  CASE
    WHEN NOT EXISTS (SELECT 1 FROM parent_of p WHERE p.child = c.bsn) THEN 'ouder onbekend'
    WHEN EXISTS (SELECT 1 FROM parent_of p, track t WHERE p.child = c.bsn AND t.parent = p.parent
                 AND t.van >= '2021-01-01' AND t.tot <= '2022-12-31') THEN 'ja'
    WHEN EXISTS (SELECT 1 FROM parent_of p, track t WHERE p.child = c.bsn AND t.parent = p.parent) THEN 'datum onbekend'
    ELSE 'nee'
  END AS exposed
FROM child c
)";

const std::map<std::string, const char*>& answers() {
  static const std::map<std::string, const char*> kAnswers = {
      {"samen",
       "SELECT band, exposed, COUNT(*), SUM(care_tot IS NOT NULL AND care_tot <= '2024-12-31') FROM "
       "per_child "
       "WHERE NOT coalesce(care_van <= '2022-12-31', 0) GROUP BY band, exposed"},
      {"koppeling", "SELECT exposed, COUNT(*) FROM per_child GROUP BY exposed"},
      {"spiegel",
       "SELECT town, COUNT(*) FROM per_child WHERE exposed = 'ja' AND care_van > '2022-12-31' AND care_tot "
       "<= '2024-12-31' GROUP BY town"},
      {"volgorde",
       "SELECT CASE WHEN care_tot < debt AND care_van >= shift_months(debt, -12) THEN '0-12 maanden eerder' "
       "WHEN care_van >= debt AND care_tot < shift_months(debt, 12) THEN '0-12 maanden erna' "
       "ELSE 'verder weg of volgorde onbekend' END AS v, COUNT(*) FROM per_child "
       "WHERE exposed = 'ja' AND care_van IS NOT NULL GROUP BY v"}};
  return kAnswers;
}

}  // namespace

Oracle::Oracle(const std::vector<RealPerson>& persons, const Events& events, int youngest, int oldest) {
  sqlite3_open(":memory:", &database_);
  sqlite3_create_function(database_, "shift_months", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                          shift_months, nullptr, nullptr);
  run(kSchema);
  run("BEGIN");
  for (const RealPerson& person : persons) {
    const std::optional<int> age = person.age_2023();
    if (!age || *age < youngest || *age > oldest) continue;
    run("INSERT INTO child VALUES(" + or_null(person.bsn) + "," + std::to_string(*age) + "," +
        or_null(person.town.empty() ? "" : "GM" + person.town) + ")");
    for (const std::string& parent : person.parents)
      run("INSERT INTO parent_of VALUES(" + or_null(person.bsn) + "," + or_null(parent) + ")");
  }
  // What owners share: usable keys; tracks that may fall in 2021-2022; foster care that may have run in
  // 2020-2024.
  for (const Track& track : events.tracks) {
    const std::string van = track.registered.earliest(), tot = track.registered.latest();
    if (track.usable && tot >= "2021-01-01" && van < "2023-01-01")
      run("INSERT INTO track VALUES(" + or_null(track.bsn) + "," + or_null(van) + "," + or_null(tot) + ")");
  }
  for (const Stay& stay : events.stays) {
    const std::string van = stay.start.earliest();
    std::string tot = stay.start.latest();
    if (stay.start.known == Known::kNothing && !stay.end.empty())
      tot = stay.end;  // began no later than it ended
    const bool ran = van <= "2024-12-31" && (stay.end.empty() || stay.end >= "2020-01-01");
    if (stay.usable && stay.form == "11" && ran)
      run("INSERT INTO stay VALUES(" + or_null(stay.bsn) + "," + or_null(van) + "," + or_null(tot) + ")");
  }
  run("COMMIT");
  run(kPerChild);
}

Oracle::~Oracle() { sqlite3_close(database_); }

void Oracle::run(const std::string& sql) const {
  char* error = nullptr;
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &error);
  EXPECT_EQ(code, SQLITE_OK) << (error == nullptr ? "" : error);
  sqlite3_free(error);
}

Rows Oracle::query(const std::string& sql) const {
  Rows rows;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database_);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    rows.emplace_back();
    for (int c = 0; c < sqlite3_column_count(statement); ++c) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, c));
      rows.back().push_back(text == nullptr ? std::nullopt : std::optional<std::string>(text));
    }
  }
  sqlite3_finalize(statement);
  return rows;
}

Rows Oracle::answer(const std::string& output) const {
  Rows rows = query(answers().at(output));
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace sluis::real_input
