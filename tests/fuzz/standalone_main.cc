// Runs a fuzz target without libFuzzer: <target> [-runs=N] [-seed=S] [FILE|DIRECTORY]... replays every input
// and then N random changes of them (flips, cuts, doublings, splices). The short form that CI runs; a crash
// or abort() is a finding, and the input that caused it lies in crash-input.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

void run(const std::string& input) {
  std::ofstream("crash-input", std::ios::binary | std::ios::trunc) << input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

void load(const std::filesystem::path& path, std::vector<std::string>& inputs) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  inputs.push_back(all.str());
}

std::string change(std::string input, const std::vector<std::string>& inputs, std::mt19937_64& random) {
  static constexpr const char* kWords[] = {
      "0", "-1",   "9999999999999999999", "\"", "'''", "[", "{", "}", "\n", "\\u0000", "=",
      ".", "\xff", "\xe2\x80\xae"};
  const auto below = [&](size_t n) { return n == 0 ? 0 : static_cast<size_t>(random() % n); };
  for (size_t steps = 1 + below(4); steps > 0; --steps) {
    const size_t at = below(input.size() + 1), length = below(std::min<size_t>(64, input.size() - at + 1));
    switch (random() % 7) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(random());
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
        break;
      case 2:
        input.erase(at, length);
        break;
      case 3:
        input.insert(at, input.substr(at, length));
        break;
      case 4:
        input.insert(at, kWords[random() % std::size(kWords)]);
        break;
      case 5: {
        const std::string& other = inputs[below(inputs.size())];
        const size_t from = below(other.size() + 1);
        input.replace(at, length, other.substr(from, below(200)));
        break;
      }
      default:
        if (random() % 8 == 0) input.resize(at);
        break;
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t runs = 0, seed = 1;
  std::vector<std::string> inputs;
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "-runs=", 6) == 0) {
      runs = std::strtoull(argv[i] + 6, nullptr, 10);
    } else if (std::strncmp(argv[i], "-seed=", 6) == 0) {
      seed = std::strtoull(argv[i] + 6, nullptr, 10);
    } else if (std::filesystem::is_directory(argv[i])) {
      for (const auto& entry : std::filesystem::directory_iterator(argv[i])) load(entry.path(), inputs);
    } else {
      load(argv[i], inputs);
    }
  }
  if (inputs.empty()) inputs.emplace_back();
  for (const std::string& input : inputs) run(input);
  std::mt19937_64 random(seed);
  for (uint64_t i = 0; i < runs; ++i) run(change(inputs[random() % inputs.size()], inputs, random));
  std::remove("crash-input");
  std::printf("%zu inputs, %llu changes, seed %llu: ok\n", inputs.size(),
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed));
  return 0;
}
