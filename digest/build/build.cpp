#include "digest/build/build.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_map>

#include "digest/select/select.hpp"
#include "digest/write/extract.hpp"

namespace broadsheet {
namespace {

constexpr std::size_t kDefaultTop = 10;

// FNV-1a: only to keep keys short; a collision would merely share a cached digest between two profiles.
std::string short_hash(std::string_view s) {
  std::uint64_t h = 14695981039346656037ULL;
  for (char c : s) {
    h ^= static_cast<unsigned char>(c);
    h *= 1099511628211ULL;
  }
  std::array<char, 20> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%016llx", static_cast<unsigned long long>(h));
  return buffer.data();
}

// Every paper once, first description wins.
std::vector<Paper> merged_papers(const std::vector<ListingBatch>& batches) {
  std::vector<Paper> out;
  std::set<PaperId> seen;
  for (const auto& batch : batches)
    for (const auto& paper : batch.papers)
      if (seen.insert(paper.id).second) out.push_back(paper);
  return out;
}

}  // namespace

DigestKey digest_key(const BuildOptions& options) {
  DigestKey key;
  for (const auto& category : options.categories)
    if (std::find(key.categories.begin(), key.categories.end(), category) == key.categories.end())
      key.categories.push_back(category);
  key.day = options.day;
  key.style = options.style;
  key.language = options.language;
  auto profile = std::to_string(options.top) + "\x1f" + options.filter_text + "\x1f" + options.interests;
  if (!options.earlier.empty()) profile += "\x1f" + to_string(options.earlier.front());
  if (!options.earlier.empty() || options.top != kDefaultTop || !options.filter_text.empty() ||
      !options.interests.empty())
    key.profile = short_hash(profile);
  if (options.writer != write::kExtractive) key.writer = options.writer;
  return key;
}

Digest build_digest(const std::vector<ListingBatch>& batches, const BuildOptions& options, Moment now) {
  select::Options wanted;
  wanted.top = options.top;
  wanted.interests = options.interests;
  wanted.read_query = options.read_query;
  wanted.filtered = options.filtered;
  wanted.seen_before = options.seen_before;

  Digest digest;
  digest.key = digest_key(options);
  for (const auto& batch : batches)
    digest.listings.push_back({batch.listing.category, batch.listing.entries.size(), batch.listing.from});
  auto choice = select::select(batches, wanted);
  digest.selection = std::move(choice.selection);
  auto papers = merged_papers(batches);
  auto written = write::extract(digest.selection, papers);
  digest.cards = std::move(written.cards);
  digest.summary = std::move(written.summary);
  digest.writer = write::kExtractive;
  digest.written = now;
  digest.note = options.note + (options.note.empty() || choice.note.empty() ? "" : " ") + choice.note;
  for (const auto& paper : papers) digest.titles.emplace(paper.id, paper.title);
  return digest;
}

}  // namespace broadsheet
