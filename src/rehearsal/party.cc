#include "rehearsal/party.h"

#include <chrono>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "engine/executor.h"
#include "mpc/open.h"
#include "net/establish.h"
#include "net/tcp.h"
#include "rehearsal/files.h"
#include "sharing/bits_ops.h"

namespace sluis::rehearsal {
namespace {

constexpr uint64_t kMeetMs = 30'000;

// Two's complement planes of one row as an integer.
int64_t value_of(const sharing::Bits& clear, size_t row, const relation::Type& type) {
  uint64_t bits = clear.row_value(row);
  const size_t planes = clear.planes();
  if (type.is_signed() && planes < 64 && ((bits >> (planes - 1)) & 1) != 0) bits |= ~uint64_t{0} << planes;
  return static_cast<int64_t>(bits);
}

// The table of a plan: columns in the places of its schema, those that no scan reads are empty.
engine::SharedTable table_of(const relation::TableSchema& schema, const std::set<int>& columns,
                             const sharing::SharedBits& planes) {
  engine::SharedTable table;
  table.valid = sharing::slice_planes(planes, 0, 1);
  table.columns.resize(schema.columns.size());
  size_t at = 1;
  for (const int c : columns) {
    const relation::ColumnSchema& column = schema.columns.at(static_cast<size_t>(c));
    const size_t bits = static_cast<size_t>(column.type.bits());
    oblivious::SharedColumn shared{column.type, sharing::slice_planes(planes, at, bits), std::nullopt};
    at += bits;
    if (column.nullable) shared.null = sharing::slice_planes(planes, at++, 1);
    table.columns[static_cast<size_t>(c)] = std::move(shared);
  }
  return table;
}

Result<std::unique_ptr<net::Mesh>> meet(const Job& job, const std::string& directory, int party, int listener,
                                        std::unique_ptr<net::TlsContext>& context) {
  SLUIS_ASSIGN(const net::Identity identity, load_party_identity(directory, party));
  std::vector<std::string> certificates;
  for (int other = 0; other < 3; ++other) {
    SLUIS_ASSIGN(std::string pem, read_file(certificate_path(directory, other), 64 * 1024));
    certificates.push_back(std::move(pem));
  }
  SLUIS_ASSIGN(context, net::TlsContext::create(identity, certificates, net::kAlpnMesh));
  net::MeshSetup setup;
  setup.party = party;
  for (size_t other = 0; other < 3; ++other) {
    const std::optional<Bytes> fingerprint = from_hex(job.fingerprints[other]);
    if (fingerprint && fingerprint->size() == 32)
      std::copy(fingerprint->begin(), fingerprint->end(), setup.peers[other].fingerprint.begin());
    setup.peers[other].host = "127.0.0.1";
    setup.peers[other].port = job.ports[other];
  }
  const std::optional<Bytes> run = from_hex(job.run);
  if (run && run->size() == setup.run.size()) std::copy(run->begin(), run->end(), setup.run.begin());
  const net::Fd socket(listener);
  setup.incoming = [&](net::Deadline deadline) { return net::accept_for_run(socket, setup.run, deadline); };
  return net::establish_mesh(*context, setup, net::deadline_in(kMeetMs));
}

// What each step took at this party.
class Steps {
 public:
  explicit Steps(const mpc::Session& session) : session_(session) {}
  void begin(const std::string& label) {
    end();
    steps_.push_back({label, now()});
  }
  std::vector<sql::MeasuredStep> take() {
    end();
    return std::move(steps_);
  }

 private:
  sql::Measured now() const {
    const std::chrono::duration<double> time = std::chrono::steady_clock::now().time_since_epoch();
    return {session_.measured().rounds, session_.measured().sent_by(session_.party()), time.count()};
  }
  // The last step so far holds where it began.
  void end() {
    if (steps_.empty()) return;
    sql::Measured& last = steps_.back().measured;
    const sql::Measured until = now();
    last = {until.rounds - last.rounds, until.bytes - last.bytes, until.seconds - last.seconds};
  }

  const mpc::Session& session_;
  std::vector<sql::MeasuredStep> steps_;
};

}  // namespace

sql::OpenCells open_figures(mpc::Session& session, const sql::Output& output,
                            const oblivious::CellTable& cells) {
  constexpr const char* kLeakage = "rehearsal-figures";
  sql::OpenCells opened;
  const sharing::Bits rows = mpc::open_declared(session, cells.rows, kLeakage);
  for (size_t c = 0; c < cells.cells; ++c) opened.rows.push_back(rows.row_value(c));
  opened.measures.resize(cells.cells);
  for (size_t m = 0; m < cells.measures.size(); ++m) {
    const oblivious::CellMeasure& measure = cells.measures[m];
    const sharing::Bits value = mpc::open_declared(session, measure.value, kLeakage);
    sharing::Bits null;
    if (measure.null.planes() > 0) null = mpc::open_declared(session, measure.null, kLeakage);
    for (size_t c = 0; c < cells.cells; ++c) {
      const bool is_null = output.measures[m].nullable && null.planes() > 0 && null.get(c, 0);
      opened.measures[c].push_back(is_null ? sql::Cell() : sql::Cell(value_of(value, c, measure.type)));
    }
  }
  return opened;
}

Status run_party(const std::string& directory, int party, int listener) {
  SLUIS_ASSIGN(const std::string text, read_file(directory + "/job.json", kMaxJobBytes));
  SLUIS_ASSIGN(const Job job, parse_job(text));
  SLUIS_ASSIGN(const sql::Plan plan, bind_job(job));
  engine::SharedTables tables;
  for (const auto& [name, columns] : scanned_columns(plan)) {
    SLUIS_ASSIGN(const sharing::SharedBits planes,
                 load_share(directory, party, shared_part(job, name, columns)));
    tables.emplace(name, table_of(plan.tables.at(name), columns, planes));
  }
  std::unique_ptr<net::TlsContext> context;
  SLUIS_ASSIGN(const std::unique_ptr<net::Mesh> mesh, meet(job, directory, party, listener, context));
  mpc::Session session(*mesh, mpc::agree_keys(*mesh, crypto::sha256(text)));
  Opened opened;
  Steps steps(session);
  const auto listen = [&](const std::string& label) { steps.begin(label); };
  const oblivious::SortRule rule{job.network};
  engine::Executor executor(session, tables, listen, rule, engine::OrderPlan(plan));
  const sql::Output& output = plan.outputs.front();
  const engine::SharedTable& input = executor.table(output.input);
  listen(output.name);
  const oblivious::CellTable cells = engine::tabulate(session, output, input, rule);
  listen(sql::after_label(output.name, sql::StepKind::kOpen));
  opened.cells = open_figures(session, output, cells);
  opened.steps = steps.take();
  opened.rounds = session.measured().rounds;
  opened.bytes_sent = session.measured().sent_by(party);
  return write_file(directory + "/result" + std::to_string(party) + ".json", to_text(opened));
}

}  // namespace sluis::rehearsal
