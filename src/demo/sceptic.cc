#include "demo/sceptic.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <unordered_set>

namespace sluis::demo {
namespace {

namespace fs = std::filesystem;

void each_file(const std::vector<std::string>& paths, const std::function<void(const fs::path&)>& visit) {
  std::error_code ignored;
  for (const std::string& path : paths) {
    if (fs::is_regular_file(path, ignored)) visit(path);
    if (!fs::is_directory(path, ignored)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path, ignored))
      if (entry.is_regular_file(ignored)) visit(entry.path());
  }
}

}  // namespace

uint64_t count_numbers(const std::vector<std::string>& paths, const std::vector<uint32_t>& numbers) {
  const std::unordered_set<uint32_t> wanted(numbers.begin(), numbers.end());
  uint64_t hits = 0;
  each_file(paths, [&](const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    uint64_t value = 0;
    size_t digits = 0;
    const auto end_of_run = [&] {
      if ((digits == 8 || digits == 9) && wanted.contains(static_cast<uint32_t>(value))) ++hits;
      value = digits = 0;
    };
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), file.gcount() > 0) {
      for (std::streamsize i = 0; i < file.gcount(); ++i) {
        const char c = buffer[static_cast<size_t>(i)];
        if (c < '0' || c > '9') {
          end_of_run();
        } else if (++digits <= 9) {
          value = 10 * value + static_cast<uint64_t>(c - '0');
        }
      }
    }
    end_of_run();
  });
  return hits;
}

uint64_t bytes_below(const std::vector<std::string>& paths) {
  uint64_t total = 0;
  each_file(paths, [&](const fs::path& path) {
    std::error_code ignored;
    total += fs::file_size(path, ignored);
  });
  return total;
}

}  // namespace sluis::demo
