// The pages: golden files a person can review, well-formed HTML, nothing fetched, nothing injected.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "report/own_report.h"
#include "report/pages.h"
#include "report/plain.h"
#include "report/template.h"
#include "report/test_models.h"

namespace sluis::report {
namespace {

namespace fs = std::filesystem;
constexpr Language kDutch = Language::kDutch, kEnglish = Language::kEnglish;

struct Page {
  std::string name;
  std::function<std::string(Language)> render;
};

std::vector<Page> pages() {
  return {{"result", [](Language l) { return render_result_page(example_result(), l); }},
          {"result_withheld", [](Language l) { return render_result_page(example_withheld(), l); }},
          {"result_null", [](Language l) { return render_result_page(example_null(), l); }},
          {"own_report", [](Language l) { return render_own_report_page(example_own(), l); }},
          {"approval", [](Language l) { return render_approval_page(example_approval(), l); }}};
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const size_t begin = text.find(from);
  if (begin == std::string::npos) return {};
  const size_t start = begin + from.size();
  return text.substr(start, text.find(to, start) - start);
}

// The style sheet has its own file; in a golden page one word stands for it and its hash.
std::string without_style(std::string html) {
  html = std::regex_replace(html, std::regex("sha256-[A-Za-z0-9+/=]+"), "sha256-(report.css)");
  const size_t begin = html.find("<style>"), end = html.find("</style>");
  if (begin != std::string::npos) html.replace(begin + 7, end - begin - 7, "report.css");
  return html;
}

// Compares with tests/golden/report/<name>; with SLUIS_UPDATE_GOLDEN=1 writes it instead.
void expect_golden(const std::string& name, const std::string& content) {
  const fs::path path = fs::path(SLUIS_SOURCE_DIR) / "tests/golden/report" / name;
  if (std::getenv("SLUIS_UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  EXPECT_EQ(all.str(), content) << name << ": run with SLUIS_UPDATE_GOLDEN=1 and review the difference";
}

TEST(Golden, Pages) {
  for (const Page& page : pages()) expect_golden(page.name + ".nl.html", without_style(page.render(kDutch)));
  expect_golden("result.en.html", without_style(render_result_page(example_result(), kEnglish)));
}

TEST(Golden, PlainForms) {
  for (const auto& [name, model] : {std::pair{"result", example_result()},
                                    {"result_withheld", example_withheld()},
                                    {"result_null", example_null()}}) {
    expect_golden(std::string(name) + ".nl.txt", render_result_text(model, kDutch));
    expect_golden(std::string(name) + ".json", render_result_json(model));
    for (const NamedText& file : render_result_csv(model, CsvStyle::kPlain, kDutch))
      expect_golden(std::string(name) + "." + file.name, file.content);
  }
  expect_golden("result.en.txt", render_result_text(example_result(), kEnglish));
  expect_golden("own_report.nl.txt", render_own_report_text(example_own(), kDutch));
  expect_golden("result.dutch.csv", render_result_csv(example_result(), CsvStyle::kDutch, kDutch)[0].content);
}

// ---- HTML

// Names of elements that are never closed correctly; empty if every tag has its partner. Void elements are
// written with a slash, so the page is well-formed XML too.
std::string tag_fault(const std::string& html) {
  std::vector<std::string> open;
  for (size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    if (html.compare(at, 9, "<!DOCTYPE") == 0) continue;
    const size_t end = html.find('>', at);
    if (end == std::string::npos) return "tag without end";
    std::string tag = html.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos) return "bare < in " + tag.substr(0, 30);
    if (tag.ends_with("/")) continue;
    const bool closing = tag.starts_with("/");
    tag = tag.substr(closing ? 1 : 0, tag.find(' ') - (closing ? 1 : 0));
    if (!closing) {
      open.push_back(tag);
    } else if (open.empty() || open.back() != tag) {
      return "</" + tag + "> closes " + (open.empty() ? "nothing" : open.back());
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

TEST(Html, IsWellFormedInBothLanguages) {
  for (const Page& page : pages())
    for (const Language language : {kDutch, kEnglish}) {
      const std::string html = without_style(page.render(language));
      EXPECT_EQ(tag_fault(html), "") << page.name;
      // Every & starts a known entity.
      EXPECT_FALSE(std::regex_search(html, std::regex("&(?!(amp|lt|gt|quot|apos);)"))) << page.name;
      EXPECT_EQ(html.find("«report."), std::string::npos) << page.name;  // a missing text
    }
  EXPECT_NE(tag_fault("<p><b></p></b>"), "");
  EXPECT_NE(tag_fault("<p>"), "");
}

TEST(Html, IdsAreUniqueAndReferencesResolve) {
  for (const Page& page : pages()) {
    const std::string html = without_style(page.render(kDutch));
    std::vector<std::string> ids;
    const std::regex id("\\bid=\"([^\"]*)\"");
    for (std::sregex_iterator it(html.begin(), html.end(), id), none; it != none; ++it) {
      EXPECT_EQ(std::ranges::count(ids, (*it)[1].str()), 0) << page.name << " " << (*it)[1];
      ids.push_back((*it)[1]);
    }
    const std::regex reference("(?:aria-labelledby|href)=\"#?([^\"]*)\"");
    for (std::sregex_iterator it(html.begin(), html.end(), reference), none; it != none; ++it) {
      std::stringstream names((*it)[1]);
      for (std::string name; names >> name;)
        EXPECT_EQ(std::ranges::count(ids, name), 1) << page.name << " " << name;
    }
  }
}

// Columns that each row of each table fills, row spans included: "5 5 5".
std::string row_widths(const std::string& table) {
  std::vector<int> carried(64, 0);
  std::string out;
  const std::regex row("<tr>([\\s\\S]*?)</tr>"), cell("<t[hd]([^>]*)>"), span("(col|row)span=\"(\\d+)\"");
  for (std::sregex_iterator r(table.begin(), table.end(), row), none; r != none; ++r) {
    int width = 0;
    for (int& rest : carried) width += rest > 0 ? (--rest, 1) : 0;
    const std::string inner = (*r)[1];
    for (std::sregex_iterator c(inner.begin(), inner.end(), cell), end; c != end; ++c) {
      const std::string attributes = (*c)[1];
      int columns = 1, lines = 1;
      for (std::sregex_iterator s(attributes.begin(), attributes.end(), span), last; s != last; ++s)
        ((*s)[1] == "col" ? columns : lines) = std::stoi((*s)[2]);
      width += columns;
      if (lines > 1) *std::ranges::find(carried, 0) = lines - 1;
    }
    out += std::to_string(width) + ' ';
  }
  return out;
}

TEST(Html, TablesAreRectangular) {
  ResultModel model = example_result();
  Output single;
  single.name = "alles", single.title = "Alle kinderen", single.counts = {"kinderen"};
  single.rows = {{{}, {1250}}};
  model.outputs.push_back(single);
  for (const std::string& html :
       {render_result_page(model, kDutch), render_result_page(example_withheld(), kDutch),
        render_approval_page(example_approval(), kDutch)}) {
    const std::regex table("<table>[\\s\\S]*?</table>");
    int tables = 0;
    for (std::sregex_iterator t(html.begin(), html.end(), table), none; t != none; ++t, ++tables) {
      const std::string widths = row_widths(t->str());
      const std::string first = widths.substr(0, widths.find(' ') + 1);
      for (size_t at = 0; at < widths.size(); at += first.size())
        EXPECT_EQ(widths.substr(at, first.size()), first) << t->str();
    }
    EXPECT_GE(tables, 2);
  }
}

TEST(Html, FetchesNothingAndRunsNothing) {
  for (const Page& page : pages()) {
    const std::string html = page.render(kDutch);
    // The only addresses are fragments of the page itself.
    EXPECT_FALSE(std::regex_search(html, std::regex("(src|href|action|data|srcset|poster)=\"(?!#)")))
        << page.name;
    EXPECT_FALSE(std::regex_search(html, std::regex("url\\((?!#)"))) << page.name;
    for (const char* forbidden : {"<script", "<iframe", "<img", "<link", "<form", "@import", "javascript:"})
      EXPECT_EQ(html.find(forbidden), std::string::npos) << page.name << forbidden;
    EXPECT_FALSE(std::regex_search(html, std::regex("<[a-z][^>]* (on[a-z]+|style)="))) << page.name;
    EXPECT_NE(html.find("default-src &apos;none&apos;"), std::string::npos);
  }
}

std::string sha256_base64(const std::string& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
  unsigned char text[2 * EVP_MAX_MD_SIZE];
  const int length = EVP_EncodeBlock(text, digest, static_cast<int>(size));
  return {reinterpret_cast<char*>(text), static_cast<size_t>(length)};
}

// A wrong hash would leave the page without style in every browser.
TEST(Html, PolicyNamesTheStyleSheetByItsHash) {
  for (const Page& page : pages()) {
    const std::string html = page.render(kDutch);
    EXPECT_NE(html.find("sha256-" + sha256_base64(between(html, "<style>", "</style>"))), std::string::npos);
  }
}

// Every text of every model carries an attack; none may reach the page unescaped.
TEST(Html, EscapesEveryText) {
  const std::string attack = "<script>alert(1)</script>\"'&\x1b[31m";
  ResultModel result = example_withheld();
  const auto spoil_study = [&](StudyFacts& study) {
    for (std::string* text :
         {&study.id, &study.version, &study.title, &study.hash, &study.plain, &study.why, &study.hypothesis,
          &study.funder, &study.commercial, &study.follow_up, &study.applicant, &study.applicant_function,
          &study.retention, &study.publish_where, &study.language})
      *text += attack;
    for (auto* list : {&study.not_answered, &study.processors, &study.recipients}) list->push_back(attack);
  };
  const auto spoil_outputs = [&](std::vector<Output>& outputs) {
    for (Output& output : outputs) {
      output.title += attack;
      output.overlaps = {{attack, attack, attack}};
      for (Row& row : output.rows)
        for (std::string& label : row.labels) label += attack;
    }
  };
  spoil_study(result.study);
  spoil_outputs(result.outputs);
  for (Party& party : result.parties) party.name += attack, party.kind += attack;
  for (Signature& s : result.signatures) s.node += attack, s.key += attack;
  for (std::string* text :
       {&result.run, &result.released_on, &result.engine, &result.bundle, &result.policy.profile})
    *text += attack;
  ApprovalModel approval = example_approval();
  spoil_study(approval.study);
  spoil_outputs(approval.example_outputs);
  for (auto& table : approval.tables) {
    for (std::string* text :
         {&table.name, &table.schema, &table.owner_kind, &table.period, &table.rows_filter})
      *text += attack;
    for (auto& column : table.columns) column.name += attack, column.meaning += attack;
  }
  for (auto& check : approval.checks) check.title += attack, check.detail += attack;
  for (auto& fact : approval.legal) fact.term += attack, fact.value += attack;
  for (auto& value : approval.effective) value.key += attack, value.value += attack, value.whose += attack;
  for (auto& sql : approval.sql) sql.name += attack, sql.text += attack;
  for (auto& event : approval.history) event.on += attack, event.who += attack, event.what += attack;
  for (auto& command : approval.commands) command.label += attack, command.line += attack;
  for (std::string* text :
       {&approval.owner, &approval.decide_before, &approval.run_before, &approval.own_row_title,
        &approval.participation, &approval.plan, &approval.engine, &approval.verify_command})
    *text += attack;
  approval.node_operators.push_back(attack), approval.allowed_leakage.push_back(attack);
  approval.advice = {"agree", attack, attack};
  OwnReport own = example_own();
  spoil_study(own.study);
  own.owner += attack, own.output_title += attack, own.run += attack, own.engine += attack;
  for (auto& delivery : own.deliveries) delivery.table += attack, delivery.delivered_on += attack;
  for (const std::string& html : {render_result_page(result, kDutch), render_approval_page(approval, kDutch),
                                  render_own_report_page(own, kEnglish)}) {
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(html.find('\x1b'), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
    EXPECT_EQ(tag_fault(without_style(html)), "");
  }
  for (const std::string& text : {render_result_text(result, kDutch),
                                  render_result_csv(result, CsvStyle::kPlain, kDutch).back().content})
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(render_result_json(result)));
}

// Relative luminance and contrast of WCAG 2.1.
double luminance(const std::string& hex) {
  double sum = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (size_t i = 0; i < 3; ++i) {
    const double c = std::stoi(hex.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum += weights[i] * (c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double contrast(const std::string& a, const std::string& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(Style, ColoursHaveTheContrastOfWcagAa) {
  const std::string css(asset("report.css"));
  const auto colour = [&](const std::string& name) { return between(css, name + ": ", ";"); };
  for (const char* text : {"--sluis-ink", "--sluis-ink-soft", "--sluis-deep", "--sluis-warn", "--sluis-good"})
    for (const std::string& ground :
         {std::string("#ffffff"), colour("--sluis-mist"), colour("--sluis-warn-bg")})
      EXPECT_GE(contrast(colour(text), ground), 4.5) << text << " on " << ground;
  // Bars: each is told from the page by its fill or its outline (3 to 1), and whiskers from the bars.
  EXPECT_GE(contrast(between(css, ".bar-0 { fill: ", ";"), "#ffffff"), 3);
  EXPECT_GE(contrast(between(css, ".bar { stroke: ", ";"), "#ffffff"), 3);
  EXPECT_GE(contrast(between(css, ".whisker { stroke: ", ";"), between(css, ".bar-0 { fill: ", ";")), 3);
  EXPECT_LT(contrast("#777777", "#888888"), 2);
}

TEST(Templates, HaveNoUnescapedVariables) {
  for (const std::string& name : asset_names()) {
    const std::string text(asset(name));
    EXPECT_EQ(text.find("{{{"), std::string::npos) << name;
    EXPECT_EQ(text.find("{{&"), std::string::npos) << name;
    EXPECT_FALSE(std::regex_search(text, std::regex("\\b(href|src|style|on[a-z]+)=\"[^\"]*\\{\\{"))) << name;
    EXPECT_FALSE(std::regex_search(text, std::regex("=\\{\\{"))) << name;  // attributes are quoted
  }
}

TEST(Templates, StopAtANameThatDoesNotExist) {
  nlohmann::json view = nlohmann::json::object();
  EXPECT_THROW(render_template("foot.mustache", {{"x", 1}}, kDutch),
               std::logic_error);  // a number is no text
  EXPECT_THROW(render_template("result.mustache", view, kDutch), std::logic_error);
  EXPECT_THROW(render_template("none.mustache", view, kDutch), std::logic_error);
  EXPECT_NO_THROW(render_template("foot.mustache", view, kDutch));
}

// ---- what a withheld cell gives away: nothing

TEST(Withheld, LooksTheSameEverywhere) {
  const std::string html = render_result_page(example_withheld(), kDutch);
  const std::regex cell("<td[^>]*withheld[^>]*>.*?</td>");
  std::string first;
  int seen = 0;
  for (std::sregex_iterator it(html.begin(), html.end(), cell), none; it != none; ++it, ++seen) {
    if (first.empty()) first = it->str();
    EXPECT_EQ(it->str(), first);
  }
  EXPECT_GE(seen, 6);
}

TEST(Withheld, EveryFormShowsTheMarkAndTheNote) {
  const ResultModel model = example_withheld();
  const std::string note = "Overlappende vrijgaven: «Jeugdhulp naar wijk» (2 mei 2026, tabel wijken)";
  EXPECT_NE(render_result_page(model, kDutch).find(note), std::string::npos);
  EXPECT_NE(render_result_text(model, kDutch).find(note), std::string::npos);
  EXPECT_NE(render_result_csv(model, CsvStyle::kPlain, kDutch).back().content.find(note), std::string::npos);
  EXPECT_NE(render_result_csv(model, CsvStyle::kPlain, kDutch)[0].content.find("0-5,ja,1220,·,·\r\n"),
            std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(render_result_json(model))["outputs"][0]["rows"][0]["start_pleegzorg"],
            nullptr);
}

// Two databases that differ only behind withheld cells give the same bytes: the model cannot even hold them.
TEST(Withheld, NoNoteWithoutWithheldCells) {
  EXPECT_EQ(render_result_page(example_result(), kDutch).find("is afgeschermd: minder dan"),
            std::string::npos);
}

TEST(Approval, ExampleFiguresAreInventedAndWithholdTwoCells) {
  ApprovalModel model = example_approval();
  const Output& output = model.example_outputs[0];
  int withheld = 0;
  for (const Row& row : output.rows)
    for (const Cell& cell : row.counts) {
      withheld += cell ? 0 : 1;
      if (cell) {
        EXPECT_EQ(*cell % 5, 0);
        EXPECT_GE(*cell, 10);
      }
    }
  EXPECT_EQ(withheld, 2);
  Output again = output;
  invent_figures(again, model.policy, model.study.hash);
  EXPECT_EQ(again.rows[1].counts, output.rows[1].counts);  // depends on the study alone
  const std::string html = render_approval_page(model, kDutch);
  EXPECT_NE(html.find("VOORBEELD"), std::string::npos);
  EXPECT_NE(html.find("58"), 0U);
  EXPECT_NE(html.find("57 andere velden"), std::string::npos);
  EXPECT_NE(html.find("Twee knooppunten samen kunnen alles terugrekenen"), std::string::npos);
}

}  // namespace
}  // namespace sluis::report
