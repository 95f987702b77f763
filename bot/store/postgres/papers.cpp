#include "bot/store/postgres/papers.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "bot/base/text.hpp"
#include "bot/store/paper_record.hpp"

namespace broadsheet::store::postgres {
namespace {

constexpr std::size_t kBatch = 1000;

// What a batch of papers does to those that are stored.
class Batch {
 public:
  // By key; what is stored of those that the batch names.
  explicit Batch(std::map<std::int64_t, Paper> known) : known_(std::move(known)) {}
  Status add(const Paper& paper);
  const PutCounts& counts() const { return counts_; }
  const std::map<std::int64_t, const Paper*>& changed() const { return changed_; }
  Status write_versions(Link& link) const;

 private:
  void note_version(const Paper& paper);
  std::map<std::int64_t, Paper> known_;
  std::map<std::int64_t, const Paper*> changed_;
  PutCounts counts_;
  std::array<Array, 6> versions_;
};

Status Batch::add(const Paper& paper) {
  if (paper.id.empty()) return Error(ErrorKind::bad_input, "A paper without an id cannot be stored.");
  auto key = paper_key(paper.id);
  auto [place, added] = known_.try_emplace(key, paper);
  auto& old = place->second;
  if (added) {
    ++counts_.added;
    changed_[key] = &old;
    return {};
  }
  if (old.id != paper.id) return Error(ErrorKind::internal, "Two ids have the same key: " + paper.id.str());
  auto next = merged(old, paper);
  // The older of two different versions keeps a row of its own.
  if (paper.version != old.version) note_version(paper.version < old.version ? paper : old);
  if (next == old) {
    ++counts_.unchanged;
    return {};
  }
  ++counts_.updated;
  old = std::move(next);
  changed_[key] = &old;
  return {};
}

void Batch::note_version(const Paper& p) {
  if (p.version == 0) return;
  const std::array<Value, 6> row{paper_key(p.id), std::int64_t{p.version}, p.updated, std::int64_t{p.withdrawn},
                                 p.title_raw,     p.abstract_raw};
  for (std::size_t i = 0; i < row.size(); ++i) versions_.at(i).add(row.at(i));
}

Status Batch::write_versions(Link& link) const {
  if (versions_.front().empty()) return {};
  auto done = link.run(
      "INSERT INTO paper_versions SELECT * FROM unnest($1::bigint[],$2::bigint[],$3::bigint[],$4::bigint[],$5::text[],"
      "$6::text[]) ON CONFLICT DO NOTHING",
      {versions_.begin(), versions_.end()});
  return done ? Status() : done.error();
}

std::array<Value, 20> values_of(std::int64_t key, const Paper& p, std::int64_t change) {
  return {key,
          p.id.str(),
          std::int64_t{p.version},
          p.title,
          p.abstract,
          p.title_raw,
          p.authors_raw,
          p.abstract_raw,
          authors_json(p.authors),
          text::join(p.categories, " "),
          p.published,
          p.updated,
          p.listed,
          p.comment,
          p.doi,
          p.journal_ref,
          p.license,
          std::int64_t{p.withdrawn},
          p.source,
          change};
}

constexpr const char* kWrite =
    "INSERT INTO papers(key, id, version, title, abstract, title_raw, authors_raw, abstract_raw, authors, categories, "
    "published, updated, listed, comment, doi, journal_ref, license, withdrawn, source, change) SELECT * FROM "
    "unnest($1::bigint[],$2::text[],$3::bigint[],$4::text[],$5::text[],$6::text[],$7::text[],$8::text[],$9::text[],"
    "$10::text[],$11::bigint[],$12::bigint[],$13::bigint[],$14::text[],$15::text[],$16::text[],$17::text[],"
    "$18::bigint[],$19::text[],$20::bigint[]) ON CONFLICT (key) DO UPDATE SET version=excluded.version, "
    "title=excluded.title, abstract=excluded.abstract, title_raw=excluded.title_raw, "
    "authors_raw=excluded.authors_raw, abstract_raw=excluded.abstract_raw, authors=excluded.authors, "
    "categories=excluded.categories, published=excluded.published, updated=excluded.updated, listed=excluded.listed, "
    "comment=excluded.comment, doi=excluded.doi, journal_ref=excluded.journal_ref, license=excluded.license, "
    "withdrawn=excluded.withdrawn, source=excluded.source, change=excluded.change";

// Answers the number of the newest change.
Result<std::int64_t> write_changed(Link& link, const Batch& batch, std::int64_t last) {
  if (batch.changed().empty()) return last;
  std::array<Array, 20> columns;
  for (const auto& [key, paper] : batch.changed()) {
    auto row = values_of(key, *paper, ++last);
    for (std::size_t i = 0; i < row.size(); ++i) columns.at(i).add(row.at(i));
  }
  if (auto done = link.run(kWrite, {columns.begin(), columns.end()}); !done) return done.error();
  if (auto done = link.run("UPDATE paper_changes SET last=$1 WHERE one=1", {last}); !done) return done.error();
  return last;
}

std::string select_where(const std::string& rest) {
  return "SELECT " + std::string(kPaperColumns) + " FROM papers p " + rest;
}

Result<std::map<std::int64_t, Paper>> known_of(Link& link, const Paper* begin, const Paper* end) {
  Array keys;
  for (const auto* p = begin; p != end; ++p) keys.add(paper_key(p->id));
  auto found = link.run(select_where("WHERE p.key=ANY($1::bigint[])"), {keys});
  if (!found) return found.error();
  auto papers = read_papers(*found);
  if (!papers) return papers.error();
  std::map<std::int64_t, Paper> out;
  for (auto& paper : *papers) out.emplace(paper_key(paper.id), std::move(paper));
  return out;
}

}  // namespace

void raise(std::atomic<std::uint64_t>& number, std::uint64_t to) {
  auto known = number.load();
  while (known < to && !number.compare_exchange_weak(known, to)) {
  }
}

Result<std::vector<Paper>> read_papers(const Answer& found) {
  std::vector<Paper> out;
  out.reserve(static_cast<std::size_t>(found.size()));
  for (int i = 0; i < found.size(); ++i) {
    auto paper = read_paper(found[i]);
    if (!paper) return paper.error();
    out.push_back(*std::move(paper));
  }
  return out;
}

Result<std::vector<Paper>> Papers::select(const std::string& rest, const Values& values) {
  auto found = session_.run(select_where(rest), values);
  if (!found) return found.error();
  return read_papers(*found);
}

// The counter's row is locked first: writers of papers take turns, so that nothing changes between look and write, and
// changes are numbered in the order of their commits.
Result<PutCounts> Papers::put_batch(const Paper* begin, const Paper* end) {
  PutCounts counts;
  std::int64_t last = 0;
  auto done = session_.together([&](Link& link) -> Status {
    auto counter = link.run("SELECT last FROM paper_changes WHERE one=1 FOR UPDATE");
    if (!counter) return counter.error();
    auto known = known_of(link, begin, end);
    if (!known) return known.error();
    Batch batch(*std::move(known));
    for (const auto* p = begin; p != end; ++p)
      if (auto added = batch.add(*p); !added) return added;
    if (auto written = batch.write_versions(link); !written) return written;
    auto written = write_changed(link, batch, (*counter)[0].integer(0));
    if (!written) return written.error();
    last = *written;
    counts = batch.counts();
    return {};
  });
  if (!done) return done.error();
  if (counts.added + counts.updated > 0)
    session_.once_written([&number = revision_, last] { raise(number, static_cast<std::uint64_t>(last)); });
  return counts;
}

Result<PutCounts> Papers::put(const std::vector<Paper>& papers) {
  PutCounts total;
  for (std::size_t i = 0; i < papers.size(); i += kBatch) {
    auto counts = put_batch(papers.data() + i, papers.data() + std::min(papers.size(), i + kBatch));
    if (!counts) return counts.error();
    total.added += counts->added, total.updated += counts->updated, total.unchanged += counts->unchanged;
  }
  return total;
}

Result<std::optional<Paper>> Papers::get(const PaperId& id) {
  auto found = select("WHERE p.key=$1", {paper_key(id)});
  if (!found) return found.error();
  if (found->empty() || found->front().id != id) return std::optional<Paper>();
  return std::optional<Paper>(std::move(found->front()));
}

Result<std::vector<Paper>> Papers::get(const std::vector<PaperId>& ids) {
  Array keys;
  for (const auto& id : ids) keys.add(paper_key(id));
  auto found = select("WHERE p.key=ANY($1::bigint[])", {keys});
  if (!found) return found.error();
  std::map<PaperId, const Paper*> by_id;
  for (const auto& paper : *found) by_id.emplace(paper.id, &paper);
  std::vector<Paper> out;
  for (const auto& id : ids)
    if (auto it = by_id.find(id); it != by_id.end()) out.push_back(*it->second);
  return out;
}

Result<std::vector<StoredVersion>> Papers::versions(const PaperId& id) {
  auto found = session_.run(
      "SELECT version, updated, withdrawn FROM paper_versions WHERE key=$1 AND version NOT IN "
      "(SELECT version FROM papers WHERE key=$1) UNION ALL SELECT version, updated, withdrawn FROM papers WHERE key=$1 "
      "ORDER BY 1",
      {paper_key(id)});
  if (!found) return found.error();
  std::vector<StoredVersion> out;
  for (int i = 0; i < found->size(); ++i) {
    auto row = (*found)[i];
    StoredVersion v{.version = static_cast<int>(row.integer(0)), .withdrawn = row.integer(2) != 0};
    if (!row.is_null(1)) v.updated = Moment(std::chrono::milliseconds(row.integer(1)));
    out.push_back(v);
  }
  return out;
}

Result<std::size_t> Papers::count() {
  auto n = session_.run("SELECT count(*) FROM papers");
  if (!n) return n.error();
  return static_cast<std::size_t>((*n)[0].integer(0));
}

Status Papers::each(const std::function<bool(const Paper&)>& visit) {
  for (std::int64_t after = -1;;) {
    auto batch = select("WHERE p.key>$1 ORDER BY p.key LIMIT 500", {after});
    if (!batch) return batch.error();
    if (batch->empty()) return {};
    for (const auto& p : *batch)
      if (!visit(p)) return {};
    after = paper_key(batch->back().id);
  }
}

Result<std::vector<Paper>> Papers::listed(Day day, const std::optional<Category>& category) {
  auto found = select("WHERE p.listed=$1 ORDER BY p.key", {day});
  if (found && category)
    std::erase_if(*found, [&](const Paper& p) { return !broadsheet::matches(p.categories, *category); });
  return found;
}

}  // namespace broadsheet::store::postgres
