// Any bytes as a study file: refused with positions inside the file, or a study with consistent names, whose
// policy, placeholders and differences can be computed.
#include <cstdint>
#include <cstdlib>

#include "governance/policy.h"
#include "governance/study.h"
#include "governance/study_diff.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluis::governance;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const StudyParse parse = parse_study(bytes, "study.toml");
  if (parse.study.has_value() != parse.errors.empty()) std::abort();
  for (const sluis::Error& error : parse.errors)
    if (error.id.empty() || error.line < 0 || static_cast<size_t>(error.line) > size + 1) std::abort();
  if (!parse.study) return 0;
  const EffectivePolicy policy = effective_policy(*parse.study, {});
  if (policy.t_person.value < 10 || policy.round_base.value % 2 == 0 ||
      policy.round_base.value > policy.t_person.value)
    std::abort();
  for (const StudyTable& table : parse.study->tables)
    if (parse.study->find_table(table.name) != &table) std::abort();
  (void)legal_placeholders(*parse.study, "study.toml");
  if (changed_lines(diff_lines(bytes, bytes)) != 0) std::abort();
  return 0;
}
