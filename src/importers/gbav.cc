// GBA-V person lists as CSV (RvIG test set): categories are independent stacks, entry k of a category stands
// in row k of its list. The layout is in docs/formats/profile.md.
#include <algorithm>
#include <array>
#include <map>

#include "base/utf8.h"
#include "importers/facts.h"

namespace sluis::importers {
namespace {

using relation::BsnKind;
using Row = std::vector<std::string>;

// Positions of columns (one name occurs twice and two have none, so names cannot be used). Element NN.84.10
// marks an incorrect entry; NN.H announces the next entry of its category.
constexpr size_t kColumns = 257;
constexpr size_t kLabel = 0;
struct Category {
  std::string_view number;
  size_t first, incorrect, next;  // cells first..next-1 are the entry
};
constexpr Category kPerson = {"01", 1, 22, 27}, kParent1 = {"02", 28, 47, 50}, kParent2 = {"03", 51, 70, 73},
                   kChild = {"09", 186, 203, 207};
constexpr std::array<Category, 13> kCategories = {{kPerson,
                                                   kParent1,
                                                   kParent2,
                                                   {"04", 74, 86, 90},
                                                   {"05", 91, 117, 120},
                                                   {"06", 121, 132, 137},
                                                   {"07", 138, SIZE_MAX, 151},
                                                   {"08", 152, 180, 185},
                                                   kChild,
                                                   {"10", 208, 214, 217},
                                                   {"11", 218, 226, 229},
                                                   {"12", 230, SIZE_MAX, 246},
                                                   {"13", 247, SIZE_MAX, 255}}};
constexpr size_t kPersonBsn = 2, kPersonBirth = 7, kParent1Bsn = 29, kParent1Since = 38, kParent2Bsn = 52,
                 kParent2Since = 61, kSuspended = 140, kMunicipality = 152, kChildBsn = 187;
constexpr std::string_view kNonResident = "1999";  // the register of non-residents is no municipality

// The rows of one person list and the number of its first row.
struct List {
  std::vector<Row> rows;
  uint64_t row_number = 0;
  int line = 0;
};

// Current entries of a category, as rows of the list in which their cells stand. Historical and incorrect
// entries are skipped; an entry that nothing announces counts as historical.
std::vector<const Row*> current_entries(const List& list, const Category& category, Findings* findings) {
  std::vector<const Row*> out;
  const std::string historical = std::to_string(std::stoi(std::string(category.number)) + 50);
  for (size_t k = 0; k < list.rows.size(); ++k) {
    const Row& row = list.rows[k];
    const std::string announced = k == 0 ? std::string(category.number) : list.rows[k - 1][category.next];
    const bool filled = std::any_of(row.begin() + static_cast<std::ptrdiff_t>(category.first),
                                    row.begin() + static_cast<std::ptrdiff_t>(category.next),
                                    [](const std::string& cell) { return !cell.empty(); });
    const bool known = announced == category.number || announced == historical;
    const bool broken = k > 0 && (filled ? announced.empty() : !announced.empty());
    if (findings != nullptr && (broken || (!known && !announced.empty())))
      findings->note("gbav_stack", {}, list.row_number + k);
    if (!filled) continue;
    const bool incorrect = category.incorrect != SIZE_MAX && row[category.incorrect] == "O";
    if (findings != nullptr && incorrect) findings->note("gbav_incorrect", {}, list.row_number + k);
    if (announced == category.number && !incorrect) out.push_back(&row);
  }
  return out;
}

struct Parent {
  relation::Bsn bsn;
  EventDate since;
};
struct Person {
  relation::Bsn bsn;
  std::optional<relation::PartialDate> birth;
  std::string municipality;
  std::vector<Parent> parents;  // with a BSN
  uint64_t row = 0;
};

class GbavReader {
 public:
  explicit GbavReader(ImportJob& job) : job_(job) {}

  Status list(const List& list) {
    for (const Category& category : kCategories) (void)current_entries(list, category, &job_.findings());
    Person person;
    person.row = list.row_number;
    const Row& first = list.rows[0];
    const std::vector<const Row*> entries = current_entries(list, kPerson, nullptr);
    const Row& own = entries.empty() ? first : *entries[0];
    person.bsn = relation::parse_bsn(own[kPersonBsn]);
    if (person.bsn.kind != BsnKind::kValid) job_.findings().remark("gbav_no_bsn", {}, list.row_number);
    if (!own[kPersonBirth].empty()) {
      person.birth = relation::parse_partial_date(own[kPersonBirth]);
      if (!person.birth) return job_.row_error("S1104.date", list.row_number, list.line, {"01.03.10"});
    }
    person.municipality = municipality(first[kMunicipality], list.row_number);
    if (const std::string& reason = first[kSuspended]; !reason.empty())
      job_.findings().note("gbav_suspended", {reason.size() == 1 ? reason : "?"}, list.row_number);
    SLUIS_TRY(parents(list, person));
    children(list, person);
    add(std::move(person));
    return {};
  }

  // The relations of everyone with an own list, from both sides.
  std::vector<FamilyRow> relations() {
    add_parents_by_children();
    std::vector<FamilyRow> rows;
    for (const Person& person : persons_) {
      FamilyRow row;
      row.child = person.bsn;
      row.birth = person.birth;
      row.municipality = person.municipality;
      row.row = person.row;
      for (const Parent& parent : person.parents) {
        row.parent = parent.bsn;
        row.since = parent.since;
        rows.push_back(row);
      }
      if (person.parents.empty()) rows.push_back(row);
    }
    return rows;
  }

 private:
  std::string municipality(const std::string& text, uint64_t row) {
    if (text == kNonResident) {
      job_.findings().note("gbav_non_resident", {}, row);
      return {};
    }
    return municipality_code(text);
  }

  Status parents(const List& list, Person& person) {
    struct Place {
      const Category& category;
      size_t bsn, since;
    };
    for (const Place& place :
         {Place{kParent1, kParent1Bsn, kParent1Since}, Place{kParent2, kParent2Bsn, kParent2Since}})
      for (const Row* entry : current_entries(list, place.category, nullptr)) {
        Parent parent;
        parent.bsn = relation::parse_bsn((*entry)[place.bsn]);
        const auto k = static_cast<uint64_t>(entry - list.rows.data());
        SLUIS_ASSIGN(parent.since,
                     read_date(job_, (*entry)[place.since], {list.row_number + k, list.line, "62.10"}));
        if (parent.bsn.kind == BsnKind::kValid)
          person.parents.push_back(parent);
        else
          job_.findings().note("gbav_parent_no_bsn", {}, list.row_number + k);
      }
    return {};
  }

  void children(const List& list, const Person& person) {
    for (const Row* entry : current_entries(list, kChild, nullptr)) {
      const relation::Bsn child = relation::parse_bsn((*entry)[kChildBsn]);
      const uint64_t row = list.row_number + static_cast<uint64_t>(entry - list.rows.data());
      if (child.kind != BsnKind::kValid)
        job_.findings().note("gbav_child_no_bsn", {}, row);
      else if (person.bsn.kind == BsnKind::kValid)
        by_child_.push_back({child.value, person.bsn, row});
    }
  }

  void add(Person&& person) {
    if (person.bsn.kind != BsnKind::kValid) {
      persons_.push_back(std::move(person));
      return;
    }
    const auto [at, is_new] = by_bsn_.emplace(person.bsn.value, persons_.size());
    if (is_new) {
      persons_.push_back(std::move(person));
      return;
    }
    job_.findings().remark("gbav_two_lists", {}, person.row);
    Person& known = persons_[at->second];
    if (!known.birth) known.birth = person.birth;
    if (known.municipality.empty()) known.municipality = person.municipality;
    for (const Parent& parent : person.parents) add_parent(known, parent);
  }

  static void add_parent(Person& person, const Parent& parent) {
    for (const Parent& known : person.parents)
      if (known.bsn.value == parent.bsn.value) return;
    person.parents.push_back(parent);
  }

  void add_parents_by_children() {
    for (const ByChild& relation : by_child_) {
      const auto child = by_bsn_.find(relation.child);
      if (child == by_bsn_.end()) {
        job_.findings().note("gbav_child_elsewhere", {}, relation.row);
        continue;
      }
      const size_t before = persons_[child->second].parents.size();
      add_parent(persons_[child->second], {relation.parent, EventDate()});
      if (persons_[child->second].parents.size() > before)
        job_.findings().note("gbav_only_by_parent", {}, relation.row);
    }
  }

  struct ByChild {
    int64_t child;
    relation::Bsn parent;
    uint64_t row;
  };
  ImportJob& job_;
  std::vector<Person> persons_;
  std::map<int64_t, size_t> by_bsn_;
  std::vector<ByChild> by_child_;
};

void report_fields(ImportJob& job, const std::vector<std::string>& header) {
  static const std::map<std::string_view, std::vector<std::string>> kSources = {
      {"kind", {"01.01.20"}},
      {"ouder", {"02.01.20", "03.01.20", "09.01.20"}},
      {"geboortedatum", {"01.03.10"}},
      {"gemeente", {"08.09.10"}},
      {"sinds", {"02.62.10", "03.62.10"}}};
  std::set<std::string> used;
  for (const RequestedColumn& request : job.columns)
    for (const std::string& source : job.profile.columns[request.index].sources)
      for (const std::string& name : kSources.at(source)) used.insert(name);
  std::set<std::string> seen;
  for (const std::string& name : header) {
    if (name.empty() || !seen.insert(name).second) continue;
    (used.contains(name) ? job.report.fields_used : job.report.fields_not_shared).push_back(safe_name(name));
  }
}

}  // namespace

bool is_gbav_header(const std::vector<std::string>& header) {
  return header.size() == kColumns && header[1] == "01.01.10" && header[kPersonBsn] == "01.01.20" &&
         header[kChildBsn] == "09.01.20" && header[kMunicipality] == "08.09.10";
}

Result<relation::Table> import_gbav(ImportJob& job) {
  job.report.format = "gbav";
  job.mapping.dates = relation::DateForm::kIsoOrDigits;
  SLUIS_ASSIGN(relation::CsvReader reader, open_csv_reader(job, false));
  report_fields(job, reader.header());
  GbavReader lists(job);
  List list;
  std::vector<relation::CsvField> fields;
  constexpr size_t kMaxListRows = 10'000;
  for (;;) {
    SLUIS_ASSIGN(const bool more, reader.next(fields));
    const bool begins = more && !fields[kLabel].text.empty();
    if ((begins || !more) && !list.rows.empty()) {
      SLUIS_TRY(lists.list(list));
      ++job.report.source_rows;
      list = {};
    }
    if (!more) break;
    if (list.rows.empty()) {
      if (!begins) return job.row_error("S1104.gbav_start", reader.row_number(), reader.line());
      list.row_number = reader.row_number();
      list.line = reader.line();
    }
    if (list.rows.size() == kMaxListRows)
      return job.row_error("S1104.gbav_long", reader.row_number(), reader.line());
    Row& row = list.rows.emplace_back();
    for (relation::CsvField& field : fields) row.push_back(std::move(field.text));
  }
  return family_table(job, lists.relations());
}

}  // namespace sluis::importers
