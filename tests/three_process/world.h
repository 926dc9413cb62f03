// A small invented region with three real node processes, for tests that break things.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "demo/deliveries.h"
#include "demo/network.h"
#include "demo/process.h"
#include "demo/region.h"

namespace sluis::three_process {

struct WorldOptions {
  uint64_t seed = 7;
  int families = 1'200;
  double risk_ratio = demo::RegionOptions{}.planted_risk_ratio;
  double base_rate = 0.10;  // few families, so that cells are shown all the same
  double together = demo::RegionOptions{}.placed_together;
  int max_runs = 2;    // written into the study
  int deadline_s = 4;  // of every node: after this much silence a peer is lost
};

// Files in a fresh directory, removed at the end. Every step is one call of the shipped program.
class World {
 public:
  explicit World(const WorldOptions& options = {});
  ~World();

  // sluis <arguments> with the identity of `who` ("" for none), in English.
  demo::Output sluis(const std::string& who, std::vector<std::string> arguments) const;

  void share_all();  // study submitted, every delivery shared; fails the test otherwise
  void share(const demo::Delivery& delivery, const std::string& study, const std::string& version) const;
  void approve_all(const std::string& study);
  void approve(const std::string& oin, const std::string& study) const;
  // sluis review <verb>, signed by the owner's decider.
  demo::Output decide(const std::string& oin, const std::string& verb, const std::string& study,
                      std::vector<std::string> more = {}) const;

  // sluis run start [--no-wait]; the run's id is put into `run` if it began.
  demo::Output start(const std::string& study, std::string& run, bool wait) const;
  // State of a run at one node, in that node's own catalogue: "released", "node_lost", …
  std::string state_at(int party, const std::string& run) const;
  // Waits until the run has ended at this node; "" when it has not within `seconds`.
  std::string end_at(int party, const std::string& run, int seconds) const;
  // Copy of the study with one text replaced; the file's path.
  std::string study_with(const std::string& from, const std::string& to, const std::string& name) const;

  std::vector<uint32_t> numbers() const;  // every invented BSN
  std::string path(const std::string& name) const { return root_ + "/" + name; }

  demo::Region region;
  std::vector<demo::Delivery> deliveries;
  std::unique_ptr<demo::Network> network;
  std::string study;

 private:
  bool start_network(const WorldOptions& options);
  std::string root_;
};

// Whether a command's output (text or JSON) names this error code.
inline bool says(const demo::Output& output, const std::string& code) {
  return (output.text + output.error).find(code) != std::string::npos;
}

inline const std::string kApplicant = demo::Network::kApplicant;
inline const std::string kDemostad = "00000099000000002001";
inline const std::string kVoorbeeldam = "00000099000000002002";
inline const std::string kProvider = "00000099000000003001";

}  // namespace sluis::three_process
