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

const std::vector<Layer> kLayers = {
    {"bot/base/", {}},
    {"bot/net/", {"bot/base/"}},
    {"bot/model/", {"bot/base/", "digest/model/", "digest/doc/"}},
    {"config/", {"bot/base/", "digest/model/"}},
    {"digest/model/", {"bot/base/"}},
    {"digest/doc/", {"bot/base/", "digest/model/"}},
    {"digest/latex/", {"bot/base/", "digest/model/"}},
    {"digest/sources/readers/", {"bot/base/", "digest/model/", "digest/latex/"}},
    {"digest/sources/arxiv/",
     {"bot/base/", "bot/net/http.hpp", "bot/net/async.hpp", "bot/net/url.hpp", "digest/model/", "digest/latex/",
      "digest/sources/readers/"}},
    {"digest/select/", {"bot/base/", "digest/model/"}},
    {"digest/write/", {"bot/base/", "digest/model/", "digest/latex/", "digest/select/"}},
    {"digest/present/", {"bot/base/", "digest/model/", "digest/doc/", "digest/latex/"}},
    {"digest/build/", {"bot/base/", "digest/"}},
    {"bot/store/", {"bot/base/", "digest/model/", "digest/present/json.hpp", "bot/model/"}},
    {"adapters/common/", {"bot/base/", "adapters/platform.hpp", "bot/model/", "digest/doc/", "digest/model/"}},
    {"adapters/telegram/",
     {"bot/base/", "bot/net/", "config/settings.hpp", "config/secret.hpp", "adapters/platform.hpp", "bot/model/",
      "adapters/common/", "digest/doc/", "digest/model/"}},
    {"adapters/slack/",
     {"bot/base/", "bot/net/", "config/settings.hpp", "config/secret.hpp", "adapters/platform.hpp", "bot/model/",
      "adapters/common/", "digest/doc/", "digest/model/"}},
    {"adapters/matrix/",
     {"bot/base/", "bot/net/", "config/settings.hpp", "config/secret.hpp", "adapters/platform.hpp", "bot/model/",
      "adapters/common/", "digest/doc/", "digest/model/"}},
    {"adapters/preview/",
     {"bot/base/", "bot/net/async.hpp", "adapters/platform.hpp", "bot/model/", "adapters/common/", "digest/doc/",
      "digest/model/"}},
    {"bot/delivery/",
     {"bot/base/", "bot/net/async.hpp", "adapters/platform.hpp", "bot/model/", "bot/store/", "digest/doc/",
      "digest/model/", "digest/present/"}},
    {"bot/schedule/", {"bot/base/", "bot/model/", "digest/model/", "digest/sources/arxiv/calendar.hpp"}},
    {"bot/loops/",
     {"bot/base/", "bot/net/async.hpp", "adapters/platform.hpp", "bot/model/", "bot/store/", "bot/delivery/",
      "bot/schedule/", "digest/"}},
    {"bot/places/", {"bot/base/", "bot/model/", "bot/store/", "config/", "digest/model/"}},
    {"bot/commands/",
     {"bot/base/", "bot/net/async.hpp", "adapters/platform.hpp", "bot/model/", "bot/store/", "bot/delivery/",
      "bot/schedule/", "digest/"}},
    {"bot/pages/", {"bot/base/", "bot/net/", "bot/store/", "digest/model/", "digest/doc/", "digest/present/"}},
    {"bot/app/", {"bot/", "adapters/", "config/", "digest/", "version_info.hpp"}},
    {"bot/cli/", {"bot/", "adapters/", "config/", "digest/", "version_info.hpp"}},
};

// Libraries whose types stay in .cpp files; headers of these names are internal to the folder of a .cpp.
const std::vector<std::string> kHidden = {"pugixml",     "sqlite3", "gumbo",    "toml++", "nlohmann",
                                          "boost/beast", "openssl", "unicode/", "zstd",   "spdlog"};
const std::vector<std::string> kInternalHeaders = {"digest/sources/readers/xml.hpp",
                                                   "adapters/matrix/",
                                                   "adapters/preview/blocks.hpp",
                                                   "adapters/telegram/api.hpp",
                                                   "adapters/telegram/updates.hpp",
                                                   "bot/store/sqlite/",
                                                   "bot/net/connection.hpp",
                                                   "bot/net/session.hpp",
                                                   "bot/net/tls.hpp",
                                                   "bot/net/framing.hpp",
                                                   "adapters/common/json.hpp",
                                                   "adapters/slack/reading.hpp",
                                                   "bot/pages/"};

bool starts_with_one(const std::string& s, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&s](const std::string& p) { return s.starts_with(p); });
}

std::vector<std::pair<std::string, std::string>> includes() {  // file, included
  std::vector<std::pair<std::string, std::string>> out;
  fs::path root(BROADSHEET_SOURCE);
  for (const char* top : {"adapters", "bot", "config", "digest"})
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("#include ")) continue;
        auto name = line.substr(10, line.find_last_of("\">") - 10);
        out.emplace_back(fs::relative(entry.path(), root).string(), name);
      }
    }
  return out;
}

TEST(Layers, DependDownwardsOnly) {
  std::size_t checked = 0;
  for (const auto& [file, included] : includes()) {
    bool ours = starts_with_one(included, {"bot/", "digest/", "config/", "adapters/", "version_info.hpp"});
    if (!ours) continue;
    for (const auto& layer : kLayers) {
      if (!file.starts_with(layer.folder)) continue;
      ++checked;
      EXPECT_TRUE(included.starts_with(layer.folder) || starts_with_one(included, layer.may_use))
          << file << " includes " << included << ", which its layer " << layer.folder << " may not use";
    }
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
