// Commands that change nothing.
#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/commands/router.hpp"
#include "bot/commands/wording.hpp"
#include "bot/delivery/plan.hpp"
#include "digest/doc/builder.hpp"
#include "digest/model/category_names.hpp"
#include "digest/present/document.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::commands {
namespace {

using model::PartKind;

// What the place's subscriptions name together, without repeats.
std::vector<Category> merged(const std::vector<model::Subscription>& subscriptions) {
  std::vector<Category> out;
  for (const auto& s : subscriptions)
    for (const auto& category : s.categories)
      if (std::find(out.begin(), out.end(), category) == out.end()) out.push_back(category);
  return out;
}

std::string state_line(const std::vector<model::Subscription>& subscriptions) {
  if (subscriptions.empty()) return "Nothing is subscribed here yet.";
  return "Subscribed here: " + text::join(short_names(merged(subscriptions)), ", ") + ".";
}

}  // namespace

awaitable<Answer> Router::help(Request request) {
  const auto& context = request.context;
  if (request.command.command == Command::help && !request.command.word.empty()) {
    const auto* asked = find_command(request.command.word);
    if (asked != nullptr) co_return answer(request, help_answer(context, *asked));
  }
  auto here = co_await services_.subscriptions(request.where);
  if (request.command.command == Command::help)
    co_return answer(request, help_answer(context, here ? state_line(*here) : std::string()));
  if (here && !here->empty()) co_return co_await subscriptions(std::move(request));  // it is set up already
  co_return answer(request, start_answer(context));
}

awaitable<Answer> Router::paper(Request request) {
  std::vector<VersionedId> ids;
  for (const auto& reference : request.command.papers) {
    if (reference.card == 0) {
      ids.push_back(reference.id);
      continue;
    }
    auto meant = co_await card_meant(request, reference.card);
    if (auto* instead = std::get_if<Answer>(&meant)) co_return std::move(*instead);
    ids.push_back({std::get<PaperId>(meant), 0});
  }
  auto cards = co_await services_.cards(ids);
  if (!cards) co_return failure(request, cards.error());
  auto out = paper_cards(request, *cards, ids);
  for (const auto& card : *cards) std::erase_if(ids, [&](const auto& id) { return id.id == card.paper.id; });
  if (cards->empty()) out.visibility = model::Visibility::asker;  // errors are private
  for (const auto& missing : ids)
    out.parts.push_back(
        {PartKind::reply, error_answer(request.context, user_error(ErrorCode::not_found, {missing.str()})), {}});
  co_return out;
}

awaitable<std::variant<Answer, PaperId>> Router::card_meant(const Request& request, int number) {
  auto shown = co_await services_.shown_cards(request.from);
  if (!shown) co_return failure(request, shown.error());
  const auto& papers = shown->papers;
  auto at = static_cast<std::size_t>(number) - 1;
  if (at < papers.size()) co_return papers[at];
  auto last =
      "The last digest here shows " + std::to_string(papers.size()) + (papers.size() == 1 ? " paper" : " papers");
  if (papers.empty()) last = "No digest was shown here yet";
  auto offer = papers.empty() ? std::string("today cs.CL") : std::string();
  co_return refusal(request.context, user_error(ErrorCode::no_card, {std::to_string(number), last, offer}));
}

Answer Router::paper_cards(const Request& request, const std::vector<Card>& cards,
                           const std::vector<VersionedId>& asked) {
  auto detail = request.command.options.style == Style::full ? Detail::full : Detail::card;
  auto out = answer(request, {});
  out.parts.clear();
  for (const auto& card : cards) {
    auto document = paper_answer(card, detail);
    auto same = [&card](const VersionedId& id) { return id.id == card.paper.id; };
    if (auto it = std::find_if(asked.begin(), asked.end(), same); it != asked.end())
      if (auto said = other_version(*it, card.paper); !said.empty())
        document.blocks.insert(document.blocks.begin(), doc::Paragraph{{doc::Text{said}}});
    out.parts.push_back({PartKind::reply, std::move(document), card.paper.id});
  }
  return out;
}

awaitable<std::optional<Answer>> Router::at_once(const model::CommandEvent& event, const Context& context) {
  if (event.button || !event.button_key.empty() || event.edited) co_return std::nullopt;
  auto meant = understood(event, context);
  const auto* request = std::get_if<Request>(&meant);
  bool look_up = request != nullptr && request->command.command == Command::paper && !request->command.post &&
                 request->command.target.empty() && event.from.who.role >= request->spec().role;
  if (!look_up) co_return std::nullopt;
  std::vector<VersionedId> ids;
  for (const auto& reference : request->command.papers) {
    if (reference.card != 0) co_return std::nullopt;  // of the last digest there: not the same for everybody
    ids.push_back(reference.id);
  }
  auto cards = co_await services_.stored_cards(ids);
  if (!cards || cards->size() != ids.size()) co_return std::nullopt;
  co_return paper_cards(*request, *cards, ids);
}

awaitable<Answer> Router::bibtex(Request request) {
  std::vector<VersionedId> ids{request.command.papers.front().id};
  auto cards = co_await services_.cards(ids);
  if (!cards) co_return failure(request, cards.error());
  if (cards->empty()) co_return refusal(request.context, user_error(ErrorCode::not_found, {ids.front().str()}));
  co_return answer(request, bibtex_answer(cards->front().paper));
}

awaitable<Answer> Router::search(Request request) {
  const auto& command = request.command;
  store::SearchRequest wanted;
  wanted.query = command.query;
  wanted.limit = command.count + 1;
  wanted.offset = (command.page - 1) * command.count;
  wanted.order = command.order;
  auto found = co_await services_.search(wanted);
  if (!found && found.error().kind() == ErrorKind::bad_input)
    co_return refusal(request.context, user_error(ErrorCode::unsafe_filter, {quoted_part(command.query),
                                                                             quoted_part(found.error().what(), 200)}));
  if (!found) co_return failure(request, found.error());
  auto instead = found->instead.empty() ? std::string() : "search " + found->instead;
  if (found->hits.empty())
    co_return refusal(request.context, user_error(ErrorCode::no_results, {quoted_part(command.query, 100), instead}));
  SearchPage page{command.query, command.page, command.count, command.order, std::move(*found)};
  co_return answer(request, search_answer(request.context, page));
}

awaitable<Answer> Router::digest(Request request) {
  DigestRequest wanted;
  wanted.dates = request.command.dates;
  wanted.categories = request.command.categories;
  if (wanted.categories.empty()) {
    auto here = co_await services_.subscriptions(request.where);
    if (!here) co_return failure(request, here.error());
    wanted.categories = merged(*here);
  }
  if (wanted.categories.empty()) {
    auto name = std::string(request.spec().name);
    co_return refusal(
        request.context,
        user_error(ErrorCode::missing_arg, {name, "a category: nothing is subscribed here", "`" + name + " cs.CL`"}));
  }
  model::Subscription as_if;  // so that this place's own settings fill what was not said
  as_if.target = request.where;
  as_if.categories = wanted.categories;
  as_if.options = request.command.options;
  auto decided = co_await services_.decided(as_if);
  if (!decided) co_return failure(request, decided.error());
  wanted.options = decided->options;
  auto outcome = co_await services_.digest(wanted);
  if (!outcome) co_return failure(request, outcome.error());
  if (const auto* none = std::get_if<NoDigest>(&*outcome)) {
    request.command.post = false;
    auto why = present::notice(none->why, none->category, {clock_.now(), false, request.context.zone});
    if (request.command.dates)
      why.blocks.emplace_back(
          doc::Note{{doc::plain("The newest: "),
                     code(typed(request.context, "digest " + text::join(short_names(wanted.categories), " ")))}});
    co_return answer(request, std::move(why));
  }
  auto built = std::get<BuiltDigest>(std::move(*outcome));
  bool for_all = request.command.post && !request.from.direct;
  if (for_all) co_return co_await post(std::move(request), std::move(built), wanted.options);
  co_return co_await show(std::move(request), std::move(built), wanted.options.style);
}

awaitable<Answer> Router::show(Request request, BuiltDigest built, Style style) {
  Answer out = answer(request, {});
  const auto& digest = built.digest;
  out.digest = model::button_subject(digest.key.categories, digest.key.day, built.since);
  out.announced = digest.counts().announced;
  if (style == Style::titles) {
    auto command = model::command_of_subject(out.digest) + " style:titles";
    out.parts.front().document = titles_answer(request.context, digest, {command, request.command.page});
    co_return out;
  }
  out.parts = delivery::parts_of(digest, style);
  std::vector<PaperId> papers;
  for (const auto& card : digest.cards) papers.push_back(card.paper.id);
  if (!papers.empty()) co_await services_.show_cards(request.from, out.visibility, std::move(papers));
  co_return out;
}

// A digest for everybody is posted as those of subscriptions are: one first message, its thread, in the line of what
// is sent, and known to `#1`.
awaitable<Answer> Router::post(Request request, BuiltDigest built, const model::Effective& options) {
  if (auto hindrance = co_await services_.hindrance(request.where))
    co_return refusal(request.context, user_error(ErrorCode::not_in_channel, {hindrance->why, hindrance->fix}));
  auto what = present::category_names(built.digest) + " for " + long_date(built.digest.key.day);
  std::vector<PaperId> papers;
  for (const auto& card : built.digest.cards) papers.push_back(card.paper.id);
  auto posted = co_await services_.post(request.where, request.id, std::move(built), options);
  if (!posted) co_return failure(request, posted.error());
  auto there = request.from;
  there.target = request.where;
  if (!papers.empty() && options.style != Style::titles)
    co_await services_.show_cards(std::move(there), model::Visibility::channel, std::move(papers));
  request.command.post = false;  // this word is for who asked
  co_return answer(request, {{doc::Paragraph{{doc::plain("Posting " + what + " here.")}}}});
}

awaitable<Answer> Router::subscriptions(Request request) {
  auto here = co_await services_.subscriptions(request.where);
  if (!here) co_return failure(request, here.error());
  std::vector<Decided> all;
  for (const auto& subscription : *here) {
    auto decided = co_await services_.decided(subscription);
    if (!decided) co_return failure(request, decided.error());
    all.push_back(std::move(*decided));
  }
  co_return answer(request, subscriptions_answer(request.context, all));
}

awaitable<Answer> Router::status(Request request) {
  auto report = co_await services_.status(request.where);
  if (!report) co_return failure(request, report.error());
  co_return answer(request, status_answer(request.context, *report));
}

}  // namespace broadsheet::commands
