// The direction of dependencies, read from the #include lines: a wrong one fails here with a sentence.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace broadsheet {
namespace {

namespace fs = std::filesystem;

struct Layer {
  std::string folder;
  std::vector<std::string> may_use;  // prefixes of our own headers, besides its own folder and "embedded/"
};

// A file belongs to the row with the longest folder that fits. "*" stands for one folder: adapters never know each
// other.
const std::vector<Layer> kLayers = {
    {"bot/base/", {}},
    {"bot/async/", {"bot/base/"}},
    {"bot/async/separate/", {}},
    {"bot/http/", {"bot/base/"}},
    {"bot/net/", {"bot/base/", "bot/async/", "bot/http/"}},
    {"bot/model/", {"bot/base/", "digest/model/", "digest/doc/"}},
    {"config/", {"bot/base/", "bot/model/", "digest/model/"}},
    {"digest/model/", {"bot/base/"}},
    {"digest/calendar/", {"bot/base/", "digest/model/"}},
    {"digest/record/", {"bot/base/", "digest/model/"}},
    {"digest/doc/", {"bot/base/", "digest/model/"}},
    {"digest/latex/", {"bot/base/", "digest/model/"}},
    {"digest/sources/readers/", {"bot/base/", "digest/model/", "digest/latex/"}},
    {"digest/sources/", {"bot/base/", "digest/model/", "digest/calendar/"}},
    {"digest/sources/arxiv/",
     {"bot/base/", "bot/async/", "bot/http/", "digest/model/", "digest/calendar/", "digest/sources/source.hpp",
      "digest/sources/readers/"}},
    {"digest/select/", {"bot/base/", "digest/model/"}},
    {"digest/write/", {"bot/base/", "digest/model/", "digest/latex/", "digest/select/"}},
    {"digest/model_writer/", {"bot/base/", "bot/async/", "digest/model/", "digest/latex/", "digest/write/"}},
    {"digest/present/", {"bot/base/", "digest/model/", "digest/doc/", "digest/latex/"}},
    {"digest/build/", {"bot/base/", "bot/async/", "digest/"}},
    {"bot/store/", {"bot/base/", "bot/model/", "digest/model/"}},
    {"bot/store/sqlite/", {"bot/base/", "bot/model/", "bot/store/", "digest/model/", "digest/record/"}},
    {"bot/store/postgres/", {"bot/base/", "bot/model/", "bot/store/", "digest/model/", "digest/record/"}},
    {"adapters/", {"bot/base/", "bot/net/", "bot/model/", "digest/doc/"}},
    {"adapters/common/", {"bot/base/", "adapters/platform.hpp", "digest/doc/"}},
    {"adapters/*/",
     {"bot/base/", "bot/async/", "bot/http/", "bot/net/", "bot/model/", "config/settings.hpp", "config/secret.hpp",
      "adapters/platform.hpp", "adapters/common/", "digest/doc/", "digest/model/"}},
    {"bot/delivery/",
     {"bot/base/", "bot/async/", "adapters/platform.hpp", "bot/model/", "bot/store/", "digest/doc/", "digest/model/",
      "digest/present/"}},
    {"bot/schedule/", {"bot/base/", "bot/model/", "digest/model/", "digest/calendar/"}},
    {"bot/loops/",
     {"bot/base/", "bot/async/", "adapters/platform.hpp", "bot/model/", "bot/store/", "bot/delivery/", "bot/schedule/",
      "digest/"}},
    {"bot/endpoint/",
     {"bot/base/", "bot/async/", "bot/http/", "bot/store/", "config/secret.hpp", "digest/build/",
      "digest/model_writer/"}},
    {"bot/places/", {"bot/base/", "bot/model/", "bot/store/", "config/", "digest/model/"}},
    {"bot/commands/",
     {"bot/base/", "bot/async/", "adapters/platform.hpp", "bot/model/", "bot/store/", "bot/delivery/", "bot/schedule/",
      "digest/"}},
    {"bot/pages/",
     {"bot/base/", "bot/async/", "bot/http/", "bot/net/", "bot/store/", "digest/model/", "digest/doc/",
      "digest/record/", "digest/present/"}},
    {"bot/app/", {"bot/", "adapters/", "config/", "digest/", "version_info.hpp"}},
    {"bot/cli/", {"bot/", "adapters/", "config/", "digest/", "version_info.hpp"}},
    {"bot/main.cpp", {"bot/cli/"}},
};

// Libraries whose types stay in .cpp files; headers of these names are internal to the folder of a .cpp.
const std::vector<std::string> kHidden = {"pugixml",     "sqlite3", "libpq-fe", "gumbo", "toml++", "nlohmann",
                                          "boost/beast", "openssl", "unicode/", "zstd",  "spdlog"};
const std::vector<std::string> kInternalHeaders = {"digest/sources/readers/xml.hpp",
                                                   "adapters/matrix/",
                                                   "adapters/preview/blocks.hpp",
                                                   "adapters/slack/blocks.hpp",
                                                   "adapters/telegram/api.hpp",
                                                   "adapters/telegram/updates.hpp",
                                                   "bot/store/postgres/",
                                                   "bot/store/sqlite/",
                                                   "bot/net/connection.hpp",
                                                   "bot/net/session.hpp",
                                                   "bot/net/tls.hpp",
                                                   "bot/net/framing.hpp",
                                                   "bot/base/json.hpp",
                                                   "digest/model_writer/answer.hpp",
                                                   "digest/model_writer/fields.hpp",
                                                   "digest/model_writer/statements.hpp",
                                                   "adapters/slack/reading.hpp",
                                                   "bot/pages/"};

// The part of `file` that a row's folder covers; empty: another row's.
std::string covered(const std::string& file, const std::string& folder) {
  auto star = folder.find('*');
  if (star == std::string::npos) return file.starts_with(folder) ? folder : std::string();
  auto slash = file.find('/', star);
  if (!file.starts_with(folder.substr(0, star)) || slash == std::string::npos) return {};
  return file.substr(0, slash + 1);
}

struct Place {
  const Layer* layer = nullptr;
  std::string folder;  // with the star filled in
};

// The row of a file; an exact folder comes before a star.
Place place_of(const std::string& file) {
  Place out;
  for (const auto& layer : kLayers) {
    auto part = covered(file, layer.folder);
    bool better = part.size() > out.folder.size() ||
                  (!part.empty() && part.size() == out.folder.size() && layer.folder.find('*') == std::string::npos);
    if (better) out = {&layer, part};
  }
  return out;
}

bool starts_with_one(const std::string& s, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&s](const std::string& p) { return s.starts_with(p); });
}

std::vector<std::string> sources() {
  std::vector<std::string> out;
  fs::path root(BROADSHEET_SOURCE);
  for (const char* top : {"adapters", "bot", "config", "digest"})
    for (const auto& entry : fs::recursive_directory_iterator(root / top))
      if (auto extension = entry.path().extension(); extension == ".cpp" || extension == ".hpp")
        out.push_back(fs::relative(entry.path(), root).string());
  return out;
}

std::vector<std::pair<std::string, std::string>> includes() {  // file, included
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& file : sources()) {
    std::ifstream in(fs::path(BROADSHEET_SOURCE) / file);
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("#include ")) out.emplace_back(file, line.substr(10, line.find_last_of("\">") - 10));
  }
  return out;
}

// A new folder gets its row before its first file.
TEST(Layers, KnowEveryFile) {
  for (const auto& file : sources()) {
    auto place = place_of(file);
    ASSERT_NE(place.layer, nullptr) << file << " belongs to no layer: give its folder a row";
    auto rest = file.substr(place.folder.size());
    EXPECT_EQ(rest.find('/'), std::string::npos) << file << " stands in a folder without a row";
  }
}

TEST(Layers, DependDownwardsOnly) {
  std::size_t checked = 0;
  for (const auto& [file, included] : includes()) {
    bool ours = starts_with_one(included, {"bot/", "digest/", "config/", "adapters/", "version_info.hpp"});
    auto place = place_of(file);
    if (!ours || place.layer == nullptr) continue;
    ++checked;
    EXPECT_TRUE(included.starts_with(place.folder) || starts_with_one(included, place.layer->may_use))
        << file << " includes " << included << ", which its layer " << place.folder << " may not use";
  }
  EXPECT_GT(checked, 200U);
}

TEST(Layers, KeepLibrariesOutOfPublicHeaders) {
  for (const auto& [file, included] : includes()) {
    if (!file.ends_with(".hpp") || starts_with_one(file, kInternalHeaders)) continue;
    EXPECT_FALSE(starts_with_one(included, kHidden)) << file << " shows " << included << " to everyone who includes it";
  }
}

}  // namespace
}  // namespace broadsheet
