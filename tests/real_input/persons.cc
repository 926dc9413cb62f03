#include "persons.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

namespace sluis::real_input {
namespace {

using Row = std::vector<std::string>;

// Semicolons, fields quoted where needed; no field of the set holds a line end.
Row cells_of(const std::string& line) {
  Row row(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      row.back() += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ';' && !quoted) {
      row.emplace_back();
    } else if (line[i] != '\r') {
      row.back() += line[i];
    }
  }
  return row;
}

struct Sheet {
  std::map<std::string, size_t> at;  // first column of each name
  std::vector<std::vector<Row>> lists;
};

Sheet read_sheet(const std::string& path) {
  std::ifstream in(path);
  Sheet sheet;
  std::string line;
  std::getline(in, line);
  const Row header = cells_of(line);
  for (size_t c = 0; c < header.size(); ++c) sheet.at.emplace(header[c], c);
  while (std::getline(in, line)) {
    Row row = cells_of(line);
    if (row.size() < header.size()) continue;
    if (!row[0].empty()) sheet.lists.emplace_back();
    sheet.lists.back().push_back(std::move(row));
  }
  return sheet;
}

// Rows of a list that hold a current, correct entry of category NN: the first, and those that the row before
// announces with NN itself.
std::vector<const Row*> current(const Sheet& sheet, const std::vector<Row>& list,
                                const std::string& category) {
  std::vector<const Row*> out;
  const size_t next = sheet.at.at(category + ".H"), wrong = sheet.at.at(category + ".84.10");
  for (size_t k = 0; k < list.size(); ++k)
    if ((k == 0 || list[k - 1][next] == category) && list[k][wrong] != "O") out.push_back(&list[k]);
  return out;
}

bool is_bsn(const std::string& text) {
  return text.size() == 9 && text.find_first_not_of("0123456789") == std::string::npos &&
         text != "000000000" && text != "999999999";
}

void add(std::vector<std::string>& parents, const std::string& bsn) {
  if (std::find(parents.begin(), parents.end(), bsn) == parents.end()) parents.push_back(bsn);
}

}  // namespace

std::optional<int> RealPerson::age_2023() const {
  if (birth.size() != 8 || birth.substr(0, 4) == "0000") return std::nullopt;
  const int year = std::stoi(birth.substr(0, 4)), month = std::stoi(birth.substr(4, 2)),
            day = std::stoi(birth.substr(6));
  // Who was born on 1 January has one year more than who was born on any later day.
  if (month > 1 || day > 1) return 2023 - year - 1;
  return month == 1 && day == 1 ? std::optional(2023 - year) : std::nullopt;
}

std::string test_set_path() {
  const std::filesystem::path folder =
      std::filesystem::path(SLUIS_SOURCE_DIR) / "../shared/data/nl/brp-gbav-testset";
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(folder, ignored))
    if (file.path().filename().string().find("Testset_persoonslijsten") != std::string::npos)
      return file.path().string();
  return "";
}

std::vector<RealPerson> read_persons(const std::string& path) {
  const Sheet sheet = read_sheet(path);
  std::vector<RealPerson> persons;
  std::map<std::string, size_t> by_bsn;
  std::vector<std::pair<std::string, std::string>> child_of;  // child, parent: as parents' lists say
  for (const std::vector<Row>& list : sheet.lists) {
    const auto cell = [&](const Row& row, const char* name) { return row[sheet.at.at(name)]; };
    const std::vector<const Row*> own = current(sheet, list, "01");
    const Row& self = own.empty() ? list[0] : *own[0];
    RealPerson person{cell(self, "01.01.20"), cell(self, "01.03.10"), cell(list[0], "08.09.10"), {}};
    if (!is_bsn(person.bsn)) continue;
    if (person.town == "1999") person.town.clear();
    for (const char* category : {"02", "03"})
      for (const Row* row : current(sheet, list, category))
        if (const std::string parent = cell(*row, (std::string(category) + ".01.20").c_str()); is_bsn(parent))
          add(person.parents, parent);
    for (const Row* row : current(sheet, list, "09"))
      if (const std::string child = cell(*row, "09.01.20"); is_bsn(child))
        child_of.emplace_back(child, person.bsn);
    const auto [at, fresh] = by_bsn.emplace(person.bsn, persons.size());
    if (fresh) {
      persons.push_back(std::move(person));
      continue;
    }
    RealPerson& known = persons[at->second];
    if (known.birth.empty()) known.birth = person.birth;
    if (known.town.empty()) known.town = person.town;
    for (const std::string& parent : person.parents) add(known.parents, parent);
  }
  for (const auto& [child, parent] : child_of)
    if (const auto found = by_bsn.find(child); found != by_bsn.end())
      add(persons[found->second].parents, parent);
  return persons;
}

}  // namespace sluis::real_input
