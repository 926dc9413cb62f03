#include "deliveries.h"

#include <fstream>
#include <functional>
#include <set>

#include "base/json.h"
#include "demo/random.h"
#include "relation/date.h"

namespace sluis::real_input {
namespace {

using demo::Random;

std::string text_of(int64_t day) { return relation::date_text(day); }
int64_t day_of(const char* text) { return *relation::parse_iso_date(text); }

// Month ends and leap days more often than chance has them.
int64_t some_day(Random& random, int64_t from, int64_t to) {
  int64_t day = random.between(from, to);
  if (!random.chance(0.3)) return day;
  day += 28 - relation::day_of_month(day);
  while (relation::day_of_month(day + 1) != 1) ++day;
  return day;
}

When some_date(Random& random, int64_t from, int64_t to) {
  When when{text_of(some_day(random, from, to)), Known::kDay};
  const double u = random.unit();
  when.known = u < 0.06 ? Known::kMonth : u < 0.12 ? Known::kYear : u < 0.17 ? Known::kNothing : Known::kDay;
  return when;
}

// A key that links nothing, now and then.
void spoil(Random& random, std::string& bsn, bool& usable) {
  const double u = random.unit();
  if (u >= 0.12) return;
  usable = false;
  if (u < 0.04)
    bsn.clear();
  else if (u < 0.08)
    bsn.back() = bsn.back() == '9' ? '8' : static_cast<char>(bsn.back() + 1);  // fails the 11-proef
  else
    bsn = u < 0.10 ? "999999999" : "000000000";
}

// Calls make(from, to) for one or two spans far apart.
void spans(Random& random, double chance, const char* first, const char* second,
           const std::function<void(int64_t, int64_t, bool last)>& make) {
  if (!random.chance(chance)) return;
  const bool both = random.chance(0.35);
  make(day_of(first), day_of(first) + 500, !both);
  if (both) make(day_of(second), day_of(second) + 600, true);
}

std::string written(const When& when) {
  if (when.known == Known::kNothing) return "";
  return when.day.substr(0, when.known == Known::kDay ? 10 : when.known == Known::kMonth ? 7 : 4);
}

std::string compact(const When& when) {
  const std::string digits = when.day.substr(0, 4) + when.day.substr(5, 2) + when.day.substr(8, 2);
  switch (when.known) {
    case Known::kDay:
      return digits;
    case Known::kMonth:
      return digits.substr(0, 6) + "00";
    case Known::kYear:
      return digits.substr(0, 4) + "0000";
    case Known::kNothing:
      break;
  }
  return "00000000";
}

}  // namespace

std::string When::earliest() const {
  if (known == Known::kDay) return day;
  if (known == Known::kMonth) return day.substr(0, 8) + "01";
  return known == Known::kYear ? day.substr(0, 5) + "01-01" : "1900-01-01";
}

std::string When::latest() const {
  if (known == Known::kDay) return day;
  if (known == Known::kYear) return day.substr(0, 5) + "12-31";
  if (known == Known::kNothing) return "2079-06-06";
  int64_t last = *relation::parse_iso_date(earliest());
  while (relation::day_of_month(last + 1) != 1) ++last;
  return text_of(last);
}

Events make_events(const std::vector<RealPerson>& persons, uint64_t seed) {
  Random random(seed);
  Events events;
  std::set<std::string> parents;
  for (const RealPerson& person : persons) parents.insert(person.parents.begin(), person.parents.end());
  for (const std::string& parent : parents)
    spans(random, 0.5, "2020-10-01", "2022-09-01", [&](int64_t from, int64_t to, bool last) {
      Track track{parent, true, some_date(random, from, to), "", ""};
      const int64_t day = *relation::parse_iso_date(track.registered.day);
      track.start = text_of(day + 14);
      if (!last) track.end = text_of(day_of("2022-07-15"));
      spoil(random, track.bsn, track.usable);
      events.tracks.push_back(track);
      if (random.chance(0.05)) events.tracks.push_back(track);  // in two deliveries
    });
  for (const RealPerson& person : persons)
    spans(random, 0.4, "2019-11-01", "2022-06-01", [&](int64_t from, int64_t to, bool last) {
      static const char* const kForms[] = {"11", "11", "11", "01", "12", "03"};
      Stay stay{person.bsn, true, kForms[random.below(6)], some_date(random, from, to + (last ? 400 : 0)),
                ""};
      if (!last) stay.end = text_of(day_of("2022-03-31"));
      spoil(random, stay.bsn, stay.usable);
      events.stays.push_back(stay);
    });
  return events;
}

void write_ddas(const Events& events, const std::string& file) {
  JsonWriter json;
  json.begin_object().member("startdatumLevering", "2018-01-01").member("einddatumLevering", "2024-12-31");
  json.member("aanleverdatumEnTijd", "2025-01-15T09:00:00Z").member("codeGegevensleverancier", "GL0001");
  json.key("leveringen").begin_array().begin_object().member("teller", 1).key("aanleverende_organisatie");
  json.begin_object().member("(Statutaire) Naam", "Gemeente").member("KvK-nummer", "99990000");
  json.member("gemeentecode", "GM0599").end_object().key("schuldhulptrajecten").begin_array();
  for (const Track& track : events.tracks) {
    json.begin_object().member("gemeentecode", "GM0599").member("startdatum", track.start);
    if (!track.end.empty()) json.member("einddatum", track.end);
    json.key("client").begin_array().begin_object();
    if (!track.bsn.empty()) json.member("Burgerservicenummer", track.bsn);
    json.member("Postcode", "9999AA").member("Huisnummer", "1").end_object().end_array();
    json.key("aanmelding").begin_object();
    if (track.registered.known != Known::kNothing) json.member("startdatum", written(track.registered));
    json.end_object().end_object();
  }
  json.end_array().end_object().end_array().end_object();
  std::ofstream(file) << json.take();
}

void write_bij(const Events& events, const std::string& file) {
  std::ofstream out(file);
  out << "bsn;hulpvorm;aanvang;einde;verwijzer\r\n";
  for (const Stay& stay : events.stays)
    out << stay.bsn << ";" << stay.form << ";" << compact(stay.start) << ";"
        << (stay.end.empty() ? "" : compact({stay.end, Known::kDay})) << ";01\r\n";
}

}  // namespace sluis::real_input
