#include "adapters/slack/views.hpp"

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "adapters/slack/mrkdwn.hpp"
#include "bot/base/text.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::slack {
namespace {

using nlohmann::json;

constexpr std::size_t kOptions = 100, kOptionUnits = 75;

json plain(std::string_view text) {
  return {{"type", "plain_text"}, {"text", text}, {"emoji", false}};
}

json option(std::string_view text, std::string_view value) {
  return {{"text", plain(text)}, {"value", value}};
}

// The ids are what read_submission() looks for.
json input(std::string_view id, std::string_view label, json element, bool optional) {
  element["action_id"] = id;
  return {{"type", "input"},
          {"block_id", id},
          {"label", plain(label)},
          {"element", std::move(element)},
          {"optional", optional}};
}

json select(json options) {
  return {{"type", "static_select"}, {"options", std::move(options)}};
}

json rich_line(std::string_view bold, std::string_view text) {
  return {{"type", "rich_text_section"},
          {"elements", json::array({{{"type", "text"}, {"text", bold}, {"style", {{"bold", true}}}},
                                    {{"type", "text"}, {"text", text}}})}};
}

}  // namespace

std::string subscribe_modal(std::string_view trigger, std::string_view channel) {
  json categories = {{"type", "multi_external_select"}, {"placeholder", plain("cs.CL, math.CO …")}};
  categories["min_query_length"] = 1;
  json times = json::array({option("as soon as arXiv announces", "announce"), option("at 07:00", "07:00"),
                            option("at 09:00", "09:00"), option("at 12:00", "12:00")});
  json counts = json::array({option("5 papers", "5"), option("10 papers", "10"), option("20 papers", "20")});
  json styles = json::array(
      {option("overview and cards", "cards"), option("overview only", "brief"), option("all titles", "titles")});
  json words = {{"type", "plain_text_input"}, {"max_length", 300}};
  json view = {{"type", "modal"},
               {"callback_id", "subscribe"},
               {"private_metadata", dump({{"channel", channel}})},
               {"title", plain("Subscribe")},
               {"submit", plain("Subscribe")},
               {"close", plain("Cancel")},
               {"blocks", json::array({input("cats", "Categories", std::move(categories), false),
                                       input("at", "When", select(std::move(times)), true),
                                       input("top", "How many", select(std::move(counts)), true),
                                       input("style", "How it looks", select(std::move(styles)), true),
                                       input("query", "Words you care about", std::move(words), true)})}};
  return dump({{"trigger_id", trigger}, {"view", std::move(view)}});
}

std::string home_view(std::string_view user) {
  json lines =
      json::array({rich_line("/arxiv digest cs.CL", "  the latest digest of a category"),
                   rich_line("/arxiv subscribe cs.CL", "  in a channel: one every announcement day"),
                   rich_line("/arxiv subscriptions", "  what a channel gets, and when"),
                   rich_line("/arxiv search \"score matching\"", "  papers by words"),
                   rich_line("/arxiv saved", "  your reading list"), rich_line("/arxiv help", "  everything")});
  json list = {{"type", "rich_text_list"}, {"style", "bullet"}, {"elements", std::move(lines)}};
  json note = {{"type", "context"},
               {"elements", json::array({plain("Summaries are made by a machine from the abstract; each says how. "
                                               "Thank you to arXiv for use of its open access interoperability.")})}};
  json view = {{"type", "home"},
               {"blocks", json::array({{{"type", "header"}, {"text", plain("arXiv digests")}},
                                       {{"type", "rich_text"}, {"elements", json::array({std::move(list)})}},
                                       std::move(note)})}};
  return dump({{"user_id", user}, {"view", std::move(view)}});
}

std::string category_options(std::string_view typed) {
  auto wanted = text::lower_ascii(text::trim(typed));
  json options = json::array();
  for (const auto& info : all_categories()) {
    if (options.size() == kOptions) break;
    bool meant = text::lower_ascii(info.code).starts_with(wanted) ||
                 text::lower_ascii(info.name).find(wanted) != std::string::npos;
    if (!meant) continue;
    auto label = info.code + " — " + info.name;
    options.push_back(option(clean_to(label, kOptionUnits), info.code));
  }
  return dump({{"options", std::move(options)}});
}

}  // namespace broadsheet::slack
