#include "bot/store/sqlite/library.hpp"

#include <sqlite3.h>

#include "bot/base/text.hpp"

namespace broadsheet::store {
namespace {

constexpr std::size_t kBatch = 2000;

}  // namespace

Result<PutCounts> SqlitePapers::put_batch(const Paper* begin, const Paper* end) {
  std::lock_guard guard(engine_.mutex);
  PutCounts counts;
  Transaction tx(engine_.db);
  if (auto begun = tx.begin(); !begun) return begun.error();
  for (const auto* p = begin; p != end; ++p) {
    auto put = engine_.rows.put(*p);
    if (!put) return put.error();
    ++(*put == PutResult::added ? counts.added : *put == PutResult::updated ? counts.updated : counts.unchanged);
  }
  if (auto done = tx.commit(); !done) return done.error();
  if (counts.added + counts.updated > 0) ++engine_.revision;
  engine_.words.written(counts.added);
  return counts;
}

Result<PutCounts> SqlitePapers::put(const std::vector<Paper>& papers) {
  PutCounts total;
  for (std::size_t i = 0; i < papers.size(); i += kBatch) {
    const auto *begin = papers.data() + i, *end = papers.data() + std::min(papers.size(), i + kBatch);
    auto counts = put_batch(begin, end);
    if (!counts && counts.error().kind() == ErrorKind::corrupt) {
      std::unique_lock guard(engine_.mutex);
      if (auto healed = engine_.heal_index(); !healed) return healed.error();
      guard.unlock();
      counts = put_batch(begin, end);
    }
    if (!counts) return counts.error();
    total.added += counts->added, total.updated += counts->updated, total.unchanged += counts->unchanged;
  }
  return total;
}

Result<std::optional<Paper>> SqlitePapers::get(const PaperId& id) {
  std::lock_guard guard(engine_.mutex);
  return engine_.rows.by_id(id);
}

Result<std::vector<Paper>> SqlitePapers::get(const std::vector<PaperId>& ids) {
  std::vector<Paper> out;
  for (const auto& id : ids) {
    auto found = get(id);
    if (!found) return found.error();
    if (*found) out.push_back(std::move(**found));
  }
  return out;
}

Result<std::vector<StoredVersion>> SqlitePapers::versions(const PaperId& id) {
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get(
      "SELECT version, updated, withdrawn FROM paper_versions WHERE key=?1 AND version NOT IN "
      "(SELECT version FROM papers WHERE key=?1) UNION ALL SELECT version, updated, withdrawn FROM papers WHERE key=?1 "
      "ORDER BY 1");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, paper_key(id));
  std::vector<StoredVersion> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) {
    StoredVersion v{.version = static_cast<int>(s->integer(0)), .withdrawn = s->integer(2) != 0};
    if (!s->is_null(1)) v.updated = Moment(std::chrono::milliseconds(s->integer(1)));
    out.push_back(v);
  }
  if (code != SQLITE_DONE) return engine_.db.error(code);
  return out;
}

Result<std::size_t> SqlitePapers::count() {
  std::lock_guard guard(engine_.mutex);
  auto n = engine_.db.number("SELECT count(*) FROM papers");
  if (!n) return n.error();
  return static_cast<std::size_t>(*n);
}

Status SqlitePapers::each(const std::function<bool(const Paper&)>& visit) {
  for (std::int64_t after = -1;;) {
    std::unique_lock guard(engine_.mutex);
    auto batch = engine_.rows.select("WHERE p.key>? ORDER BY p.key LIMIT 500", {after});
    guard.unlock();
    if (!batch) return batch.error();
    if (batch->empty()) return {};
    for (const auto& p : *batch)
      if (!visit(p)) return {};
    after = paper_key(batch->back().id);
  }
}

Result<std::vector<Paper>> SqlitePapers::listed(Day day, const std::optional<Category>& category) {
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.rows.select("WHERE p.listed=? ORDER BY p.key", {day.time_since_epoch().count()});
  if (found && category) std::erase_if(*found, [&](const Paper& p) { return !matches(p.categories, *category); });
  return found;
}

Result<SearchAnswer> SqliteSearch::find(const SearchRequest& request) {
  std::lock_guard guard(engine_.mutex);
  auto answer = engine_.search.search(request);
  if (!answer && answer.error().kind() == ErrorKind::corrupt && engine_.manner.writes) {
    if (auto healed = engine_.heal_index(); !healed) return healed.error();
    answer = engine_.search.search(request);
  }
  if (answer && !engine_.index.ready() && !parse_paper_reference(text::trim(request.query))) {
    auto since = engine_.index.since();
    answer->complete = false;
    answer->note = "The search index is being built: " +
                   (since.empty() ? "nothing can be found yet." : "papers since " + since + " can be found already.");
  }
  return answer;
}

Result<std::vector<SimilarHit>> SqliteSearch::similar(const PaperId& id, std::size_t limit) {
  std::lock_guard guard(engine_.mutex);
  auto paper = engine_.rows.by_id(id);
  if (!paper) return paper.error();
  if (!*paper) return Error(ErrorKind::not_found, id.str() + " is not stored here.");
  return engine_.search.similar(**paper, limit);
}

}  // namespace broadsheet::store
