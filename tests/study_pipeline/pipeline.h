// A study from owners' files to three nodes' shares, in one process: the steps of client, node and engine
// without network, decisions and release.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "demo/deliveries.h"
#include "engine/run_plan_test.h"
#include "governance/study.h"
#include "node/job_facts.h"
#include "sql/plan.h"

namespace sluis::pipeline {

// A directory that goes away with its owner.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The study of the examples, with these passages replaced; stops the test if it has faults.
governance::Study example_study(const std::vector<std::pair<std::string, std::string>>& changes = {});

// One study as three nodes hold it after all deliveries.
struct Shared {
  node::JobFacts facts;  // participants: the owners of the deliveries; tables: what they sent
  sql::Plan plan;
  engine::PartyTables tables;
};
// Imports every delivery for the study (client::prepare_table), splits it, gives each of three share stores
// its part, binds the study for the owners who delivered, and lets each node put its tables together.
Result<Shared> share_deliveries(const governance::Study& study, const std::vector<demo::Delivery>& deliveries,
                                const std::string& directory);

// The same from a region: writes its deliveries first. Owners in `absent` (OINs) do not take part.
Result<Shared> share_region(const governance::Study& study, const demo::Region& region,
                            const std::string& directory, const std::vector<std::string>& absent = {});

// The figures of one measure of an output, by cell.
std::vector<int64_t> figures(const engine::OpenedOutput& output, size_t measure);

}  // namespace sluis::pipeline
