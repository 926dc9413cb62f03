// The study's answers over the model in SQLite, by queries of another shape (one child at a time, dates as
// texts): independent of importers, of our SQL and of the shares.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deliveries.h"

struct sqlite3;

namespace sluis::real_input {

using Rows = std::vector<std::vector<std::optional<std::string>>>;

class Oracle {
 public:
  // Persons whose age on 1 January 2023 is known and in [youngest, oldest] are the children of the study.
  Oracle(const std::vector<RealPerson>& persons, const Events& events, int youngest, int oldest);
  ~Oracle();
  Oracle(const Oracle&) = delete;

  // Rows of an output of the example study: "samen", "volgorde", "koppeling" or "spiegel". Sorted.
  Rows answer(const std::string& output) const;
  // Rows of any query, in its order.
  Rows query(const std::string& sql) const;

 private:
  void run(const std::string& sql) const;
  sqlite3* database_ = nullptr;
};

}  // namespace sluis::real_input
