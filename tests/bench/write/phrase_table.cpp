// phrase_table FILE...: how common each phrase is in each field of a corpus, as digest/write/usual_phrases.tsv holds
// it. Written once from a recent corpus; run it again when the table has grown old.
#include <cstdio>
#include <map>

#include "digest/latex/finish.hpp"
#include "digest/sources/readers/file.hpp"
#include "digest/write/phrases.hpp"
#include "digest/write/usual.hpp"

using namespace broadsheet;

int main(int argc, char** argv) {
  constexpr double kListed = 30;  // in 10,000 papers of a field
  std::map<std::string, std::array<double, write::kFields>> papers_with;
  std::array<double, write::kFields> papers{};
  for (int i = 1; i < argc; ++i) {
    auto done = sources::read_path(argv[i], {.paper =
                                                 [&](Paper p) {
                                                   latex::finish(p);
                                                   auto field = write::field_of(p);
                                                   papers.at(field) += 1;
                                                   for (const auto& key : write::phrase_keys(p))
                                                     papers_with[key].at(field) += 1;
                                                 },
                                             .rejected = {},
                                             .digest = {},
                                             .feed = {},
                                             .listing = {}});
    if (!done) return 1;
  }
  for (const auto& [key, n] : papers_with) {
    bool listed = false;
    std::string line = key;
    for (std::size_t f = 0; f < write::kFields; ++f) {
      double share = papers.at(f) > 0 ? 10'000 * n.at(f) / papers.at(f) : 0;
      listed = listed || (share >= kListed && n.at(f) >= 5);
      line += "\t" + std::to_string(static_cast<int>(share + 0.5));
    }
    if (listed) std::printf("%s\n", line.c_str());
  }
}
