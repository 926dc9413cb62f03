#include "report/words.h"

#include <gtest/gtest.h>

#include "report/own_report.h"
#include "report/test_models.h"

namespace sluis::report {
namespace {

constexpr Language kDutch = Language::kDutch, kEnglish = Language::kEnglish;

std::string all(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& sentence : sentences) out += sentence + '\n';
  return out;
}

TEST(Number, Dutch) {
  EXPECT_EQ(integer_text(kDutch, 25780), "25.780");
  EXPECT_EQ(integer_text(kDutch, 999), "999");
  EXPECT_EQ(integer_text(kDutch, 1234567), "1.234.567");
  EXPECT_EQ(integer_text(kDutch, -1000), "\u22121.000");
  EXPECT_EQ(decimal_text(kDutch, 12.295, 1), "12,3");
  EXPECT_EQ(decimal_text(kDutch, 1234.5, 2), "1.234,50");
  EXPECT_EQ(decimal_text(kDutch, -0.001, 2), "0,00");
  EXPECT_EQ(decimal_text(kDutch, 2.675, 2), "2,68");  // as a reader rounds, not as binary does
  EXPECT_EQ(date_words(kDutch, "2026-03-01"), "1 maart 2026");
  EXPECT_EQ(date_words(kDutch, "morgen"), "morgen");
}

TEST(Number, English) {
  EXPECT_EQ(integer_text(kEnglish, 25780), "25,780");
  EXPECT_EQ(decimal_text(kEnglish, 4.26, 1), "4.3");
  EXPECT_EQ(date_words(kEnglish, "2026-03-01"), "1 March 2026");
}

TEST(Number, DigitsOfAHash) {
  EXPECT_EQ(grouped_digits(example_study().hash), "9f3c 7be2 05d1 c84a 66f0 1b9e a357 d20c");
  EXPECT_EQ(grouped_digits("8a31c7"), "8a31 c7");
  EXPECT_EQ(display_width("één ·"), 5U);
}

TEST(Headline, SaysHowOftenPerThousandAndWhetherChance) {
  const std::string text = all(headline(kDutch, example_result()));
  EXPECT_NE(text.find("Bij kinderen met een ouder in de schuldhulp kwam het begin van pleegzorg"),
            std::string::npos);
  EXPECT_NE(text.find("als bij kinderen zonder ouder in de schuldhulp."), std::string::npos);
  EXPECT_NE(text.find("waarschijnlijk geen toeval"), std::string::npos);
  EXPECT_NE(text.find("net boven de grens"), std::string::npos);  // a case cell shows 15
  EXPECT_NE(all(headline(kDutch, example_null())).find("kan toeval zijn"), std::string::npos);
  EXPECT_NE(
      all(headline(kEnglish, example_result())).find("Among children with a parent in debt counselling"),
      std::string::npos);
}

TEST(Headline, SaysPlainlyThatThereIsNoRatio) {
  const std::string text = all(headline(kDutch, example_withheld()));
  EXPECT_NE(text.find("niet in één getal te zeggen"), std::string::npos);
  EXPECT_EQ(text.find("keer zo vaak"), std::string::npos);
  ResultModel nothing = example_result();
  for (Output& output : nothing.outputs)
    for (Row& row : output.rows)
      for (Cell& cell : row.counts) cell.reset();
  EXPECT_NE(all(headline(kDutch, nothing)).find("Alle getallen van deze studie zijn afgeschermd"),
            std::string::npos);
}

TEST(Headline, GivesARangeOnlyWhereTheThresholdIsTheOnlyRule) {
  ResultModel model = example_withheld();
  model.policy.threshold_is_the_only_rule = true;
  const std::string text = all(headline(kDutch, model));
  EXPECT_NE(text.find("Welke getallen daar ook staan"), std::string::npos);
  EXPECT_TRUE(lint_numbers(kDutch, text, model).empty());
}

// No word that claims a cause, in any sentence that the program makes.
TEST(Headline, UsesNoCausalWords) {
  for (const ResultModel& model : {example_result(), example_withheld(), example_null()}) {
    const std::string dutch = all(headline(kDutch, model)), english = all(headline(kEnglish, model));
    for (const char* word : {"leidt tot", "effect", "veroorzaak", " door schuld", "vanwege", "oorzaak"})
      EXPECT_EQ(dutch.find(word), std::string::npos) << word;
    for (const char* word : {"leads to", "effect", " cause", "due to"})
      EXPECT_EQ(english.find(word), std::string::npos) << word;
  }
}

TEST(Linter, FindsEveryNumberOfTheHeadlineAmongTheReleased) {
  for (const ResultModel& model : {example_result(), example_withheld(), example_null()})
    for (const Language language : {kDutch, kEnglish})
      for (const std::string& sentence : headline(language, model))
        EXPECT_EQ(lint_numbers(language, sentence, model), std::vector<std::string>{}) << sentence;
}

// The falsifier: a number that nobody released, also if it looks like one that was.
TEST(Linter, FindsAnInventedNumber) {
  const ResultModel model = example_result();
  EXPECT_EQ(lint_numbers(kDutch, "Het waren er 1.221.", model), std::vector<std::string>{"1.221"});
  EXPECT_EQ(lint_numbers(kDutch, "Het waren er 1220.", model), std::vector<std::string>{"1220"});
  EXPECT_EQ(lint_numbers(kDutch, "2,5 keer zo vaak", model), std::vector<std::string>{"2,5"});
  EXPECT_TRUE(lint_numbers(kDutch, "Het waren er 1.220 (0-5 jaar).", model).empty());
  // What stands behind a withheld cell is not known, so naming it is found.
  EXPECT_EQ(lint_numbers(kDutch, "per 1.000: 12,3", example_withheld()), std::vector<std::string>{"12,3"});
  EXPECT_TRUE(lint_numbers(kDutch, "per 1.000: 12,3", model).empty());
}

TEST(Order, ComparesBeforeAndAfter) {
  const Policy policy;
  Output output = example_order();
  const auto verdict = [&](int64_t before, int64_t after) {
    output.rows[0].counts[0] = before, output.rows[1].counts[0] = after;
    return all(reverse_order_sentences(kDutch, output, policy));
  };
  EXPECT_NE(verdict(20, 45).find("Erna kwam het vaker voor"), std::string::npos);
  EXPECT_NE(verdict(45, 20).find("Het verband loopt dus ook, of vooral, andersom"), std::string::npos);
  EXPECT_NE(verdict(30, 35).find("geen duidelijk verschil"), std::string::npos);
  // Clear for exact counts, not after rounding: 20 may be 22 and 35 may be 33.
  EXPECT_NE(verdict(20, 35).find("geen duidelijk verschil"), std::string::npos);
  output.rows[0].counts[0].reset();
  EXPECT_NE(all(reverse_order_sentences(kDutch, output, policy)).find("niet te vergelijken"),
            std::string::npos);
}

TEST(Linkage, CountsWhoIsNotInTheAnswer) {
  const ResultModel model = example_result();
  const std::string text = all(linkage_sentences(kDutch, model.outputs[2], model));
  EXPECT_NE(text.find("1.305 van de 82.215 kinderen (1,6 %)"), std::string::npos) << text;
  const ResultModel withheld = example_withheld();
  EXPECT_NE(all(linkage_sentences(kDutch, withheld.outputs[2], withheld)).find("datum onbekend: ·"),
            std::string::npos);
}

TEST(Texts, LimitsAndPromisesAreAllThere) {
  const ResultModel model = example_result();
  const std::string text = all(limits(kDutch, model));
  for (const char* part : {"Of schulden de oorzaak zijn", "14,4 %", "als onafhankelijk geteld",
                           "niets over één kind", "Schetsum"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
  const auto three = promises(kDutch, model.policy, false);
  ASSERT_EQ(three.size(), 3U);
  EXPECT_NE(three[0].text.find("minder dan 10 kinderen of 5 huishoudens"), std::string::npos);
  EXPECT_NE(three[2].text.find("Twee knooppunten samen kunnen alles terugrekenen"), std::string::npos);
  EXPECT_NE(three[2].text.find("afgeschermd getal toch laten verschijnen"), std::string::npos);
  EXPECT_EQ(promises(kDutch, model.policy, true)[2].text.find("afwijkende"), std::string::npos);
  EXPECT_NE(all(reading_guide(kDutch, model))
                .find("Een getoonde 15 is in het echt 13 tot en met 17; een getoonde 10 "
                      "is 10 tot en met 12."),
            std::string::npos);
}

TEST(Texts, SayWhenNoiseIsOn) {
  ResultModel model = example_result();
  model.policy.noise_variance = 4, model.policy.rho = 0.125;
  EXPECT_NE(promises(kDutch, model.policy, false)[1].text.find("ρ = 0,125"), std::string::npos);
  EXPECT_NE(all(reading_guide(kDutch, model)).find("meestal niet meer dan 4"), std::string::npos);
  const auto wide = *statistic_figures(model.outputs[0], model.outputs[0].statistics[0], model.policy);
  const auto narrow = *statistic_figures(model.outputs[0], model.outputs[0].statistics[0], {});
  EXPECT_LT(wide.ratio->lower, narrow.ratio->lower);
  EXPECT_EQ(promises(kDutch, Policy{}, false)[1].text.find("ρ"), std::string::npos);
}

// One stratum: no word about layers, and a small cell brings the score interval.
TEST(Headline, OfOneStratumDoesNotSpeakOfGroupsOfEqualAge) {
  ResultModel model = example_result();
  Output& output = model.outputs[0];
  output.dimensions = {"ouder_in_schuldhulp"};
  output.rows = {{{"ja"}, {1220, 15}}, {{"nee"}, {25780, 110}}};
  output.statistics[0].strata.clear();
  const auto figures = *statistic_figures(output, output.statistics[0], model.policy);
  EXPECT_EQ(figures.ratio->method, epi::Method::kKoopmanScore);
  const std::string text = all(headline(kDutch, model));
  EXPECT_EQ(text.find("gelijke"), std::string::npos);
  EXPECT_TRUE(lint_numbers(kDutch, text, model).empty());
  for (const epi::Method method :
       {epi::Method::kLogWald, epi::Method::kKoopmanScore, epi::Method::kGreenlandRobins})
    EXPECT_EQ(method_words(kDutch, method).find("report."), std::string::npos);
}

TEST(Texts, NeverPromiseAnonymity) {
  for (const Language language : {kDutch, kEnglish})
    for (const std::string& key : text::keys(language)) {
      if (!key.starts_with("report.")) continue;
      const std::string text = text::tr(language, key);
      for (const char* word : {"anoniem", "anonymous", "onherleidbaar", "untraceable"})
        EXPECT_EQ(text.find(word), std::string::npos) << key;
    }
}

TEST(OwnReportTest, BandsAndStanding) {
  OwnReport report = example_own();
  EXPECT_EQ(own_band(kDutch, report), "10-24");
  EXPECT_EQ(band_names(kDutch, {10, 25, 50}), (std::vector<std::string>{"10-24", "25-49", "50 of meer"}));
  EXPECT_EQ(standing(report), Standing::kAround);  // 15 expected
  report.own_persons = 90000;                      // 61 expected, at most 24 seen
  EXPECT_EQ(standing(report), Standing::kBelow);
  report.band = 3, report.own_persons = 21800;  // 100 or more seen
  EXPECT_EQ(standing(report), Standing::kAbove);
  report.band.reset();
  EXPECT_EQ(standing(report), Standing::kUnknown);
  EXPECT_EQ(own_band(kDutch, report), "·");
  EXPECT_NE(all(own_sentences(kDutch, report)).find("afgeschermd, of minder dan 10"), std::string::npos);
}

TEST(OwnReport, LinkRatesInWords) {
  OwnReport::LinkRate rate{"schuldhulp", {10, 25, 50, 75, 90}, 0, 100, 19};
  EXPECT_EQ(link_band(Language::kDutch, rate), "minder dan 10 %");
  rate.band = 1;
  EXPECT_EQ(link_band(Language::kDutch, rate), "10 tot 25 %");
  rate.band = 5;
  EXPECT_EQ(link_band(Language::kDutch, rate), "90 % of meer");
  rate.band.reset();
  EXPECT_EQ(link_band(Language::kDutch, rate), "· (minder dan 100 personen geleverd)");
  rate.band = 6;  // no such band: never read past the edges
  EXPECT_EQ(link_band(Language::kEnglish, rate), "· (fewer than 100 persons delivered)");
}

// A provider has no row, but does have a link rate.
TEST(OwnReport, WithoutARowTheLinkRateIsStillThere) {
  OwnReport report = example_own();
  report.bands.clear(), report.band.reset(), report.output_title.clear();
  const std::string text = render_own_report_text(report, Language::kDutch);
  EXPECT_NE(text.find("25 tot 50 %"), std::string::npos) << text;
  EXPECT_NE(text.find(" 19"), std::string::npos) << text;
  EXPECT_EQ(text.find("10-24"), std::string::npos) << text;
}

}  // namespace
}  // namespace sluis::report
