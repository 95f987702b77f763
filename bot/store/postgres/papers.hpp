// Papers on PostgreSQL.
#pragma once

#include <atomic>

#include "bot/store/papers.hpp"
#include "bot/store/postgres/pool.hpp"

namespace broadsheet::store::postgres {

class Papers final : public PaperRepository {
 public:
  // `revision`: the newest change of papers that this process knows of.
  Papers(Session& session, std::atomic<std::uint64_t>& revision) : session_(session), revision_(revision) {}
  Result<PutCounts> put(const std::vector<Paper>& papers) override;
  Result<std::optional<Paper>> get(const PaperId& id) override;
  Result<std::vector<Paper>> get(const std::vector<PaperId>& ids) override;
  Result<std::vector<StoredVersion>> versions(const PaperId& id) override;
  Result<std::size_t> count() override;
  std::uint64_t revision() const override { return revision_; }
  Status each(const std::function<bool(const Paper&)>& visit) override;
  Result<std::vector<Paper>> listed(Day day, const std::optional<Category>& category) override;

 private:
  Result<PutCounts> put_batch(const Paper* begin, const Paper* end);
  Result<std::vector<Paper>> select(const std::string& rest, const Values& values);
  Session& session_;
  std::atomic<std::uint64_t>& revision_;
};

Result<std::vector<Paper>> read_papers(const Answer& found);
// The larger one stays.
void raise(std::atomic<std::uint64_t>& number, std::uint64_t to);

}  // namespace broadsheet::store::postgres
