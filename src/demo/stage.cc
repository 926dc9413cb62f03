#include "demo/stage.h"

#include <unistd.h>

#include <cstdio>

namespace sluis::demo {

void Stage::scene(const std::string& key, const std::vector<std::string>& args) {
  if (script_) return;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start_).count();
  const bool color = ::isatty(STDOUT_FILENO) != 0;
  std::printf("\n%s[%3d s] %s%s\n", color ? "\033[1m" : "", static_cast<int>(seconds),
              text::tr(language_, key, args).c_str(), color ? "\033[0m" : "");
  std::fflush(stdout);
}

void Stage::say(const std::string& text) {
  if (script_) return;
  size_t from = 0;
  while (from < text.size()) {
    const size_t end = std::min(text.find('\n', from), text.size());
    std::printf("        %s\n", text.substr(from, end - from).c_str());
    from = end + 1;
  }
  std::fflush(stdout);
}

void Stage::claim(const std::string& key, bool holds, const std::vector<std::string>& args) {
  (holds ? passed_ : failed_) += 1;
  std::printf("%s%s  %s\n", script_ ? "" : "        ", holds ? "PASS" : "FAIL",
              text::tr(language_, key, args).c_str());
  std::fflush(stdout);
}

void Stage::close() {
  std::printf("\n%d passed, %d failed\n", passed_, failed_);
  std::fflush(stdout);
}

}  // namespace sluis::demo
