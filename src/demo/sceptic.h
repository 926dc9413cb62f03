// Searching for what must not be there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluis::demo {

// Number of nine-digit runs in all files below the paths (or in a single file) that equal one of `numbers`,
// in text form; runs of eight digits count with a zero in front.
uint64_t count_numbers(const std::vector<std::string>& paths, const std::vector<uint32_t>& numbers);
// Bytes of all files below the paths.
uint64_t bytes_below(const std::vector<std::string>& paths);

}  // namespace sluis::demo
