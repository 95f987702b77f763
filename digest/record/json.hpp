// The digest record and papers as JSON, both ways. docs/digest.schema.json describes the layout.
#pragma once

#include <string>
#include <string_view>

#include "bot/base/result.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::record {

std::string to_json(const Digest& digest, bool pretty = false);
Result<Digest> digest_from_json(std::string_view text);
std::string to_json(const Paper& paper);
Result<Paper> paper_from_json(std::string_view text);
std::string to_json(const Card& card);
Result<Card> card_from_json(std::string_view text);
std::string to_json(const ExecutiveSummary& summary);
Result<ExecutiveSummary> summary_from_json(std::string_view text);

}  // namespace broadsheet::record
