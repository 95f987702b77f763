// A listing day from files: any form that the readers know. JSONL and query-API records carry no announce type, so it
// is derived (primary in the category: new; otherwise cross); feeds and listing pages bring theirs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/listing.hpp"
#include "digest/sources/readers/file.hpp"

namespace broadsheet {

struct FileListings {
  Day day{};
  std::vector<ListingBatch> batches;        // one per category asked, in that order
  std::vector<sources::Rejected> rejected;  // records that could not be read
  std::size_t read = 0;
};

// Reads `path` and keeps what belongs to `categories` and `day`. Without `day` the newest day found in the files is
// taken. Errors: the path cannot be read, or nothing in it is a paper.
Result<FileListings> read_file_listings(const std::string& path, const std::vector<Category>& categories,
                                        std::optional<Day> day, Moment now);

// The day on which a paper was listed, or was by its submission time; nothing when it says neither.
std::optional<Day> listing_day_of(const Paper& paper);

// The same for papers already read. A batch that rests on submission times says so in its note.
std::vector<ListingBatch> batches_of(const std::vector<Paper>& papers, const std::vector<Category>& categories, Day day,
                                     const Provenance& from);

}  // namespace broadsheet
