#include "sharing/result_share.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "sharing/split.h"

namespace sluis::sharing {
namespace {

constexpr std::string_view kMagic = "SLUISRES";
constexpr uint16_t kVersion = 1;

Error bad(const char* cause, std::vector<std::string> args = {}) {
  return {std::string("S1412.") + cause, std::move(args), "", 0, 0, Exit::kProtocolAbort};
}

// Saturates above the limit, so that hostile dimensions cannot overflow.
size_t product_of(const std::vector<ReleaseDimension>& dimensions) {
  size_t cells = 1;
  for (const ReleaseDimension& dimension : dimensions) {
    cells *= dimension.labels.size();
    if (cells > kMaxReleaseCells) return kMaxReleaseCells + 1;
  }
  return cells;
}

bool text_ok(const std::string& text) { return !text.empty() && text.size() <= kMaxReleaseText; }

// Whether the names are fit to read, and different.
bool names_ok(std::vector<std::string> names) {
  if (!std::all_of(names.begin(), names.end(), text_ok)) return false;
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

bool dimensions_ok(const ReleaseLayout& layout) {
  std::vector<std::string> names;
  for (const ReleaseDimension& dimension : layout.dimensions) {
    names.push_back(dimension.name);
    if (dimension.labels.empty() || !names_ok(dimension.labels)) return false;
  }
  return names.size() <= kMaxReleaseDimensions && names_ok(names) &&
         product_of(layout.dimensions) <= kMaxReleaseCells;
}

bool measures_ok(const ReleaseLayout& layout) {
  std::vector<std::string> names;
  for (const ReleaseMeasure& measure : layout.measures) {
    names.push_back(measure.name);
    if (measure.planes == 0 || measure.planes > kMaxReleasePlanes) return false;
  }
  return !names.empty() && names.size() <= kMaxReleaseMeasures && names_ok(names);
}

bool bands_ok(const ReleaseLayout& layout) {
  if (layout.kind == FigureKind::kCount) return layout.bands.empty() && layout.band_slack == 0;
  if (layout.bands.empty() || layout.bands.size() > kMaxReleaseBands) return false;
  if (layout.kind == FigureKind::kShareBand)
    return std::adjacent_find(layout.bands.begin(), layout.bands.end(), std::greater_equal<>()) ==
               layout.bands.end() &&
           layout.bands.front() > 0 && layout.bands.back() < 100;
  for (size_t i = 1; i < layout.bands.size(); ++i)
    if (layout.bands[i] <= uint64_t{layout.bands[i - 1]} + layout.band_slack) return false;
  return layout.bands[0] >= layout.t_person;
}

void write_layout(ByteWriter& out, const ReleaseLayout& layout) {
  out.text(layout.output);
  out.u8(static_cast<uint8_t>(layout.kind));
  out.u8(static_cast<uint8_t>(layout.dimensions.size()));
  for (const ReleaseDimension& dimension : layout.dimensions) {
    out.text(dimension.name);
    out.u32(static_cast<uint32_t>(dimension.labels.size()));
    for (const std::string& label : dimension.labels) out.text(label);
  }
  out.u8(static_cast<uint8_t>(layout.measures.size()));
  for (const ReleaseMeasure& measure : layout.measures) {
    out.text(measure.name);
    out.u32(measure.planes);
  }
  for (uint32_t value : {layout.t_person, layout.t_household, layout.round_base, layout.denominator_min})
    out.u32(value);
  out.u8(static_cast<uint8_t>(layout.bands.size()));
  for (uint32_t edge : layout.bands) out.u32(edge);
  out.u32(layout.band_slack);
}

// Nothing if a number of entries is out of bounds: no memory is set aside for it.
std::optional<ReleaseLayout> read_layout(ByteReader& in) {
  ReleaseLayout layout;
  layout.output = in.text(kMaxReleaseText);
  layout.kind = static_cast<FigureKind>(in.u8());
  const size_t dimensions = in.u8();
  if (dimensions > kMaxReleaseDimensions) return std::nullopt;
  for (size_t d = 0; d < dimensions && !in.failed(); ++d) {
    ReleaseDimension dimension;
    dimension.name = in.text(kMaxReleaseText);
    const size_t labels = in.u32();
    if (labels > kMaxReleaseCells) return std::nullopt;
    for (size_t i = 0; i < labels && !in.failed(); ++i) dimension.labels.push_back(in.text(kMaxReleaseText));
    layout.dimensions.push_back(std::move(dimension));
  }
  const size_t measures = in.u8();
  for (size_t m = 0; m < measures && !in.failed(); ++m) {
    ReleaseMeasure measure;
    measure.name = in.text(kMaxReleaseText);
    measure.planes = in.u32();
    layout.measures.push_back(std::move(measure));
  }
  for (uint32_t* value : {&layout.t_person, &layout.t_household, &layout.round_base, &layout.denominator_min})
    *value = in.u32();
  const size_t bands = in.u8();
  for (size_t i = 0; i < bands && !in.failed(); ++i) layout.bands.push_back(in.u32());
  layout.band_slack = in.u32();
  return layout;
}

// Plane by plane, the words of all rows; bits past the last row are written as zero.
void write_bits(ByteWriter& out, const Bits& bits) {
  const size_t tail = bits.rows() % 64;
  for (size_t p = 0; p < bits.planes(); ++p)
    for (size_t b = 0; b < bits.blocks(); ++b) {
      const std::span<const uint64_t> run = bits.run(b, p);
      for (size_t w = 0; w < run.size(); ++w) {
        const bool last = b + 1 == bits.blocks() && w + 1 == run.size() && tail != 0;
        out.u64(last ? run[w] & ((uint64_t{1} << tail) - 1) : run[w]);
      }
    }
}

// False if a bit past the last row is set: then the bytes are not canonical.
bool read_bits(ByteReader& in, Bits& bits) {
  const size_t tail = bits.rows() % 64;
  for (size_t p = 0; p < bits.planes(); ++p)
    for (size_t b = 0; b < bits.blocks(); ++b) {
      const std::span<uint64_t> run = bits.run(b, p);
      for (uint64_t& word : run) word = in.u64();
      if (b + 1 == bits.blocks() && tail != 0 && (run.back() >> tail) != 0) return false;
    }
  return true;
}

bool figure_ok(const ReleaseLayout& layout, uint64_t figure) {
  if (figure == 0) return true;
  if (layout.kind == FigureKind::kBand) return figure <= layout.bands.size();
  if (layout.kind == FigureKind::kShareBand) return figure <= layout.bands.size() + 1;
  const uint64_t base = layout.round_base;
  return figure % base == 0 && figure >= (layout.t_person + (base - 1) / 2) / base * base;
}

}  // namespace

size_t ReleaseLayout::cells() const { return product_of(dimensions); }

Status check_layout(const ReleaseLayout& layout) {
  if (!text_ok(layout.output)) return bad("layout", {"output"});
  if (layout.kind != FigureKind::kCount && layout.kind != FigureKind::kBand &&
      layout.kind != FigureKind::kShareBand)
    return bad("layout", {"kind"});
  if (!dimensions_ok(layout)) return bad("layout", {"dimensions"});
  if (!measures_ok(layout)) return bad("layout", {"measures"});
  if (layout.round_base % 2 == 0 || layout.t_person == 0 || layout.round_base > layout.t_person)
    return bad("layout", {"round_base"});
  if (!bands_ok(layout)) return bad("layout", {"bands"});
  return {};
}

Bytes encode(const ResultShare& share) {
  CHECK(check_layout(share.layout).ok() && share.figures.size() == share.layout.measures.size());
  ByteWriter out;
  out.bytes(as_bytes(kMagic));
  out.u16(kVersion);
  out.u8(static_cast<uint8_t>(share.party));
  out.bytes(share.salt);
  out.text(share.run);
  out.text(share.recipient);
  write_layout(out, share.layout);
  for (size_t m = 0; m < share.figures.size(); ++m) {
    const SharedBits& figure = share.figures[m];
    CHECK(figure.rows() == share.layout.cells() && figure.planes() == share.layout.measures[m].planes);
    write_bits(out, figure.own);
    write_bits(out, figure.next);
  }
  return out.take();
}

Result<ResultShare> decode_result_share(ByteSpan bytes) {
  if (bytes.size() > kMaxResultShareBytes) return bad("shape");
  ByteReader in(bytes);
  ResultShare share;
  if (as_text(in.bytes(kMagic.size())) != kMagic) return bad("shape");
  if (in.u16() != kVersion) return Error{"S1412.version", {}, "", 0, 0, Exit::kVersionMismatch};
  share.party = in.u8();
  const ByteSpan salt = in.bytes(share.salt.size());
  share.run = in.text(kMaxReleaseText);
  share.recipient = in.text(kMaxReleaseText);
  std::optional<ReleaseLayout> layout = read_layout(in);
  if (!layout || in.failed() || share.party > 2) return bad("shape");
  std::copy(salt.begin(), salt.end(), share.salt.begin());
  share.layout = *std::move(layout);
  SLUIS_TRY(check_layout(share.layout));
  const size_t cells = share.layout.cells();
  size_t words = 0;
  for (const ReleaseMeasure& measure : share.layout.measures)
    words += size_t{2} * measure.planes * ((cells + 63) / 64);
  if (in.left() != 8 * words) return bad("shape");
  for (const ReleaseMeasure& measure : share.layout.measures) {
    SharedBits figure(cells, measure.planes);
    if (!read_bits(in, figure.own) || !read_bits(in, figure.next)) return bad("shape");
    share.figures.push_back(std::move(figure));
  }
  if (!in.done()) return bad("shape");
  return share;
}

crypto::Digest commitment(const ResultShare& share) { return crypto::sha256(encode(share)); }

size_t ReleasedTable::withheld_count() const {
  size_t count = 0;
  for (const auto& column : figures)
    count += static_cast<size_t>(std::count(column.begin(), column.end(), 0u));
  return count;
}

Result<ReleasedTable> combine_results(const std::array<ResultShare, 3>& shares) {
  std::array<const ResultShare*, 3> by_party{};
  for (const ResultShare& share : shares) {
    if (share.party < 0 || share.party > 2 || by_party[static_cast<size_t>(share.party)] != nullptr)
      return bad("mixed");
    by_party[static_cast<size_t>(share.party)] = &share;
  }
  const ResultShare& first = *by_party[0];
  SLUIS_TRY(check_layout(first.layout));
  for (const ResultShare* share : by_party)
    if (share->run != first.run || share->recipient != first.recipient || share->layout != first.layout ||
        share->figures.size() != first.layout.measures.size())
      return bad("mixed");
  ReleasedTable table{first.run, first.recipient, first.layout, {}};
  for (size_t m = 0; m < first.figures.size(); ++m) {
    for (const ResultShare* share : by_party)
      if (share->figures[m].rows() != first.layout.cells() ||
          share->figures[m].planes() != first.layout.measures[m].planes)
        return bad("mixed");
    SLUIS_ASSIGN(const Bits clear,
                 combine({by_party[0]->figures[m], by_party[1]->figures[m], by_party[2]->figures[m]}));
    std::vector<uint64_t> column(clear.rows());
    for (size_t c = 0; c < column.size(); ++c) {
      column[c] = clear.row_value(c);
      if (!figure_ok(first.layout, column[c])) return bad("figure");
    }
    table.figures.push_back(std::move(column));
  }
  return table;
}

FigureRange range_of(const ReleaseLayout& layout, uint64_t figure) {
  CHECK(figure != 0 && figure_ok(layout, figure) && layout.kind != FigureKind::kShareBand);
  if (layout.kind == FigureKind::kCount) {
    const uint64_t half = (layout.round_base - 1) / 2;
    return {std::max<uint64_t>(figure - half, layout.t_person), figure + half};
  }
  const size_t band = static_cast<size_t>(figure);
  FigureRange range{layout.bands[band - 1], std::nullopt};
  if (band < layout.bands.size()) range.hi = layout.bands[band] - 1 + layout.band_slack;
  return range;
}

DerivedTotal derived_total(const ReleasedTable& table, size_t measure, const std::vector<size_t>& cells) {
  CHECK(table.layout.kind == FigureKind::kCount);
  DerivedTotal total;
  for (size_t cell : cells) {
    const uint64_t figure = table.figures.at(measure).at(cell);
    total.sum += figure;
    ++(figure == 0 ? total.withheld : total.shown);
  }
  return total;
}

DerivedTotal derived_total(const ReleasedTable& table, size_t measure) {
  std::vector<size_t> cells(table.layout.cells());
  std::iota(cells.begin(), cells.end(), size_t{0});
  return derived_total(table, measure, cells);
}

}  // namespace sluis::sharing
