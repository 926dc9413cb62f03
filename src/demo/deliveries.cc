#include "demo/deliveries.h"

#include <cstdio>
#include <filesystem>

#include "base/bytes.h"
#include "base/json.h"
#include "relation/date.h"

namespace sluis::demo {
namespace {

std::string compact_date(int64_t day) {
  std::string text = relation::date_text(day);
  std::erase(text, '-');
  return text;
}

std::string invalid_bsn(uint32_t bsn) { return bsn_text(bsn % 10 == 9 ? bsn - 1 : bsn + 1); }

void write_client(JsonWriter& json, const Region& region, const Counselling& track, int client) {
  const Person& person = region.parents[static_cast<size_t>(client)];
  json.begin_object();
  switch (track.key) {
    case Counselling::Key::kValid:
      json.member("Burgerservicenummer", bsn_text(person.bsn));
      break;
    case Counselling::Key::kInvalid:
      json.member("Burgerservicenummer", invalid_bsn(person.bsn));
      break;
    case Counselling::Key::kPlaceholder:
      json.member("Burgerservicenummer", client % 2 == 0 ? "999999999" : "000000000");
      break;
    case Counselling::Key::kEmpty:
      break;
  }
  json.member("Geboortedatum", relation::date_text(person.birth));
  json.member("Geslachtsaanduiding", person.sex == 'M' ? "Man" : "Vrouw").member("Postcode", "9999AA");
  json.member("Huisnummer", std::to_string(1 + client % 97)).end_object();
}

void write_track(JsonWriter& json, const Region& region, const Counselling& track, size_t number) {
  const std::string& code = region.municipalities[static_cast<size_t>(track.municipality)].code;
  json.begin_object().member("gemeentecode", code).member("startdatum", relation::date_text(track.start));
  // An importer joins overlapping tracks of one person. Tracks that the model takes as separate must not
  // overlap: earlier ones have ended before the window, and one without a date of registration lasts a day.
  if (track.start < *relation::day_number(2021, 1, 1))
    json.member("einddatum", relation::date_text(track.start + 120));
  else if (track.date_unknown)
    json.member("einddatum", relation::date_text(track.start));
  else if (number % 3 == 0)
    json.member("einddatum", relation::date_text(track.start + 120 + static_cast<int64_t>(number % 600)));
  json.member("totaalSchuldbedragBijAanvangSchuld", static_cast<int64_t>(2'000 + number * 7919 % 60'000));
  json.key("client").begin_array();
  for (const int client : track.clients) write_client(json, region, track, client);
  json.end_array().key("aanmelding").begin_object();
  if (!track.date_unknown)
    json.member("startdatum", track.only_year_known ? std::to_string(relation::year_of(track.start))
                                                    : relation::date_text(track.start));
  json.member("crisisinterventie", number % 17 == 0).end_object();
  if (number % 2 == 0)
    json.key("intake")
        .begin_object()
        .member("startdatum", relation::date_text(track.start + 14))
        .member("beschikkingssoort", "Toelatingsbeschikking")
        .end_object();
  json.end_object();
}

Result<Delivery> write_debt(const Region& region, size_t municipality, const std::string& directory) {
  const Municipality& owner = region.municipalities[municipality];
  Delivery delivery{owner.oin, owner.name, "schuldhulp", directory + "/schuldhulp.json", "", 0};
  JsonWriter json;
  json.begin_object().member("startdatumLevering", "2018-01-01").member("einddatumLevering", "2024-12-31");
  json.member("aanleverdatumEnTijd", "2025-01-15T09:00:00Z")
      .member("codeGegevensleverancier", "GL" + owner.code.substr(2));
  json.key("leveringen")
      .begin_array()
      .begin_object()
      .member("teller", 1)
      .key("aanleverende_organisatie")
      .begin_object();
  json.member("(Statutaire) Naam", "Gemeente " + owner.name)
      .member("KvK-nummer", "99990000")
      .member("gemeentecode", owner.code);
  json.end_object().key("schuldhulptrajecten").begin_array();
  for (size_t i = 0; i < region.counselling.size(); ++i) {
    const Counselling& track = region.counselling[i];
    if (track.municipality != static_cast<int>(municipality)) continue;
    write_track(json, region, track, i);
    delivery.rows += track.clients.size();
  }
  json.end_array().end_object().end_array().end_object();
  SLUIS_TRY(write_file(delivery.file, json.take()));
  return delivery;
}

Result<Delivery> write_families(const Region& region, size_t municipality, const std::string& directory) {
  const Municipality& owner = region.municipalities[municipality];
  Delivery delivery{owner.oin, owner.name, "ouder_kind", directory + "/ouder_kind.csv", "", 0};
  std::string csv = "kind;ouder;geboortedatum;gemeente;sinds\r\n";
  const auto line = [&](const Child& child, const std::string& parent) {
    const std::string birth = relation::date_text(child.person.birth);
    csv += bsn_text(child.person.bsn) + ";" + parent + ";" + birth + ";" + owner.code + ";" +
           (parent.empty() ? "" : birth) + "\r\n";
    ++delivery.rows;
  };
  for (const Child& child : region.children) {
    if (child.person.municipality != static_cast<int>(municipality)) continue;
    if (child.parents.empty()) line(child, "");
    for (const int parent : child.parents)
      line(child, bsn_text(region.parents[static_cast<size_t>(parent)].bsn));
  }
  SLUIS_TRY(write_file(delivery.file, csv));
  return delivery;
}

Result<Delivery> write_care(const Region& region, size_t provider, const std::string& directory) {
  const Provider& owner = region.providers[provider];
  Delivery delivery{
      owner.oin, owner.name, "jeugdhulp", directory + "/jeugdhulp.csv", directory + "/afspraken.toml", 0};
  std::string csv =
      "\"Cliënt BSN\";Vorm;\"Datum aanvang\";\"Datum einde\";Verwijzer;Geboortedatum;Geslacht\r\n";
  for (size_t i = 0; i < region.care.size(); ++i) {
    const Care& care = region.care[i];
    if (care.provider != static_cast<int>(provider)) continue;
    const Person& child = region.children[static_cast<size_t>(care.child)].person;
    std::string start = compact_date(care.start);
    if (care.only_month_known) start.replace(6, 2, "00");
    csv += (care.key_missing ? "" : bsn_text(child.bsn)) + ";" + care.form + ";" + start + ";" +
           (care.end ? compact_date(*care.end) : "") + ";0" + std::to_string(1 + i % 5) + ";" +
           compact_date(child.birth) + ";" + child.sex + "\r\n";
    ++delivery.rows;
  }
  SLUIS_TRY(write_file(delivery.file, csv));
  SLUIS_TRY(write_file(
      delivery.mapping,
      "format    = \"sluis-mapping/1\"\nprofile   = \"bij/2026#jeugdhulp\"\nname      = \"" + owner.name +
          "\"\ncode_list = \"bij\"\n\n[columns]\nbsn      = \"Cliënt BSN\"\nhulpvorm = \"Vorm\"\naanvang  = "
          "\"Datum aanvang\"\neinde    = \"Datum einde\"\nverwijzer = \"Verwijzer\"\n"));
  return delivery;
}

}  // namespace

std::string bsn_text(uint32_t bsn) {
  char text[16];
  std::snprintf(text, sizeof text, "%09u", bsn);
  return text;
}

Result<std::vector<Delivery>> write_deliveries(const Region& region, const std::string& directory) {
  std::vector<Delivery> all;
  const auto folder = [&](const std::string& code) {
    const std::string path = directory + "/" + code;
    std::filesystem::create_directories(path);
    return path;
  };
  for (size_t m = 0; m < region.municipalities.size(); ++m) {
    const std::string path = folder(region.municipalities[m].code);
    SLUIS_ASSIGN(Delivery debt, write_debt(region, m, path));
    SLUIS_ASSIGN(Delivery families, write_families(region, m, path));
    all.push_back(std::move(debt));
    all.push_back(std::move(families));
  }
  for (size_t p = 0; p < region.providers.size(); ++p) {
    SLUIS_ASSIGN(Delivery care, write_care(region, p, folder(region.providers[p].code)));
    all.push_back(std::move(care));
  }
  return all;
}

Result<std::vector<Delivery>> find_deliveries(const Region& region, const std::string& directory) {
  std::vector<Delivery> all;
  for (const Municipality& owner : region.municipalities) {
    const std::string folder = directory + "/" + owner.code;
    all.push_back({owner.oin, owner.name, "schuldhulp", folder + "/schuldhulp.json", "", 0});
    all.push_back({owner.oin, owner.name, "ouder_kind", folder + "/ouder_kind.csv", "", 0});
  }
  for (const Provider& owner : region.providers) {
    const std::string folder = directory + "/" + owner.code;
    all.push_back(
        {owner.oin, owner.name, "jeugdhulp", folder + "/jeugdhulp.csv", folder + "/afspraken.toml", 0});
  }
  for (const Delivery& delivery : all)
    if (!std::filesystem::exists(delivery.file))
      return Error{"S1002.open", {"-"}, delivery.file, 0, 0, Exit::kCheckFailed};
  return all;
}

}  // namespace sluis::demo
