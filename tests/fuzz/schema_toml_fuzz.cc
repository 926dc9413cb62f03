// Any bytes as schema.toml and as a mapping file of each profile.
#include <cstdint>
#include <cstdlib>

#include "importers/mapping.h"
#include "relation/schema_toml.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const sluis::relation::SchemaToml schema = sluis::relation::parse_schema_toml(text, "schema.toml");
  if (!schema.errors.empty() && !schema.tables.empty()) std::abort();
  for (const sluis::importers::Profile& profile : sluis::importers::all_profiles())
    (void)sluis::importers::parse_mapping(text, "mapping.toml", profile).ok();
  return 0;
}
