// The statements of a model's executive summary, checked against the cards that they name. For .cpp files only.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/model_writer/checks.hpp"

namespace broadsheet::model_writer {

struct CheckedSummary {
  ExecutiveSummary summary;
  std::map<Defect, int> defects;  // of what was left out; none: of what was taken
};
// What passed, with every shown paper under a theme. Without an overview there is no summary.
CheckedSummary read_summary(const nlohmann::json& answer, const std::vector<Card>& cards,
                            const ExecutiveSummary& extract, const Language& language);

}  // namespace broadsheet::model_writer
