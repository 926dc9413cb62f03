#include "base/secret.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <type_traits>

namespace sluis {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

TEST(Secret, HoldsBytesAndMoves) {
  const Bytes bytes = {1, 2, 3};
  SecretBytes a = SecretBytes::copy_of(bytes);
  EXPECT_EQ(a.size(), 3u);
  SecretBytes b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(equal_constant_time(b.span(), bytes));
  SecretBytes c(100);
  c = std::move(b);
  EXPECT_TRUE(c == SecretBytes::copy_of(bytes));
  EXPECT_TRUE(SecretBytes(5) == SecretBytes(5));
  EXPECT_FALSE(SecretBytes(5) == SecretBytes(6));
  EXPECT_TRUE(SecretBytes() == SecretBytes(0));
}

TEST(Secret, ComparesEveryByte) {
  Bytes a(100, 5);
  for (size_t i = 0; i < a.size(); ++i) {
    Bytes b = a;
    b[i] ^= 0x10;
    EXPECT_FALSE(equal_constant_time(a, b));
  }
  EXPECT_TRUE(equal_constant_time(a, Bytes(100, 5)));
}

TEST(Secret, WipesMemory) {
  uint8_t memory[64];
  std::memset(memory, 0xAB, sizeof memory);
  secure_wipe(memory, sizeof memory);
  for (const uint8_t b : memory) EXPECT_EQ(b, 0);
}

// The kernel's own account of the mapping: "dd" is MADV_DONTDUMP.
TEST(Secret, IsKeptOutOfCoreDumps) {
  const SecretBytes secret(32);
  std::stringstream address;
  address << std::hex << reinterpret_cast<uintptr_t>(secret.data());
  std::ifstream maps("/proc/self/smaps");
  if (!maps) GTEST_SKIP() << "no /proc";
  bool inside = false, found = false;
  for (std::string line; std::getline(maps, line);) {
    if (line.find('-') != std::string::npos && line.find(" rw-p ") != std::string::npos)
      inside = line.starts_with(address.str());
    if (inside && line.starts_with("VmFlags:")) found = line.find(" dd") != std::string::npos;
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace sluis
