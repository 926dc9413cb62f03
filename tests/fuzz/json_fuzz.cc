// Any bytes: the strict JSON reader accepts or refuses; what it accepts is written and read again unchanged.
#include <cstdint>
#include <cstdlib>

#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sluis::JsonLimits limits;
  limits.max_values = 10'000;
  const sluis::Result<sluis::JsonValue> parsed = sluis::parse_json(text, limits);
  sluis::JsonStream stream{{"l", "t"}, [](sluis::JsonValue&) { return sluis::Status(); }};
  sluis::MemorySource source(text, 3);
  const bool streamed = sluis::parse_json(source, limits, "f", &stream).ok();
  if (parsed.ok() && !streamed) std::abort();
  if (!parsed.ok()) return 0;
  sluis::JsonWriter first, second;
  const std::string written = first.value(*parsed).take();
  const sluis::Result<sluis::JsonValue> again = sluis::parse_json(written);
  if (!again.ok() || second.value(*again).take() != written) std::abort();
  return 0;
}
