// `subscriptions`: who gets what, and when; also while the service runs.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "bot/app/admin.hpp"
#include "bot/app/soundness.hpp"
#include "bot/app/store_options.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/text.hpp"
#include "bot/cli/session.hpp"
#include "bot/places/configured.hpp"
#include "bot/places/hindrance.hpp"
#include "bot/places/subscription_exchange.hpp"

namespace broadsheet::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLargestImport = 1U << 20U;

struct Options {
  std::string file, out;
  bool json = false;
};

std::string state_of(const model::Subscription& s) {
  if (s.state == model::SubscriptionState::active) return "active";
  return s.state == model::SubscriptionState::paused ? "paused" : "off";
}

void run_list(Session& session, const Options& o) {
  const auto* settings = session.settings();
  auto store = settings == nullptr ? nullptr : session.open_store(true);
  if (!store) return;
  auto all = store->subscriptions().all();
  if (!all) return session.fail(all.error());
  auto service = places::service_options(*settings);
  auto on = app::platforms_on(*settings);
  auto out = Json::array();
  for (auto& s : *all) {
    if (auto found = places::hindrance(s, [&on](const auto& name) { return on.contains(name); });
        found && s.state == model::SubscriptionState::active)
      s.why = "cannot be served: " + found->what;
    std::vector<std::string> codes;
    for (const auto& category : s.categories) codes.push_back(category.str());
    auto effective = model::resolve({s.options, service});
    if (o.json) {
      out.push_back({{"target", s.target.str()},
                     {"number", s.number},
                     {"categories", codes},
                     {"at", effective.at.str()},
                     {"days", effective.days.str()},
                     {"top", effective.top},
                     {"style", std::string(to_string(effective.style))},
                     {"state", state_of(s)},
                     {"why", s.why},
                     {"fixed", s.fixed},
                     {"made_by", s.made_by}});
      continue;
    }
    std::cout << s.target.str() << "  #" << s.number << "  " << text::join(codes, " ") << "  at " << effective.at.str()
              << " " << effective.days.str() << "  top " << effective.top << "  " << to_string(effective.style)
              << (s.fixed ? "  (from the configuration)" : "");
    bool active = s.state == model::SubscriptionState::active;
    if (!active || !s.why.empty())
      std::cout << "  " << (active ? "" : state_of(s)) << (active || s.why.empty() ? "" : ": ") << s.why;
    std::cout << "\n";
  }
  if (o.json) std::cout << out.dump(2) << "\n";
  if (!o.json && all->empty()) std::cout << "There are no subscriptions.\n";
}

void run_export(Session& session, const Options& o) {
  const auto* settings = session.settings();
  auto store = settings == nullptr ? nullptr : session.open_store(true);
  if (!store) return;
  auto all = store->subscriptions().all();
  if (!all) return session.fail(all.error());
  write_output(session, o.out, places::export_subscriptions(*all, places::service_options(*settings)));
}

std::optional<std::string> content_of(const std::string& file) {
  std::string out;
  auto take = [&out](std::istream& in) {
    std::string chunk(kLargestImport + 1, '\0');
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    out.assign(chunk, 0, static_cast<std::size_t>(in.gcount()));
  };
  if (file == "-") {
    take(std::cin);
    return out;
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  take(in);
  return out;
}

// In the store where nobody owns it, else by asking the service that does.
void run_import(Session& session, const Options& o) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto text = content_of(o.file);
  if (!text) return session.fail(kFailed, o.file + " cannot be read");
  if (text->size() > kLargestImport) return session.fail(kRefused, o.file + " is larger than 1 MiB");
  auto opened = store::open_store(app::store_options(*settings));
  Result<std::string> done = std::string();
  if (opened)
    done = places::import_subscriptions((*opened)->subscriptions(), *text, o.file, SystemClock().now());
  else if (opened.error().kind() == ErrorKind::busy)
    done = app::ask_service(*settings, "/admin/subscriptions", *text);
  else
    done = opened.error();
  if (!done) return session.fail(done.error());
  std::cout << *done << "\n";
}

}  // namespace

void add_subscription_commands(CLI::App& app, Session& session) {
  auto o = std::make_shared<Options>();
  auto* subscriptions = app.add_subcommand("subscriptions", "Who gets what, and when");
  subscriptions->require_subcommand(1);
  auto* list = subscriptions->add_subcommand("list", "Every subscription");
  list->add_flag("--json", o->json, "For scripts");
  list->callback([&session, o] { run_list(session, *o); });
  auto* out =
      subscriptions->add_subcommand("export", "Those that people made, as they would stand in the configuration");
  out->add_option("--out", o->out, "File to write instead of standard output")->type_name("FILE");
  out->callback([&session, o] { run_export(session, *o); });
  auto* in = subscriptions->add_subcommand("import", "Add or change those of a file that `export` wrote");
  in->add_option("file", o->file, "The file; - for standard input")->required()->type_name("FILE");
  in->callback([&session, o] { run_import(session, *o); });
}

}  // namespace broadsheet::cli
