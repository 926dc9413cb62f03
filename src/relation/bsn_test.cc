#include "relation/bsn.h"

#include <gtest/gtest.h>

namespace sluis::relation {
namespace {

TEST(Bsn, ElevenTestAgreesWithItsDefinition) {
  // Digit by digit, with the weights 9 8 7 6 5 4 3 2 -1 written out.
  const auto slow = [](int64_t v) {
    const int weights[] = {9, 8, 7, 6, 5, 4, 3, 2, -1};
    char text[16];
    snprintf(text, sizeof text, "%09d", static_cast<int>(v));
    int sum = 0;
    for (int i = 0; i < 9; ++i) sum += weights[i] * (text[i] - '0');
    return sum % 11 == 0;
  };
  int64_t v = 0;
  int passed = 0;
  for (int i = 0; i < 200'000; ++i, v = (v * 6364136 + 1442695) % 1'000'000'000) {
    EXPECT_EQ(passes_eleven_test(v), slow(v)) << v;
    passed += passes_eleven_test(v) ? 1 : 0;
  }
  EXPECT_GT(passed, 10'000);
}

TEST(Bsn, PlaceholdersAreNeverValid) {
  EXPECT_TRUE(passes_eleven_test(0));  // which is why it is refused by name
  EXPECT_FALSE(passes_eleven_test(999'999'999));
  for (const char* text : {"000000000", "999999999", "0", " 000000000 "})
    EXPECT_EQ(parse_bsn(text).kind, BsnKind::kPlaceholder) << text;
}

TEST(Bsn, RecognisesEachKind) {
  EXPECT_EQ(parse_bsn("").kind, BsnKind::kEmpty);
  EXPECT_EQ(parse_bsn("  \t").kind, BsnKind::kEmpty);
  for (const char* bad :
       {"123456789", "1234567820", "12345678a", "123.456.782", "-23456782", "1,23E+08", "999999998"})
    EXPECT_EQ(parse_bsn(bad).kind, BsnKind::kInvalid) << bad;
  const Bsn sample = parse_bsn("123456782");
  EXPECT_EQ(sample.kind, BsnKind::kValid);
  EXPECT_EQ(sample.value, 123'456'782);
  EXPECT_TRUE(sample.sample);
  EXPECT_TRUE(parse_bsn("111222333").sample);
  const Bsn test_person = parse_bsn("999993653");
  EXPECT_EQ(test_person.kind, BsnKind::kValid);
  EXPECT_TRUE(test_person.test_range);
  EXPECT_FALSE(test_person.sample);
}

TEST(Bsn, PadsAndReportsLostZeros) {
  const Bsn padded = parse_bsn("12345672");  // 012345672: 8+2*7+3*6+4*5+5*4+6*3+7*2-2 = 110
  EXPECT_EQ(padded.kind, BsnKind::kValid);
  EXPECT_EQ(padded.value, 12'345'672);
  EXPECT_TRUE(padded.padded);
  EXPECT_FALSE(parse_bsn("012345672").padded);
  EXPECT_EQ(parse_bsn("012345672").value, padded.value);
}

}  // namespace
}  // namespace sluis::relation
