// Reading a governance file in TOML; not for use outside governance/*.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/toml.h"

namespace sluis::governance {

// Parses the bytes, demands `format`, and lets `read(root)` read the rest: root.finish() is its duty. The
// value is there exactly when there are no faults, which are sorted. Another format ends the search: its
// other faults would mislead.
template <typename Read>
auto read_toml_document(std::string_view bytes, std::string_view file, const char* format, Read read)
    -> std::pair<std::optional<decltype(read(std::declval<TomlReader&>()))>, Errors> {
  TomlParse toml = parse_toml(bytes, file);
  if (!toml.root) return {std::nullopt, std::move(toml.errors)};
  Errors errors;
  TomlReader root(*toml.root, "", std::string(file), errors);
  if (const std::string found = root.text("format"); found != format) {
    if (!found.empty())
      root.fault("S1009.format", {found, format}, root.at("format"), Exit::kVersionMismatch);
    return {std::nullopt, std::move(errors)};
  }
  auto value = read(root);
  sort_by_position(errors);
  if (!errors.empty()) return {std::nullopt, std::move(errors)};
  return {std::move(value), Errors{}};
}

}  // namespace sluis::governance
