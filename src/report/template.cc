#include "report/template.h"

#include <kainjow/mustache.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/check.h"

#define SLUIS_ASSET(name) extern "C" const char sluis_asset_##name##_begin[], sluis_asset_##name##_end[]
SLUIS_ASSET(report_css);
SLUIS_ASSET(head);
SLUIS_ASSET(foot);
SLUIS_ASSET(table);
SLUIS_ASSET(chart);
SLUIS_ASSET(provenance);
SLUIS_ASSET(result);
SLUIS_ASSET(own_report);
SLUIS_ASSET(approval);

namespace sluis::report {
namespace {

namespace mustache = kainjow::mustache;
using nlohmann::json;

const std::map<std::string, std::string_view>& assets() {
#define SLUIS_BYTES(name) {sluis_asset_##name##_begin, sluis_asset_##name##_end}
  static const std::map<std::string, std::string_view> kAssets = {
      {"report.css", SLUIS_BYTES(report_css)},      {"head.mustache", SLUIS_BYTES(head)},
      {"foot.mustache", SLUIS_BYTES(foot)},         {"table.mustache", SLUIS_BYTES(table)},
      {"chart.mustache", SLUIS_BYTES(chart)},       {"provenance.mustache", SLUIS_BYTES(provenance)},
      {"result.mustache", SLUIS_BYTES(result)},     {"own_report.mustache", SLUIS_BYTES(own_report)},
      {"approval.mustache", SLUIS_BYTES(approval)},
  };
  return kAssets;
}

// Control characters other than line ends have no place in HTML; they come from study files at most.
std::string printable(std::string text) {
  std::erase_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
  });
  return text;
}

mustache::data to_data(const json& value) {
  if (value.is_string()) return printable(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_array()) {
    mustache::data list{mustache::data::type::list};
    for (const json& item : value) list.push_back(to_data(item));
    return list;
  }
  if (!value.is_object()) throw std::logic_error("view value is no text, boolean, list or object");
  mustache::data object;
  for (const auto& [name, item] : value.items()) object.set(name, to_data(item));
  return object;
}

// Looks up "t.key" in the text catalogue, everything else in the view; throws where kainjow prints nothing.
class StrictContext : public mustache::context<std::string> {
 public:
  StrictContext(const mustache::data* data, text::Language language)
      : mustache::context<std::string>(data), language_(language) {}

  const mustache::data* get(const std::string& name) const override {
    if (name.starts_with("t.")) return text_of(name.substr(2));
    const mustache::data* found = mustache::context<std::string>::get(name);
    if (found == nullptr) throw std::logic_error("template name not in view: " + name);
    return found;
  }

  const mustache::data* get_partial(const std::string& name) const override {
    const auto at = assets().find(name);
    if (at == assets().end()) throw std::logic_error("no such partial: " + name);
    const auto content = [view = at->second] { return std::string(view); };
    return &cache_.try_emplace("> " + name, mustache::partial(content)).first->second;
  }

 private:
  const mustache::data* text_of(const std::string& key) const {
    if (!text::has(language_, key)) throw std::logic_error("text key not in catalogue: " + key);
    return &cache_.try_emplace("t " + key, text::tr(language_, key)).first->second;
  }

  text::Language language_;
  mutable std::map<std::string, mustache::data> cache_;
};

std::string base64_of_hex(std::string_view hex) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto nibble = [&](size_t i) {
    return i < hex.size() ? static_cast<unsigned>(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10) : 0U;
  };
  std::string out;
  for (size_t i = 0; i < hex.size(); i += 3) {  // three hexadecimal digits are two digits of base 64
    const unsigned bits = nibble(i) << 8 | nibble(i + 1) << 4 | nibble(i + 2);
    out += kDigits[bits >> 6];
    if (i + 1 < hex.size()) out += kDigits[bits & 63];
  }
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace

std::string render_template(const std::string& name, const json& view, text::Language language) {
  mustache::mustache page{std::string(asset(name))};
  if (!page.is_valid()) throw std::logic_error("template " + name + ": " + page.error_message());
  const mustache::data data = to_data(view);
  StrictContext context(&data, language);
  std::string html = page.render(context);
  if (!page.error_message().empty()) throw std::logic_error("template " + name + ": " + page.error_message());
  return html;
}

std::vector<std::string> asset_names() {
  std::vector<std::string> names;
  for (const auto& [name, content] : assets()) names.push_back(name);
  return names;
}

std::string_view asset(const std::string& name) {
  const auto at = assets().find(name);
  if (at == assets().end()) throw std::logic_error("no such asset: " + name);
  return at->second;
}

std::string content_security_policy() {
  return "default-src 'none'; style-src 'sha256-" + base64_of_hex(SLUIS_REPORT_CSS_SHA256) +
         "'; base-uri 'none'; form-action 'none'";
}

}  // namespace sluis::report
