// Any bytes as an owner policy: refused, or one that makes a study's values stricter and never laxer.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "governance/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluis::governance;
  static const StudyParse kStudy = [] {
    const auto bytes =
        sluis::read_file(SLUIS_SOURCE_DIR "/examples/schuld-pleegzorg/study.toml", kMaxStudyBytes);
    return parse_study(bytes.ok() ? *bytes : std::string(), "study.toml");
  }();
  if (!kStudy.study) std::abort();
  const PolicyParse parse = parse_policy({reinterpret_cast<const char*>(data), size}, "policy.toml");
  if (parse.policy.has_value() != parse.errors.empty()) std::abort();
  if (!parse.policy) return 0;
  const EffectivePolicy without = effective_policy(*kStudy.study, {});
  const EffectivePolicy with = effective_policy(*kStudy.study, {&*parse.policy});
  const bool stricter = with.t_person.value >= without.t_person.value &&
                        with.t_household.value >= without.t_household.value &&
                        with.t_owner.value >= without.t_owner.value &&
                        with.denominator_min.value >= without.denominator_min.value &&
                        with.round_base.value >= without.round_base.value &&
                        with.shares_days.value <= without.shares_days.value &&
                        with.owner_max_millionths.value <= without.owner_max_millionths.value &&
                        with.group_max_millionths.value <= without.group_max_millionths.value;
  if (!stricter || with.owner_max_millionths.value <= 0 || with.round_base.value > with.t_person.value)
    std::abort();
  (void)policy_conflicts(*kStudy.study, *parse.policy);
  return 0;
}
