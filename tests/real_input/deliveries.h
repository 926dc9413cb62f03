// DDAS and Beleidsinformatie Jeugd deliveries over real BSNs: what happened (the model), and the files that
// say so in the forms that institutions use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "persons.h"

namespace sluis::real_input {

// How a date stands in a file.
enum class Known : uint8_t { kDay, kMonth, kYear, kNothing };

struct When {
  std::string day;  // "2022-03-31"
  Known known = Known::kDay;

  // Earliest and latest possible day, ISO text; the bounds of a stored column if nothing is known.
  std::string earliest() const, latest() const;
};

struct Track {
  std::string bsn;  // as written: valid, empty, wrong or a placeholder
  bool usable = true;
  When registered;
  std::string start, end;  // full dates; end may be ""
};

struct Stay {
  std::string bsn;
  bool usable = true;
  std::string form;  // BIJ code; 11 is foster care
  When start;
  std::string end;  // may be ""
};

struct Events {
  std::vector<Track> tracks;
  std::vector<Stay> stays;
};

// Tracks of the persons' parents, stays of the persons. The same seed gives the same events. No two tracks or
// stays of one person touch, so that the importers merge nothing but a track that stands twice.
Events make_events(const std::vector<RealPerson>& persons, uint64_t seed);

void write_ddas(const Events& events, const std::string& file);
void write_bij(const Events& events, const std::string& file);

}  // namespace sluis::real_input
