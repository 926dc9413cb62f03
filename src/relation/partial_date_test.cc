#include "relation/partial_date.h"

#include <gtest/gtest.h>

namespace sluis::relation {
namespace {

std::string days(std::string_view text, DateForm form = DateForm::kIsoOrDigits) {
  const std::optional<PartialDate> date = parse_partial_date(text, form);
  if (!date) return "impossible";
  if (date->precision == DatePrecision::kUnknown) return "unknown";
  if (date->precision == DatePrecision::kUnborn) return "unborn";
  return date_text(date->earliest) + ".." + date_text(date->latest);
}

TEST(PartialDate, BecomesItsEarliestAndLatestDay) {
  EXPECT_EQ(days("2023-01-31"), "2023-01-31..2023-01-31");
  EXPECT_EQ(days(" 20230131 "), "2023-01-31..2023-01-31");
  EXPECT_EQ(days("20240200"), "2024-02-01..2024-02-29");
  EXPECT_EQ(days("20230200"), "2023-02-01..2023-02-28");
  EXPECT_EQ(days("20231200"), "2023-12-01..2023-12-31");
  EXPECT_EQ(days("19680000"), "1968-01-01..1968-12-31");
  EXPECT_EQ(days("19660013"), "1966-01-13..1966-12-13");
  EXPECT_EQ(days("19660031"), "1966-01-31..1966-12-31");
  EXPECT_EQ(days("2023"), "2023-01-01..2023-12-31");
  EXPECT_EQ(days("2023-02"), "2023-02-01..2023-02-28");
  EXPECT_EQ(days("2023-02-00"), "2023-02-01..2023-02-28");
  EXPECT_EQ(days("2023-00-00"), "2023-01-01..2023-12-31");
  EXPECT_EQ(days("00000000"), "unknown");
  EXPECT_EQ(days("00000513"), "unknown");
  EXPECT_EQ(days("0000-00-00"), "unknown");
  EXPECT_EQ(days("99999999"), "unborn");
  EXPECT_EQ(days("18991210"), "1899-12-10..1899-12-10");
}

TEST(PartialDate, ImpossibleOrMisshapenIsNothing) {
  for (const char* bad : {"",
                          "  ",
                          "20230230",
                          "20230229",
                          "20231301",
                          "20230132",
                          "2023-02-30",
                          "2023-13",
                          "31-01-2023",
                          "2023/01/31",
                          "2023-1-31",
                          "202301",
                          "2023013",
                          "99999900",
                          "20239999",
                          "x0230131",
                          "2023-01-31T00:00:00",
                          "2O230131",
                          "19660032",
                          "00001301"})
    EXPECT_EQ(days(bad), "impossible") << bad;
}

TEST(PartialDate, DayFirstWhenAskedFor) {
  EXPECT_EQ(days("31-01-2023", DateForm::kDayFirst), "2023-01-31..2023-01-31");
  EXPECT_EQ(days("31/01/2023", DateForm::kDayFirst), "2023-01-31..2023-01-31");
  EXPECT_EQ(days("00-02-2024", DateForm::kDayFirst), "2024-02-01..2024-02-29");
  EXPECT_EQ(days("99-99-9999", DateForm::kDayFirst), "unborn");
  for (const char* bad : {"2023-01-31", "31-01/2023", "31012023", "30-02-2023", "1-1-2023"})
    EXPECT_EQ(days(bad, DateForm::kDayFirst), "impossible") << bad;
}

TEST(PartialDate, OnlyDaysThatFitAreStorable) {
  const auto storable = [](const char* text) { return parse_partial_date(text)->storable(); };
  EXPECT_TRUE(storable("19000101"));
  EXPECT_TRUE(storable("20790606"));
  EXPECT_FALSE(storable("18991231"));
  EXPECT_FALSE(storable("20790607"));
  EXPECT_FALSE(storable("20790000"));  // its latest day does not fit
  EXPECT_FALSE(storable("00000000"));
  EXPECT_FALSE(storable("99999999"));
}

TEST(PartialDate, AgeOnlyWhereAllDaysAgree) {
  const int64_t first = *day_number(2023, 1, 1);
  const auto age = [&](const char* text) { return age_on(*parse_partial_date(text), first); };
  EXPECT_EQ(age("20050101"), 18);
  EXPECT_EQ(age("20050102"), 17);
  EXPECT_EQ(age("20230101"), 0);
  EXPECT_EQ(age("20230102"), -1);
  EXPECT_EQ(age("20050200"), 17);
  EXPECT_EQ(age("20050000"), std::nullopt);
  EXPECT_EQ(age("00000000"), std::nullopt);
  EXPECT_EQ(age("18800607"), 142);
  EXPECT_EQ(age_on(*parse_partial_date("20040229"), *day_number(2023, 2, 28)), 18);
  EXPECT_EQ(age_on(*parse_partial_date("20040229"), *day_number(2023, 3, 1)), 19);
}

}  // namespace
}  // namespace sluis::relation
