// EXPLAIN of a rehearsal: steps with rows, rounds, bytes and what they open.
#pragma once

#include <string>

#include "rehearsal/job.h"
#include "text/text.h"

namespace sluis::rehearsal {

// A text table, or the envelope of `-o json`; after a run with what each of its steps took beside it. Errors:
// those of bind_job.
Result<std::string> explain(const Job& job, text::Language language, bool json,
                            const std::vector<sql::MeasuredStep>& measured = {});

}  // namespace sluis::rehearsal
