#include "apps/program.h"

#include <cstdio>
#include <filesystem>

#include "crypto/hash.h"

namespace sluis::apps {

std::string program_path() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

std::string program_name() {
  crypto::Sha256 hash;
  if (FILE* file = std::fopen("/proc/self/exe", "rbe")) {
    Bytes buffer(1 << 16);
    size_t n = 0;
    while ((n = std::fread(buffer.data(), 1, buffer.size(), file)) > 0)
      hash.update(ByteSpan(buffer).first(n));
    std::fclose(file);
  }
  return std::string("sluis " SLUIS_VERSION " sha256:") + crypto::to_hex(hash.finish());
}

}  // namespace sluis::apps
