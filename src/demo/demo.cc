#include "demo/demo.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/bytes.h"
#include "demo/compare.h"
#include "demo/deliveries.h"
#include "demo/network.h"
#include "demo/sceptic.h"
#include "demo/stage.h"
#include "demo/study_file.h"

namespace sluis::demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVersion = "demo-1";
constexpr const char* kFirst = "00000099000000002001";   // Demostad
constexpr const char* kSecond = "00000099000000002002";  // Voorbeeldam

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

class Demo {
 public:
  Demo(const DemoOptions& options, Stage& stage, std::string work)
      : options_(options), stage_(stage), work_(std::move(work)) {}

  Status play() {
    SLUIS_TRY(prepare());
    SLUIS_TRY(share());
    SLUIS_TRY(refuse());
    SLUIS_TRY(approve());
    SLUIS_TRY(change_one_byte());
    SLUIS_TRY(lose_a_node());
    SLUIS_TRY(result());
    mirror();
    search();
    collude();
    withdraw();
    stage_.scene("demo.scene_limits");
    stage_.tell("demo.limits");
    return {};
  }

  // Only what an edited question needs: share, approve, run, print.
  Status replay() {
    SLUIS_TRY(prepare());
    SLUIS_TRY(share());
    SLUIS_TRY(approve());
    return plain_run();
  }

 private:
  // A command of `who` (OIN), shown as a user would type it.
  Output command(const std::string& who, std::vector<std::string> arguments, bool show = true) {
    std::string line = "$ sluis";
    for (const std::string& argument : arguments)
      line += ' ' + (argument.find(' ') == std::string::npos ? fs::path(argument).filename().string()
                                                             : "'" + argument + "'");
    if (show) stage_.say(line);
    std::vector<std::string> all = {options_.program};
    all.insert(all.end(), arguments.begin(), arguments.end());
    if (!who.empty())
      for (const std::string& more : {std::string("--identity"), network_->identity(who),
                                      std::string("--network"), network_->directory()})
        all.push_back(more);
    all.push_back("--lang");
    all.push_back(stage_.language() == text::Language::kDutch ? "nl" : "en");
    return run(all);
  }

  Error step_failed(const std::string& what, const Output& output) {
    return Error{
        "S1061.step",   {what, first_line(output.error.empty() ? output.text : output.error)}, "", 0, 0,
        Exit::kInternal};
  }

  Status prepare() {
    stage_.scene("demo.scene_region");
    RegionOptions options;
    options.seed = options_.seed;
    if (options_.families > 0) options.families = options_.families;
    region_ = make_region(options);
    const std::string files = options_.from.empty() ? work_ + "/leveringen" : options_.from + "/leveringen";
    if (options_.from.empty()) {
      SLUIS_ASSIGN(deliveries_, write_deliveries(region_, files));
    } else {
      SLUIS_ASSIGN(deliveries_, find_deliveries(region_, files));
    }
    size_t rows = 0;
    for (const Delivery& delivery : deliveries_) rows += delivery.rows;
    const std::string towns = std::to_string(region_.municipalities.size());
    const std::string providers = std::to_string(region_.providers.size());
    if (options_.from.empty())
      stage_.tell("demo.region", {towns, providers, std::to_string(rows)});
    else
      stage_.tell("demo.region_from", {towns, providers, std::to_string(deliveries_.size())});
    study_ = options_.from.empty() ? work_ + "/study.toml" : options_.from + "/study.toml";
    if (options_.from.empty()) SLUIS_TRY(write_demo_study(options_.study, study_));
    stage_.scene("demo.scene_nodes");
    SLUIS_ASSIGN(network_, Network::create(work_ + "/netwerk", options_.program, region_));
    SLUIS_TRY(network_->start());
    stage_.tell("demo.nodes");
    return {};
  }

  Status share() {
    stage_.scene("demo.scene_check");
    const Delivery& sample = deliveries_.front();
    const Output check = command("", {"data", "check", sample.file, "--as", sample.table});
    if (check.code != 0) return step_failed("data check", check);
    stage_.say(check.text);
    if (options_.from.empty()) stage_.claim("demo.claim_report", count_in_text(check.text) == 0);
    stage_.scene("demo.scene_share");
    const Output submitted = command(Network::kApplicant, {"study", "submit", study_});
    if (submitted.code != 0) return step_failed("study submit", submitted);
    for (const Delivery& delivery : deliveries_) {
      std::vector<std::string> arguments = {"data",  "share", delivery.file, "--as",  delivery.table,
                                            "--for", study_,  "--version",   kVersion};
      if (!delivery.mapping.empty()) arguments.insert(arguments.end(), {"--mapping", delivery.mapping});
      const bool show = &delivery == &deliveries_.front();
      const Output shared = command(delivery.oin, arguments, show);
      if (shared.code != 0) return step_failed("data share " + delivery.table, shared);
      stage_.say(delivery.owner + ": " + first_line(shared.text));
    }
    return {};
  }

  std::vector<uint32_t> all_numbers() const {
    std::vector<uint32_t> numbers;
    for (const Person& person : region_.parents) numbers.push_back(person.bsn);
    for (const Child& child : region_.children) numbers.push_back(child.person.bsn);
    return numbers;
  }

  uint64_t count_in_text(const std::string& text) const {
    const std::string file = work_ + "/netwerk/search.txt";
    (void)write_file(file, text);
    return count_numbers({file}, all_numbers());
  }

  // Every invented number in every folder, log and recorded byte.
  void search() {
    stage_.scene("demo.scene_search");
    std::vector<std::string> places = {network_->wire_file()};
    for (int party = 0; party < 3; ++party) places.push_back(network_->node_directory(party));
    const std::vector<uint32_t> numbers = all_numbers();
    const uint64_t hits = count_numbers(places, numbers);
    // The search itself must be able to find: the owners' own files hold them.
    const bool finds = count_numbers({deliveries_.front().file}, numbers) > 0;
    stage_.claim("demo.claim_search", hits == 0 && finds,
                 {std::to_string(numbers.size()), std::to_string(bytes_below(places) / 1'000'000),
                  std::to_string(hits)});
  }

  Status refuse() {
    stage_.scene("demo.scene_refuse");
    const Output started = command(Network::kApplicant, {"run", "start", study_});
    stage_.say(started.error);
    stage_.claim("demo.claim_unapproved",
                 started.code == static_cast<int>(Exit::kNotApproved) && started.error.starts_with("S1201"));
    return {};
  }

  std::vector<std::string> owners() const {
    std::vector<std::string> oins;
    for (const Municipality& one : region_.municipalities) oins.push_back(one.oin);
    for (const Provider& one : region_.providers) oins.push_back(one.oin);
    return oins;
  }

  Status approve() {
    stage_.scene("demo.scene_approve");
    for (const std::string& oin : owners()) {
      const bool show = oin == kFirst;
      const std::string keys = network_->identity(oin);
      // Each reads its own page: what is asked of whom differs.
      const std::string folder = oin == kFirst ? work_ : keys;
      const std::string advice_page = folder + "/advies.html";
      const std::string page = folder + "/besluit.html";
      for (const auto& [role, file] : {std::pair{"advice", advice_page}, std::pair{"decision", page}}) {
        const Output made =
            command(oin, {"study", "page", study_, "--owner", oin, "--role", role, "--out", file}, show);
        if (made.code != 0) return step_failed("study page", made);
      }
      const Output advised = command(oin,
                                     {"review", "advise", study_, "--key", keys + "/advisor.key", "--answer",
                                      "agree", "--page", advice_page},
                                     show);
      if (advised.code != 0) return step_failed("review advise", advised);
      std::vector<std::string> arguments = {"review",
                                            "approve",
                                            study_,
                                            "--key",
                                            keys + "/decider.key",
                                            "--mandate",
                                            "mandaatregister (verzonnen)",
                                            "--page",
                                            page,
                                            "--tables"};
      for (const Delivery& delivery : deliveries_)
        if (delivery.oin == oin) arguments.push_back(delivery.table + "@" + kVersion);
      const Output approved = command(oin, arguments, show);
      if (approved.code != 0) return step_failed("review approve", approved);
      if (show) stage_.say(advised.text + approved.text);
    }
    stage_.tell("demo.approved", {std::to_string(owners().size())});
    return {};
  }

  Status change_one_byte() {
    stage_.scene("demo.scene_byte");
    SLUIS_ASSIGN(std::string text, read_file(study_, 256 * 1024));
    const size_t at = text.find("INTERVAL '12 months'");
    if (at == std::string::npos) return {};
    text.replace(at, 20, "INTERVAL '13 months'");
    const std::string changed = work_ + "/netwerk/study-anders.toml";
    SLUIS_TRY(write_file(changed, text));
    const Output submitted = command(Network::kApplicant, {"study", "submit", changed});
    if (submitted.code != 0) return step_failed("study submit", submitted);
    const Output started = command(Network::kApplicant, {"run", "start", changed});
    stage_.say(started.error);
    stage_.claim("demo.claim_byte",
                 started.code == static_cast<int>(Exit::kNotApproved) && started.error.starts_with("S1207"));
    return {};
  }

  // Stops node C in mid-run: nothing may come out.
  Status lose_a_node() {
    stage_.scene("demo.scene_lose");
    const Output started = command(Network::kApplicant, {"run", "start", study_, "--no-wait"});
    if (started.code != 0) return step_failed("run start", started);
    const std::string run_id = first_line(started.text);
    // As soon as the nodes compute: a small region is done within a second.
    for (int look = 0; look < 100; ++look) {
      const Output listed = command(Network::kApplicant, {"run", "list"}, false);
      if (listed.text.find("linking") != std::string::npos ||
          listed.text.find("aggregating") != std::string::npos)
        break;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    network_->kill_node(2);
    stage_.tell("demo.killed");
    // The other two must stop by themselves.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    std::string state;
    bool ended = false;
    while (!ended && std::chrono::steady_clock::now() < deadline) {
      const Output listed = command(Network::kApplicant, {"run", "list"}, false);
      const size_t at = listed.text.find(run_id);
      state = at == std::string::npos ? "" : first_line(listed.text.substr(at + run_id.size() + 2));
      ended = !state.empty() && !state.starts_with("waiting") && !state.starts_with("linking") &&
              !state.starts_with("aggregating") && !state.starts_with("checking") &&
              !state.starts_with("opening");
      if (!ended) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    SLUIS_TRY(network_->start_node(2));
    const Output got =
        command(Network::kApplicant, {"result", "get", run_id, "--out", work_ + "/netwerk/niets"}, false);
    stage_.say(got.error);
    const Output record = command(Network::kApplicant, {"run", "record", run_id}, false);
    stage_.claim("demo.claim_lost",
                 ended && !state.starts_with("released") && got.code != 0 && record.code == 0, {state});
    return {};
  }

  std::string out_directory() const {
    if (!options_.out.empty()) return options_.out;
    return (options_.keep.empty() ? work_ : options_.keep) + "/resultaat";
  }

  Status result() {
    stage_.scene("demo.scene_run");
    SLUIS_TRY(plain_run());
    const std::string out = out_directory();
    SLUIS_ASSIGN(const std::string json, read_file(out + "/resultaat.json", 64 << 20));
    SLUIS_ASSIGN(const Comparison comparison, compare_with_plain(json, plain_answer(region_)));
    stage_.tell("demo.plain", {std::to_string(comparison.equal), std::to_string(comparison.withheld)});
    stage_.say(comparison.table);
    stage_.claim("demo.claim_right", comparison.different == 0 && comparison.equal > 0,
                 {std::to_string(comparison.equal), std::to_string(comparison.withheld),
                  std::to_string(comparison.different)});
    const Output verified = command(Network::kApplicant, {"result", "verify", out + "/bundel.json"});
    stage_.say(verified.text);
    bool altered_refused = false;
    SLUIS_TRY(alter_bundle(out + "/bundel.json", work_ + "/netwerk/bundel-anders.json"));
    const Output altered =
        command(Network::kApplicant, {"result", "verify", work_ + "/netwerk/bundel-anders.json"});
    altered_refused = altered.code != 0;
    stage_.say(altered.error);
    stage_.claim("demo.claim_signed", verified.code == 0 && altered_refused);
    return {};
  }

  Status plain_run() {
    const Output started = command(Network::kApplicant, {"run", "start", study_, "-o", "json"});
    const size_t at = started.text.find("\"run\":\"");
    if (started.code != 0 || at == std::string::npos) return step_failed("run start", started);
    run_ = started.text.substr(at + 7, 32);
    const Output got =
        command(Network::kApplicant, {"result", "get", run_, "--out", out_directory(), "--invented"});
    if (got.code != 0 && got.code != static_cast<int>(Exit::kAllWithheld))
      return step_failed("result get", got);
    stage_.say(got.text);
    stage_.tell("demo.report", {out_directory() + "/resultaat.html"});
    return {};
  }

  void mirror() {
    stage_.scene("demo.scene_mirror");
    const std::string out = out_directory() + "/spiegel-demostad";
    const Output own = command(kFirst, {"result", "get", run_, "--out", out, "--invented"});
    const Output report = command(
        kFirst, {"result", "report", out + "/bundel.json", "--out", out + "/spiegel.html", "--invented"});
    stage_.say(report.text);
    const Output other =
        command(kSecond, {"result", "get", run_, "--addressee", kFirst, "--out", work_ + "/netwerk/niets"});
    stage_.say(other.error);
    // An institution has no row, but does learn how much of its delivery was linked.
    const std::string provider = region_.providers.front().oin,
                      theirs = out_directory() + "/koppeling-instelling";
    const Output got = command(provider, {"result", "get", run_, "--out", theirs, "--invented"});
    const Output linked = command(provider, {"result", "report", theirs + "/bundel.json", "--out",
                                             theirs + "/rapport.html", "--invented"});
    stage_.say(linked.text);
    const Output peek =
        command(kSecond, {"result", "get", run_, "--addressee", provider, "--out", work_ + "/netwerk/niets"});
    stage_.claim("demo.claim_link", got.code == 0 && linked.code == 0 &&
                                        linked.text.find("jeugdhulp") != std::string::npos &&
                                        peek.code != 0 && peek.error.starts_with("S1501"));
    stage_.claim("demo.claim_mirror",
                 own.code == 0 && report.code == 0 && other.code != 0 && other.error.starts_with("S1501"));
  }

  void collude() {
    stage_.scene("demo.scene_collude");
    if (options_.collude.empty()) {
      stage_.tell("demo.no_collude");
      return;
    }
    const Output one = run({options_.collude, network_->node_directory(0)});
    const Output two = run({options_.collude, network_->node_directory(1), network_->node_directory(2)});
    stage_.say(stage_.script() ? "" : "\033[31m" + two.text + "\033[0m");
    const bool rebuilt = two.code == 0 && count_in_text(two.text) > 0;
    stage_.claim("demo.claim_collude", rebuilt && one.code != 0);
  }

  void withdraw() {
    stage_.scene("demo.scene_withdraw");
    const Output withdrawn =
        command(kFirst, {"data", "withdraw", std::string("schuldhulp@") + kVersion, "-o", "json"});
    const Output again = command(Network::kApplicant, {"run", "start", study_});
    stage_.say(again.error);
    const bool three = withdrawn.code == 0 && withdrawn.text.find("knooppunt-c") != std::string::npos;
    stage_.claim("demo.claim_withdraw", three && again.code != 0);
    bool intact = true;
    for (int party = 0; party < 3; ++party)
      intact = intact && run({options_.program, "audit", "verify",
                              network_->node_directory(party) + "/data/audit.jsonl"})
                                 .code == 0;
    stage_.claim("demo.claim_audit", intact);
  }

  const DemoOptions& options_;
  Stage& stage_;
  std::string work_, study_, run_;
  Region region_;
  std::vector<Delivery> deliveries_;
  std::unique_ptr<Network> network_;
};

// A fresh directory for this demo, removed at its end unless it is to be kept.
class WorkDirectory {
 public:
  explicit WorkDirectory(const std::string& keep) : keep_(!keep.empty()) {
    if (keep_) {
      fs::create_directories(keep);
      path_ = fs::absolute(keep).string();
      return;
    }
    std::string form = (fs::temp_directory_path() / "sluis-demo-XXXXXX").string();
    if (::mkdtemp(form.data()) != nullptr) path_ = form;
  }
  ~WorkDirectory() {
    std::error_code ignored;
    if (path_.empty()) return;
    if (!keep_) {
      fs::remove_all(path_, ignored);
      return;
    }
    // Keys and stores of the invented network are thrown away; its public part stays, to verify the result
    // with.
    for (const fs::directory_entry& entry : fs::directory_iterator(path_ + "/netwerk", ignored))
      if (entry.path().filename() != "network") fs::remove_all(entry.path(), ignored);
  }
  const std::string& path() const { return path_; }

 private:
  bool keep_;
  std::string path_;
};

}  // namespace

Result<int> run_demo(const DemoOptions& options) {
  Stage stage(options.language, options.script);
  const WorkDirectory work(options.from.empty() ? options.keep : "");
  if (work.path().empty()) return Error{"S1002.write", {"mkdtemp"}, "", 0, 0, Exit::kInternal};
  std::error_code ignored;
  fs::remove_all(work.path() + "/netwerk", ignored);
  Status done;
  {
    Demo demo(options, stage, work.path());
    done = options.from.empty() ? demo.play() : demo.replay();
  }
  if (!done) return done.error();
  if (options.from.empty()) stage.close();
  return stage.failed();
}

}  // namespace sluis::demo
