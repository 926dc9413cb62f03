#include "demo/compare.h"

#include "base/json.h"

namespace sluis::demo {
namespace {

// As the disclosure rule does it: 5 * floor((n + 2) / 5).
int64_t rounded(int64_t n) { return 5 * ((n + 2) / 5); }

class Comparer {
 public:
  explicit Comparer(const JsonValue& document) : document_(document) {}

  // The count columns of an output's rows, in order, against the plain counts.
  Status compare(const std::string& output, const std::vector<std::string>& columns,
                 const std::vector<std::string>& names, const std::vector<std::vector<int64_t>>& plain) {
    const Error shape{"S1061.shape", {output}, "", 0, 0, Exit::kInternal};
    const JsonValue* found = find_output(output);
    const JsonValue* rows = found == nullptr ? nullptr : found->find("rows");
    if (rows == nullptr || rows->items.size() != plain.size()) return shape;
    for (size_t r = 0; r < plain.size(); ++r) {
      for (size_t c = 0; c < columns.size(); ++c) {
        const JsonValue* count = rows->items[r].find(columns[c]);
        if (count == nullptr) return shape;
        cell(output + " " + names[r], *count, plain[r][c]);
      }
    }
    return {};
  }

  Comparison take() { return std::move(result_); }

 private:
  const JsonValue* find_output(const std::string& name) const {
    const JsonValue* outputs = document_.find("outputs");
    if (outputs == nullptr) return nullptr;
    for (const JsonValue& output : outputs->items) {
      const JsonValue* own = output.find("name");
      if (own != nullptr && own->text == name) return &output;
    }
    return nullptr;
  }

  void cell(const std::string& name, const JsonValue& released, int64_t plain) {
    const bool shown = released.is(JsonValue::Kind::kInteger);
    const bool equal = shown && released.integer == rounded(plain);
    (!shown ? result_.withheld : equal ? result_.equal : result_.different) += 1;
    result_.table += name + ": " + (shown ? std::to_string(released.integer) : "·") + "  (" +
                     std::to_string(plain) + ")\n";
  }

  const JsonValue& document_;
  Comparison result_;
};

}  // namespace

Result<Comparison> compare_with_plain(const std::string& json, const PlainAnswer& plain) {
  SLUIS_ASSIGN(const JsonValue document, parse_json(json, {}));
  Comparer comparer(document);
  std::vector<std::vector<int64_t>> together;
  std::vector<std::string> names;
  static constexpr const char* kBands[] = {"0-5", "6-11", "12-17"};
  for (size_t band = 0; band < 3; ++band) {
    for (size_t exposure = 0; exposure < 2; ++exposure) {
      together.push_back({plain.together[band][exposure].children, plain.together[band][exposure].started});
      names.push_back(std::string(kBands[band]) + (exposure == 0 ? " ja" : " nee"));
    }
  }
  SLUIS_TRY(comparer.compare("samen", {"kinderen", "start_pleegzorg"}, names, together));
  SLUIS_TRY(comparer.compare("volgorde", {"kinderen"}, {"eerder", "erna", "anders"},
                             {{plain.order[0]}, {plain.order[1]}, {plain.order[2]}}));
  SLUIS_TRY(
      comparer.compare("koppeling", {"kinderen"}, {"ja", "nee", "datum onbekend", "ouder onbekend"},
                       {{plain.linkage[0]}, {plain.linkage[1]}, {plain.linkage[2]}, {plain.linkage[3]}}));
  return comparer.take();
}

}  // namespace sluis::demo
