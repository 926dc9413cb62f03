#include "world.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/bytes.h"
#include "demo/study_file.h"
#include "node/catalogue.h"

namespace sluis::three_process {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVersion = "1";

void replace(std::string& text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
}

std::string fresh_directory() {
  std::string form = (fs::temp_directory_path() / "sluis-three-XXXXXX").string();
  CHECK(::mkdtemp(form.data()) != nullptr);
  return form;
}

std::string text_of(const std::string& file) {
  Result<std::string> text = read_file(file, 1 << 20);
  CHECK(text.ok());
  return *text;
}

}  // namespace

World::World(const WorldOptions& options) : root_(fresh_directory()) {
  demo::RegionOptions model;
  model.seed = options.seed;
  model.families = options.families;
  model.debt_rate = 0.35;  // few families, so that cells are shown all the same
  model.base_rate = options.base_rate;
  model.planted_risk_ratio = options.risk_ratio;
  model.placed_together = options.together;
  region = demo::make_region(model);
  Result<std::vector<demo::Delivery>> written = demo::write_deliveries(region, path("leveringen"));
  CHECK(written.ok());
  deliveries = std::move(*written);
  study = path("study.toml");
  CHECK(demo::write_demo_study(std::string(SLUIS_SOURCE_DIR) + "/examples/schuld-pleegzorg/study.toml", study)
            .ok());
  std::string text = text_of(study);
  replace(text, "max_runs      = 2 ", "max_runs      = " + std::to_string(options.max_runs) + " ");
  CHECK(write_file(study, text).ok());
  // Another program of this machine may take a port between its choice and its use: then once more, said
  // aloud. What fails three times is a fault.
  for (int attempt = 0; attempt < 3 && !start_network(options); ++attempt) network.reset();
  CHECK(network != nullptr);
}

bool World::start_network(const WorldOptions& options) {
  fs::remove_all(path("net"));
  Result<std::unique_ptr<demo::Network>> made = demo::Network::create(path("net"), SLUIS_PROGRAM, region);
  CHECK(made.ok());
  network = std::move(*made);
  for (int party = 0; party < 3; ++party) {
    const std::string file = network->node_directory(party) + "/node.toml";
    std::string config = text_of(file);
    const size_t at = config.find("deadline_s");
    if (at != std::string::npos) config.erase(at, config.find('\n', at) + 1 - at);
    CHECK(write_file(file, "deadline_s = " + std::to_string(options.deadline_s) + "\n" + config).ok());
  }
  const Status started = network->start();
  const demo::Output listed = sluis(kApplicant, {"study", "list"});
  if (started.ok() && listed.code == 0) return true;
  std::printf("network did not start: %s\n", listed.error.c_str());
  for (int party = 0; party < 3; ++party)
    if (const Result<std::string> log = read_file(network->node_log(party), 1 << 20))
      std::printf("node %d: %s\n", party, log->c_str());
  return false;
}

World::~World() {
  network.reset();
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

demo::Output World::sluis(const std::string& who, std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), SLUIS_PROGRAM);
  for (const std::string& more :
       {std::string("--network"), network->directory(), std::string("--lang"), std::string("en")})
    arguments.push_back(more);
  if (!who.empty()) arguments.insert(arguments.end(), {"--identity", network->identity(who)});
  return demo::run(arguments);
}

void World::share(const demo::Delivery& delivery, const std::string& of, const std::string& version) const {
  std::vector<std::string> arguments = {"data",  "share", delivery.file, "--as", delivery.table,
                                        "--for", of,      "--version",   version};
  if (!delivery.mapping.empty()) arguments.insert(arguments.end(), {"--mapping", delivery.mapping});
  const demo::Output shared = sluis(delivery.oin, arguments);
  EXPECT_EQ(shared.code, 0) << shared.error;
}

void World::share_all() {
  const demo::Output submitted = sluis(kApplicant, {"study", "submit", study});
  ASSERT_EQ(submitted.code, 0) << submitted.error;
  for (const demo::Delivery& delivery : deliveries) share(delivery, study, kVersion);
}

demo::Output World::decide(const std::string& oin, const std::string& verb, const std::string& of,
                           std::vector<std::string> more) const {
  const std::string key = network->identity(oin) + (verb == "advise" ? "/advisor.key" : "/decider.key");
  std::vector<std::string> arguments = {"review", verb, of, "--key", key};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return sluis(oin, arguments);
}

void World::approve(const std::string& oin, const std::string& of) const {
  const std::string page = path("page.html");
  const demo::Output advised = decide(oin, "advise", of, {"--answer", "agree", "--page", page});
  EXPECT_EQ(advised.code, 0) << advised.error;
  std::vector<std::string> more = {"--mandate", "register", "--page", page, "--tables"};
  for (const demo::Delivery& delivery : deliveries)
    if (delivery.oin == oin) more.push_back(delivery.table + "@" + kVersion);
  const demo::Output approved = decide(oin, "approve", of, more);
  EXPECT_EQ(approved.code, 0) << approved.error;
}

void World::approve_all(const std::string& of) {
  const demo::Output page =
      sluis("", {"study", "page", of, "--owner", "Demostad", "--out", path("page.html")});
  ASSERT_EQ(page.code, 0) << page.error;
  for (const demo::Municipality& one : region.municipalities) approve(one.oin, of);
  for (const demo::Provider& one : region.providers) approve(one.oin, of);
}

demo::Output World::start(const std::string& of, std::string& run, bool wait) const {
  std::vector<std::string> arguments = {"run", "start", of};
  if (!wait) arguments.push_back("--no-wait");
  if (wait) arguments.insert(arguments.end(), {"-o", "json"});
  demo::Output out = sluis(kApplicant, arguments);
  const size_t at = wait ? out.text.find("\"run\":\"") : 0;
  if (at != std::string::npos && out.code == 0) run = out.text.substr(wait ? at + 7 : 0, 32);
  return out;
}

std::string World::state_at(int party, const std::string& run) const {
  const Result<std::unique_ptr<node::Catalogue>> catalogue =
      node::Catalogue::open(network->node_directory(party) + "/data/catalogue.sqlite");
  if (!catalogue) return "";
  const Result<std::optional<node::RunRow>> row = (*catalogue)->run(run);
  if (!row || !*row) return "";
  return (*row)->ended == 0 ? "" : node::run_state_name((*row)->state);
}

std::string World::end_at(int party, const std::string& run, int seconds) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < until) {
    const std::string state = state_at(party, run);
    if (!state.empty()) return state;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return "";
}

std::string World::study_with(const std::string& from, const std::string& to, const std::string& name) const {
  std::string text = text_of(study);
  replace(text, from, to);
  CHECK(write_file(path(name), text).ok());
  return path(name);
}

std::vector<uint32_t> World::numbers() const {
  std::vector<uint32_t> all;
  for (const demo::Person& person : region.parents) all.push_back(person.bsn);
  for (const demo::Child& child : region.children) all.push_back(child.person.bsn);
  return all;
}

}  // namespace sluis::three_process
