#include "pipeline.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "client/share.h"
#include "crypto/sealed_file.h"
#include "node/job_tables.h"
#include "node/share_store.h"
#include "study/bind.h"

namespace sluis::pipeline {
namespace {

Result<std::vector<node::ShareStore>> open_stores(const std::string& directory) {
  std::vector<node::ShareStore> stores;
  for (int party = 0; party < 3; ++party) {
    SecretBytes key(crypto::kSealKeyBytes);
    key.data()[0] = static_cast<uint8_t>(1 + party);
    SLUIS_ASSIGN(node::ShareStore store, node::ShareStore::open(directory + "/node" + std::to_string(party),
                                                                party, std::move(key), true));
    stores.push_back(std::move(store));
  }
  return stores;
}

// One owner's table: prepared as the client does, then one part to each store.
Result<wire::TableUpload> deliver(const governance::Study& study, const demo::Delivery& delivery,
                                  std::vector<node::ShareStore>& stores) {
  const client::ShareRequest request{&study,        delivery.table,   "2026-10-01",
                                     delivery.file, delivery.mapping, ""};
  SLUIS_ASSIGN(client::PreparedTable table, client::prepare_table(request, delivery.oin));
  const sharing::Split split = sharing::split(wire::encode_table(table.rows, table.upload.rows));
  wire::commit_to(table.upload, split);
  for (int party = 0; party < 3; ++party) {
    SLUIS_ASSIGN(const auto incoming, stores[static_cast<size_t>(party)].begin(table.upload));
    SLUIS_TRY(incoming->write(wire::party_body(split, party)));
    SLUIS_TRY(incoming->finish());
  }
  return std::move(table.upload);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string form = (std::filesystem::temp_directory_path() / "sluis-pipeline-XXXXXX").string();
  if (::mkdtemp(form.data()) != nullptr) path_ = form;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

governance::Study example_study(const std::vector<std::pair<std::string, std::string>>& changes) {
  const std::string file = std::string(SLUIS_SOURCE_DIR) + "/examples/schuld-pleegzorg/study.toml";
  const Result<std::string> bytes = read_file(file, 1 << 20);
  EXPECT_TRUE(bytes.ok());
  std::string text = bytes.ok() ? *bytes : "";
  for (const auto& [from, to] : changes) {
    size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  }
  governance::StudyParse parse = governance::parse_study(text, "study.toml");
  for (const Error& error : parse.errors) ADD_FAILURE() << error.summary();
  CHECK(parse.study.has_value());
  return std::move(*parse.study);
}

Result<Shared> share_deliveries(const governance::Study& study, const std::vector<demo::Delivery>& deliveries,
                                const std::string& directory) {
  SLUIS_ASSIGN(std::vector<node::ShareStore> stores, open_stores(directory));
  Shared shared;
  shared.facts.study = crypto::to_hex(study.name);
  for (const demo::Delivery& delivery : deliveries) {
    SLUIS_ASSIGN(wire::TableUpload upload, deliver(study, delivery, stores));
    shared.facts.tables.push_back(std::move(upload));
    auto& participants = shared.facts.participants;
    if (std::find(participants.begin(), participants.end(), delivery.oin) == participants.end())
      participants.push_back(delivery.oin);
  }
  std::sort(shared.facts.participants.begin(), shared.facts.participants.end());
  sql::BindResult bound =
      study::bind(study, shared.facts.participants, node::rows_of_tables(shared.facts), "study.toml");
  if (!bound.plan) return bound.errors.front();
  shared.plan = std::move(*bound.plan);
  for (int party = 0; party < 3; ++party) {
    const auto p = static_cast<size_t>(party);
    SLUIS_ASSIGN(shared.tables[p], node::load_tables(stores[p], party, study, shared.plan, shared.facts));
  }
  return shared;
}

Result<Shared> share_region(const governance::Study& study, const demo::Region& region,
                            const std::string& directory, const std::vector<std::string>& absent) {
  SLUIS_ASSIGN(std::vector<demo::Delivery> deliveries, demo::write_deliveries(region, directory));
  std::erase_if(deliveries, [&](const demo::Delivery& one) {
    return std::find(absent.begin(), absent.end(), one.oin) != absent.end();
  });
  return share_deliveries(study, deliveries, directory);
}

std::vector<int64_t> figures(const engine::OpenedOutput& output, size_t measure) {
  std::vector<int64_t> out;
  for (const sql::Cell& value : output.measures.at(measure).value) out.push_back(value.value());
  return out;
}

}  // namespace sluis::pipeline
