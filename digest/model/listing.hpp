// A listing: the announcement of one category on one listing day (contracts: arXiv 2.5 and 5). What could be found out
// about a day is a variant, so that "empty", "late", "down" and "holiday" cannot be confused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "digest/model/category.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet {

enum class AnnounceType : std::uint8_t { new_paper, cross, replace, replace_cross };
std::string_view to_string(AnnounceType type);  // "new", "cross", "replace", "replace-cross"
std::optional<AnnounceType> parse_announce_type(std::string_view s);

struct Announced {
  PaperId id;
  int version = 0;
  AnnounceType type = AnnounceType::new_paper;
  bool operator==(const Announced&) const = default;
};

// Where a listing came from and when.
struct Provenance {
  std::string source;  // "rss.arxiv.org/rss", "arxiv.org/list", "file", …
  Moment fetched{};
  std::string note;  // "could not be checked against the listing page", or empty
  bool operator==(const Provenance&) const = default;
};

struct Listing {
  Category category;
  Day day{};
  std::vector<Announced> entries;  // source order; one entry per paper
  Provenance from;
  bool frozen = false;  // complete: never changed again
  bool operator==(const Listing&) const = default;
};

// A listing together with the papers it names.
struct ListingBatch {
  Listing listing;
  std::vector<Paper> papers;
};

enum class QuietReason : std::uint8_t { weekend, holiday };

struct ListingReady {
  ListingBatch batch;
};
struct NoAnnouncement {
  Day day{};
  QuietReason reason{};
  std::string holiday;
  Day next{};
};  // nothing is announced that day
struct NotYet {
  Day day{};
  Moment expected{};
  std::string why;
};  // batch not out, or stale
struct SourceDown {
  Day day{};
  Error error;
  Moment since{};
};
struct Incomplete {
  Day day{};
  std::size_t announced = 0, arrived = 0;
  ListingBatch so_far;
};

using ListingOutcome = std::variant<ListingReady, NoAnnouncement, NotYet, SourceDown, Incomplete>;

}  // namespace broadsheet
