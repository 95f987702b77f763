#include "bot/store/transfer.hpp"

#include "bot/store/engines.hpp"
#include "bot/store/transfer_sides.hpp"

namespace broadsheet::store {
namespace {

constexpr std::size_t kPortion = 500;
// Says in the target whose copy it is, until that is complete.
constexpr const char* kUnderWay = "store.transfer";

Result<std::unique_ptr<TransferSide>> side_of(const OpenOptions& options) {
  return is_shared(options.url) ? postgres_side(options) : sqlite_side(options);
}

Error differs(const std::string& what) {
  return {ErrorKind::corrupt,
          what + " differs after the transfer. Empty the target and begin anew; the source is as it was."};
}

// An empty one, or one whose transfer is under way.
Status fit_to_receive(Store& target) {
  auto begun = target.values().get(kUnderWay);
  if (!begun) return begun.error();
  if (*begun && **begun == "begun") return {};
  auto papers = target.papers().count();
  if (!papers) return papers.error();
  auto rows = target.outbox().counts();
  if (!rows) return rows.error();
  auto subscriptions = target.subscriptions().all();
  if (!subscriptions) return subscriptions.error();
  if (*papers > 0 || !rows->empty() || !subscriptions->empty())
    return Error(ErrorKind::not_allowed, "The target of the transfer holds a store already. Name an empty one.");
  return target.values().put(kUnderWay, "begun");
}

// Runs through all papers of `source` in portions.
Status in_portions(Store& source, const std::function<Status(const std::vector<Paper>&)>& work) {
  std::vector<Paper> portion;
  Status done;
  auto visited = source.papers().each([&](const Paper& paper) {
    portion.push_back(paper);
    if (portion.size() < kPortion) return true;
    done = work(portion);
    portion.clear();
    return done.has_value();
  });
  if (!visited || !done) return visited ? done : visited;
  return work(portion);
}

Status same_papers(Store& target, const std::vector<Paper>& papers) {
  std::vector<PaperId> ids;
  for (const auto& paper : papers) ids.push_back(paper.id);
  auto there = target.papers().get(ids);
  if (!there) return there.error();
  for (std::size_t i = 0; i < papers.size(); ++i)
    if (i >= there->size() || (*there)[i] != papers[i]) return differs("The paper " + papers[i].id.str());
  return {};
}

Status move_papers(Store& source, Store& target, const Transferred& told) {
  auto put = [&target](const std::vector<Paper>& papers) -> Status {
    auto done = target.papers().put(papers);
    return done ? Status() : done.error();
  };
  if (auto done = in_portions(source, put); !done) return done;
  std::size_t count = 0;
  auto compare = [&target, &count](const std::vector<Paper>& papers) {
    count += papers.size();
    return same_papers(target, papers);
  };
  if (auto same = in_portions(source, compare); !same) return same;
  auto there = target.papers().count();
  if (!there) return there.error();
  if (*there != count) return differs("The number of papers");
  told("papers", count);
  return {};
}

Status copy_table(TransferSide& source, TransferSide& target, const TransferTable& table) {
  for (TransferRow after;;) {
    auto rows = source.read(table, after, kPortion);
    if (!rows) return rows.error();
    if (rows->empty()) return {};
    if (auto written = target.write(table, *rows); !written) return written;
    after = rows->back();
  }
}

Result<std::size_t> compare_table(TransferSide& source, TransferSide& target, const TransferTable& table) {
  std::size_t count = 0;
  for (TransferRow after;;) {
    auto known = source.read(table, after, kPortion), found = target.read(table, after, kPortion);
    if (!known) return known.error();
    if (!found) return found.error();
    if (*known != *found) return differs("A row of " + table.name + " after number " + std::to_string(count));
    if (known->empty()) return count;
    count += known->size();
    after = known->back();
  }
}

Status move_tables(TransferSide& source, TransferSide& target, const Transferred& told) {
  for (const auto& table : transfer_tables()) {
    if (auto done = copy_table(source, target, table); !done) return done.error().in(table.name);
    auto same = compare_table(source, target, table);
    if (!same) return same.error();
    told(table.name, *same);
  }
  return target.finish();
}

Result<std::unique_ptr<Store>> opened(OpenOptions options) {
  options.repair_later = true;
  return open_store(options);
}

}  // namespace

// Papers go by the repositories, which keep what is made from them; the tables need the folders for themselves.
Status transfer_store(const OpenOptions& from, const OpenOptions& to, const Transferred& told) {
  if (is_shared(from.url) == is_shared(to.url))
    return Error(ErrorKind::not_allowed,
                 "A transfer goes from SQLite to PostgreSQL or back; for one engine, use its copies.");
  {
    auto source = opened(from), target = opened(to);
    if (!source) return source.error();
    if (!target) return target.error();
    if (auto fit = fit_to_receive(**target); !fit) return fit;
    if (auto done = move_papers(**source, **target, told); !done) return done;
  }
  auto source = side_of(from), target = side_of(to);
  if (!source) return source.error();
  if (!target) return target.error();
  if (auto done = move_tables(**source, **target, told); !done) return done;
  target->reset();
  auto whole = opened(to);
  if (!whole) return whole.error();
  return (*whole)->values().put(kUnderWay, "complete");
}

}  // namespace broadsheet::store
