// Any bytes as a key registry: refused, or one in which names and keys lead to one entry each.
#include <cstdint>
#include <cstdlib>

#include "governance/key_registry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluis::governance;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const RegistryParse parse = parse_registry(bytes, "registry.toml");
  if (parse.registry.has_value() != parse.errors.empty()) std::abort();
  if (!parse.registry) return 0;
  for (const Organisation& organisation : parse.registry->organisations) {
    if (parse.registry->find_organisation(organisation.oin) != &organisation) std::abort();
    if (organisation.tls_spki && parse.registry->find_by_tls(*organisation.tls_spki) != &organisation)
      std::abort();
  }
  for (const Person& person : parse.registry->persons)
    for (const Person* same : parse.registry->find_by_key(person.fingerprint))
      if (same->pseudonym != person.pseudonym || same->oin != person.oin) std::abort();
  for (int party = 0; party < 3; ++party)
    if (parse.registry->nodes[static_cast<size_t>(party)].party != party) std::abort();
  return 0;
}
