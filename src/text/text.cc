#include "text/text.h"

#include <map>

extern "C" const char sluis_catalogue_nl_begin[], sluis_catalogue_nl_end[];
extern "C" const char sluis_catalogue_en_begin[], sluis_catalogue_en_end[];

namespace sluis::text {
namespace {

using Catalogue = std::map<std::string, std::string, std::less<>>;

std::string unescape(std::string_view in) {
  std::string out;
  for (size_t i = 0; i < in.size(); ++i) {
    if (in[i] == '\\' && i + 1 < in.size() && in[i + 1] == 'n') {
      out += '\n';
      ++i;
    } else {
      out += in[i];
    }
  }
  return out;
}

Catalogue parse(std::string_view all) {
  Catalogue entries;
  while (!all.empty()) {
    const size_t end = all.find('\n');
    const std::string_view line = all.substr(0, end);
    all.remove_prefix(end == std::string_view::npos ? all.size() : end + 1);
    const size_t equals = line.find(" = ");
    if (line.empty() || line[0] == '#' || equals == std::string_view::npos) continue;
    const bool added = entries.emplace(line.substr(0, equals), unescape(line.substr(equals + 3))).second;
    CHECK(added);  // a key stands once in a catalogue
  }
  return entries;
}

const Catalogue& catalogue(Language language) {
  static const Catalogue kDutch = parse({sluis_catalogue_nl_begin, sluis_catalogue_nl_end});
  static const Catalogue kEnglish = parse({sluis_catalogue_en_begin, sluis_catalogue_en_end});
  return language == Language::kDutch ? kDutch : kEnglish;
}

std::string fill(std::string_view form, const std::vector<std::string>& args) {
  std::string out;
  for (size_t i = 0; i < form.size(); ++i) {
    const size_t index = i + 2 < form.size() ? static_cast<size_t>(form[i + 1] - '0') : args.size();
    if (form[i] == '{' && i + 2 < form.size() && form[i + 2] == '}' && index < args.size()) {
      out += args[index];
      i += 2;
    } else {
      out += form[i];
    }
  }
  return out;
}

}  // namespace

std::string tr(Language language, std::string_view key, const std::vector<std::string>& args) {
  const Catalogue& entries = catalogue(language);
  const auto at = entries.find(key);
  return at == entries.end() ? "«" + std::string(key) + "»" : fill(at->second, args);
}

bool has(Language language, std::string_view key) { return catalogue(language).contains(key); }

std::vector<std::string> keys(Language language) {
  std::vector<std::string> all;
  for (const auto& [key, text] : catalogue(language)) all.push_back(key);
  return all;
}

ErrorText describe(Language language, const Error& error) {
  const auto part = [&](const char* suffix) -> std::string {
    for (const std::string& id : {error.id, error.code()})
      if (has(language, id + suffix)) return tr(language, id + suffix, error.args);
    return {};
  };
  return {error.code(), part(".what"), part(".why"), part(".who"), part(".command")};
}

std::string render(Language language, const Error& error) {
  const ErrorText parts = describe(language, error);
  std::string out = parts.code + ' ';
  if (!error.file.empty() || error.line > 0) {
    out += error.file;
    if (error.line > 0) out += ':' + std::to_string(error.line);
    if (error.column > 0) out += ':' + std::to_string(error.column);
    out += ' ';
  }
  out += parts.what.empty() ? error.summary() : parts.what;
  if (!parts.why.empty()) out += ": " + parts.why;
  out += "\n      ";
  if (!parts.who.empty()) out += tr(language, "error.who") + ": " + parts.who + ". ";
  if (!parts.command.empty()) out += tr(language, "error.look") + ": " + parts.command + "     ";
  return out + tr(language, "error.explain") + ": sluis explain-code " + parts.code;
}

}  // namespace sluis::text
