#include "digest/build/file_listing.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "digest/calendar/calendar.hpp"

namespace broadsheet {
namespace {

constexpr const char* kBySubmission = "put together by submission time, because records do not say their listing day";

// A document that brings its own announce types: a feed or a listing page.
struct Announcement {
  std::vector<Announced> entries;
  std::vector<Paper> papers;
  std::string title;  // "cs.CV updates on arXiv.org"; empty for a listing page
};

struct Gathered {
  std::vector<Paper> papers;
  std::vector<Announcement> announcements;
  std::vector<sources::Rejected> rejected;
};

Result<Gathered> gather(const std::string& path) {
  Gathered out;
  sources::ReadSink sink;
  sink.paper = [&out](Paper paper) { out.papers.push_back(std::move(paper)); };
  sink.rejected = [&out](sources::Rejected r) { out.rejected.push_back(std::move(r)); };
  sink.digest = [](const std::string&, const std::string&, sources::Format) {};
  sink.feed = [&out](sources::FeedPage page) {
    // The day a feed declares is not to be trusted (contracts: arXiv 2.5), so it only serves where nothing else tells.
    std::optional<Day> day;
    if (page.published) day = Zone::eastern().local_day(*page.published);
    for (auto& paper : page.papers)
      if (!paper.listed) paper.listed = day;
    out.announcements.push_back({std::move(page.entries), std::move(page.papers), std::move(page.title)});
  };
  sink.listing = [&out](sources::ListingPage page) {
    for (auto& paper : page.papers)
      if (!paper.listed) paper.listed = page.day;
    out.announcements.push_back({std::move(page.entries), std::move(page.papers), {}});
  };
  if (auto done = sources::read_path(path, sink); !done) return done.error();
  return out;
}

}  // namespace

std::optional<Day> listing_day_of(const Paper& paper) {
  if (paper.listed || !paper.published) return paper.listed;
  static const auto calendar = arxiv::Calendar::built_in();
  return calendar.listing_day(*paper.published);
}

namespace {

// The day that most of the wanted papers carry: archives hold stragglers of the days around theirs.
std::optional<Day> main_day(const Gathered& gathered, const std::vector<Category>& categories) {
  std::map<Day, std::size_t> papers;
  auto look = [&](const Paper& paper) {
    bool wanted = std::any_of(categories.begin(), categories.end(),
                              [&paper](const Category& c) { return matches(paper.categories, c); });
    if (!wanted) return;
    if (auto day = listing_day_of(paper)) ++papers[*day];
  };
  for (const auto& paper : gathered.papers) look(paper);
  for (const auto& announcement : gathered.announcements)
    for (const auto& paper : announcement.papers) look(paper);
  std::optional<Day> best;
  for (const auto& [day, n] : papers)
    if (!best || n >= papers[*best]) best = day;
  return best;
}

bool is_about(const Announcement& announcement, const Category& category) {
  return announcement.title.empty() || announcement.title.find(category.str()) != std::string::npos;
}

// Adds what an announcement says about the category; papers of another day or category are left out.
void add_announcement(ListingBatch& batch, const Announcement& announcement, std::set<PaperId>& seen) {
  std::map<PaperId, const Paper*> by_id;
  for (const auto& paper : announcement.papers) by_id[paper.id] = &paper;
  for (const auto& entry : announcement.entries) {
    auto it = by_id.find(entry.id);
    if (it == by_id.end() || it->second->listed != batch.listing.day) continue;
    if (!matches(it->second->categories, batch.listing.category) || !seen.insert(entry.id).second) continue;
    batch.listing.entries.push_back(entry);
    batch.papers.push_back(*it->second);
  }
}

// False if it is not of that category, or known.
bool add_paper(ListingBatch& batch, const Paper& paper, std::set<PaperId>& seen) {
  const auto& category = batch.listing.category;
  if (!matches(paper.categories, category) || !seen.insert(paper.id).second) return false;
  auto primary = Category::parse(paper.primary());
  bool is_new = primary && primary->canonical() == category.canonical();
  batch.listing.entries.push_back({paper.id, paper.version, is_new ? AnnounceType::new_paper : AnnounceType::cross});
  batch.papers.push_back(paper);
  return true;
}

ListingBatch empty_batch(const Category& category, Day day, const Provenance& from) {
  ListingBatch batch;
  batch.listing.category = category;
  batch.listing.day = day;
  batch.listing.from = from;
  batch.listing.frozen = true;
  return batch;
}

std::string file_name(const std::string& path) {
  auto slash = path.find_last_of('/', path.size() > 1 ? path.size() - 2 : path.size());
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::vector<ListingBatch> batches_of(const std::vector<Paper>& papers, const std::vector<Category>& categories, Day day,
                                     const Provenance& from) {
  std::vector<ListingBatch> out;
  for (const auto& category : categories) {
    auto batch = empty_batch(category, day, from);
    std::set<PaperId> seen;
    for (const auto& paper : papers) {
      if (listing_day_of(paper) != day || !add_paper(batch, paper, seen)) continue;
      if (!paper.listed) batch.listing.from.note = kBySubmission;
    }
    out.push_back(std::move(batch));
  }
  return out;
}

Result<FileListings> read_file_listings(const std::string& path, const std::vector<Category>& categories,
                                        std::optional<Day> day, Moment now) {
  auto gathered = gather(path);
  if (!gathered) return std::move(gathered).error();
  FileListings out;
  out.rejected = std::move(gathered->rejected);
  out.read = gathered->papers.size();
  for (const auto& announcement : gathered->announcements) out.read += announcement.papers.size();
  if (out.read == 0 && gathered->announcements.empty())
    return Error(ErrorKind::bad_input, path + ": no paper record in it");
  auto wanted = day ? day : main_day(*gathered, categories);
  if (!wanted)
    return Error(ErrorKind::bad_input,
                 path + ": the records say neither their listing day nor when they were submitted");
  out.day = *wanted;
  Provenance from{file_name(path), now, {}};
  out.batches = batches_of(gathered->papers, categories, out.day, from);
  for (auto& batch : out.batches) {
    std::set<PaperId> seen;
    for (const auto& entry : batch.listing.entries) seen.insert(entry.id);
    for (const auto& announcement : gathered->announcements)
      if (is_about(announcement, batch.listing.category)) add_announcement(batch, announcement, seen);
  }
  return out;
}

}  // namespace broadsheet
