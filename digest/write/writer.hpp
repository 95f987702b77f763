// A writer turns a selection into cards and a summary. The extractive one needs no model and no network; the same input
// gives the same bytes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

struct Written {
  std::vector<Card> cards;
  ExecutiveSummary summary;
};

class Writer {
 public:
  virtual ~Writer() = default;
  virtual std::string name() const = 0;
  virtual Written write(const Selection& selection, const std::vector<Paper>& papers) const = 0;
};

std::unique_ptr<Writer> make_extractive();

}  // namespace broadsheet::write
