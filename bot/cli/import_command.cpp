// `import FILE…`: papers and digests into the store. Idempotent; every rejected record is named with its position.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <future>
#include <iostream>
#include <memory>

#include "bot/cli/session.hpp"
#include "digest/present/f1.hpp"
#include "digest/present/f2.hpp"
#include "digest/sources/readers/file.hpp"

namespace broadsheet::cli {
namespace {

constexpr std::size_t kBatch = 2000;          // papers a transaction
constexpr std::size_t kOptimiseFrom = 20000;  // a load of this size is worth merging the index
constexpr std::size_t kShownRejections = 50;

class Importer {
 public:
  Importer(Session& session, store::Store& store) : session_(session), store_(store) {}

  // False when the store refused; the reason has been printed.
  bool file(const std::string& path) {
    sources::ReadSink sink;
    sink.paper = [this](Paper paper) { add(std::move(paper)); };
    sink.rejected = [this](const sources::Rejected& r) { reject(r); };
    sink.digest = [this](const std::string& name, const std::string& bytes, sources::Format format) {
      digest(name, bytes, format);
    };
    sink.feed = [this](sources::FeedPage page) {
      for (auto& paper : page.papers) add(std::move(paper));
    };
    sink.listing = [this](sources::ListingPage page) {
      for (auto& paper : page.papers) add(std::move(paper));
    };
    auto done = sources::read_path(path, sink);
    flush();
    settle();
    if (!store_error_.empty()) return false;
    if (!done) {
      ++unreadable_;
      std::cerr << "broadsheet: " << done.error().what() << "\n";
    }
    return true;
  }

  void finish() {
    if (counts_.added + counts_.updated >= kOptimiseFrom)
      if (auto done = store_.upkeep().optimise(); !done) session_.fail(done.error());
    print_counts();
    if (unreadable_ != 0 || (rejected_ != 0 && read_ == 0)) session_.exit_code = kRefused;
  }

  // What was stored before the store refused stays, and the same import goes on behind it.
  void give_up() {
    print_counts();
    if (counts_.added + counts_.updated + digests_ != 0)
      std::cerr << "broadsheet: what is counted above is stored; the same import later adds the rest\n";
  }

 private:
  void print_counts() {
    if (tty_ && read_ > kBatch) std::cerr << "\r\033[K";
    if (rejected_ > kShownRejections)
      std::cerr << "… and " << rejected_ - kShownRejections << " more rejected records\n";
    std::cout << "read " << read_ << " · new " << counts_.added << " · updated " << counts_.updated << " · unchanged "
              << counts_.unchanged << " · rejected " << rejected_ << std::endl;
    if (digests_ != 0) std::cout << "digests " << digests_ << std::endl;
  }

  void add(Paper paper) {
    if (!store_error_.empty()) return;
    ++read_;
    batch_.push_back(std::move(paper));
    if (batch_.size() >= kBatch) flush();
  }

  // The next batch is read while this one is written.
  void flush() {
    settle();
    if (batch_.empty() || !store_error_.empty()) return;
    writing_ = std::async(std::launch::async,
                          [this, papers = std::exchange(batch_, {})] { return store_.papers().put(papers); });
  }

  void settle() {
    if (!writing_.valid()) return;
    auto put = writing_.get();
    if (!put) {
      store_error_ = put.error().what();
      session_.fail(put.error());
      return;
    }
    counts_.added += put->added;
    counts_.updated += put->updated;
    counts_.unchanged += put->unchanged;
    if (tty_ && read_ >= kBatch) std::cerr << "\r" << read_ << " papers read" << std::flush;
  }

  void digest(const std::string& name, const std::string& bytes, sources::Format format) {
    bool f1 = format == sources::Format::f1;
    auto digest = f1 ? present::f1_from_text(bytes) : present::f2_from_text(bytes);
    if (!digest) return reject({name, 0, 0, digest.error().what()});
    // An F1 digest carries whole records; an F2 table only translations, which are no papers.
    if (f1)
      for (const auto& card : digest->cards) add(card.paper);
    flush();
    settle();
    if (auto put = store_.digests().put(*digest); !put) {
      store_error_ = put.error().what();
      session_.fail(put.error());
      return;
    }
    ++digests_;
  }

  void reject(const sources::Rejected& r) {
    if (++rejected_ > kShownRejections) return;
    std::cerr << r.file;
    if (r.line != 0)
      std::cerr << ":" << r.line;
    else if (r.record != 0)
      std::cerr << ": record " << r.record;
    std::cerr << ": rejected: " << r.reason << "\n";
  }

  Session& session_;
  store::Store& store_;
  bool tty_ = isatty(STDERR_FILENO) == 1;
  std::vector<Paper> batch_;
  std::future<Result<store::PutCounts>> writing_;
  store::PutCounts counts_;
  std::size_t read_ = 0, rejected_ = 0, digests_ = 0, unreadable_ = 0;
  std::string store_error_;
};

void run_import(Session& session, const std::vector<std::string>& files) {
  auto store = session.open_store(false);
  if (!store) return;
  Importer importer(session, *store);
  for (const auto& file : files)
    if (!importer.file(file)) return importer.give_up();
  importer.finish();
}

}  // namespace

void add_import_command(CLI::App& app, Session& session) {
  auto* command =
      app.add_subcommand("import", "Read papers or digests into the store: Atom, RSS, OAI-PMH, JSONL, F1, F2");
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("files", *files, "Files or folders; .gz and .zst are unpacked")->required()->type_name("FILE");
  command->callback([&session, files] { run_import(session, *files); });
}

}  // namespace broadsheet::cli
