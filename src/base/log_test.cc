#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>
#include <thread>
#include <type_traits>
#include <vector>

namespace sluis {
namespace {

static_assert(!std::is_constructible_v<LogValue, const SecretBytes&>);
static_assert(!std::is_constructible_v<LogValue, ByteSpan>);

std::string line_of(std::initializer_list<LogField> fields) {
  return log_line("T", LogLevel::kInfo, "e", fields)
      .substr(std::string(R"({"time":"T","level":"info","event":"e")").size());
}

TEST(Log, WritesOneObject) {
  EXPECT_EQ(log_line("T", LogLevel::kWarning, "job.stopped", {{"job", "ab"}, {"rows", 3}, {"ok", false}}),
            R"({"time":"T","level":"warning","event":"job.stopped","job":"ab","rows":3,"ok":false})");
}

TEST(Log, WritesNumbersExactly) {
  EXPECT_EQ(
      line_of({{"a", std::numeric_limits<uint64_t>::max()}, {"b", std::numeric_limits<int64_t>::min()}}),
      R"(,"a":18446744073709551615,"b":-9223372036854775808})");
  EXPECT_EQ(line_of({{"a", 0.5}, {"b", std::numeric_limits<double>::infinity()}, {"c", uint8_t{7}}}),
            R"(,"a":0.5,"b":null,"c":7})");
}

TEST(Log, EscapesWhateverComes) {
  EXPECT_EQ(line_of({{"a", "q\" b\\ n\n t\t z"}}), R"(,"a":"q\" b\\ n\n t\u0009 z"})");
  EXPECT_EQ(line_of({{"a", std::string_view("\0\x7f\xff", 3)}}), R"(,"a":"\u0000\u007f\u00ff"})");
  EXPECT_EQ(line_of({{"a\"b", "x"}}), R"(,"a\"b":"x"})");
}

TEST(Log, HidesWhatCouldBeABsn) {
  EXPECT_EQ(line_of({{"a", "person 123456789, 12345678."}}), R"(,"a":"person #########, ########."})");
  EXPECT_EQ(line_of({{"a", "123456789"}}), R"(,"a":"#########"})");
  // Parts of hashes and longer numbers stay readable.
  EXPECT_EQ(line_of({{"a", "ab123456789 1234567890 1234567"}}), R"(,"a":"ab123456789 1234567890 1234567"})");
}

TEST(Log, CutsLongTexts) { EXPECT_LT(line_of({{"a", std::string(1'000'000, 'x')}}).size(), 5000u); }

TEST(Log, LinesOfThreadsDoNotMixAndLevelsFilter) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::string all;
  {
    Log log(ends[1], LogLevel::kInfo);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 50; ++i) {
          log.info("e", {{"thread", t}, {"text", "some text that fills the line"}});
          log.debug("hidden");
        }
      });
    for (auto& t : threads) t.join();
    ::close(ends[1]);
  }
  char buffer[4096];
  for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    all.append(buffer, static_cast<size_t>(n));
  ::close(ends[0]);
  size_t lines = 0;
  for (size_t at = 0; at < all.size();) {
    const size_t end = all.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_EQ(all.compare(at, 9, R"({"time":")"), 0);
    EXPECT_EQ(all[end - 1], '}');
    EXPECT_EQ(all.substr(at, end - at).find("hidden"), std::string::npos);
    ++lines;
    at = end + 1;
  }
  EXPECT_EQ(lines, 200u);
}

}  // namespace
}  // namespace sluis
