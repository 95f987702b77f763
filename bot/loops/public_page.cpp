#include "bot/loops/public_page.hpp"

namespace broadsheet::loops {

std::string public_page(const std::string& public_url, const Posted& posted, const model::Effective& usual) {
  const auto& options = posted.options;
  bool own = posted.categories.size() != 1 || posted.several_days || !options.filter.empty() ||
             options.top != usual.top || options.interests != usual.interests;
  if (own || public_url.empty()) return {};
  return public_url + "/d/" + posted.categories.front().str() + "/" + to_string(posted.day);
}

}  // namespace broadsheet::loops
