// The parts that pages share, as views for the templates (report/template.h). Internal to report/.
#pragma once

#include <nlohmann/json.hpp>

#include "report/figures.h"
#include "report/words.h"

namespace sluis::report {

// head.mustache and foot.mustache: the study's title, kind of page (class: result, own, approval), languages,
// security policy.
nlohmann::json page_view(Language language, const StudyFacts& study, const std::string& page_class,
                         bool invented);
// table.mustache: one released table with derived columns, total row and note.
nlohmann::json table_view(Language language, const Output& output, const Policy& policy);
// chart.mustache: bars of one derived column; an empty array if the output has none to draw.
nlohmann::json chart_view(Language language, const Output& output, const Policy& policy);
// provenance.mustache: question, owners, dates, hash, signatures, promises, how to verify.
nlohmann::json provenance_view(Language language, const ResultModel& model);

nlohmann::json text_list(const std::vector<std::string>& texts);
nlohmann::json promise_list(Language language, const Policy& policy, bool malicious_security);
nlohmann::json signature_list(const std::vector<Signature>& signatures);
// [text] or [], for {{#name}}{{.}}{{/name}}.
nlohmann::json optional_text(const std::string& text);
// Lines of a text as paragraphs: blank-trimmed, empty ones left out.
nlohmann::json lines_of(const std::string& text);

}  // namespace sluis::report
