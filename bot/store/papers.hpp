// Papers with their versions. Blocking calls; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "digest/model/category.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::store {

enum class PutResult : std::uint8_t { added, updated, unchanged };

struct PutCounts {
  std::size_t added = 0, updated = 0, unchanged = 0;
};

struct StoredVersion {
  int version = 0;
  std::optional<Moment> updated;
  bool withdrawn = false;
};

class PaperRepository {
 public:
  virtual ~PaperRepository() = default;
  // A paper is merged into what is known: a newer version replaces text and keeps the older version's row; facts that
  // the new record lacks (dates, comment, listed, authors …) are kept. Idempotent. Many papers are committed in
  // portions, unless this is part of a transaction.
  virtual Result<PutCounts> put(const std::vector<Paper>& papers) = 0;
  virtual Result<std::optional<Paper>> get(const PaperId& id) = 0;
  virtual Result<std::vector<Paper>> get(const std::vector<PaperId>& ids) = 0;  // known ones, in the order asked
  virtual Result<std::vector<StoredVersion>> versions(const PaperId& id) = 0;
  virtual Result<std::size_t> count() = 0;
  // Another number after each change of a paper's facts. Does not block: for who keeps what was made from papers.
  virtual std::uint64_t revision() const = 0;
  // Every paper, oldest first, in batches; return false to stop.
  virtual Status each(const std::function<bool(const Paper&)>& visit) = 0;
  // Papers with `listed == day`, of a category (aliases included) when given.
  virtual Result<std::vector<Paper>> listed(Day day, const std::optional<Category>& category) = 0;
};

}  // namespace broadsheet::store
