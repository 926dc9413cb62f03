// The study's answer by plain loops over the model: independent of SQL, importers and shares, so that the
// demo can compare.
#include <algorithm>
#include <map>

#include "demo/region.h"
#include "relation/date.h"

namespace sluis::demo {
namespace {

int64_t day(int year, unsigned month, unsigned d) { return *relation::day_number(year, month, d); }

struct Span {
  int64_t earliest, latest;
};

Span year_span(int64_t date) {
  return {day(relation::year_of(date), 1, 1), day(relation::year_of(date), 12, 31)};
}

Span month_span(int64_t date) {
  const int64_t first = date - relation::day_of_month(date) + 1;
  return {first, relation::add_months(first, 1) - 1};
}

// Per parent: earliest possible entry among tracks that may fall in 2021-2022, and whether one certainly
// does.
struct Debt {
  int64_t start = 0;
  bool certain = false;
};

std::map<int, Debt> debts(const Region& region) {
  std::map<int, Debt> found;
  for (const Counselling& track : region.counselling) {
    if (track.key != Counselling::Key::kValid) continue;
    Span span = track.only_year_known ? year_span(track.start) : Span{track.start, track.start};
    if (track.date_unknown) span = {relation::kMinStoredDate, relation::kMaxStoredDate};
    if (span.latest < day(2021, 1, 1) || span.earliest >= day(2023, 1, 1)) continue;
    const bool certain = span.earliest >= day(2021, 1, 1) && span.latest < day(2023, 1, 1);
    for (int client : track.clients) {
      const auto [at, fresh] = found.emplace(client, Debt{span.earliest, certain});
      if (fresh) continue;
      at->second.start = std::min(at->second.start, span.earliest);
      at->second.certain |= certain;
    }
  }
  return found;
}

std::map<int, Span> first_foster_care(const Region& region) {
  std::map<int, Span> found;
  for (const Care& care : region.care) {
    if (care.form != "11" || care.key_missing) continue;
    const Span span = care.only_month_known ? month_span(care.start) : Span{care.start, care.start};
    const bool ran = span.earliest <= day(2024, 12, 31) && (!care.end || *care.end >= day(2020, 1, 1));
    if (!ran) continue;
    const auto [at, fresh] = found.emplace(care.child, span);
    if (fresh) continue;
    at->second.earliest = std::min(at->second.earliest, span.earliest);
    at->second.latest = std::min(at->second.latest, span.latest);
  }
  return found;
}

int age_on_2023(int64_t birth) {
  int age = 2023 - relation::year_of(birth);
  if (relation::month_of(birth) != 1 || relation::day_of_month(birth) != 1) --age;
  return age;
}

}  // namespace

PlainAnswer plain_answer(const Region& region) {
  const std::map<int, Debt> debt_of = debts(region);
  const std::map<int, Span> care_of = first_foster_care(region);
  PlainAnswer answer;
  answer.mirror.assign(region.municipalities.size(), 0);
  for (size_t i = 0; i < region.children.size(); ++i) {
    const Child& child = region.children[i];
    const int age = age_on_2023(child.person.birth);
    if (age < 0 || age > 17) continue;
    bool any = false;
    Debt debt;
    for (int parent : child.parents) {
      const auto at = debt_of.find(parent);
      if (at == debt_of.end()) continue;
      debt.start = any ? std::min(debt.start, at->second.start) : at->second.start;
      debt.certain |= at->second.certain;
      any = true;
    }
    const bool yes = any && debt.certain && !child.parents.empty();
    answer.linkage[child.parents.empty() ? 3 : yes ? 0 : any ? 2 : 1] += 1;
    const auto care = care_of.find(static_cast<int>(i));
    const bool cared = care != care_of.end();
    const int exposure = yes ? 0 : any || child.parents.empty() ? -1 : 1;
    if (exposure >= 0 && (!cared || care->second.earliest >= day(2023, 1, 1))) {
      PlainCell& cell = answer.together[age <= 5 ? 0 : age <= 11 ? 1 : 2][static_cast<size_t>(exposure)];
      cell.children += 1;
      if (cared && care->second.latest < day(2025, 1, 1)) cell.started += 1;
    }
    if (!yes || !cared) continue;
    const auto [from, to] = care->second;
    const bool before = from >= relation::add_months(debt.start, -12) && to < debt.start;
    const bool after = from >= debt.start && to < relation::add_months(debt.start, 12);
    answer.order[before ? 0 : after ? 1 : 2] += 1;
    if (from >= day(2023, 1, 1) && to < day(2025, 1, 1))
      answer.mirror[static_cast<size_t>(child.person.municipality)] += 1;
  }
  return answer;
}

}  // namespace sluis::demo
