// EXPLAIN of a rehearsal: steps with rows, rounds, bytes and what they open.
#pragma once

#include <string>

#include "rehearsal/job.h"
#include "text/text.h"

namespace sluis::rehearsal {

// A text table, or the envelope of `-o json`. Errors: those of bind_job.
Result<std::string> explain(const Job& job, text::Language language, bool json);

}  // namespace sluis::rehearsal
