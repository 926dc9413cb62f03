#include "importers/profile.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"

namespace sluis::importers {

using relation::Type;

const std::vector<std::string> kSolutionKinds = {"Betalingsregeling", "Herfinanciering", "Saneringskrediet",
                                                 "Schuldbemiddeling", "0%-aanbod"};
const std::vector<std::string> kOutflowReasons = {"Overleden",    "Verhuisd",     "Nietverschenen",
                                                  "Ingetrokken",  "Niet passend", "Overig",
                                                  "Voldoet niet", "Afgerond",     "Zelf"};
const std::vector<std::string> kCareForms = {"wijkteam",  "ambulant",      "daghulp",  "netwerk",
                                             "pleegzorg", "gezinsgericht", "gesloten", "verblijf_overig"};
const std::vector<std::string> kReferrers = {
    "gemeente",           "huisarts", "jeugdarts", "gecertificeerde_instelling",
    "medisch_specialist", "geen",     "onbekend",  "rechter"};
const std::vector<std::string> kEndReasons = {"volgens_plan", "voortijdig_overeengekomen",
                                              "voortijdig_client", "voortijdig_aanbieder",
                                              "externe_omstandigheid"};

namespace {

constexpr std::string_view kYearSuffix = "_JJJJ";

Type open_category() {
  Type type;
  type.kind = relation::Kind::kCategory;
  type.hi = -1;  // no values yet: profile_schema() fills them in
  return type;
}

// Every field of a trajectory in DDAS-SHV 1.0.
std::vector<std::string> ddas_fields() {
  // clang-format off
  return {"gemeentecode", "startdatum", "einddatum",
       "omschrijving", "toekenningsdatum", "totaalSchuldbedragBijAanvangSchuld",
       "client.Burgerservicenummer", "client.Geboortedatum", "client.Geslachtsaanduiding",
       "client.Postcode", "client.Huisnummer", "client.Huisnummertoevoeging",
       "aanmelding.startdatum", "aanmelding.einddatum", "aanmelding.crisisinterventie",
       "informatieEnAdvies.startdatum", "informatieEnAdvies.einddatum", "intake.startdatum",
       "intake.einddatum", "intake.beschikkingsdatum", "intake.beschikkingssoort",
       "planVanAanpak.datumAfronding", "stabilisatie.startdatum", "stabilisatie.einddatum",
       "schuldregeling.datum", "schuldregeling.toegekend", "schuldregeling.afgewezen",
       "schuldregeling.ingetrokken", "schuldregeling.dwangakkoord", "schuldregeling.datumVerzoekDwangakkoord",
       "oplossing.soort", "oplossing.startdatum", "oplossing.einddatum",
       "oplossing.vtlb", "begeleiding.soort", "begeleiding.startdatum",
       "begeleiding.einddatum", "crisisinterventies.startdatum", "crisisinterventies.einddatum",
       "voorlopigeVoorzieningen.startdatum", "voorlopigeVoorzieningen.einddatum", "moratoria.datumAanvraag",
       "moratoria.datumGoedkeuring", "moratoria.startdatum", "moratoria.einddatum",
       "nazorg.startdatum", "nazorg.einddatum", "uitstroom.datum",
       "uitstroom.reden", "uitstroom.omschrijving", "uitstroom.datumBeeindigingsbeschikking",
       "schulden.bedrag", "schulden.peildatum", "schulden.schuldsoort",
       "schulden.zakelijkeSchuld", "schulden.schuldeiser.naam", "schulden.schuldeiser.Naam",
       "schulden.schuldeiser.kvknummer", "schulden.schuldeiser.postcode", "schulden.schuldeiser.privepersoon"};
  // clang-format on
}

Profile debt_profile() {
  const std::vector<std::string> bsn = {"client.Burgerservicenummer"}, aanmelding = {"aanmelding.startdatum"};
  Profile p;
  p.id = "ddas-shv/1.0#traject-client";
  p.alias = "schuldhulp";
  p.columns = {
      {"ouder", Type::bsn(), true, false, true, bsn},
      {"aanmelding_van", Type::date(), false, false, true, aanmelding},
      {"aanmelding_tot", Type::date(), false, false, true, aanmelding},
      {"gemeente", open_category(), true, true, false, {"gemeentecode"}},
      {"start_van", Type::date(), true, false, false, {"startdatum"}},
      {"start_tot", Type::date(), true, false, false, {"startdatum"}},
      {"einde_van", Type::date(), true, false, false, {"einddatum"}},
      {"einde_tot", Type::date(), true, false, false, {"einddatum"}},
      {"crisis", Type::boolean(), true, false, false, {"aanmelding.crisisinterventie"}},
      {"oplossing", Type::category(kSolutionKinds), true, false, false, {"oplossing.soort"}},
      {"uitstroom_reden", Type::category(kOutflowReasons), true, false, false, {"uitstroom.reden"}},
      {"uitstroom_van", Type::date(), true, false, false, {"uitstroom.datum"}},
      {"uitstroom_tot", Type::date(), true, false, false, {"uitstroom.datum"}},
      {"schuldbedrag",
       Type::integer(0, kMaxDebt),
       true,
       false,
       false,
       {"totaalSchuldbedragBijAanvangSchuld"}},
  };
  p.fields = ddas_fields();
  return p;
}

Profile family_profile() {
  Profile p;
  p.id = "brp-ouder-kind/1";
  p.alias = "ouder_kind";
  p.columns = {
      {"ouder", Type::bsn(), true, false, true, {"ouder"}},
      {"kind", Type::bsn(), true, false, true, {"kind"}},
      {"leeftijd_JJJJ", Type::integer(0, kMaxAge), true, false, true, {"geboortedatum"}},
      {"gemeente", open_category(), true, true, true, {"gemeente"}},
      {"geboorte_van", Type::date(), true, false, false, {"geboortedatum"}},
      {"geboorte_tot", Type::date(), true, false, false, {"geboortedatum"}},
      {"sinds_van", Type::date(), true, false, false, {"sinds"}},
      {"sinds_tot", Type::date(), true, false, false, {"sinds"}},
  };
  p.fields = {"kind", "ouder", "geboortedatum", "gemeente", "sinds"};
  return p;
}

Profile care_profile() {
  Profile p;
  p.id = "bij/2026#jeugdhulp";
  p.alias = "jeugdhulp";
  p.columns = {
      {"kind", Type::bsn(), true, false, true, {"bsn"}},
      {"hulpvorm", Type::category(kCareForms), true, false, true, {"hulpvorm"}},
      {"aanvang_van", Type::date(), false, false, true, {"aanvang"}},
      {"aanvang_tot", Type::date(), false, false, true, {"aanvang"}},
      {"einde_van", Type::date(), true, false, true, {"einde"}},
      {"einde_tot", Type::date(), true, false, true, {"einde"}},
      {"verwijzer", Type::category(kReferrers), true, false, false, {"verwijzer"}},
      {"reden_einde", Type::category(kEndReasons), true, false, false, {"reden_einde"}},
  };
  p.fields = {"bsn",       "geboortedatum", "geslacht", "postcode",    "hulpvorm",
              "verwijzer", "aanvang",       "einde",    "reden_einde", "maatregel"};
  return p;
}

// "leeftijd_2023" is "leeftijd_JJJJ" for 2023. Years 1900..2099.
std::optional<int> year_of_column(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with(kYearSuffix) || name.size() != pattern.size()) return std::nullopt;
  const size_t stem = pattern.size() - 4;
  if (name.substr(0, stem) != pattern.substr(0, stem)) return std::nullopt;
  int year = 0;
  for (const char c : name.substr(stem)) {
    if (c < '0' || c > '9') return std::nullopt;
    year = 10 * year + (c - '0');
  }
  if (year < 1900 || year > 2099) return std::nullopt;
  return year;
}

Error column_error(const char* id, const Profile& profile, std::string_view column) {
  Error e;
  e.id = id;
  e.args = {safe_name(column), profile.id};
  return e;
}

}  // namespace

const ProfileColumn* Profile::find(std::string_view column) const {
  for (const ProfileColumn& c : columns)
    if ((c.name == column && !c.name.ends_with(kYearSuffix)) || year_of_column(c.name, column)) return &c;
  return nullptr;
}

const std::vector<Profile>& all_profiles() {
  static const std::vector<Profile> kProfiles = {debt_profile(), family_profile(), care_profile()};
  return kProfiles;
}

const Profile* find_profile(std::string_view id_or_alias) {
  for (const Profile& profile : all_profiles())
    if (profile.id == id_or_alias || profile.alias == id_or_alias) return &profile;
  return nullptr;
}

std::string column_meaning(text::Language language, const Profile& profile, std::string_view column) {
  const ProfileColumn* found = profile.find(column);
  if (found == nullptr) return {};
  const std::optional<int> year = year_of_column(found->name, column);
  std::string key = "profile.";
  key += profile.alias;
  key += '.';
  key += found->name;
  return text::tr(language, key, {year ? std::to_string(*year) : std::string()});
}

std::string profile_title(text::Language language, const Profile& profile) {
  std::string key = "profile.";
  key += profile.alias;
  return text::tr(language, key, {});
}

Result<std::vector<RequestedColumn>> request_columns(const Profile& profile,
                                                     const std::vector<std::string>& names) {
  std::vector<RequestedColumn> out;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    const ProfileColumn* column = profile.find(name);
    if (column == nullptr) return column_error("S1101.column", profile, name);
    if (!seen.insert(name).second) return column_error("S1101.twice", profile, name);
    const auto index = static_cast<size_t>(column - profile.columns.data());
    out.push_back({name, index, year_of_column(column->name, name).value_or(0)});
  }
  return out;
}

Result<relation::TableSchema> profile_schema(const Profile& profile, const std::string& table,
                                             const std::vector<std::string>& columns,
                                             const Domains& domains) {
  SLUIS_ASSIGN(const std::vector<RequestedColumn> requested, request_columns(profile, columns));
  relation::TableSchema schema;
  schema.name = table;
  for (const RequestedColumn& request : requested) {
    const ProfileColumn& column = profile.columns[request.index];
    Type type = column.type;
    if (column.open_domain) {
      const auto values = domains.find(request.name);
      if (values == domains.end() || values->second.empty())
        return column_error("S1101.domain", profile, request.name);
      type = Type::category(values->second);
    }
    schema.columns.push_back({request.name, std::move(type), column.nullable});
  }
  return schema;
}

}  // namespace sluis::importers
