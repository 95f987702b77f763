// badge_bench FILE...: precision and recall of each badge on the records judged in
// tests/fixtures/select/badge_labels.tsv, which are looked for in FILE. What differs is printed.
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

#include "bot/base/text.hpp"
#include "digest/select/signals.hpp"
#include "digest/select/venue.hpp"
#include "digest/sources/readers/file.hpp"

using namespace broadsheet;

namespace {

std::map<std::string, std::set<std::string>> read_labels(const std::string& path) {
  std::map<std::string, std::set<std::string>> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    auto fields = text::split(line, '\t');
    if (fields.size() < 2 || line.starts_with('#')) continue;
    auto& kinds = out[std::string(fields[0])];
    for (auto kind : text::split(fields[1], ' '))
      if (kind != "-") kinds.emplace(kind);
  }
  return out;
}

std::string kind_of(const Badge& badge) {
  if (badge.kind != BadgeKind::venue) return std::string(to_string(badge.kind));
  if (select::is_taken(badge.text)) return "venue";
  return badge.text.starts_with("submitted") ? "submitted" : "workshop";
}

struct Tally {
  int right = 0, wrong = 0, missed = 0;
};

}  // namespace

int main(int argc, char** argv) {
  auto labels = read_labels(BROADSHEET_FIXTURES "/select/badge_labels.tsv");
  std::map<std::string, Tally> tallies{{"survey", {}}, {"benchmark", {}}, {"dataset", {}},  {"code", {}},
                                       {"venue", {}},  {"workshop", {}},  {"submitted", {}}};
  std::set<std::string> seen;
  sources::ReadSink sink;
  sink.paper = [&](const Paper& paper) {
    auto it = labels.find(paper.id.str());
    if (it == labels.end() || !seen.insert(paper.id.str()).second) return;
    std::map<std::string, std::string> given;
    for (const auto& badge : select::badges(paper)) given.emplace(kind_of(badge), badge.text);
    for (auto& [kind, tally] : tallies) {
      bool wanted = it->second.contains(kind);
      bool shown = given.contains(kind);
      tally.right += wanted && shown ? 1 : 0;
      tally.wrong += !wanted && shown ? 1 : 0;
      tally.missed += wanted && !shown ? 1 : 0;
      if (wanted != shown)
        std::printf("%s %s\t%s\t%s\t(%s)\n", shown ? "wrong" : "missed", kind.c_str(), paper.id.str().c_str(),
                    paper.title.c_str(), shown ? given[kind].c_str() : paper.comment.c_str());
    }
    if (given.contains("venue")) std::printf("venue\t%s\t<- %s\n", given["venue"].c_str(), paper.comment.c_str());
  };
  for (int i = 1; i < argc; ++i)
    if (!sources::read_path(argv[i], sink)) return 1;
  std::printf("%zu of %zu records\n", seen.size(), labels.size());
  for (const auto& [kind, t] : tallies)
    std::printf("%-10s precision %5.1f %%  recall %5.1f %%  (%d right, %d wrong, %d missed)\n", kind.c_str(),
                100.0 * t.right / std::max(1, t.right + t.wrong), 100.0 * t.right / std::max(1, t.right + t.missed),
                t.right, t.wrong, t.missed);
}
