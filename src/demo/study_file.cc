#include "demo/study_file.h"

#include <chrono>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "relation/date.h"

namespace sluis::demo {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  size_t at = text.find(from);
  while (at != std::string::npos) {
    const size_t line = text.rfind('\n', at) + 1;
    // Comments speak of the example, not of the demonstration.
    const bool comment = text[line] == '#';
    if (!comment) text.replace(at, from.size(), to);
    at = text.find(from, at + (comment ? from.size() : to.size()));
  }
}

// The value of `key = <date>` becomes `date`.
void set_date(std::string& text, const std::string& key, const std::string& date) {
  const size_t at = text.find(key);
  if (at == std::string::npos) return;
  const size_t equals = text.find("= ", at);
  text.replace(equals + 2, 10, date);
}

std::string in_days(int days) {
  const auto now =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()).time_since_epoch().count();
  return relation::date_text(*relation::day_number(1970, 1, 1) + now + days);
}

}  // namespace

Status write_demo_study(const std::string& example, const std::string& to) {
  SLUIS_ASSIGN(std::string text, read_file(example, 256 * 1024));
  replace_all(text, "TE TOETSEN", "verzonnen voor de demonstratie");
  replace_all(text, std::string(64, '0'),
              crypto::to_hex(crypto::sha256("verzonnen DPIA voor de demonstratie")));
  set_date(text, "decide_before", in_days(14));
  set_date(text, "run_before", in_days(90));
  return write_file(to, text, 0644);
}

Status alter_bundle(const std::string& from, const std::string& to) {
  SLUIS_ASSIGN(std::string text, read_file(from, 256 << 20));
  const size_t shares = text.find("\"shares\"");
  const size_t digit = shares + (text.size() - shares) / 2;  // in the middle of the shares
  if (shares == std::string::npos) return Error{"S1061.shape", {"bundel"}, from, 0, 0, Exit::kInternal};
  text[digit] = text[digit] == '0' ? '1' : '0';
  return write_file(to, text);
}

}  // namespace sluis::demo
