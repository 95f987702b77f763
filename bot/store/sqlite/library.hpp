// Papers and their search on SQLite.
#pragma once

#include "bot/store/papers.hpp"
#include "bot/store/search.hpp"
#include "bot/store/sqlite/engine.hpp"

namespace broadsheet::store {

class SqlitePapers final : public PaperRepository {
 public:
  explicit SqlitePapers(Engine& engine) : engine_(engine) {}
  Result<PutCounts> put(const std::vector<Paper>& papers) override;
  Result<std::optional<Paper>> get(const PaperId& id) override;
  Result<std::vector<Paper>> get(const std::vector<PaperId>& ids) override;
  Result<std::vector<StoredVersion>> versions(const PaperId& id) override;
  Result<std::size_t> count() override;
  std::uint64_t revision() const override { return engine_.revision; }
  Status each(const std::function<bool(const Paper&)>& visit) override;
  Result<std::vector<Paper>> listed(Day day, const std::optional<Category>& category) override;

 private:
  Result<PutCounts> put_batch(const Paper* begin, const Paper* end);
  Engine& engine_;
};

class SqliteSearch final : public PaperSearch {
 public:
  explicit SqliteSearch(Engine& engine) : engine_(engine) {}
  Result<SearchAnswer> find(const SearchRequest& request) override;
  Result<std::vector<SimilarHit>> similar(const PaperId& id, std::size_t limit) override;

 private:
  Engine& engine_;
};

}  // namespace broadsheet::store
