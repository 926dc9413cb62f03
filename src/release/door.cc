#include "release/door.h"

#include <algorithm>

#include "crypto/random.h"
#include "mpc/open.h"
#include "sharing/bits_ops.h"

namespace sluis::release {
namespace {

using disclosure::ReleaseTable;
using sharing::ResultShare;
using sharing::SharedBits;

std::vector<SharedBits> fresh(mpc::Session& session, const std::vector<SharedBits>& figures) {
  std::vector<SharedBits> out;
  for (const SharedBits& figure : figures) out.push_back(mpc::reshare(session, figure));
  return out;
}

ResultShare addressed(const mpc::Session& session, const Permit& permit, const std::string& recipient) {
  ResultShare share;
  share.run = permit.run();
  share.recipient = recipient;
  share.party = session.party();
  share.salt = crypto::random_array<32>();
  return share;
}

// The table of one row. An own-row output has one dimension, whose labels are the rows.
sharing::ReleaseLayout row_layout(const sharing::ReleaseLayout& layout, size_t row) {
  sharing::ReleaseLayout out = layout;
  out.dimensions[0].labels = {layout.dimensions[0].labels[row]};
  return out;
}

}  // namespace

Result<std::vector<ResultShare>> Door::release(mpc::Session& session, sharing::Cleared<ReleaseTable> cleared,
                                               const Permit& permit) {
  const ReleaseTable& table = cleared.value_;
  const bool own_row = !table.readers.empty();
  const std::vector<std::string> recipients = permit.recipients(table.layout.output, own_row);
  std::vector<std::string> readers = table.readers;
  std::sort(readers.begin(), readers.end());
  if (recipients.empty() || !permit.recipients(table.layout.output, !own_row).empty() ||
      (own_row && recipients != readers))
    return Error{"S1413.recipients", {table.layout.output}, "", 0, 0, Exit::kNotAllowed};
  std::vector<ResultShare> shares;
  if (!own_row) {
    for (const std::string& recipient : recipients) {
      ResultShare share = addressed(session, permit, recipient);
      share.layout = table.layout;
      share.figures = fresh(session, table.figures);
      shares.push_back(std::move(share));
    }
    return shares;
  }
  const std::vector<SharedBits> figures = fresh(session, table.figures);
  for (size_t row = 0; row < table.readers.size(); ++row) {
    ResultShare share = addressed(session, permit, table.readers[row]);
    share.layout = row_layout(table.layout, row);
    for (const SharedBits& figure : figures) share.figures.push_back(sharing::slice_rows(figure, row, 1));
    shares.push_back(std::move(share));
  }
  return shares;
}

}  // namespace sluis::release
