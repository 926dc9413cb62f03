// Any bytes as a delivery of any profile. The first byte chooses the profile and options; the rest is the
// file. Nothing crashes, a table keeps its types' bounds (checked inside), and no report or error shows nine
// digits.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "importers/import.h"

namespace {

using namespace sluis;

void no_identifier(const std::string& text) {
  int digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits >= 9) std::abort();
  }
}

// A file in memory that can be opened by name.
std::string memory_file(const char* name, std::string_view text) {
  static int files[2] = {-1, -1};
  int& fd = files[name[0] == 'm' ? 1 : 0];
  if (fd < 0) fd = memfd_create(name, 0);
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    std::abort();
  return "/proc/self/fd/" + std::to_string(fd);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  importers::ImportOptions options;
  options.reference_year = 2023;
  if ((data[0] & 4) != 0) options.owner_municipality = "GM9001";
  if ((data[0] & 8) != 0)
    options.mapping_file =
        memory_file("mapping",
                    "format = \"sluis-mapping/1\"\nprofile = \"bij/2026#jeugdhulp\"\nencoding = "
                    "\"windows-1252\"\ncode_list = \"bij\"\n");
  const char* const profiles[] = {"schuldhulp", "ouder_kind", "jeugdhulp", "jeugdhulp"};
  const std::string path = memory_file("delivery", text);
  const Result<importers::Import> result = importers::import_file(path, profiles[data[0] & 3], options);
  const auto language = text::Language::kDutch;
  if (!result.ok()) return no_identifier(text::render(language, result.error())), 0;
  no_identifier(importers::report_text(language, result->report));
  JsonWriter json;
  importers::report_json(json, result->report);
  const std::string written = json.take();
  no_identifier(written);
  if (!parse_json(written).ok()) std::abort();
  return 0;
}
