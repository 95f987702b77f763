// The cards of the newest digest that was shown to a reader: what "#3" means (spec: commands 3). Blocking.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/store/store.hpp"

namespace broadsheet::loops {

struct ShownCards {
  Moment at{};
  std::vector<PaperId> papers;  // in their order
};
// `reader`: a place ("slack:T1/C1"), or a person where only one reads.
Status remember_cards(store::Store& store, const std::string& reader, const ShownCards& cards);
Result<std::optional<ShownCards>> remembered_cards(store::Store& store, const std::string& reader);

}  // namespace broadsheet::loops
