// HTML pages from templates (web/templates/*.mustache, compiled in). Templates a designer can read; escaping
// by default; strict: a name that the view does not have stops the rendering instead of printing nothing.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "text/text.h"

namespace sluis::report {

// Renders a template. `view` is an object of strings, booleans, objects and arrays of these. In templates:
// {{name}} the escaped value, {{t.some.key}} the catalogue's text in `language`, {{> file}} another asset.
// Throws std::logic_error on a name, partial or text key that does not exist, or another kind of value: a bug
// in template or view, never the user's doing.
std::string render_template(const std::string& name, const nlohmann::json& view, text::Language language);

// The compiled-in files by name ("result.mustache", "report.css"), for tests.
std::vector<std::string> asset_names();
std::string_view asset(const std::string& name);

// The value of a Content-Security-Policy that allows this page's own style sheet (by hash) and nothing else:
// no script, no request to anybody.
std::string content_security_policy();

}  // namespace sluis::report
