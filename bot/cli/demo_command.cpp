// `demo`: the main job with nothing configured: a shipped listing of invented papers, the extractive writer, a store in
// a temporary folder, the preview target.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "bot/app/rendering.hpp"
#include "bot/app/store_options.hpp"
#include "bot/cli/clock_option.hpp"
#include "bot/cli/formats.hpp"
#include "bot/cli/serving.hpp"
#include "bot/cli/session.hpp"
#include "bot/delivery/plan.hpp"
#include "bot/loops/stored_listing.hpp"
#include "digest/build/build.hpp"
#include "digest/build/file_listing.hpp"
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

Result<FileListings> sample_listings(const std::string& folder, const std::vector<Category>& categories, Moment now) {
  auto file = folder + "/sample listing";
  std::ofstream(file, std::ios::binary) << embedded::sample_listing;
  return read_file_listings(file, categories, std::nullopt, now);
}

// Into the outbox, as any subscription's digest is; the service delivers it.
Status post_to_preview(store::Store& store, const Digest& digest, Moment now) {
  delivery::PostOptions post;
  post.target = *model::Target::parse("preview:demo");
  post.group = "demo/" + to_string(digest.key.day);
  post.now = now;
  auto done = store.outbox().enqueue("demo", delivery::rows_of(app::preview_messages(digest), post), now);
  return done ? Status() : Status(done.error());
}

void run_demo(Session& session, bool once, const std::string& clock_text) {
  TemporaryFolder folder;
  if (folder.path().empty())
    return session.fail(kFailed, "no temporary folder can be made; check TMPDIR and its free space");
  config::Settings settings;
  settings.service.data_dir = folder.path() + "/data";
  auto made = make_clock(clock_text);
  if (!made) return session.fail(kUsage, made.error().what());
  auto& clock = **made;
  BuildOptions build;
  build.categories = {*Category::parse("cs.CV")};
  build.note = "A sample: the papers and their authors are invented.";
  auto read = sample_listings(folder.path(), build.categories, clock.now());
  if (!read) return session.fail(read.error());
  build.day = read->day;
  auto digest = build_digest(read->batches, build, clock.now());
  auto text = render(digest, "text");
  if (!text || !write_output(session, "", *text)) return;

  auto storage = app::store_options(settings);
  storage.auto_migrate = true;
  auto opened = store::open_store(storage);
  if (!opened) return session.fail(opened.error());
  for (const auto& batch : read->batches)
    if (auto done = loops::store_batch(**opened, batch); !done) return session.fail(done.error());
  if (auto done = (*opened)->digests().put(digest); !done) return session.fail(done.error());
  if (auto done = post_to_preview(**opened, digest, clock.now()); !done) return session.fail(done.error());
  if (once) {
    std::cout << "\nThis was the demo with --once. Without it, the same digest is a page at http://"
              << settings.service.listen << "/preview/demo\n";
    return;
  }
  Serving serving;
  serving.service.follow_arxiv = false;
  serving.bound = [&digest](const std::string& address) {
    std::cout << "\nThe same digest as it is posted: " << address << "/preview/demo\nand as a page: " << address
              << "/d/cs.CV/" << to_string(digest.key.day) << "\nStop with Ctrl-C." << std::endl;
  };
  if (auto done = serve(settings, clock, **opened, serving); !done) session.fail(done.error());
}

}  // namespace

void add_demo_command(CLI::App& app, Session& session) {
  auto* command =
      app.add_subcommand("demo", "The main job with nothing configured: a sample digest, printed and as a page");
  auto once = std::make_shared<bool>(false);
  command->add_flag("--once", *once, "Print the digest and exit");
  auto clock = std::make_shared<std::string>();
  command->add_option("--clock", *clock, "Start the service's clock at TIME, running at RATE")
      ->type_name("TIME[xRATE]");
  command->callback([&session, once, clock] { run_demo(session, *once, *clock); });
}

}  // namespace broadsheet::cli
