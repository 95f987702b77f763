// `digest CATEGORY…`: one digest, built and printed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "bot/app/arxiv_door.hpp"
#include "bot/app/fetch.hpp"
#include "bot/app/rendering.hpp"
#include "bot/app/store_options.hpp"
#include "bot/app/writing.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/text.hpp"
#include "bot/cli/formats.hpp"
#include "bot/cli/session.hpp"
#include "bot/loops/builds.hpp"
#include "digest/build/build.hpp"
#include "digest/build/file_listing.hpp"
#include "digest/doc/plain.hpp"
#include "digest/present/document.hpp"

namespace broadsheet::cli {
namespace {

struct DigestOptions {
  std::vector<std::string> categories;
  std::string date, source = "arxiv", language, style, filter, interests, format = "text", out;
  std::size_t top = 0;
  bool offline = false, estimate = false;
};

// Everything but the categories and the day, from options over configuration.
Result<BuildOptions> build_options(const DigestOptions& options, const config::Settings& settings) {
  BuildOptions build;
  auto style = parse_style(options.style.empty() ? settings.digest.style : options.style);
  if (!style) return Error(ErrorKind::bad_input, "there is no style \"" + options.style + "\"");
  build.style = *style;
  build.language = options.language.empty() ? settings.digest.language : options.language;
  if (auto can = app::check_language(settings, build.language); !can) return can.error();
  build.writer = app::writer_name(settings);
  build.top = options.top == 0 ? static_cast<std::size_t>(settings.digest.top) : options.top;
  build.interests = options.interests.empty() ? settings.digest.interests : options.interests;
  build.filter_text = options.filter;
  auto filter = loops::make_filter(options.filter);
  if (!filter) return filter.error();
  build.filtered = std::move(*filter);
  build.read_query = loops::make_filter;
  return build;
}

void tell_rejected(const FileListings& read) {
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < read.rejected.size() && i < kShown; ++i) {
    const auto& r = read.rejected[i];
    std::cerr << r.file << ":" << (r.line != 0 ? r.line : r.record) << ": rejected: " << r.reason << "\n";
  }
  if (read.rejected.size() > kShown) std::cerr << "… and " << read.rejected.size() - kShown << " more\n";
}

bool all_empty(const std::vector<ListingBatch>& batches) {
  for (const auto& batch : batches)
    if (!batch.listing.entries.empty()) return false;
  return true;
}

// Of texts, and of requests to platforms.
std::vector<std::string> all_formats() {
  auto out = digest_formats();
  for (auto& name : app::request_formats()) out.push_back(std::move(name));
  return out;
}

void print_digest(Session& session, const DigestOptions& options, app::WritingStore kept, Digest extracts) {
  if (options.estimate) {
    write_output(session, options.out, app::estimate(*session.settings(), kept, extracts));
    return;
  }
  SystemClock clock;
  auto digest = app::write_once(*session.settings(), clock, kept, options.offline, std::move(extracts));
  auto requests = app::request_formats();
  bool request = std::find(requests.begin(), requests.end(), options.format) != requests.end();
  auto out = request ? app::request_bodies(digest, options.format, *session.settings())
                     : render(digest, options.format, session.settings()->site());
  if (!out) return session.fail(kUsage, out.error().what());
  write_output(session, options.out, *out);
}

// What a model wrote is kept also for digests from files; while the service holds the folder, it is only read.
struct OpenedForWriting {
  std::unique_ptr<store::Store> store;
  app::WritingStore kept;
};

OpenedForWriting open_for_writing(const config::Settings& settings, bool offline) {
  OpenedForWriting out;
  if (settings.writer.kind != "openai") return out;
  auto opened = store::open_store(offline ? app::reading_options(settings) : app::store_options(settings));
  out.kept.read_only = offline || !opened;
  if (!opened && !offline) opened = store::open_store(app::reading_options(settings));
  if (!opened) return out;
  out.store = std::move(*opened);
  out.kept.values = &out.store->values();
  return out;
}

void from_file(Session& session, const DigestOptions& options, BuildOptions build, std::optional<Day> day) {
  SystemClock clock;
  auto read = read_file_listings(options.source, build.categories, day, clock.now());
  if (!read) return session.fail(read.error());
  tell_rejected(*read);
  build.day = read->day;
  if (all_empty(read->batches))
    std::cerr << "broadsheet: nothing in " << options.source << " belongs to that category and " << long_date(read->day)
              << "\n";
  auto opened = open_for_writing(*session.settings(), options.offline || options.estimate);
  print_digest(session, options, opened.kept, build_digest(read->batches, build, clock.now()));
}

// Why there is no digest, in a form that the reader of the format understands: prose for people, else the format's own
// nothing, and the prose beside it.
void print_notices(Session& session, const DigestOptions& options, const std::string& notices) {
  if (options.format == "text" || options.format == "markdown") {
    write_output(session, options.out, notices);
    return;
  }
  std::cerr << notices;
  write_output(session, options.out,
               nothing_of(options.format, std::string(text::trim(notices)), session.settings()->site()));
}

// Tells each outcome that is not a listing; true if there is something to build from.
bool collect(Session& session, const std::vector<Category>& categories, std::vector<ListingOutcome>& outcomes,
             std::vector<ListingBatch>& batches, std::string& note, std::string& notices) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (auto* ready = std::get_if<ListingReady>(&outcomes[i])) {
      if (note.empty()) note = ready->batch.listing.from.note;
      batches.push_back(std::move(ready->batch));
      continue;
    }
    auto notice = doc::to_plain(present::notice(outcomes[i], categories[i]), 100);
    if (auto* partial = std::get_if<Incomplete>(&outcomes[i])) {
      note = std::string(text::trim(notice));
      batches.push_back(std::move(partial->so_far));
    } else {
      notices += notice;
      if (std::holds_alternative<SourceDown>(outcomes[i])) session.exit_code = kUnreachable;
    }
  }
  return !batches.empty();
}

void print_fetched(Session& session, const DigestOptions& options, BuildOptions build, app::WritingStore kept,
                   Result<app::FetchedListings> fetched) {
  if (!fetched) return session.fail(fetched.error());
  build.day = fetched->day;
  std::vector<ListingBatch> batches;
  std::string notices;
  bool any = collect(session, build.categories, fetched->outcomes, batches, build.note, notices);
  if (!any) return print_notices(session, options, notices);
  std::cerr << notices;  // of the categories that the digest lacks
  print_digest(session, options, kept, build_digest(batches, build, SystemClock().now()));
}

void from_store(Session& session, const DigestOptions& options, BuildOptions build, std::optional<Day> day) {
  auto store = session.open_store(true);
  if (!store) return;
  auto calendar = app::load_calendar(session.settings()->arxiv);
  if (!calendar) return session.fail(calendar.error());
  auto stored = app::stored_listings(*store, *calendar, build.categories, day);
  print_fetched(session, options, std::move(build), {&store->values(), true}, std::move(stored));
}

void from_arxiv(Session& session, const DigestOptions& options, BuildOptions build, std::optional<Day> day) {
  const auto& settings = *session.settings();
  auto store = store::open_store(app::store_options(settings));
  if (!store && store.error().kind() == ErrorKind::busy)
    return session.fail(kFailed,
                        "the service runs on this data folder, and only one of us may ask arXiv; see its page "
                        "at http://" +
                            settings.service.listen + ", use --offline for what is stored, or --source FILE");
  if (!store) return session.fail(store.error());
  SystemClock clock;
  auto fetched = app::fetched_listings(store->get(), settings, clock, build.categories, day,
                                       [](const std::string& step) { std::cerr << step << " …" << std::endl; });
  print_fetched(session, options, std::move(build), {&(*store)->values(), false}, std::move(fetched));
}

void run_digest(Session& session, const DigestOptions& options) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto build = build_options(options, *settings);
  if (!build) return session.fail(kUsage, build.error().what());
  auto categories = parse_categories(options.categories);
  if (!categories) return session.fail(kUsage, categories.error().what());
  if (categories->empty()) return session.fail(kUsage, "a category is missing; write cs.CV, an archive (cs) or nlp");
  build->categories = std::move(*categories);
  auto day = parse_date(options.date, SystemClock().now(), Zone::eastern());
  if (!day) return session.fail(kUsage, day.error().what());
  if (options.offline && options.source == "arxiv") return from_store(session, options, std::move(*build), *day);
  if (options.source == "arxiv") return from_arxiv(session, options, std::move(*build), *day);
  from_file(session, options, std::move(*build), *day);
}

}  // namespace

void add_digest_command(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("digest", "Build one digest and print it");
  auto o = std::make_shared<DigestOptions>();
  command->add_option("categories", o->categories, "cs.CV, cs.RO, an archive (cs) or a short name (nlp)")
      ->required()
      ->type_name("CATEGORY");
  command->add_option("--date", o->date, "Listing day: 2025-12-19, today, yesterday, latest (default)")
      ->type_name("DAY");
  command->add_option("--source", o->source, "arxiv (default), or a file or folder in any form that `import` reads")
      ->type_name("SOURCE");
  command->add_option("--top", o->top, "How many papers to show (default: the configuration's)")
      ->check(CLI::Range(1, 100).description("1 to 100"))
      ->type_name("N");
  command->add_option("--lang", o->language, "Language of the digest")->type_name("CODE");
  command->add_option("--style", o->style, "How much to show")
      ->check(CLI::IsMember({"brief", "cards", "full", "titles"}))
      ->type_name("STYLE");
  command->add_option("--filter", o->filter, "Only papers that match this query")->type_name("QUERY");
  command->add_option("--interests", o->interests, "What you care about, in words; \"not …\" for dislikes")
      ->type_name("TEXT");
  command->add_option("--format", o->format, "Output form")->check(CLI::IsMember(all_formats()))->type_name("FORMAT");
  command->add_option("--out", o->out, "File to write instead of standard output")->type_name("FILE");
  command->add_flag("--estimate", o->estimate, "Say how many calls and tokens the model would cost; ask nobody");
  command->add_flag("--offline", o->offline, "Use what is stored; no network");
  command->callback([&session, o] { run_digest(session, *o); });
}

}  // namespace broadsheet::cli
