// From an opened result to what reports show.
#pragma once

#include "apps/context.h"
#include "client/results.h"
#include "report/model.h"

namespace sluis::apps {

// The pooled tables. `bundle`: file name for the verification command. `invented`: a demonstration. Errors:
// S1001–S1009 if the study file in the bundle cannot be read.
Result<report::ResultModel> result_model(const client::OpenedResult& opened, const std::string& run,
                                         const std::string& bundle, bool invented);
// The own row of `oin`. Errors: S1307.none if there is no own
// row.
Result<report::OwnReport> own_report(const client::OpenedResult& opened, const std::string& oin,
                                     bool invented);

}  // namespace sluis::apps
