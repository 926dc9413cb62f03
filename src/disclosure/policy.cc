#include "disclosure/policy.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace sluis::disclosure {
namespace {

// The least strict values of the only profile; the guard does not rely on the study reader for them.
constexpr Policy kFloor{};
constexpr uint32_t kMaxThreshold = 1'000'000;

Error fault(const char* id, std::vector<std::string> args) {
  return {id, std::move(args), "", 0, 0, Exit::kNotAllowed};
}

// Collects what is wrong with one output.
class OutputCheck {
 public:
  explicit OutputCheck(const OutputPolicy& output) : output_(output) {}

  Errors run() {
    if (Status status = check_policy(output_.policy); !status.ok()) errors_.push_back(status.error());
    measures();
    dimensions();
    sensitive();
    tables();
    bands();
    own_row();
    return std::move(errors_);
  }

 private:
  void add(const char* id, std::vector<std::string> args) {
    args.insert(args.begin(), output_.name);
    errors_.push_back(fault(id, std::move(args)));
  }

  void measures() {
    size_t rows = 0, some = 0;
    for (const MeasurePolicy& measure : output_.measures) {
      if (measure.figure == Figure::kOther) add("S1411.measure", {measure.name});
      ++(measure.figure == Figure::kCountRows ? rows : some);
      if (measure.sensitive && (measure.figure != Figure::kCountSome || !output_.population()))
        add("S1411.sensitive_count", {measure.name});
    }
    if (output_.measures.empty()) add("S1411.empty", {});
    if (rows > 1) add("S1411.two_populations", {});
    if (some > kMaxSubCounts) add("S1411.many_counts", {std::to_string(kMaxSubCounts)});
    for (const MeasureRelation& relation : output_.relations)
      if (relation.a >= output_.measures.size() || relation.b >= output_.measures.size() ||
          relation.a == relation.b)
        add("S1411.shape", {"relations"});
  }

  void dimensions() {
    size_t cells = 1;
    for (const sharing::ReleaseDimension& dimension : output_.dimensions) {
      if (dimension.labels.empty()) add("S1411.no_rows", {dimension.name});
      cells *= std::max<size_t>(dimension.labels.size(), 1);
      if (cells > sharing::kMaxReleaseCells)
        return add("S1411.cells", {std::to_string(sharing::kMaxReleaseCells)});
    }
    if (output_.dimensions.size() > sharing::kMaxReleaseDimensions) add("S1411.shape", {"dimensions"});
  }

  void sensitive() {
    for (const SensitiveValues& entry : output_.sensitive) {
      if (entry.dimension >= output_.dimensions.size()) {
        add("S1411.shape", {"sensitive"});
        continue;
      }
      const sharing::ReleaseDimension& dimension = output_.dimensions[entry.dimension];
      const std::set<size_t> values(entry.values.begin(), entry.values.end());
      if (values.empty() || values.size() != entry.values.size() ||
          *values.rbegin() >= dimension.labels.size())
        add("S1411.shape", {"sensitive"});
      // A group of one value has a share of 100 %: the rule would have nothing to compare with.
      if (dimension.labels.size() < 2) add("S1411.sensitive_alone", {dimension.name});
    }
  }

  void tables() {
    std::set<std::string> names;
    size_t populations = 0;
    for (const ContributingTable& table : output_.tables) {
      if (table.name.empty() || !names.insert(table.name).second) add("S1411.shape", {"tables"});
      populations += table.population ? 1 : 0;
    }
    if (populations != 1) add("S1411.population_table", {});
  }

  void bands() {
    const std::vector<uint32_t>& bands = output_.bands;
    if (bands.empty()) return;
    if (bands.size() > sharing::kMaxReleaseBands) add("S1411.shape", {"bands"});
    if (bands[0] < output_.policy.t_person) add("S1411.band_low", {std::to_string(output_.policy.t_person)});
    // Narrower bands would say nearly as much as a figure, and with the secret edge they could change places.
    const uint32_t width = std::max(kFloor.t_person, output_.policy.round_base);
    for (size_t i = 1; i < bands.size(); ++i)
      if (bands[i] < uint64_t{bands[i - 1]} + width) return add("S1411.band_narrow", {std::to_string(width)});
    if (bands.back() > 1'000'000'000) add("S1411.shape", {"bands"});
  }

  void own_row() {
    if (!output_.own_row) return;
    if (output_.bands.empty()) add("S1411.own_row_bands", {});
    const std::set<std::string> readers(output_.own_row->readers.begin(), output_.own_row->readers.end());
    if (output_.dimensions.size() != 1 || output_.own_row->readers.size() != output_.cells() ||
        readers.size() != output_.cells() || readers.count("") != 0)
      add("S1411.shape", {"own_row"});
  }

  const OutputPolicy& output_;
  Errors errors_;
};

}  // namespace

Fraction Fraction::from_millionths(int64_t millionths) {
  CHECK(millionths > 0 && millionths <= 1'000'000);
  const int64_t common = std::gcd(millionths, int64_t{1'000'000});
  return {static_cast<uint32_t>(millionths / common), static_cast<uint32_t>(1'000'000 / common)};
}

bool less(const Fraction& a, const Fraction& b) { return uint64_t{a.num} * b.den < uint64_t{b.num} * a.den; }

Status check_policy(const Policy& policy) {
  const auto refuse = [](const char* key) { return fault("S1410.policy", {key}); };
  const auto at_least = [](uint32_t value, uint32_t floor) {
    return value >= floor && value <= kMaxThreshold;
  };
  const auto share_ok = [](const Fraction& share, const Fraction& limit) {
    return share.num > 0 && share.den > 0 && share.den <= 1'000'000 && share.num <= share.den &&
           !less(limit, share);
  };
  if (!at_least(policy.t_person, kFloor.t_person)) return refuse("t_person");
  if (!at_least(policy.t_household, kFloor.t_household)) return refuse("t_household");
  if (!at_least(policy.t_owner, kFloor.t_owner)) return refuse("t_owner");
  if (!at_least(policy.denominator_min, kFloor.denominator_min)) return refuse("denominator_min");
  if (!share_ok(policy.owner_max, kFloor.owner_max)) return refuse("owner_max");
  if (!share_ok(policy.group_max, kFloor.group_max)) return refuse("group_max");
  // Odd: no ties. At most t_person: a figure that passes never rounds to 0, which means withheld.
  if (policy.round_base < kFloor.round_base || policy.round_base % 2 == 0 ||
      policy.round_base > policy.t_person)
    return refuse("round_base");
  return {};
}

Policy strictest(const Policy& a, const Policy& b) {
  Policy out;
  out.t_person = std::max(a.t_person, b.t_person);
  out.t_household = std::max(a.t_household, b.t_household);
  out.t_owner = std::max(a.t_owner, b.t_owner);
  out.owner_max = less(a.owner_max, b.owner_max) ? a.owner_max : b.owner_max;
  out.group_max = less(a.group_max, b.group_max) ? a.group_max : b.group_max;
  out.denominator_min = std::max(a.denominator_min, b.denominator_min);
  out.round_base = std::max(a.round_base, b.round_base);
  return out;
}

size_t OutputPolicy::cells() const {
  size_t cells = 1;
  for (const sharing::ReleaseDimension& dimension : dimensions) cells *= dimension.labels.size();
  return cells;
}

std::optional<size_t> OutputPolicy::population() const {
  for (size_t m = 0; m < measures.size(); ++m)
    if (measures[m].figure == Figure::kCountRows) return m;
  return std::nullopt;
}

Errors check_protectable(const OutputPolicy& output) { return OutputCheck(output).run(); }

uint32_t band_slack(const Policy& policy) { return policy.round_base - 1; }

sharing::ReleaseLayout release_layout(const OutputPolicy& output, const std::vector<uint32_t>& planes) {
  CHECK(planes.size() == output.measures.size());
  sharing::ReleaseLayout layout;
  layout.output = output.name;
  layout.kind = output.bands.empty() ? sharing::FigureKind::kCount : sharing::FigureKind::kBand;
  layout.dimensions = output.dimensions;
  for (size_t m = 0; m < planes.size(); ++m) layout.measures.push_back({output.measures[m].name, planes[m]});
  layout.t_person = output.policy.t_person;
  layout.t_household = output.policy.t_household;
  layout.round_base = output.policy.round_base;
  layout.denominator_min = output.policy.denominator_min;
  layout.bands = output.bands;
  if (!output.bands.empty()) layout.band_slack = band_slack(output.policy);
  return layout;
}

}  // namespace sluis::disclosure
