// `demo`: the main job with nothing configured: a shipped listing of invented papers and the extractive writer.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "bot/base/clock.hpp"
#include "bot/cli/formats.hpp"
#include "bot/cli/session.hpp"
#include "digest/build/build.hpp"
#include "digest/build/file_listing.hpp"
#include "digest/write/writer.hpp"
#include "embedded/sample_listing.hpp"

namespace broadsheet::cli {
namespace {

namespace fs = std::filesystem;

// Goes away with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto pattern = (fs::temp_directory_path() / "broadsheet-demo-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<Digest> sample_digest(const std::string& folder) {
  SystemClock clock;
  auto file = folder + "/sample listing";
  std::ofstream(file, std::ios::binary) << embedded::sample_listing;
  BuildOptions build;
  build.categories = {*Category::parse("cs.CV")};
  build.note = "A sample: the papers and their authors are invented.";
  auto read = read_file_listings(file, build.categories, std::nullopt, clock.now());
  if (!read) return std::move(read).error();
  build.day = read->day;
  return build_digest(read->batches, build, *write::make_extractive(), clock.now());
}

void run_demo(Session& session, const std::string& page) {
  TemporaryFolder folder;
  if (folder.path().empty())
    return session.fail(kFailed, "no temporary folder can be made; check TMPDIR and its free space");
  auto digest = sample_digest(folder.path());
  if (!digest) return session.fail(digest.error());
  auto text = render(*digest, "text");
  if (!text) return session.fail(text.error());
  if (!write_output(session, "", *text) || page.empty()) return;
  auto html = render(*digest, "html");
  if (!html) return session.fail(html.error());
  if (write_output(session, page, *html)) std::cout << "\nThe same digest as a page: " << page << "\n";
}

}  // namespace

void add_demo_command(CLI::App& app, Session& session) {
  auto* command =
      app.add_subcommand("demo", "The main job with nothing configured: a sample digest, printed and as a page");
  auto once = std::make_shared<bool>(false);
  auto page = std::make_shared<std::string>("broadsheet-demo.html");
  command->add_flag("--once", *once, "Print the digest only");
  command->add_option("--page", *page, "Where to write the page")->type_name("FILE");
  command->callback([&session, once, page] { run_demo(session, *once ? std::string() : *page); });
}

}  // namespace broadsheet::cli
