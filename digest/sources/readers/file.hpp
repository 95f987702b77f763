// Files and folders in any form we read, recognised by content; gzip and zstd are unpacked by their magic bytes. JSONL
// streams with bounded memory; other documents are bounded at 64 MiB.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"
#include "digest/model/paper.hpp"
#include "digest/sources/readers/feed.hpp"
#include "digest/sources/readers/listing_html.hpp"

namespace broadsheet::sources {

enum class Format : std::uint8_t { atom_api, rss, atom_feed, oai, listing_html, jsonl, f1, f2, unknown };

// By the first kilobytes.
Format detect(std::string_view head);

struct Rejected {
  std::string file;
  std::size_t line = 0;    // 1-based; 0 where lines mean nothing
  std::size_t record = 0;  // 1-based; 0 for the whole file
  std::string reason;
};

// What is not set is not wanted.
struct ReadSink {
  std::function<void(Paper)> paper = [](const Paper&) {};
  std::function<void(Rejected)> rejected = [](const Rejected&) {};
  // F1 and F2, whole.
  std::function<void(const std::string& file, const std::string& bytes, Format)> digest =
      [](const std::string&, const std::string&, Format) {};
  std::function<void(FeedPage)> feed = [](const FeedPage&) {};
  std::function<void(ListingPage)> listing = [](const ListingPage&) {};
};

// A file, or every file of a folder in name order. A file that cannot be opened is an Error (not_found, bad_input); bad
// records and unreadable documents are `rejected`, and reading goes on.
Status read_path(const std::string& path, const ReadSink& sink);

}  // namespace broadsheet::sources
