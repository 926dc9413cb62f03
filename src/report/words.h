// The sentences of a report, in the words that disclosure-and-statistics.md section 9 allows: association
// ("kwam ... keer zo vaak voor"), never "leidt tot", "effect van" or "door".
#pragma once

#include <string>
#include <vector>

#include "report/figures.h"
#include "report/model.h"
#include "report/number.h"

namespace sluis::report {

// A column name as words: the catalogue's label for columns of the shipped templates
// (report.label.<column>), otherwise the name with blanks for underscores.
std::string label_of(Language language, const std::string& column);
// With a capital first letter (ASCII letters only).
std::string capitalised(std::string text);
// "kinderen": the counted persons in the plural.
std::string unit_of(Language language, const Policy& policy);
// "met een ouder in de schuldhulp", "zonder ...": a group as words, from the catalogue
// (report.phrase.<column>.<heading>), otherwise "met leeftijd: 0-5".
std::string group_of(Language language, const std::string& column, const std::string& heading);
// The name of an interval method, as readers look it up.
std::string method_words(Language language, epi::Method method);
// "2,08 keer"; "1,22 tot 3,54".
std::string ratio_text(Language language, double ratio);
std::string interval_text(Language language, const epi::Estimate& estimate);

// The lead sentences of the page, most important first: how often, per thousand, chance or not, warnings.
// Never empty. Every number in them is a released cell, a sum of released cells or a statistic (lint_numbers
// proves it).
std::vector<std::string> headline(Language language, const ResultModel& model);

// What came first: two counts and what they say. Empty if the output does not have that shape (one heading
// column, one count column, at least two rows).
std::vector<std::string> reverse_order_sentences(Language language, const Output& output,
                                                 const Policy& policy);
// Who could not be linked: rows of `linkage` whose heading does not occur in the answer. Empty if it has not
// that shape.
std::vector<std::string> linkage_sentences(Language language, const Output& linkage,
                                           const ResultModel& model);

// The note under every table with withheld cells: all rules together, all overlapping releases.
std::string withheld_note(Language language, const Output& output, const Policy& policy);
// "Totaal van de getoonde cellen (2 afgeschermd)".
std::string total_label(Language language, const Output& output);
// "Dit zegt het niet": the study's own list and what holds for every study.
std::vector<std::string> limits(Language language, const ResultModel& model);
// "Hoe lees ik dit".
std::vector<std::string> reading_guide(Language language, const ResultModel& model);
// The three promises of section 6: rules, noise, computation. Always all three.
struct Promise {
  std::string title, text;
};
std::vector<Promise> promises(Language language, const Policy& policy, bool malicious_security);

// Every number in `text` that is not a released cell, a sum of shown cells, a derived number, a figure of a
// statistic, a number within a heading or column name, or one of the constants that the sentences explain
// (1, 95, 1.000). Empty: the text is honest about its source.
std::vector<std::string> lint_numbers(Language language, const std::string& text, const ResultModel& model);

}  // namespace sluis::report
