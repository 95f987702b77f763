// tldr_candidates < ABSTRACTS > CANDIDATES: what the TL;DR ranker chooses from, for train/tldr.py. A JSON object a
// line: in {"title", "sentences"}; out {"candidates": [{"text", "sentence", "refused", "features"}]}.
#include <iostream>
#include <nlohmann/json.hpp>

#include "digest/write/tldr_features.hpp"

using namespace broadsheet;

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    auto in = nlohmann::json::parse(line);
    auto labelled = write::label(in["sentences"].get<std::vector<std::string>>());
    nlohmann::json out = {{"candidates", nlohmann::json::array()}};
    for (const auto& c : write::tldr_candidates(in["title"].get<std::string>(), labelled))
      out["candidates"].push_back(
          {{"text", c.text}, {"sentence", c.sentence}, {"refused", c.refused}, {"features", c.features}});
    std::cout << out.dump() << "\n";
  }
}
