#include "bot/base/text.hpp"
#include "bot/commands/answers.hpp"
#include "bot/commands/parse.hpp"
#include "bot/commands/wording.hpp"
#include "digest/doc/builder.hpp"
#include "digest/model/category_names.hpp"

namespace broadsheet::commands {
namespace {

using doc::plain;
using doc::strong;
using model::Effective;
using model::Subscription;

std::string category_text(const Subscription& subscription) {
  return text::join(short_names(subscription.categories), ", ");
}

std::string here(const Context& context) {
  return context.elsewhere.empty() ? "here" : "in " + context.elsewhere;
}

std::string number_text(const Subscription& subscription) {
  return "#" + std::to_string(subscription.number);
}

// Nobody says "Etc/UTC".
std::string zone_text(const std::string& name) {
  return Zone::find(name) && name.starts_with("Etc/U") ? "UTC" : name;
}

std::string timing(const Effective& o) {
  auto when =
      o.at.time_of_day ? "at " + o.at.str() + " " + zone_text(o.time_zone) : std::string("as soon as arXiv announces");
  return when + ", " + o.days.str();
}

std::string form(const Effective& o) {
  return "top " + std::to_string(o.top) + ", style " + std::string(to_string(o.style)) + ", language " + o.language;
}

std::string state_text(const Subscription& s) {
  std::string out = s.state == model::SubscriptionState::active   ? "active"
                    : s.state == model::SubscriptionState::paused ? "paused"
                                                                  : "off";
  if (!s.why.empty()) out += " (" + s.why + ")";
  if (s.fixed) out += ", set in the configuration";
  return out;
}

constexpr std::chrono::minutes kWorthTelling{1};

// "5 min 33 s", "1 h 1 min"
std::string duration_text(std::chrono::milliseconds duration) {
  using std::chrono::duration_cast;
  auto seconds = std::chrono::ceil<std::chrono::seconds>(duration);
  auto minutes = duration_cast<std::chrono::minutes>(seconds);
  auto hours = duration_cast<std::chrono::hours>(minutes);
  if (hours.count() > 0)
    return std::to_string(hours.count()) + " h " + std::to_string((minutes - hours).count()) + " min";
  auto out = minutes.count() > 0 ? std::to_string(minutes.count()) + " min " : std::string();
  return out + std::to_string((seconds - minutes).count()) + " s";
}

Zone zone_of(const Effective& o) {
  return Zone::find(o.time_zone).value_or(Zone::utc());
}

// Where a reader has set no zone, the channel's is the one he thinks in.
Zone shown_in(const Context& context, const Effective& o) {
  return o.at.time_of_day ? zone_of(o) : context.zone;
}

// "Thu 15 Jan 09:00 CET"
std::string next_text(const Context& context, const Decided& d) {
  if (!d.next) return {};
  auto when = when_text(shown_in(context, d.options), *d.next);
  return d.overdue ? "as soon as the listing is there; it was expected " + when : when;
}

doc::ListBlock settings(const Context& context, const Decided& d) {
  doc::ListBlock list;
  auto add = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) list.items.push_back({strong(std::string(label) + ": "), plain(value)});
  };
  const auto& o = d.options;
  add("Where", context.elsewhere);
  add("When", timing(o));
  add("What", form(o));
  add("Only", o.filter);
  add("Interests", o.interests);
  add("Days without papers", o.empty == model::EmptyPolicy::notice ? "one line" : "silence");
  if (o.thread != model::ThreadPolicy::digest) add("Thread", std::string(to_string(o.thread)));
  add("Next", next_text(context, d));
  if (d.fan_out && context.role == model::Role::operator_) add("Due together", fan_out_text(*d.fan_out));
  if (d.fan_out && context.role != model::Role::operator_ && d.fan_out->shortest >= kWorthTelling)
    add("It may take", duration_text(d.fan_out->shortest) + ", because many get theirs at that time");
  return list;
}

}  // namespace

std::string fan_out_text(const FanOut& fan_out) {
  auto out = std::to_string(fan_out.places) + (fan_out.places == 1 ? " place" : " places") + ", posted in ";
  if (fan_out.shortest < std::chrono::seconds(1)) return out + "less than a second";
  return out + duration_text(fan_out.shortest) + " at the earliest";
}

std::string differences(const Effective& now, const Effective& wanted) {
  std::vector<std::string> out;
  auto compare = [&](std::string_view name, const std::string& a, const std::string& b) {
    auto shown = [](const std::string& s) { return s.empty() ? std::string("none") : quoted_part(s); };
    if (a != b) out.push_back(std::string(name) + " " + shown(a) + " → " + shown(b));
  };
  compare("time", now.at.str(), wanted.at.str());
  compare("zone", now.time_zone, wanted.time_zone);
  compare("days", now.days.str(), wanted.days.str());
  compare("top", std::to_string(now.top), std::to_string(wanted.top));
  compare("style", std::string(to_string(now.style)), std::string(to_string(wanted.style)));
  compare("language", now.language, wanted.language);
  compare("keywords", now.filter, wanted.filter);
  compare("interests", now.interests, wanted.interests);
  compare("empty", std::string(to_string(now.empty)), std::string(to_string(wanted.empty)));
  compare("thread", std::string(to_string(now.thread)), std::string(to_string(wanted.thread)));
  return text::join(out, ", ");
}

doc::Document subscribed_answer(const Context& context, const Decided& now, const std::string& undo) {
  doc::Document out;
  const auto& s = now.subscription;
  out.blocks.emplace_back(doc::Paragraph{{strong("Subscribed " + number_text(s) + ": "), plain(category_text(s))}});
  out.blocks.emplace_back(settings(context, now));
  auto back = undo.empty() ? "unsubscribe " + number_text(s) : undo;
  out.blocks.emplace_back(
      doc::Note{{plain("See it now: "), code(typed(context, "today " + short_names(s.categories).front())),
                 plain(" · Undo: "), code(typed_there(context, back))},
                1});
  return out;
}

doc::Document unsubscribed_answer(const Context& context, const std::vector<Subscription>& removed) {
  doc::Document out;
  for (const auto& s : removed) {
    auto number = s.number == 0 ? std::string() : " " + number_text(s);
    out.blocks.emplace_back(doc::Paragraph{{strong("Unsubscribed" + number + ": "), plain(category_text(s))}});
    out.blocks.emplace_back(doc::Note{{plain("Undo: "), code(typed_there(context, typed_subscription(s)))}});
  }
  return out;
}

doc::Document subscriptions_answer(const Context& context, const std::vector<Decided>& all) {
  doc::Document out;
  if (all.empty()) {
    out.blocks.emplace_back(
        doc::Paragraph{{plain("Nothing is subscribed " + here(context) + " yet. Three ways to begin:")}});
    doc::ListBlock examples;
    for (const char* example : {"subscribe cs.CL", "subscribe cs.CV cs.RO at:09:00 tz:Europe/Berlin",
                                "subscribe stat.ML days:weekly:fri top:20 style:titles"})
      examples.items.push_back({code(typed_there(context, example))});
    out.blocks.emplace_back(std::move(examples));
    return out;
  }
  doc::ListBlock list;
  for (const auto& d : all) {
    const auto& s = d.subscription;
    auto line = " — " + timing(d.options) + " · " + form(d.options);
    if (!d.options.filter.empty()) line += " · only " + d.options.filter;
    line += " · " + state_text(s);
    if (d.last) line += " · last " + when_text(shown_in(context, d.options), *d.last);
    if (d.next && s.state == model::SubscriptionState::active) line += " · next " + next_text(context, d);
    list.items.push_back({strong(number_text(s) + " " + category_text(s)), plain(line)});
  }
  out.blocks.emplace_back(doc::Heading{2, {plain("Subscriptions " + here(context))}});
  out.blocks.emplace_back(std::move(list));
  return out;
}

}  // namespace broadsheet::commands
