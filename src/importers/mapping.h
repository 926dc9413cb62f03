// The mapping file of one institution: its column names, encoding and care types (docs/formats/mapping.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "importers/profile.h"
#include "relation/partial_date.h"

namespace sluis::importers {

// Which list the codes in the column `hulpvorm` come from. Foster care is 11 in one and 35 in the other.
enum class CodeList : uint8_t {
  kBij,      // Beleidsinformatie Jeugd, bijlage 2
  kIjw2015,  // iJw JZ020, the products marked (2015)
  kOwn,      // the institution's own codes: the mapping file names each
};

struct Mapping {
  bool cp1252 = false;  // read as Windows-1252 if the file is not UTF-8
  char delimiter = 0;   // 0: found by the header
  relation::DateForm dates = relation::DateForm::kIsoOrDigits;
  std::map<std::string, std::string, std::less<>> columns;  // field of the profile -> name in the header
  CodeList code_list = CodeList::kBij;
  std::map<std::string, std::string, std::less<>>
      care_forms;  // code -> name in kCareForms, besides the list's

  // Name in the header of a field of the profile: the mapped one, else its own.
  std::string header_name(std::string_view field) const;
};

// Errors: S1002.*; S1001, S1003–S1008 of the file; S1106.*. Only the first fault is returned.
Result<Mapping> read_mapping(const std::string& path, const Profile& profile);
Result<Mapping> parse_mapping(std::string_view bytes, const std::string& file, const Profile& profile);

// The care form of a code, or why there is none.
enum class CodeKind : uint8_t { kCareForm, kUnknown, kOtherList, kProbation };
struct CareCode {
  CodeKind kind = CodeKind::kUnknown;
  std::string form;  // kCareForm: a value of kCareForms
};
// Spreadsheets lose leading zeros: "1" is "01".
CareCode care_code(const Mapping& mapping, std::string_view code);

}  // namespace sluis::importers
