// Import profiles: which columns a study can ask of a delivery, and from which fields they are made.
// A profile is public knowledge; no file is needed to use it (study check, approval page).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "relation/table.h"
#include "text/text.h"

namespace sluis::importers {

struct ProfileColumn {
  std::string name;     // "aanmelding_van"; "leeftijd_JJJJ" stands for one column per year
  relation::Type type;  // of an open category: without domain, see open_domain
  bool nullable = true;
  bool open_domain = false;          // a category whose values the study declares (municipalities)
  bool by_default = false;           // shown by `data check` without a study
  std::vector<std::string> sources;  // names from Profile::fields
};

struct Profile {
  std::string id;     // "ddas-shv/1.0#traject-client", as study files name it
  std::string alias;  // "schuldhulp": for `--as`, and the usual table name
  std::vector<ProfileColumn> columns;
  std::vector<std::string> fields;  // every field of the source, so that what is not shared can be listed

  // The column of this name ("leeftijd_2023" finds "leeftijd_JJJJ"), or nullptr.
  const ProfileColumn* find(std::string_view column) const;
};

// By id or alias, or nullptr.
const Profile* find_profile(std::string_view id_or_alias);
// All, in a fixed order.
const std::vector<Profile>& all_profiles();

// What a column means, in plain words (Dutch B1 first).
std::string column_meaning(text::Language language, const Profile& profile, std::string_view column);
// One line about the profile: "DDAS-SHV 1.0: schuldhulptrajecten, één rij per cliënt".
std::string profile_title(text::Language language, const Profile& profile);

// Values of open categories, by column name.
using Domains = std::map<std::string, std::vector<std::string>>;

// The schema of a table with these columns, for the SQL binder. An open category needs its values in
// `domains`. Errors: S1101.column (unknown), S1101.twice, S1101.domain (no values).
Result<relation::TableSchema> profile_schema(const Profile& profile, const std::string& table,
                                             const std::vector<std::string>& columns, const Domains& domains);

// A column that was asked for: position in Profile::columns, and the year of a "_JJJJ" column.
struct RequestedColumn {
  std::string name;
  size_t index = 0;
  int year = 0;
};
// Errors: S1101.column, .twice.
Result<std::vector<RequestedColumn>> request_columns(const Profile& profile,
                                                     const std::vector<std::string>& names);

// Positions of the columns in their profiles; profile_test holds them against the names.
enum class DebtColumn : size_t {
  kOuder,
  kAanmeldingVan,
  kAanmeldingTot,
  kGemeente,
  kStartVan,
  kStartTot,
  kEindeVan,
  kEindeTot,
  kCrisis,
  kOplossing,
  kUitstroomReden,
  kUitstroomVan,
  kUitstroomTot,
  kSchuldbedrag,
};
enum class FamilyColumn : size_t {
  kOuder,
  kKind,
  kLeeftijd,
  kGemeente,
  kGeboorteVan,
  kGeboorteTot,
  kSindsVan,
  kSindsTot
};
enum class CareColumn : size_t {
  kKind,
  kHulpvorm,
  kAanvangVan,
  kAanvangTot,
  kEindeVan,
  kEindeTot,
  kVerwijzer,
  kRedenEinde
};

// Closed categories. Their order here is free: relation::Type sorts.
extern const std::vector<std::string> kSolutionKinds;   // oplossing.soort
extern const std::vector<std::string> kOutflowReasons;  // uitstroom.reden
extern const std::vector<std::string> kCareForms;       // hulpvorm: "pleegzorg", ...
extern const std::vector<std::string> kReferrers;       // verwijzer
extern const std::vector<std::string> kEndReasons;      // reden beëindiging

inline constexpr int64_t kMaxAge = 130;
inline constexpr int64_t kMaxDebt = 99'999'999;  // euros

}  // namespace sluis::importers
