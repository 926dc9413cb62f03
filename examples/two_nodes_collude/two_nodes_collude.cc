// Rebuilds one row of a table from the files of two nodes: what Sluis does not protect against. The three
// operators are three organisations for this reason.
//
//   two_nodes_collude NODE_DIRECTORY [NODE_DIRECTORY]
//
// With two node directories: prints the first row of the first parent-child table. With one: says that it
// cannot, exit code 1.
#include <cstdio>
#include <optional>
#include <vector>

#include "node/state.h"
#include "sharing/bits_ops.h"

namespace {

using namespace sluis;

struct Part {
  int party = 0;
  wire::TableUpload upload;
  sharing::SharedBits shares;
};

// The first uploaded table with a column `kind` and a column `ouder`, by commitment, as this node holds it.
std::optional<Part> read_part(const std::string& directory) {
  Result<std::unique_ptr<node::NodeState>> state =
      node::load_state(directory + "/node.toml", node::Role::kJob);
  if (!state) return std::nullopt;
  Result<std::vector<wire::TableUpload>> uploads = (*state)->store->list();
  if (!uploads) return std::nullopt;
  std::optional<Part> best;
  for (wire::TableUpload& upload : *uploads) {
    if (upload.table != "ouder_kind" || (best && best->upload.upload_id < upload.upload_id)) continue;
    Result<sharing::SharedBits> shares = (*state)->store->load(upload);
    if (shares) best = Part{(*state)->config.party, std::move(upload), std::move(*shares)};
  }
  return best;
}

// x_0 ^ x_1 ^ x_2: between them two parties hold all three.
sharing::Bits rebuild(const Part& a, const Part& b) {
  const sharing::Bits* held[3] = {};
  for (const Part* part : {&a, &b}) {
    held[part->party] = &part->shares.own;
    held[(part->party + 1) % 3] = &part->shares.next;
  }
  sharing::Bits clear = *held[0];
  for (const sharing::Bits* share : {held[1], held[2]})
    for (size_t w = 0; w < clear.words().size(); ++w) clear.words()[w] ^= share->words()[w];
  return clear;
}

void print_row(const wire::TableUpload& upload, const sharing::Bits& clear, size_t row) {
  size_t at = 1;
  for (const relation::ColumnSchema& column : upload.columns) {
    const size_t bits = static_cast<size_t>(column.type.bits());
    uint64_t value = 0;
    for (size_t p = 0; p < bits; ++p) value |= uint64_t{clear.get(row, at + p)} << p;
    at += bits;
    const bool null = column.nullable && clear.get(row, at++);
    if (null)
      std::printf("%s = NULL\n", column.name.c_str());
    else if (column.type == relation::Type::bsn())
      std::printf("%s = %09llu\n", column.name.c_str(), static_cast<unsigned long long>(value));
    else
      std::printf("%s = %s\n", column.name.c_str(),
                  relation::cell_text(column.type, static_cast<int64_t>(value)).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Part> parts;
  for (int i = 1; i < argc && i < 3; ++i)
    if (std::optional<Part> part = read_part(argv[i])) parts.push_back(std::move(*part));
  if (parts.size() != 2 || parts[0].party == parts[1].party) {
    std::puts("one node alone: its shares are noise, nothing can be rebuilt");
    return 1;
  }
  print_row(parts[0].upload, rebuild(parts[0], parts[1]), 0);
  return 0;
}
