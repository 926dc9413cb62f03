#include "governance/profile.h"

#include "base/check.h"
#include "base/toml.h"

namespace sluis::governance {
namespace {

// Its bytes are hashed: never edit, add nl-jeugd-2. Reasons: docs/formats/policy.md.
constexpr std::string_view kNlJeugd1 = R"(# Sluis disclosure profile: counts of children, yes/no attributes
format          = "sluis-profile/1"
name            = "nl-jeugd-1"
t_person        = 10
t_household     = 5
t_owner         = 2
owner_max       = 0.90
denominator_min = 30
round_base      = 5
mark            = "·"
zeros           = "protect"
group_max       = 0.90
totals          = "derived"
intervals       = "noise_aware"
dp              = "off"
)";

Profile parse(std::string_view text) {
  const TomlParse parsed = parse_toml(text, "profile");
  CHECK(parsed.root);
  Errors errors;
  TomlReader reader(*parsed.root, "", "profile", errors);
  Profile profile;
  profile.text = text;
  profile.hash = crypto::sha256(text);
  reader.choice("format", {"sluis-profile/1"});
  profile.name = reader.text("name");
  profile.t_person = reader.integer("t_person", 1, 1'000'000);
  profile.t_household = reader.integer("t_household", 1, 1'000'000);
  profile.t_owner = reader.integer("t_owner", 1, 1'000'000);
  profile.owner_max_millionths = reader.millionths("owner_max", 0, 1'000'000);
  profile.group_max_millionths = reader.millionths("group_max", 0, 1'000'000);
  profile.denominator_min = reader.integer("denominator_min", 1, 1'000'000);
  profile.round_base = reader.integer("round_base", 1, 1'000'000);
  profile.mark = reader.text("mark");
  profile.zeros = reader.text("zeros");
  profile.totals = reader.text("totals");
  profile.intervals = reader.text("intervals");
  profile.dp = reader.text("dp");
  reader.finish();
  CHECK(errors.empty());
  return profile;
}

}  // namespace

const Profile* find_profile(std::string_view name) {
  static const Profile kProfile = parse(kNlJeugd1);
  return name == kProfile.name ? &kProfile : nullptr;
}

}  // namespace sluis::governance
