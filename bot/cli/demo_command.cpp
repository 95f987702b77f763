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
#include "bot/net/address_range.hpp"
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

struct DemoOptions {
  bool once = false;
  std::string clock, listen;
};

// Where nobody asked for a port, a taken one is no reason to show nothing.
Status serve_somewhere(config::Settings& settings, Clock& clock, store::Store& store, const Serving& serving,
                       bool asked_for) {
  auto done = serve(settings, clock, store, serving);
  if (done || asked_for || done.error().kind() != ErrorKind::busy) return done;
  settings.service.listen = "127.0.0.1:0";
  return serve(settings, clock, store, serving);
}

void run_demo(Session& session, const DemoOptions& demo) {
  auto once = demo.once;
  TemporaryFolder folder;
  if (folder.path().empty())
    return session.fail(kFailed, "no temporary folder can be made; check TMPDIR and its free space");
  config::Settings settings;
  settings.service.data_dir = folder.path() + "/data";
  if (!demo.listen.empty()) settings.service.listen = demo.listen;
  if (auto place = http::parse_listen(settings.service.listen); !place)
    return session.fail(kUsage, "--listen: " + place.error().what());
  auto made = make_clock(demo.clock);
  if (!made) return session.fail(kUsage, made.error().what());
  auto& clock = **made;
  BuildOptions build;
  build.categories = {*Category::parse("cs.CV")};
  build.note = "A sample: the papers and their authors are invented.";
  auto read = sample_listings(folder.path(), build.categories, clock.now());
  if (!read) return session.fail(read.error());
  build.day = read->day;
  auto digest = build_digest(read->batches, build, clock.now());
  auto text = render(digest, "text", settings.site());
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
  if (auto done = serve_somewhere(settings, clock, **opened, serving, !demo.listen.empty()); !done)
    session.fail(done.error());
}

}  // namespace

void add_demo_command(CLI::App& app, Session& session) {
  auto* command =
      app.add_subcommand("demo", "The main job with nothing configured: a sample digest, printed and as a page");
  auto o = std::make_shared<DemoOptions>();
  command->add_flag("--once", o->once, "Print the digest and exit");
  command->add_option("--clock", o->clock, "Start the service's clock at TIME, running at RATE")
      ->type_name("TIME[xRATE]");
  command->add_option("--listen", o->listen, "Where the page stands (default: 127.0.0.1:8080, else any free port)")
      ->type_name("ADDRESS:PORT");
  command->callback([&session, o] { run_demo(session, *o); });
}

}  // namespace broadsheet::cli
